"""The catalogue of the page: what each section counts and by what it is broken down.

Titles and funds join as further entries here, with their sentences in ``words``; nothing else of
the page knows the name of a measure.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """One subject of the page.

    ``measures`` are columns, in order; the first ``leading`` says whether a place has reported at
    all: where it counts nothing, the others are unknown rather than 0. ``plotted`` is coloured on
    the map unless the reader chooses another. ``breakdown`` is the dimension of the second table.
    """

    id: str
    leading: str
    plotted: str
    measures: tuple[str, ...]
    breakdown: str
    values: tuple[str, ...]


TRAINING = Section(
    id="training",
    leading="courses_completed",
    plotted="participations",
    measures=("courses_completed", "participations", "distinct_learners"),
    breakdown="kind",
    values=(
        "PROFESSIONAL_TRAINING",
        "TECH_TRANSFER",
        "LITERACY",
        "IT_SKILLS",
        "LAW_POLICY",
        "CULTURE",
        "LANGUAGE",
        "SEMINAR",
        "CONTEST",
    ),
)

SECTIONS: tuple[Section, ...] = (TRAINING,)


def of_measure(measure: str) -> Section | None:
    """The section that shows a measure, or None where no section does."""
    return next((section for section in SECTIONS if measure in section.measures), None)
