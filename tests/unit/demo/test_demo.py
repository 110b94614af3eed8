"""The generated province holds the published figures at every scale, and is the same every time."""

from collections import Counter, defaultdict
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demo.__main__ import acts_of
from demo.acts import batches, paged
from demo.calendar import AS_OF, FIRST_DAY
from demo.classes import Places, shares
from demo.client import LaterFacts, _refused
from demo.figures import QUERIES, comparable, figures, left_out
from demo.surroundings import Unready, read_surroundings

PLACES = Places(
    [f"{code}@1900-01-01" for code in range(200)], [f"{code}@2025-07-01" for code in range(75)]
)
SERVICES = ("REGISTRY", "FUNDS", "TRAINING", "REPORTING")
SCALES = st.floats(min_value=0.001, max_value=1)


def acts(scale, seed=387):
    return acts_of(figures(scale), scale, seed, nobody_in_particular, PLACES)


def nobody_in_particular(area, count, day, rng):
    return [f"{area}/{n}" for n in range(count)]


def told(acts):
    """(courses, participants) of each kind, added up as the statistics would."""
    kind_of, enrolled = {}, Counter()
    courses, participants = Counter(), Counter()
    for act in acts:
        body = act.body
        if act.path == "/v1/headcounts":
            courses[body["kind"]] += 1
            participants[body["kind"]] += body["participants"]
        elif act.path == "/v1/courses":
            kind_of[body["id"]] = body["kind"]
        elif act.path == "/v1/enrolments":
            enrolled[body["course"]] += 1
        elif act.path == "/v1/completions":
            courses[kind_of[body["course"]]] += 1
            participants[kind_of[body["course"]]] += enrolled[body["course"]]
    return {"courses_completed": courses, "participations": participants}


@settings(max_examples=12, deadline=None)  # a whole province each
@given(scale=SCALES)
def test_every_published_figure_of_training_comes_out_of_the_acts_at_any_scale(scale):
    sums = told(acts(scale))
    for figure in figures(scale).values():
        if not figure.key.startswith("training."):
            continue
        asked = dict(pair.split("=") for pair in QUERIES[figure.key].split("&"))
        assert figure.holds(sums[asked["measure"]][asked["kind"]]), figure


@settings(max_examples=12, deadline=None)  # a whole province each
@given(scale=SCALES)
def test_what_the_province_is_made_to_hold_satisfies_its_own_qualifier(scale):
    for figure in figures(scale).values():
        assert figure.holds(figure.target)
        assert not figure.holds(figure.expected * 2 + 2)


def test_the_same_seed_and_scale_send_the_same_commands_under_the_same_keys():
    assert acts(0.05) == acts(0.05)
    assert {act.key for act in acts(0.05)}.isdisjoint(act.key for act in acts(0.05, seed=388))


def test_acts_come_in_the_order_of_their_record_time_and_never_before_they_happen():
    found = acts(0.1)
    assert [act.recorded_at for act in found] == sorted(act.recorded_at for act in found)
    for act in found:
        for name in ("held_on", "opened_on", "enrolled_on", "completed_on", "planned_on"):
            day = act.body.get(name)
            assert day is None or FIRST_DAY.isoformat() <= day <= act.recorded_at.date().isoformat()


def test_some_facts_become_known_only_after_the_day_of_the_report():
    late = [act for act in acts(1) if act.recorded_at.date() > AS_OF]
    assert 0 < len(late) < len(acts(1)) / 10


def test_a_class_is_planned_before_it_opens_and_completed_last():
    order = defaultdict(list)
    for act in acts(0.2):
        course = act.body.get("course") or (act.path == "/v1/courses" and act.body["id"])
        if course:
            order[course].append(act.path)
    assert order
    for paths in order.values():
        assert paths[0] == "/v1/courses"
        assert paths[1] == "/v1/openings"
        assert paths[-1] == "/v1/completions"


def test_batches_leave_nothing_out_and_keep_the_order():
    found = acts(0.05)
    sent = [act for batch in batches(paged(found), most=7) for act in batch.acts]
    assert sent == found
    assert all(len(batch.acts) <= 7 for batch in batches(paged(found), most=7))


@given(total=st.integers(0, 30_000), parts=st.integers(1, 400), seed=st.integers())
def test_shares_add_up_to_the_whole(total, parts, seed):
    split = shares(total, parts, Random(seed))
    assert sum(split) == total
    assert len(split) == parts
    assert min(split) >= 0


def test_every_published_key_is_compared_or_left_out_with_a_reason():
    out = {row["key"]: row["why"] for row in left_out(figures(1).values())}
    assert all(out.values())
    assert len(out) + len(figures(1)) == 18
    assert out.keys().isdisjoint(figures(1))
    assert {key.split(".")[0] for key in out} == {"external", "clan"}


def test_a_figure_that_the_statistics_do_not_count_yet_is_left_out_by_the_name_of_its_measure():
    compared = comparable(figures(1).values(), {"courses_completed", "participations"})
    assert {figure.key.split(".")[0] for figure in compared} == {"training"}
    out = {row["key"]: row["why"] for row in left_out(compared)}
    assert "titles_held" in out["title.clan"]
    assert "awards_paid" in out["award.recipients"]


def test_titles_are_read_on_the_day_and_everything_else_adds_up_over_the_period():
    found = figures(1)
    community = "/v1/statistics?measure=titles_held&model=community&group=village&as_of=2025-10-15"
    assert found["title.community"].query == community
    assert "&period=2024-01-01..2025-10-15&" in found["award.amount"].query


@pytest.mark.parametrize("scale", ["0", "2", "much", "-1", "nan"])
def test_a_scale_outside_the_province_is_refused_by_name(scale):
    env = dict.fromkeys(
        ["KH_PROVINCE", "KH_RUN", "ISSUER_URL", *(f"{name}_URL" for name in SERVICES)], "x"
    )
    with pytest.raises(Unready, match=f"SCALE={scale}"):
        read_surroundings({**env, "SCALE": scale})


def test_a_log_with_later_facts_is_told_apart_from_a_wrong_command():
    act = acts(0.001)[0]
    later = {"detail": "…", "errors": [{"pointer": "Recorded-At", "code": "invalid"}]}
    assert isinstance(_refused(act, later), LaterFacts)
    assert not isinstance(_refused(act, {"detail": "…"}), LaterFacts)
