"""Many commands in one body: every row decided alone, and safe to send again."""

import asyncio
import json

from asking import HE, post, post_rows, problem, verdicts
from chassis.domain import uuid7


async def test_every_row_has_its_verdict_and_a_summary_comes_last(board, officer):
    rows = [HE | {"key": f"r{n}", "readers": n} for n in range(2_500)]
    answer = await post_rows(officer, rows)
    assert answer.status_code == 200
    lines, summary = verdicts(answer)
    assert [line["row"] for line in lines] == list(range(1, 2_501))
    assert [line["key"] for line in lines] == [row["key"] for row in rows]
    assert [line["position"] for line in lines] == list(range(1, 2_501))
    expected = {"row", "key", "verdict", "id", "version", "position", "problem"}
    assert all(set(line) == expected for line in lines)
    assert {line["verdict"] for line in lines} == {"accepted"}
    assert summary == {"accepted": 2_500, "replayed": 0, "refused": 0, "position": 2_500}
    readers = [json.loads(event.payload)["readers"] for event in await board.events()]
    assert readers == list(range(2_500))


async def test_the_same_body_again_is_replayed_row_by_row(board, officer):
    rows = [HE | {"key": f"r{n}"} for n in range(20)]
    first, _ = verdicts(await post_rows(officer, rows))
    again, summary = verdicts(await post_rows(officer, rows))
    assert summary == {"accepted": 0, "replayed": 20, "refused": 0, "position": 20}
    assert [line["id"] for line in again] == [line["id"] for line in first]
    assert {line["verdict"] for line in again} == {"replayed"}
    assert len(await board.events()) == 20


async def test_a_row_and_a_single_command_share_their_keys(board, officer):
    single = (await post(officer)).json()
    [row], _ = verdicts(await post_rows(officer, [HE | {"key": "k1"}]))
    assert (row["verdict"], row["id"]) == ("replayed", single["id"])


async def test_a_wrong_row_is_refused_alone(board, officer):
    rows = [HE | {"key": f"r{n}"} for n in range(5_000)]
    rows[4_710] = b'{"key":"r4710","area":"03763","title":'
    lines, summary = verdicts(await post_rows(officer, rows))
    assert summary["accepted"] == 4_999
    [refused] = [line for line in lines if line["verdict"] == "refused"]
    assert (refused["row"], refused["problem"]["code"]) == (4_711, "malformed")
    assert len(await board.events()) == 4_999


async def test_rows_are_refused_each_for_their_own_reason(board, officer):
    rows = [
        HE | {"key": "good"},
        HE,
        HE | {"key": "k" * 65},
        HE | {"key": "area", "area": "99999"},
        HE | {"key": "outside", "area": "03646"},
        HE | {"key": "field", "colour": "red"},
        HE | {"key": "future", "posted_on": "2999-01-01"},
        HE | {"key": "ours", "title": "Lỗi"},
        HE | {"key": "good", "title": "Khác"},
        HE | {"key": "good"},
        b'{"key":"deep","title":' + b"[" * 100_000,
        b'{"key":"bytes","title":"\xff","area":"03763"}',
        b"   ",
        [],
        HE | {"key": "last"},
    ]
    lines, summary = verdicts(await post_rows(officer, rows))
    said = [(line["row"], (line["problem"] or {}).get("code", line["verdict"])) for line in lines]
    assert said == [
        (1, "accepted"),
        (2, "key-required"),
        (3, "key-required"),
        (4, "unknown-area"),
        (5, "outside-area"),
        (6, "invalid"),
        (7, "invalid"),
        (8, "internal"),
        (9, "key-reused"),
        (10, "replayed"),
        (11, "malformed"),
        (12, "malformed"),
        (14, "key-required"),
        (15, "accepted"),
    ]
    assert summary == {"accepted": 2, "replayed": 1, "refused": 11, "position": 2}
    assert len(await board.events()) == 2
    assert lines[3]["problem"]["trace_id"] == lines[4]["problem"]["trace_id"]


async def test_rows_on_one_thing_are_decided_in_order(board, officer):
    ids = [str(uuid7()) for _ in range(3)]
    await post_rows(officer, [HE | {"id": each, "key": f"open {each}"} for each in ids])
    rows = [{"notice": each, "key": f"{n} {each}"} for each in ids for n in range(3)]
    lines, _ = verdicts(await post_rows(officer, rows, "/v1/closures"))
    assert [line["verdict"] for line in lines] == ["accepted", "refused", "refused"] * 3
    assert {line["problem"]["code"] for line in lines if line["problem"]} == {"wrong-state"}


async def test_a_row_may_name_the_version_it_has_seen(officer):
    notice = str(uuid7())
    await post(officer, HE | {"id": notice})
    rows = [
        {"notice": notice, "key": "a", "if_version": 9},
        {"notice": notice, "key": "b", "if_version": 1},
    ]
    lines, _ = verdicts(await post_rows(officer, rows, "/v1/closures"))
    assert lines[0]["problem"]["code"] == "stale"
    assert lines[1]["version"] == 2


async def test_a_batch_of_nothing_has_a_summary(officer):
    lines, summary = verdicts(await post_rows(officer, [b""]))
    assert lines == []
    assert summary == {"accepted": 0, "replayed": 0, "refused": 0, "position": None}


async def test_more_than_ten_thousand_rows_are_refused_together(board, officer):
    rows = [b'{"key":"%d"}' % n for n in range(10_001)]
    async with asyncio.timeout(5):  # nothing more is waited for once the body is whole
        problem(await post_rows(officer, rows), 413, "too-large")
    assert await board.events() == []


async def test_ten_thousand_rows_are_taken(board, officer):
    rows = [b'{"key":"%d","area":"03763","title":"x"}' % n for n in range(10_000)]
    _, summary = verdicts(await post_rows(officer, rows))
    assert summary["accepted"] == 10_000
