"""From an address to a question: what is missing is filled in, what is wrong is refused by name."""

from datetime import datetime

import msgspec
from chassis.area import AreaKind, Areas
from chassis.errors import Invalid, Unauthenticated, UnknownMeasure

from reporting.page.addresses import COLUMN, Address
from reporting.page.map import Picture
from reporting.page.places import NAME, can_be_drawn
from reporting.page.question import Question
from reporting.page.sections import PLOTTED, SECTIONS, Column, Section
from reporting.periods import FIRST_DAY, parse_periods
from reporting.queries import Query, parse_query

EVERYTHING = "all"
"""The value of ``period`` that asks for all days up to ``as_of``."""

_PASSED = ("as_of", "known_at", "map_date", "area", "kind")
_CHOSEN = COLUMN[1:]
_SHOWN = 40
_ONE = {"area": "địa bàn", "period": "kỳ"}


def question(
    address: Address, now: datetime, areas: Areas, picture: Picture | None, *, signed_in: bool
) -> Question:
    """The question of an address.

    Raises:
        Refusal: as ``parse_query`` does, with the parameter in the fault's pointer;
            ``Unauthenticated`` where only somebody who signed in may see so fine a figure.
    """
    measure = _measure(address)
    section = SECTIONS[measure]
    query = _query(address, section, now, areas)
    column = _column(address, section, measure, now, areas)
    _check_sort(address.get("sort"), section)
    if not signed_in:
        _check_public(query, areas)
    whole = query.areas[0] == areas.province
    drawable = can_be_drawn(areas, picture, query.map_date)
    picture_day = picture.drawn_for if picture and not drawable else None
    return Question(query, section, column, picture_day, divided=whole or signed_in)


def _measure(address: Address) -> str:
    measure = address.get("measure") or PLOTTED
    if measure not in SECTIONS:
        raise UnknownMeasure.at(
            "?measure",
            f"{measure[:_SHOWN]!r} is not a measure of the report",
            f"báo cáo không có chỉ tiêu {measure[:_SHOWN]!r}",
            measure[:_SHOWN],
        )
    return measure


def _column(
    address: Address, section: Section, measure: str, now: datetime, areas: Areas
) -> Column:
    """The column that is chosen, once its choices are known to be of the measure."""
    chosen = {name: value for name in _CHOSEN if (value := address.get(name))}
    given = {name: [value] for name, value in chosen.items()}
    parse_query({**given, "measure": [measure]}, now, areas)
    column = section.among(measure, chosen.items())
    if column is None:
        name, value = next(iter(chosen.items()))
        raise Invalid.at(
            f"?{name}",
            f"no figure of the page is {value[:_SHOWN]!r}",
            f"trang này không có số liệu {value[:_SHOWN]!r}",
            value[:_SHOWN],
        )
    return column


def _check_sort(sort: str | None, section: Section) -> None:
    if sort is not None and sort not in (NAME, *(column.key for column in section.columns)):
        raise Invalid.at(
            "?sort",
            f"the table is not sorted by {sort[:_SHOWN]!r}",
            f"bảng không sắp xếp theo {sort[:_SHOWN]!r}",
            sort[:_SHOWN],
        )


def _query(address: Address, section: Section, now: datetime, areas: Areas) -> Query:
    parameters = {name: [value] for name in _PASSED if (value := address.get(name))}
    query = parse_query({**parameters, "measure": section.measures}, now, areas)
    period = (
        address.get("period") or f"{max(FIRST_DAY.year, query.as_of.year - 1)}-01-01..{query.as_of}"
    )
    if period != EVERYTHING:
        query = msgspec.structs.replace(query, periods=parse_periods(period))
    for name, values in (("area", query.areas), ("period", query.periods)):
        if len(values) != 1:
            raise Invalid.at(
                f"?{name}",
                f"the page shows one {name} at a time",
                f"trang này mỗi lần chỉ xem một {_ONE[name]}",
                (address.get(name) or "")[:_SHOWN],
            )
    return query


def _check_public(query: Query, areas: Areas) -> None:
    """Without a token: commune totals, never anything finer."""
    village = areas.unit(query.areas[0]).kind is AreaKind.VILLAGE
    if query.dimensions or village:
        raise Unauthenticated(
            "figures finer than commune totals are for those who have signed in",
            "số liệu chi tiết hơn tổng của xã, phường dành cho người đã đăng nhập",
        )
