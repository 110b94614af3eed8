"""A later reform: what a file may say, and what it does to the places it names."""

from datetime import date

import pytest
import speech
from chassis.area import Area, AreaKind, Areas
from chassis.errors import Invalid, WrongState
from registry.domain.area import EARLIER_FROM, AreaUnit
from registry.domain.reform import Reform, Successor, decree, numbers_from
from registry.reform_file import COLUMNS, checked, read
from registry_builders import PROVINCE, a_commune

AREAS = Areas.of_province(PROVINCE)
BASIS = "Nghị quyết 1/NQ-UBTVQH16"
ON = date(2026, 7, 1)
HEAD = ",".join(COLUMNS) + "\n"
LONG_HE, BINH_THUAN, CO_MA = (f"{code}@2025-07-01" for code in ("03763", "03724", "03781"))


def line(before="03763", after="03763", name="Long Hẹ", kind="xã", day="2026-07-01", basis=BASIS):
    return f"{day},{basis},{before},{after},{name},{kind}\n"


MERGED = line() + line(before="03724")
DIVIDED = line("03781", "03781", "Co Mạ") + line("03781", "03782", "Pá Lông", "phường")


def successors(text: str) -> dict[str, tuple[list[str], str, AreaKind]]:
    return {
        str(one.area): ([str(each) for each in one.predecessors], one.name, one.kind)
        for one in checked(read(HEAD + text), AREAS)
    }


def test_communes_are_merged_and_divided() -> None:
    assert successors(MERGED + DIVIDED) == {
        "03763@2026-07-01": ([LONG_HE, BINH_THUAN], "Long Hẹ", AreaKind.COMMUNE),
        "03781@2026-07-01": ([CO_MA], "Co Mạ", AreaKind.COMMUNE),
        "03782@2026-07-01": ([CO_MA], "Pá Lông", AreaKind.WARD),
    }


def test_a_table_of_a_spreadsheet_is_read_whatever_marks_and_blanks_it_has() -> None:
    spoiled = "\ufeff" + HEAD + line(name=" Long  He\u0323 ")
    assert read(spoiled)[0].name == "Long Hẹ"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n", "the columns effective_on, legal_basis"),
        (HEAD, "names no place"),
        (HEAD + "2026-07-01,x\n", "line 2: "),
        (HEAD + line(day="1/7/2026"), "line 2: '1/7/2026' is not a day"),
        (HEAD + line(basis=""), "line 2: '' is not a legal basis"),
        (HEAD + line(name=" "), "line 2: '' is not a name"),
        (HEAD + line(after="3763"), "line 2: '3763' is not a code of five digits"),
        (HEAD + line(kind="huyện"), "line 2: 'huyện' is not one of xã"),
        (HEAD + line(kind="bản"), "line 2: 'bản' is not one of xã"),
        (HEAD + MERGED + line("03781", day="2026-08-01"), "line 4: '2026-08-01' is not 2026-07-01"),
        (HEAD + MERGED + line("03781", basis="khác"), "line 4: 'khác' is not the legal basis of"),
        (HEAD + line() + '"', "is not a line"),
    ],
)
def test_what_a_file_cannot_say_is_refused_with_line_and_value(text, said) -> None:
    with pytest.raises(Invalid, match=said) as refused:
        read(text)
    speech.check_all(refused.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (line("99999"), "line 2: '99999' is not a commune that stands on 2026-06-30"),
        (line("14"), "line 2: '14' is not a commune"),
        (line("03763@1900-01-01"), "line 2: '03763@1900-01-01' is not a commune"),
        (line(day="2025-07-01"), "line 2: '03763' is not a commune that stands on 2025-06-30"),
        (line("03763", "03724", "Bình Thuận"), "line 2: '03724' is not a code that becomes free"),
        (MERGED + line(), "line 4: '03763' is not named once"),
        (line() + line("03724", name="Khác"), "line 3: 'Khác' is not the name and kind given"),
        (line() + line("03724", kind="phường"), "line 3: 'Long Hẹ' is not the name and kind"),
    ],
)
def test_what_the_map_of_the_day_does_not_allow_is_refused_with_line_and_value(text, said) -> None:
    with pytest.raises(Invalid, match=said) as refused:
        checked(read(HEAD + text), AREAS)
    speech.check_all(refused.value)


def decreed(*found: Successor, **units: AreaUnit) -> list:
    standing = {Area.parse(unit.area): unit for unit in units.values()}
    return list(decree(AREAS.province, ON, BASIS, found, standing, {}))


def test_a_reform_opens_what_succeeds_and_closes_what_ends() -> None:
    long_he, binh_thuan = a_commune("03763"), a_commune("03724")
    into = Successor(Area("03763", ON), "Long Hẹ", AreaKind.COMMUNE,
                     (Area.parse(LONG_HE), Area.parse(BINH_THUAN)))  # fmt: skip
    whole, opened, *ended = decreed(into, a=long_he, b=binh_thuan)
    assert isinstance(whole, Reform)
    assert (whole.effective_on, whole.legal_basis) == (ON, BASIS)
    assert (opened.area, opened.opened_on) == ("03763@2026-07-01", ON)
    assert ended == [long_he, binh_thuan]
    assert {(unit.closed_on, *unit.successors) for unit in ended} == {(ON, "03763@2026-07-01")}


def test_what_has_closed_meanwhile_ends_no_second_time() -> None:
    gone = a_commune("03763")
    gone.close(date(2026, 1, 1))
    into = Successor(Area("03763", ON), "Long Hẹ", AreaKind.COMMUNE, (Area.parse(LONG_HE),))
    with pytest.raises(WrongState, match="2026-01-01"):
        decreed(into, a=gone)


def test_villages_of_a_new_commune_get_numbers_that_no_living_village_has() -> None:
    assert numbers_from([]) == 1
    fresh, used, old = a_commune(), a_commune(), a_commune(numbers_from=EARLIER_FROM)
    for number in range(101):
        used.number_village(f"Bản {number}", date(2025, 8, 1))
    assert numbers_from([fresh]) == 101
    assert numbers_from([old]) == 1
    assert numbers_from([fresh, used, old]) == 201
