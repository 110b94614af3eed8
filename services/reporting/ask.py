"""A question about statistics: parsed, defaulted, and refused by name where it is wrong."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime

import msgspec
from chassis.area import Area, Areas
from chassis.clock import VIET_NAM, civil_day, end_of_day
from chassis.edge.sentences import not_a_day
from chassis.errors import Invalid, UnknownArea, UnknownMeasure

from reporting.answer import Asked, instant
from reporting.measures import MEASURES, VALUES, Kind, Measure, dimensions_of, every_dimension
from reporting.periods import FIRST_DAY, Period, everything_until, parse_periods

PLACES = ("commune", "village")
TIMES = ("month", "year")
AREAS_KNOWN_SINCE = datetime(2000, 1, 1, tzinfo=UTC)
"""The areas of the data files count as recorded at this instant; nothing was known earlier."""

_ELSEWHERE = frozenset({"min_position", "wait", "limit", "cursor"})
_OWN = ("measure", "area", "period", "as_of", "known_at", "map_date", "by")
_MOST_AREAS = 500
_MOST_TEXT = 8_000  # characters of one parameter: 500 exact areas
_SHOWN = 40  # characters of a wrong value that an answer repeats
_YEAR = re.compile(r"[1-9]\d{3}", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})", re.ASCII
)

Params = Mapping[str, Sequence[str]]
"""Query parameters by name; one given several times is the same as a comma list."""


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked, with nothing left to default.

    ``known_now`` says that no known time was named: then whatever has been read counts, even where
    the clock of the service that recorded it runs ahead of ours.
    """

    measures: tuple[Measure, ...]
    areas: tuple[Area, ...]
    periods: tuple[Period, ...]
    as_of: date
    known_at: datetime
    map_date: date
    by: tuple[str, ...] = ()
    dimensions: dict[str, tuple[str, ...]] = {}
    known_now: bool = False

    def span(self, measure: Measure, period: Period) -> Period:
        """The days whose increments make up a figure, none of them after ``as_of``.

        A stock is what all days up to the end of the period have left standing.
        """
        until = period.until(self.as_of)
        return until.from_the_first() if measure.kind is Kind.STOCK else until

    def asked(self) -> Asked:
        """The question in the words of its parameters."""
        return {
            "measure": [measure.id for measure in self.measures],
            **{name: list(values) for name, values in self.dimensions.items()},
            "area": [str(area) for area in self.areas],
            "period": [period.label for period in self.periods],
            "as_of": self.as_of.isoformat(),
            "known_at": instant(self.known_at),
            "map_date": self.map_date.isoformat(),
            "by": list(self.by),
        }


def parse_query(params: Params, now: datetime, areas: Areas) -> Query:
    """The question in a request's parameters; ``now`` gives today and the default known time,
    ``areas`` are the maps as known at the time asked about.

    Raises:
        UnknownMeasure, UnknownArea, BadPeriod: the name or the period does not exist; the sentence
            says what does.
        Invalid: a parameter, a value or a day that cannot be.
    """
    texts = {name: ",".join(values) for name, values in params.items()}
    for name, text in texts.items():
        if len(text) > _MOST_TEXT:
            raise _invalid(
                name,
                text,
                f"{name[:_SHOWN]} is longer than {_MOST_TEXT} characters",
                f"{name[:_SHOWN]} dài quá {_MOST_TEXT} ký tự",
            )
    measures = _measures(texts.get("measure", ""))
    as_of = _day("as_of", texts, civil_day(now))
    known_at = _known_at(texts.get("known_at"), now)
    map_date = _day("map_date", texts, civil_day(now))
    period = texts.get("period")
    return Query(
        measures=measures,
        areas=_areas(texts.get("area"), map_date, known_at, areas),
        periods=(everything_until(as_of),) if period is None else parse_periods(period),
        as_of=as_of,
        known_at=known_at,
        map_date=map_date,
        by=_by(texts.get("by", ""), measures),
        dimensions=_filters(texts, measures),
        known_now="known_at" not in texts,
    )


def known_time(params: Params, now: datetime) -> datetime | None:
    """The known time that parameters name; ``None``: as known now.

    Raises:
        Invalid: it is neither a day nor an instant.
    """
    text = ",".join(params.get("known_at", ()))
    return _known_at(text, now) if "known_at" in params else None


def exact(text: str, areas: Areas) -> Area | None:
    """The area that ``03763@2025-07-01`` or the province's code names, on whatever map it lies."""
    if text == str(areas.province):
        return areas.province
    code, _, began = text.partition("@")
    try:
        return areas.unit(Area(code, date.fromisoformat(began))).area
    except (ValueError, UnknownArea):
        return None


def _measures(text: str) -> tuple[Measure, ...]:
    names = _parts(text)
    known = ", ".join(MEASURES)
    if not names:
        raise _invalid(
            "measure",
            None,
            f"name at least one measure of {known}",
            f"cần nêu ít nhất một chỉ tiêu trong {known}",
        )
    for name in names:
        if name not in MEASURES:
            raise UnknownMeasure.at(
                "?measure",
                f"{_shown(name)} is not a measure; there are {known}",
                f"không có chỉ tiêu {_shown(name)}; các chỉ tiêu là {known}",
                name[:_SHOWN],
            )
    return tuple(MEASURES[name] for name in names)


def _areas(text: str | None, map_date: date, known_at: datetime, areas: Areas) -> tuple[Area, ...]:
    if text is None:
        return (areas.province,)
    names = _parts(text)
    if not names or len(names) > _MOST_AREAS:
        raise _invalid(
            "area",
            text,
            f"name 1 to {_MOST_AREAS} areas; {len(names)} were named",
            f"nêu từ 1 đến {_MOST_AREAS} địa bàn; đã nêu {len(names)}",
        )
    return tuple(_area(name, map_date, known_at, areas) for name in names)


def _area(name: str, map_date: date, known_at: datetime, areas: Areas) -> Area:
    try:
        area = exact(name, areas) or areas.resolve(name, map_date)
    except UnknownArea as unknown:
        raise UnknownArea.at("?area", *unknown.said, name[:_SHOWN]) from None
    if area != areas.province and known_at < AREAS_KNOWN_SINCE:
        at, province = instant(known_at), areas.province
        raise UnknownArea.at(
            "?area",
            f"no communes were recorded yet at {at}; ask for {province}",
            f"vào lúc {at} chưa ghi nhận xã, phường nào; chỉ hỏi được toàn tỉnh, mã {province}",
            name,
        )
    return area


def _by(text: str, measures: Sequence[Measure]) -> tuple[str, ...]:
    allowed = (*PLACES, *TIMES, *dimensions_of(measures))
    names = _parts(text)
    for name in names:
        if name not in allowed:
            known = ", ".join(allowed)
            raise _invalid(
                "by",
                name,
                f"{_shown(name)} does not divide what is asked; by takes {known}",
                f"không chia được số liệu này theo {_shown(name)}; chia được theo {known}",
            )
    if any(measure.kind in (Kind.STOCK, Kind.RATIO) for measure in measures) and set(names) & set(
        TIMES
    ):
        raise _invalid(
            "by",
            text,
            "a stock is read on a day and is not divided by month or year",
            "số hiện có được tính vào một ngày, không chia theo tháng hay năm",
        )
    return names


def _filters(texts: Mapping[str, str], measures: Sequence[Measure]) -> dict[str, tuple[str, ...]]:
    shared = dimensions_of(measures)
    for name, text in texts.items():
        if name in _OWN or name in _ELSEWHERE or name in shared:
            continue
        if name in every_dimension():
            lacking = next(m.id for m in measures if name not in m.dimensions)
            raise _invalid(
                name,
                text,
                f"{lacking} has no dimension {name}",
                f"chỉ tiêu {lacking} không chia theo {name}",
            )
        raise _invalid(
            name,
            text,
            f"{_shown(name)} is not a parameter of a statistics query",
            f"câu hỏi thống kê không có mục {_shown(name)}",
        )
    return {name: _values(name, texts[name]) for name in shared if name in texts}


def _values(name: str, text: str) -> tuple[str, ...]:
    values = _parts(text)
    if not values:
        raise _invalid(
            name,
            text,
            f"{name} filters by a value; none was given",
            f"mục {name} cần một giá trị để lọc; chưa ghi giá trị nào",
        )
    closed = VALUES.get(name)
    if name == "season":
        _check_seasons(values)
    for value in values:
        if closed is not None and value not in closed:
            known = ", ".join(closed)
            raise _invalid(
                name,
                value,
                f"{_shown(value)} is not a {name}; there are {known}",
                f"{_shown(value)} không có trong {name}; chỉ có {known}",
            )
    return values


def _check_seasons(values: Iterable[str]) -> None:
    for value in values:
        if not _YEAR.fullmatch(value):
            raise _invalid(
                "season",
                value,
                f"{_shown(value)} is not a season; it is a year, such as 2025",
                f"{_shown(value)} không phải là một mùa xét; mùa xét là một năm, như 2025",
            )


def _day(name: str, texts: Mapping[str, str], default: date) -> date:
    text = texts.get(name)
    if text is None:
        return default
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise _invalid(name, text, *not_a_day(text))
    if day < FIRST_DAY:
        raise _invalid(
            name,
            text,
            f"{day} lies before {FIRST_DAY}, when the first map begins",
            f"{day} ở trước {FIRST_DAY}, ngày đầu của bản đồ đầu tiên",
        )
    return day


def _known_at(text: str | None, now: datetime) -> datetime:
    if text is None:
        return now.astimezone(UTC)
    if _DAY.fullmatch(text):
        return end_of_day(_day("known_at", {"known_at": text}, civil_day(now)))
    at = _instant(text) if _INSTANT.fullmatch(text) else None
    if at is None:
        raise _invalid(
            "known_at",
            text,
            f"{_shown(text)} is neither a day, such as 2025-10-20, nor an instant, such as"
            " 2025-10-20T09:00:00Z",
            f"{_shown(text)} không phải là ngày, như 2025-10-20, hay thời điểm, như"
            " 2025-10-20T09:00:00Z",
        )
    if at.year < FIRST_DAY.year:
        raise _invalid(
            "known_at",
            text,
            f"{_shown(text)} lies before {FIRST_DAY}",
            f"{_shown(text)} ở trước ngày {FIRST_DAY}",
        )
    return at


def _instant(text: str) -> datetime | None:
    try:
        # the last hours of the calendar have no day in Viet Nam, which raises too
        return datetime.fromisoformat(text).astimezone(VIET_NAM).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _parts(text: str) -> tuple[str, ...]:
    """The parts of a comma list, each once, composed (NFC)."""
    parts: Iterable[str] = (part.strip() for part in unicodedata.normalize("NFC", text).split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


def _shown(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}...")


def _invalid(name: str, value: str | None, en: str, vi: str) -> Invalid:
    return Invalid.at(f"?{name[:_SHOWN]}", en, vi, value[:_SHOWN] if value else value)
