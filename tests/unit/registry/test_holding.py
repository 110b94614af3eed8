"""Who holds a title on which day, and what each event takes away and adds."""

from collections import Counter
from datetime import date, timedelta
from uuid import UUID

import pytest
from chassis.errors import AlreadyExists, Invalid, Refusal, WrongState
from hypothesis import given
from hypothesis import strategies as st
from registry.domain.holding import Standing, TitleHolding, holding_id
from registry.domain.kind import Model
from registry_builders import PROVINCE, SIGNER, a_title, imported, recognised, replayed, sealed

D = date
FIRST = a_title(D(2024, 12, 20), D(2025, 12, 31))
NEXT = a_title(D(2025, 12, 18), D(2026, 12, 31))


def revoke(holding: TitleHolding, day: date) -> None:
    holding.revoke(sealed(holding.subject), "45/QĐ-UBND", day, SIGNER)


def last(holding: TitleHolding):
    return holding.pending_events[-1]


def test_a_holding_is_named_by_subject_and_model_so_a_renewal_is_the_same_one() -> None:
    who = UUID(int=1)
    assert holding_id(PROVINCE, who, Model.CITIZEN) == holding_id(PROVINCE, who, Model.CITIZEN)
    assert holding_id(PROVINCE, who, Model.CITIZEN) != holding_id(PROVINCE, who, Model.FAMILY)


def test_a_first_recognition_is_new_and_replaces_nothing() -> None:
    holding = recognised(title=FIRST)
    event = last(holding)
    assert (event.renewal, event.before, event.after) == (False, None, FIRST)
    assert event.effective_on == FIRST.valid_from


def test_no_timer_ends_a_title_its_last_day_is_in_the_event() -> None:
    holding = recognised(title=FIRST)
    held = {day: holding.held_on(day) is not None for day in (
        D(2024, 12, 19), D(2024, 12, 20), D(2025, 12, 31), D(2026, 1, 1))}  # fmt: skip
    assert list(held.values()) == [False, True, True, False]


def test_a_title_without_a_last_day_stands_until_it_is_revoked() -> None:
    holding = recognised(title=a_title(D(2024, 12, 20), None))
    assert holding.held_on(D(2199, 1, 1))
    revoke(holding, D(2030, 5, 1))
    assert holding.held_on(D(2030, 4, 30))
    assert not holding.held_on(D(2030, 5, 1))


def test_a_renewal_takes_over_on_its_first_day_and_leaves_the_days_before() -> None:
    holding = recognised(recognised(title=FIRST), NEXT)
    event = last(holding)
    assert event.renewal
    assert event.before == a_title(D(2025, 12, 18), D(2025, 12, 31), season=2024)
    assert event.after == NEXT
    assert holding.titles == [a_title(D(2024, 12, 20), D(2025, 12, 17)), NEXT]


def test_a_renewal_on_the_day_after_the_last_one_replaces_nothing_and_is_still_a_renewal() -> None:
    holding = recognised(recognised(title=FIRST), a_title(D(2026, 1, 1), D(2026, 12, 31)))
    assert (last(holding).renewal, last(holding).before) == (True, None)


def test_after_a_gap_a_title_is_new_again() -> None:
    holding = recognised(recognised(title=FIRST), a_title(D(2026, 1, 2), D(2026, 12, 31)))
    assert (last(holding).renewal, last(holding).before) == (False, None)


def test_after_a_revocation_a_title_is_new_again() -> None:
    holding = recognised(title=FIRST)
    revoke(holding, D(2025, 6, 1))
    recognised(holding, NEXT)
    assert not last(holding).renewal
    assert holding.revoked_on is None


def test_paper_that_comes_late_fills_the_days_before_what_is_known() -> None:
    holding = recognised(recognised(title=NEXT), FIRST)
    event = last(holding)
    assert (event.before, event.after) == (None, a_title(D(2024, 12, 20), D(2025, 12, 17)))
    assert holding.titles[-1] == NEXT


def test_an_imported_title_is_a_stock_that_a_recognition_renews() -> None:
    holding = imported(title=FIRST)
    assert type(last(holding)) is TitleHolding.TitleImported
    assert last(holding).source == "Sổ danh hiệu năm 2024"
    recognised(holding, NEXT)
    assert type(last(holding)) is TitleHolding.TitleRecognisedAgain
    assert last(holding).renewal


def test_titles_of_several_seasons_are_imported_one_after_another() -> None:
    holding = imported(imported(title=FIRST), NEXT)
    assert type(last(holding)) is TitleHolding.TitleImportedAgain
    assert [title.season for title in holding.titles] == [2024, 2025]


def test_the_title_of_a_season_is_imported_once() -> None:
    with pytest.raises(AlreadyExists, match="2024"):
        imported(imported(title=FIRST), FIRST)
    with pytest.raises(AlreadyExists, match="2025"):
        imported(recognised(title=NEXT), NEXT)


def test_no_imported_title_ends_before_it_begins() -> None:
    with pytest.raises(Invalid, match="valid_until"):
        imported(title=a_title(D(2025, 1, 2), D(2025, 1, 1)))


def test_a_revocation_keeps_the_days_before_it() -> None:
    holding = recognised(title=FIRST)
    revoke(holding, D(2025, 6, 1))
    event = last(holding)
    assert (event.before, event.after) == (FIRST, a_title(D(2024, 12, 20), D(2025, 5, 31)))
    assert (event.signer, event.decision_number) == (SIGNER, "45/QĐ-UBND")
    assert holding.revoked_on == D(2025, 6, 1)


def test_a_title_revoked_on_its_first_day_never_stood() -> None:
    holding = recognised(title=FIRST)
    revoke(holding, FIRST.valid_from)
    assert (last(holding).after, holding.titles) == (None, [])


@pytest.mark.parametrize("day", [D(2024, 12, 19), D(2026, 1, 1)])
def test_a_title_that_does_not_stand_cannot_be_revoked(day: date) -> None:
    with pytest.raises(WrongState, match=str(day)):
        revoke(recognised(title=FIRST), day)


def test_a_title_is_revoked_once() -> None:
    holding = recognised(title=FIRST)
    revoke(holding, D(2025, 6, 1))
    with pytest.raises(WrongState):
        revoke(holding, D(2025, 6, 1))


def test_a_title_given_again_is_revoked_from_then_on_only() -> None:
    holding = recognised(recognised(title=FIRST), NEXT)
    with pytest.raises(WrongState, match=str(NEXT.valid_from)):
        revoke(holding, D(2025, 6, 1))


YEAR_0 = D(2024, 1, 1)
days = st.integers(0, 60).map(lambda n: YEAR_0 + timedelta(days=n))
SHOWN = [YEAR_0 + timedelta(days=n) for n in range(-1, 130)]


@st.composite
def acts(draw):
    kind = draw(st.sampled_from(["recognise", "import", "revoke"]))
    first = draw(days)
    length = draw(st.none() | st.integers(0, 50))
    until = None if length is None else first + timedelta(days=length)
    return kind, a_title(first, until, season=draw(st.integers(2020, 2030)))


def apply(holding: TitleHolding | None, kind: str, title: Standing) -> TitleHolding | None:
    try:
        if kind == "recognise":
            return recognised(holding, title)
        if kind == "import":
            return imported(holding, title)
        if holding is not None:
            revoke(holding, title.valid_from)
    except Refusal:
        pass
    return holding


@given(st.lists(acts(), max_size=12))
def test_taking_away_before_and_adding_after_gives_every_days_holder(done) -> None:
    """What reporting does with nothing but the events, held against the holding itself."""
    holding: TitleHolding | None = None
    for kind, title in done:
        holding = apply(holding, kind, title)
    if holding is None:
        return
    stock: Counter[tuple[date, int]] = Counter()
    for event in holding.pending_events:
        for title, sign in ((event.before, -1), (event.after, 1)):
            if title is not None:
                stock.update({(day, title.season): sign for day in SHOWN if title.on(day)})
    for day in SHOWN:
        held = holding.held_on(day)
        counted = {season: n for (on, season), n in stock.items() if on == day and n}
        assert counted == ({held.season: 1} if held else {})


@given(st.lists(acts(), max_size=12))
def test_no_two_titles_of_one_holding_stand_on_one_day(done) -> None:
    holding: TitleHolding | None = None
    for kind, title in done:
        holding = apply(holding, kind, title)
    if holding is not None:
        assert all(sum(title.on(day) for title in holding.titles) <= 1 for day in SHOWN)
        assert holding.titles == sorted(holding.titles, key=lambda title: title.valid_from)
        again = replayed(list(holding.pending_events))
        assert (again.titles, again.revoked_on) == (holding.titles, holding.revoked_on)
