"""A question about statistics: parsed, defaulted, and refused by name where it is wrong."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime

import msgspec
from chassis.area import Area, Areas
from chassis.clock import civil_day, end_of_day
from chassis.errors import Fault, Invalid, UnknownArea, UnknownMeasure

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
    """The question in a request's parameters; ``now`` gives today and the default known time.

    Raises:
        UnknownMeasure, UnknownArea, BadPeriod: the name or the period does not exist; the sentence
            says what does.
        Invalid: a parameter, a value or a day that cannot be.
    """
    texts = {name: ",".join(values) for name, values in params.items()}
    for name, text in texts.items():
        if len(text) > _MOST_TEXT:
            raise _invalid(name, text, f"{name} is longer than {_MOST_TEXT} characters")
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
        raise _invalid("measure", None, f"name at least one measure of {known}")
    for name in names:
        if name not in MEASURES:
            detail = f"{_shown(name)} is not a measure; there are {known}"
            fault = Fault("?measure", UnknownMeasure.code, detail, name[:_SHOWN])
            raise UnknownMeasure(detail, faults=(fault,))
    return tuple(MEASURES[name] for name in names)


def _areas(text: str | None, map_date: date, known_at: datetime, areas: Areas) -> tuple[Area, ...]:
    if text is None:
        return (areas.province,)
    names = _parts(text)
    if not names or len(names) > _MOST_AREAS:
        raise _invalid("area", text, f"name 1 to {_MOST_AREAS} areas; {len(names)} were named")
    return tuple(_area(name, map_date, known_at, areas) for name in names)


def _area(name: str, map_date: date, known_at: datetime, areas: Areas) -> Area:
    try:
        area = exact(name, areas) or areas.resolve(name, map_date)
    except UnknownArea as unknown:
        fault = Fault("?area", UnknownArea.code, unknown.detail, name[:_SHOWN])
        raise UnknownArea(unknown.detail, faults=(fault,)) from None
    if area != areas.province and known_at < AREAS_KNOWN_SINCE:
        detail = f"no communes were recorded yet at {instant(known_at)}; ask for {areas.province}"
        raise UnknownArea(detail, faults=(Fault("?area", UnknownArea.code, detail, name),))
    return area


def _by(text: str, measures: Sequence[Measure]) -> tuple[str, ...]:
    allowed = (*PLACES, *TIMES, *dimensions_of(measures))
    names = _parts(text)
    for name in names:
        if name not in allowed:
            detail = f"{_shown(name)} does not divide what is asked; by takes {', '.join(allowed)}"
            raise _invalid("by", name, detail)
    if any(measure.kind is Kind.STOCK for measure in measures) and set(names) & set(TIMES):
        raise _invalid("by", text, "a stock is read on a day and is not divided by month or year")
    return names


def _filters(texts: Mapping[str, str], measures: Sequence[Measure]) -> dict[str, tuple[str, ...]]:
    shared = dimensions_of(measures)
    for name, text in texts.items():
        if name in _OWN or name in _ELSEWHERE or name in shared:
            continue
        if name in every_dimension():
            lacking = next(m.id for m in measures if name not in m.dimensions)
            raise _invalid(name, text, f"{lacking} has no dimension {name}")
        raise _invalid(name, text, f"{_shown(name)} is not a parameter of a statistics query")
    return {name: _values(name, texts[name]) for name in shared if name in texts}


def _values(name: str, text: str) -> tuple[str, ...]:
    values = _parts(text)
    if not values:
        raise _invalid(name, text, f"{name} filters by a value; none was given")
    closed = VALUES.get(name)
    for value in values:
        if closed is not None and value not in closed:
            known = ", ".join(closed)
            raise _invalid(name, value, f"{_shown(value)} is not a {name}; there are {known}")
    return values


def _day(name: str, texts: Mapping[str, str], default: date) -> date:
    text = texts.get(name)
    if text is None:
        return default
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise _invalid(name, text, f"{_shown(text)} is not a day; write it as 2025-10-15")
    if day < FIRST_DAY:
        raise _invalid(name, text, f"{day} lies before {FIRST_DAY}, when the first map begins")
    return day


def _known_at(text: str | None, now: datetime) -> datetime:
    if text is None:
        return now.astimezone(UTC)
    if _DAY.fullmatch(text):
        return end_of_day(_day("known_at", {"known_at": text}, civil_day(now)))
    at = _instant(text) if _INSTANT.fullmatch(text) else None
    if at is None:
        form = "a day such as 2025-10-20 or an instant such as 2025-10-20T09:00:00Z"
        raise _invalid("known_at", text, f"{_shown(text)} is not {form}")
    if at.year < FIRST_DAY.year:
        raise _invalid("known_at", text, f"{_shown(text)} lies before {FIRST_DAY}")
    return at


def _instant(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _parts(text: str) -> tuple[str, ...]:
    """The parts of a comma list, each once, composed (NFC)."""
    parts: Iterable[str] = (part.strip() for part in unicodedata.normalize("NFC", text).split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


def _shown(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}...")


def _invalid(name: str, value: str | None, detail: str) -> Invalid:
    shown = value[:_SHOWN] if value else value
    return Invalid(detail, faults=(Fault(f"?{name[:_SHOWN]}", Invalid.code, detail, shown),))
