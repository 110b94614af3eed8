"""The catalogue: what each statistic is called, counts, is dated by and can be divided by."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

import msgspec

CATALOGUE = "1"
"""The version of the definitions below; a changed definition is a new version."""


class Kind(StrEnum):
    """How a measure adds.

    A stock is read on a day and never adds over time; a flow adds over time and areas; a distinct
    measure counts members and adds over neither; a ratio is one measure over a base.
    """

    STOCK = "stock"
    FLOW = "flow"
    DISTINCT = "distinct"
    RATIO = "ratio"


class Words(msgspec.Struct, frozen=True):
    """The same words for people, in Vietnamese and in English."""

    vi: str
    en: str

    def __str__(self) -> str:
        return f"{self.vi} ({self.en})"


class Measure(msgspec.Struct, frozen=True, kw_only=True):
    """One statistic. ``source`` names the events it is counted from, by full name.

    ``of`` is given for a distinct measure: the flow of which only the part with names can be
    counted once each. The increments of the distinct measure are that part; the rest is unknown.
    """

    id: str
    name: Words
    kind: Kind
    unit: Words
    dimensions: tuple[str, ...]
    definition: Words
    source: tuple[str, ...]
    version: str = "1"
    of: str | None = None


COURSE_KINDS = (
    "PROFESSIONAL_TRAINING",
    "TECH_TRANSFER",
    "LITERACY",
    "IT_SKILLS",
    "LAW_POLICY",
    "CULTURE",
    "LANGUAGE",
    "SEMINAR",
    "CONTEST",
)

VALUES: Mapping[str, tuple[str, ...]] = {"kind": COURSE_KINDS}
"""The values a dimension can take, where they are a closed list."""

_COMPLETIONS = (
    "khuyenhoc.training.v1.CourseCompleted",
    "khuyenhoc.training.v1.HeadcountReported",
)

_ALL = (
    Measure(
        id="courses_completed",
        name=Words("Lớp đã hoàn thành", "Courses completed"),
        kind=Kind.FLOW,
        unit=Words("lớp", "course"),
        dimensions=("kind",),
        definition=Words(
            "Số lớp, khoá đã kết thúc, tính vào ngày kết thúc; gồm cả lớp chỉ báo cáo số lượt người"
            " tham gia. Lớp bị huỷ không tính.",
            "Courses that were completed, on the day they ended, including those reported by their"
            " number of participants alone. Cancelled courses do not count.",
        ),
        source=_COMPLETIONS,
    ),
    Measure(
        id="participations",
        name=Words("Lượt người tham gia", "Participations"),
        kind=Kind.FLOW,
        unit=Words("lượt người", "participation"),
        dimensions=("kind",),
        definition=Words(
            "Tổng số người tham gia của từng lớp đã hoàn thành, tính vào ngày kết thúc; một người"
            " học hai lớp là hai lượt.",
            "Participants of each completed course, summed, on the day it ended; one person in two"
            " courses is two participations.",
        ),
        source=_COMPLETIONS,
    ),
    Measure(
        id="distinct_learners",
        name=Words("Người học", "Distinct learners"),
        kind=Kind.DISTINCT,
        unit=Words("người", "person"),
        dimensions=("kind",),
        definition=Words(
            "Số người khác nhau đã học các lớp hoàn thành trong kỳ; mỗi người tính một lần. Lượt"
            " người chỉ biết qua con số nằm ở cột chưa rõ. Không cộng được theo nơi hay theo kỳ.",
            "Different persons who took part in courses completed in the period, each counted once."
            " Participants known only by their number stand beside it as unknown. It adds neither"
            " over areas nor over periods.",
        ),
        source=_COMPLETIONS,
        of="participations",
    ),
)

MEASURES: Mapping[str, Measure] = {measure.id: measure for measure in _ALL}


def dimensions_of(measures: Iterable[Measure]) -> tuple[str, ...]:
    """The dimensions that every one of the measures has, in the first one's order."""
    first, *others = measures
    return tuple(
        name for name in first.dimensions if all(name in other.dimensions for other in others)
    )


def every_dimension() -> frozenset[str]:
    """The names of all dimensions of all measures."""
    return frozenset(name for measure in _ALL for name in measure.dimensions)
