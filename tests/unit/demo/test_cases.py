"""Generated cases win the published titles exactly, on the map of each day, by three persons."""

from collections import Counter, defaultdict
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from registry.criteria import load
from registry.domain.case import case_id
from registry.domain.kind import Model
from registry.domain.scoring import Score, evaluate

from demo.acts import batches
from demo.calendar import AS_OF, REFORM
from demo.cases import Cases
from demo.classes import Places
from demo.figures import figures
from demo.scores import scores
from demo.titles import SORTS, Fate, groups
from demo.villages import Villages

PLACES = Places(
    [f"{code:05d}@1900-01-01" for code in range(200)],
    [f"{code:05d}@2025-07-01" for code in range(75)],
)
CRITERIA = {each.id: msgspec.to_builtins(each) for each in load()}
OF_THE_OLD_MAP = ("@1900-01-01", "@2024-01-01")
"""Communes, and the villages that were opened in them."""
SCALES = st.floats(min_value=0.001, max_value=1)


def cases(scale, seed=387):
    found, prefix = groups(figures(scale), scale, seed, PLACES), f"demo-{seed}-{scale:g}"
    return Cases("14", prefix, found, CRITERIA, Villages("14", prefix, PLACES, found))


def acts_of(cases):
    return [act for page in cases.pages() for act in page.acts()]


@pytest.fixture(scope="module")
def acts():
    return acts_of(cases(0.004))


def by_path(acts):
    found = defaultdict(list)
    for act in acts:
        found[act.path.removeprefix("/v1/")].append(act.body)
    return found


@settings(max_examples=25, deadline=None)
@given(scale=SCALES)
def test_the_titles_shared_out_are_the_published_ones_at_any_scale(scale):
    won = Counter()
    for group in groups(figures(scale), scale, 387, PLACES):
        if not group.again and group.round.stands:
            won[group.sort.key] += group.count(Fate.TITLE)
    for key, figure in figures(scale).items():
        if key.startswith("title."):
            assert won[key] == figure.expected


def test_the_decisions_recognise_each_subject_once_but_for_renewals(acts):
    found = by_path(acts)
    who = {}
    for body in found["registrations"]:
        new = body.get("new_subject")
        subject = new["id"] if new else body["subject"]
        kind = f"{body['model']}/{new['group'] if new and 'group' in new else ''}"
        who[str(case_id("14", subject, Model(body["model"]), body["season"]))] = subject, kind
    recognised = [case for body in found["decisions"] for case in body["cases"]]
    assert len(recognised) == len(set(recognised))
    listed = [
        b["subject"] for b in found["imported-titles"] if AS_OF.isoformat() <= b["valid_until"]
    ]
    assert listed
    assert {body["id"] for body in found["subjects"]} > set(listed)
    holders = {who[case][0] for case in recognised} | set(listed)
    goals = figures(0.004)
    published = sum(goals[sort.key].expected for sort in SORTS if sort.key)
    of_communes = {s for s, kind in who.values() if kind == "community/commune"}
    assert len(holders - of_communes) == published
    assert len(recognised) + len(listed) > len(holders)


def test_more_ask_than_win_and_every_other_end_is_there(acts):
    found = by_path(acts)
    assert len(found["registrations"]) > sum(len(body["cases"]) for body in found["decisions"])
    assert found["withdrawals"]
    assert found["rejections"]
    assert len(found["verifications"]) > len(found["proposals"])


def test_verifications_of_the_proposed_pass_and_some_others_fail(acts):
    found = by_path(acts)
    proposed = {body["case"] for body in found["proposals"]}
    failed = 0
    for body in found["verifications"]:
        given = [Score(**score) for score in body["scores"]]
        passed = evaluate(load().get(body["criteria_set"]), given).passed
        assert passed == (body["case"] in proposed)
        failed += not passed
    assert failed


@given(number=st.integers(1, 400_000), chosen=st.sampled_from([sort.criteria for sort in SORTS]))
def test_scores_made_to_pass_pass_by_every_criteria_set(number, chosen):
    given = [Score(**score) for score in scores(CRITERIA[chosen], number, passes=True)]
    assert evaluate(load().get(chosen), given).passed


def test_a_case_is_verified_proposed_and_signed_by_three_persons(acts):
    persons = {act.path: act.person.name for act in acts}
    steps = ("/v1/self-assessments", "/v1/verifications", "/v1/proposals", "/v1/decisions")
    assert len({persons[path] for path in steps}) == 4


def test_what_happens_before_the_reform_is_placed_on_the_old_map_and_the_rest_on_the_new(acts):
    seen = set()
    for body in by_path(acts)["registrations"]:
        new = body.get("new_subject")
        if new:
            reformed = body["registered_on"] >= REFORM.isoformat()
            assert new["area"].endswith(("@2025-07-01",) if reformed else OF_THE_OLD_MAP)
            seen.add(reformed)
    for body in by_path(acts)["decisions"]:
        assert body["decided_on"] <= AS_OF.isoformat()
        reformed = body["decided_on"] >= REFORM.isoformat()
        assert body["office"].endswith("@2025-07-01:UBND" if reformed else "@1900-01-01:UBND")
    assert seen == {True, False}


def test_acts_come_in_the_order_of_their_record_time_and_a_case_in_the_order_of_its_steps(acts):
    assert all(one.recorded_at <= other.recorded_at for one, other in pairwise(acts))
    days = defaultdict(list)
    for act in acts:
        for name, value in act.body.items():
            if name.endswith("_on"):
                assert value <= act.recorded_at.date().isoformat()
                days[act.body.get("case")].append(value)
    del days[None]
    assert all(found == sorted(found) for found in days.values())


def test_the_head_of_a_family_is_a_citizen_entered_in_an_earlier_batch():
    entered, headed = set(), 0
    for batch in batches(cases(0.004).pages()):
        now = [act.body["new_subject"] for act in batch.acts if "new_subject" in act.body]
        for form in now:
            if "head" in form:
                assert form["head"] in entered
                headed += 1
        entered |= {form["id"] for form in now if form["model"] == "citizen"}
    assert headed


def test_no_office_uses_a_number_twice_in_a_year(acts):
    used = [(b["office"], b["year"], b["number"]) for b in by_path(acts)["decisions"]]
    assert len(set(used)) == len(used)


def test_generated_people_look_generated(acts):
    forms = [b["new_subject"] for b in by_path(acts)["registrations"] if "new_subject" in b]
    assert all("mẫu" in form["name"] for form in forms)
    numbers = [form["national_id"] for form in forms if "national_id" in form]
    assert numbers
    assert all(len(number) == 12 and number.startswith("999") for number in numbers)
    assert len(set(numbers)) == len(numbers)


def test_the_total_is_the_number_of_acts_and_every_key_is_there_once_and_stays(acts):
    assert sum(page.count for page in cases(0.004).pages()) == len(acts)
    assert len({act.key for act in acts}) == len(acts)
    assert all(act.key.isascii() and len(act.key) <= 64 for act in acts)
    assert acts_of(cases(0.004)) == acts
    other = cases(0.004, seed=388)
    assert {act.key for act in acts}.isdisjoint(act.key for act in acts_of(other))
