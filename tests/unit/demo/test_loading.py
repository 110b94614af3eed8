"""A province is told in order, once, and to its own log only; what passes is waited for."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import httpx2 as httpx
import msgspec
import pytest

from demo.acts import Act, Made, batches, paged
from demo.client import Away, LaterFacts, Refused, Service
from demo.loading import open_pages
from demo.persons import OFFICER, Tokens

BEGAN = datetime(2024, 1, 1, 9, tzinfo=UTC)
TIMES = [BEGAN + timedelta(days=n) for n in range(6)]
ACTS = [Act(at, "/v1/things", {"n": n}, key=f"k-{n}-{at:%d}") for at in TIMES for n in range(3)]
PAGES = paged(ACTS)


def sent(pages):
    return [act for batch in batches(pages) for act in batch.acts]


def test_an_empty_log_is_told_everything():
    kept, found = open_pages(PAGES, datetime(2000, 1, 1, tzinfo=UTC))
    assert (sent(kept), found) == (ACTS, 0)
    assert open_pages(PAGES, None) == (kept, found)


@pytest.mark.parametrize("stopped", range(6))
def test_an_interrupted_load_goes_on_at_the_time_where_the_log_ends(stopped):
    kept, found = open_pages(PAGES, TIMES[stopped])
    again = sent(kept)
    open_acts = [act for act in ACTS if act.recorded_at >= TIMES[stopped]]
    assert again == (open_acts if stopped == 0 else ACTS[:3] + open_acts)
    assert len(again) + found == len(ACTS)


def test_the_first_acts_are_sent_again_so_that_somebody_elses_log_refuses_them():
    for newest in (TIMES[3], TIMES[3] + timedelta(hours=1), datetime(2030, 1, 1, tzinfo=UTC)):
        assert sent(open_pages(PAGES, newest)[0])[:3] == ACTS[:3]


def test_acts_whose_ids_later_ones_name_are_sent_again_to_be_told_the_ids():
    named = Act(TIMES[1], "/v1/things", {}, key="named", name="thing")
    later = Act(TIMES[5], "/v1/others", {"thing": Made("thing")}, key="later")
    kept, found = open_pages(paged([ACTS[0], named, ACTS[6], later]), TIMES[5])
    assert [act.key for act in sent(kept)] == [ACTS[0].key, "named", "later"]
    assert found == 1


def service(answers, pauses=(0.0, 0.0)):
    """A service that gives these answers one after the other, and what it was sent."""
    seen = []

    def answer(request):
        seen.append(request)
        now = answers[len(seen) - 1]
        if isinstance(now, Exception):
            raise now
        return now

    made = Service("things", "http://127.0.0.1:1", Tokens("", "14", {OFFICER: "t"}), pauses=pauses)
    made.http = httpx.Client(base_url=made.url, transport=httpx.MockTransport(answer))
    return made, seen


def rows(*verdicts):
    """A whole answer, as the services give it."""
    lines = [
        {"row": n, "key": f"k{n}", "verdict": said, "id": f"id-{n}", "problem": problem}
        for n, (said, problem) in enumerate(verdicts, 1)
    ]
    counts = Counter(said for said, _ in verdicts)
    totals = {name: counts[name] for name in ("accepted", "replayed", "refused")}
    text = b"\n".join(msgspec.json.encode(each) for each in (*lines, {"summary": totals}))
    return httpx.Response(200, content=text)


YES = ("accepted", None)
BUSY = ("refused", {"code": "busy"})
BATCH = next(batches(PAGES))


@pytest.mark.parametrize(
    "passing",
    [
        httpx.ConnectError("refused"),
        httpx.ReadError("cut"),
        httpx.Response(503, json={"code": "busy"}),
        httpx.Response(200, content=rows(YES, YES, YES).content.rpartition(b"\n")[0]),
        httpx.Response(200, content=b""),
        rows(YES, BUSY, BUSY),
    ],
    ids=["away", "cut off", "busy", "no summary", "nothing", "some rows busy"],
)
def test_a_batch_is_sent_again_with_the_same_bytes_until_the_service_has_all_of_it(passing):
    things, seen = service([passing, rows(YES, YES, YES)])
    things.send(BATCH)
    assert [request.content for request in seen] == [seen[0].content] * 2
    assert things.counts["accepted"] == 3


def test_a_service_that_stays_away_is_named_with_the_act():
    things, seen = service([httpx.ConnectError("refused")] * 3)
    with pytest.raises(Away, match=r"things /v1/things k-0-01: ConnectError, 3 times"):
        things.send(BATCH)
    assert len(seen) == 3


def test_a_refusal_names_the_act_and_is_not_tried_again():
    no = ("refused", {"code": "wrong-state", "detail": "not now"})
    things, seen = service([rows(YES, no, YES)])
    with pytest.raises(Refused, match=r"/v1/things k-1-01: not now"):
        things.send(BATCH)
    assert len(seen) == 1


def test_a_time_before_the_last_recorded_one_tells_that_the_log_is_another_ones():
    no = ("refused", {"code": "invalid", "errors": [{"pointer": "Recorded-At"}]})
    things, _ = service([rows(no, no, no)])
    with pytest.raises(LaterFacts):
        things.send(BATCH)


def test_what_a_service_made_is_known_to_later_acts():
    first = [Act(BEGAN, "/v1/things", {}, key="a", name="it")]
    later = [Act(BEGAN, "/v1/others", {"thing": Made("it")}, key="b")]
    things, seen = service([rows(YES), rows(YES)])
    for acts in (first, later):
        things.send(next(batches(paged(acts))))
    assert msgspec.json.decode(seen[1].content) == {"key": "b", "thing": "id-1"}


def test_the_plan_does_not_change_with_the_villages_that_were_opened_for_it():
    map_ = [
        ("14", "province"),
        ("03742@1900-01-01", "commune"),
        ("03742-501@2024-01-01", "village"),
    ]
    items = [{"area": area, "kind": kind} for area, kind in map_]
    things, _ = service([httpx.Response(200, json={"items": items})])
    assert things.communes("2024-01-01") == ["03742@1900-01-01"]
