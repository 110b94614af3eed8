"""Commands over HTTP: accepted once for ever, or refused with a reason."""

import asyncio
import json
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from asking import HE, post, post_rows, problem, verdicts
from chassis.clock import civil_day
from chassis.domain import uuid7
from noticeboard import LOG, LONG_HE, OFFICER, PROVINCIAL, running


async def test_an_accepted_command_says_what_it_made_and_where_in_the_log(board, officer):
    answer = await post(officer)
    assert answer.status_code == 201
    reply = answer.json()
    assert set(reply) == {"id", "version", "position", "recorded_at"}
    assert answer.headers["location"] == f"/v1/notices/{reply['id']}"
    assert answer.headers["etag"] == '"1"'
    assert answer.headers["kh-position"] == f"{LOG}:1"
    assert "idempotency-replayed" not in answer.headers
    recorded_at = datetime.fromisoformat(reply["recorded_at"])
    assert recorded_at.tzinfo == UTC
    stored = await board.events()
    assert [str(event.stream) for event in stored] == [reply["id"]]
    assert stored[0].recorded_at == recorded_at


async def test_the_same_again_gets_the_first_answer_and_adds_nothing(board, officer):
    first, again = await post(officer), await post(officer)
    assert again.status_code == 201
    assert again.headers["idempotency-replayed"] == "true"
    assert again.json() == first.json()
    assert again.headers["etag"] == first.headers["etag"]
    assert len(await board.events()) == 1


async def test_the_same_command_is_the_same_however_it_is_written(board, officer):
    one = b'{"area":"03763","title":"L\xe1\xbb\x9bp","readers":0}'
    other = b'{ "title": "Lo\\u031b\\u0301p", "id": null,\n "area": "03763" }'
    await post(officer, one)
    assert (await post(officer, other)).headers["idempotency-replayed"] == "true"
    [row], _ = verdicts(await post_rows(officer, [{"key": "k1", "title": "Lớp", "area": "03763"}]))
    assert row["verdict"] == "replayed"
    assert len(await board.events()) == 1


async def test_ten_retries_at_once_make_one_notice(board, officer):
    answers = await asyncio.gather(*(post(officer) for _ in range(10)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert sum("idempotency-replayed" not in answer.headers for answer in answers) == 1
    assert len(await board.events()) == 1


async def test_two_people_may_use_the_same_key(board):
    grant = OFFICER
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(board.client(grant))
        other = await stack.enter_async_context(board.client(grant))
        other.headers.update(board.issuer.bearer(grant, person=uuid4()))
        first, second = await post(one), await post(other)
    assert first.json()["id"] != second.json()["id"]
    assert "idempotency-replayed" not in second.headers


async def test_one_person_with_another_token_is_the_same_person(board):
    async with board.client(OFFICER) as one, board.client(PROVINCIAL) as other:
        first, second = await post(one), await post(other)
    assert second.json() == first.json()
    assert second.headers["idempotency-replayed"] == "true"


async def test_a_trace_of_the_caller_goes_into_the_log_and_no_other(board, officer):
    trace = "0af7651916cd43dd8448eb211c80319c"
    await post(officer, key="a", traceparent=f"00-{trace}-b7ad6b7169203331-01")
    await post(officer, key="b")
    with_trace, without = [json.loads(event.meta) for event in await board.events()]
    assert trace in with_trace["trace"]
    assert "trace" not in without


@pytest.mark.parametrize(
    ("key", "said"),
    [(None, "còn thiếu"), ("", "còn thiếu"), ("k" * 65, "65"), (b"kh\xf3a", "ký tự khác")],
)
async def test_a_command_needs_a_key_of_1_to_64_ascii_characters(board, officer, key, said):
    shown = problem(await post(officer, key=key), 400, "key-required")
    assert said in shown["detail"]
    assert shown["errors"][0]["pointer"] == "Idempotency-Key"
    assert await board.events() == []


async def test_a_key_of_64_characters_is_taken(officer):
    assert (await post(officer, key="k" * 64)).status_code == 201


async def test_a_key_with_another_body_is_refused(board, officer):
    await post(officer)
    problem(await post(officer, HE | {"title": "Khác"}), 422, "key-reused")
    assert len(await board.events()) == 1


async def test_a_key_on_another_path_is_refused(officer):
    notice = (await post(officer)).json()["id"]
    problem(await post(officer, {"notice": notice}, path="/v1/closures"), 422, "key-reused")


async def test_a_refused_command_may_be_sent_again_under_its_key(officer):
    problem(await post(officer, HE | {"area": "99999"}), 422, "unknown-area")
    assert (await post(officer)).status_code == 201


async def test_a_retry_of_an_accepted_command_never_hears_that_it_is_done_already(officer):
    notice = (await post(officer)).json()["id"]
    closing = {"notice": notice}
    first = await post(officer, closing, key="c", path="/v1/closures")
    again = await post(officer, closing, key="c", path="/v1/closures")
    assert again.json() == first.json()
    problem(await post(officer, closing, key="d", path="/v1/closures"), 409, "wrong-state")


async def test_an_id_that_exists_is_refused_by_name(officer):
    body = HE | {"id": str(uuid7())}
    await post(officer, body)
    shown = problem(await post(officer, body, key="k2"), 409, "already-exists")
    assert body["id"] in shown["detail"]


async def test_what_does_not_exist_cannot_be_acted_on(officer):
    missing = {"notice": str(uuid4())}
    shown = problem(await post(officer, missing, path="/v1/closures"), 404, "not-found")
    assert missing["notice"] in shown["detail"]


async def test_somebody_without_the_role_is_refused(board):
    async with board.client(("statistics_viewer", "14")) as viewer:
        problem(await post(viewer), 403, "forbidden")


async def test_an_officer_of_another_commune_is_refused(board):
    async with board.client(("commune_association_officer", "03646")) as other:
        assert LONG_HE in problem(await post(other), 403, "outside-area")["detail"]


async def test_a_handler_that_never_asked_is_not_let_through(board, officer):
    notice = (await post(officer)).json()["id"]
    answer = await post(officer, {"notice": notice}, key="k2", path="/v1/oversights")
    problem(answer, 403, "forbidden")
    assert len(await board.events()) == 1


async def test_a_mistake_of_ours_is_answered_with_a_trace_and_nothing_more(board, officer):
    shown = problem(await post(officer, HE | {"title": "Lỗi"}), 500, "internal")
    assert "mistake" not in shown["detail"]
    assert await board.events() == []


@pytest.mark.parametrize(
    ("fields", "code", "pointer", "value"),
    [
        ({"readers": -1}, "invalid", "/readers", -1),
        ({"readers": 10**30}, "invalid", "/readers", 10**30),
        ({"readers": 2.5}, "invalid", "/readers", 2.5),
        ({"posted_on": "2025-02-30"}, "invalid", "/posted_on", "2025-02-30"),
        ({"posted_on": "2999-01-01"}, "invalid", "/posted_on", "2999-01-01"),
        ({"colour": "red"}, "invalid", "/colour", None),
        ({"author": "Lò Văn A" * 50}, "invalid", "/author", None),
    ],
)
async def test_a_wrong_field_is_named_with_its_value(board, officer, fields, code, pointer, value):
    error = problem(await post(officer, HE | fields), 422, code)["errors"][0]
    assert (error["pointer"], error.get("value")) == (pointer, value)
    assert await board.events() == []


async def test_an_area_not_in_force_on_the_day_is_refused_with_that_days_candidates(officer):
    old = HE | {"area": LONG_HE, "posted_on": "2025-06-30"}
    shown = problem(await post(officer, old), 422, "unknown-area")
    assert "2025-06-30" in shown["detail"]
    assert "@1900-01-01" in shown["detail"]


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "application/xml", "", None,
     "application/json; charset=utf-16", "application/cloudevents+json"],
)  # fmt: skip
async def test_a_body_of_another_kind_is_refused(officer, content_type):
    problem(await post(officer, **{"content-type": content_type}), 415, "unsupported-media")


async def test_a_compressed_body_is_refused(officer):
    problem(await post(officer, **{"content-encoding": "gzip"}), 415, "unsupported-media")


async def test_json_with_its_charset_is_taken(officer):
    answer = await post(officer, **{"content-type": "Application/JSON; charset=UTF-8"})
    assert answer.status_code == 201


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b'{"title":' + b"[" * 100_000])
async def test_what_cannot_be_read_is_malformed(officer, body):
    problem(await post(officer, body), 400, "malformed")


async def test_titles_come_in_the_callers_language(officer):
    shown = problem(await post(officer, b"{", **{"accept-language": "en"}), 400, "malformed")
    assert shown["title"] == "The request cannot be read"
    assert problem(await post(officer, b"{"), 400, "malformed")["title"].startswith("Yêu cầu")


async def test_somebody_who_is_behind_is_told_so(officer):
    notice = (await post(officer)).json()["id"]
    closing = {"notice": notice}
    stale = await post(officer, closing, "c", "/v1/closures", **{"if-match": '"2"'})
    problem(stale, 412, "stale")
    accepted = await post(officer, closing, "c", "/v1/closures", **{"if-match": '"1"'})
    assert accepted.json()["version"] == 2


@pytest.mark.parametrize("tag", ["2", '"two"', '"1", "2"', '"-1"', 'W/"1"'])
async def test_a_version_that_cannot_be_read_is_malformed(officer, tag):
    shown = problem(await post(officer, **{"if-match": tag}), 400, "malformed")
    assert shown["errors"][0]["pointer"] == "If-Match"


async def test_the_local_profile_may_name_the_time_and_its_day_is_today(board, officer):
    at = datetime.now(UTC) - timedelta(days=400)
    answer = await post(officer, **{"recorded-at": at.isoformat()})
    assert datetime.fromisoformat(answer.json()["recorded_at"]) == at
    [stored] = await board.events()
    assert json.loads(stored.payload)["posted_on"] == civil_day(at).isoformat()
    late = HE | {"posted_on": (civil_day(at) + timedelta(days=1)).isoformat()}
    refused = await post(officer, late, key="k2", **{"recorded-at": at.isoformat()})
    problem(refused, 422, "invalid")


async def test_time_never_runs_backwards_and_a_known_key_is_answered_as_always(officer):
    now, before = datetime.now(UTC), datetime.now(UTC) - timedelta(days=1)
    first = await post(officer, **{"recorded-at": now.isoformat()})
    assert (await post(officer, **{"recorded-at": before.isoformat()})).json() == first.json()
    earlier = await post(officer, key="k2", **{"recorded-at": before.isoformat()})
    assert problem(earlier, 422, "invalid")["errors"][0]["pointer"] == "Recorded-At"
    ahead = (now + timedelta(days=1)).isoformat()
    problem(await post(officer, key="k2", **{"recorded-at": ahead}), 422, "invalid")


@pytest.mark.parametrize("at", ["yesterday", "2025-01-01", "2025-01-01T00:00:00", ""])
async def test_a_time_that_cannot_be_read_is_refused(officer, at):
    problem(await post(officer, **{"recorded-at": at}), 422, "invalid")


async def test_elsewhere_nobody_may_name_the_time(empty_log, issuer):
    async with running(empty_log, issuer, local=False) as board, board.client(OFFICER) as client:
        answer = await post(client, **{"recorded-at": datetime.now(UTC).isoformat()})
        assert "chạy thử trên máy riêng" in problem(answer, 422, "invalid")["detail"]
        assert await board.events() == []
