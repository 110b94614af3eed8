"""Whoever asks in Vietnamese is refused in Vietnamese, whoever asks in English in English."""

from collections.abc import Awaitable, Callable
from uuid import uuid4

import grpc
import httpx2
import pytest
import speech
from asking import HE, post, post_rows, problem, verdicts
from chassis.clock import SystemClock
from chassis.edge.log_rpc import log_service
from chassis.edge.rpc import create_server
from chassis.errors import Said
from khuyenhoc.log.v1 import log_pb2, log_pb2_grpc
from noticeboard import LOG, OFFICER, PROVINCIAL, Noticeboard

Ask = Callable[[httpx2.AsyncClient], Awaitable[httpx2.Response]]

ID = "018f3c1e-0000-7000-8000-000000000001"


def sending(body=HE, key="k1", path="/v1/notices", **headers) -> Ask:
    async def ask(client: httpx2.AsyncClient) -> httpx2.Response:
        return await post(client, body, key, path, **headers)

    return ask


def reading(path: str, **query) -> Ask:
    async def ask(client: httpx2.AsyncClient) -> httpx2.Response:
        return await client.get(f"/v1/{path}", params=query)

    return ask


def after(*before: Ask, then: Ask) -> Ask:
    """What is asked once the others have been answered."""

    async def ask(client: httpx2.AsyncClient) -> httpx2.Response:
        for one in before:
            await one(client)
        return await then(client)

    return ask


POSTED = sending(HE | {"id": ID}, "posted")
CLOSED = sending({"notice": ID}, "closed", "/v1/closures")

REFUSED: dict[str, tuple[int, Ask, str, str]] = {
    "malformed": (
        400, sending(b'{"area": '),
        "nội dung gửi lên không phải là JSON trọn vẹn", "this is not JSON: it is not whole",
    ),
    "key-required": (
        400, sending(key=None),
        "cần có khóa chống lặp từ 1 đến 64 ký tự không dấu; khóa này còn thiếu",
        "a key of 1 to 64 printable ASCII characters is required; this one is missing",
    ),
    "unauthenticated": (
        401, sending(authorization="Bearer x"),
        "thẻ đăng nhập phải gồm ba phần nối bằng dấu chấm",
        "the token is not three parts joined by dots",
    ),
    "forbidden": (
        403, reading("events"),
        "việc này dành cho: Kiểm toán độc lập", "this needs one of the roles auditor_external",
    ),
    "outside-area": (
        403, sending(HE | {"area": "03646"}),
        "quyền được giao không bao gồm địa bàn 03646@2025-07-01",
        "the roles of this token do not reach 03646@2025-07-01",
    ),
    "not-found": (
        404, reading(f"notices/{ID}"),
        f"không có thông báo nào mang mã {ID}", f"no notice has the id {ID}",
    ),
    "method-not-allowed": (
        405, lambda client: client.delete("/v1/notices"),
        "địa chỉ này không nhận DELETE", "DELETE is not answered at this address",
    ),
    "wrong-state": (
        409, after(POSTED, CLOSED, then=sending({"notice": ID}, "again", "/v1/closures")),
        f"thông báo {ID} đã đóng", f"notice {ID} is closed already",
    ),
    "already-exists": (
        409, after(POSTED, then=sending(HE | {"id": ID}, "again")),
        f"mã {ID} đã có rồi", f"{ID} exists already",
    ),
    "stale": (
        412,
        after(POSTED, then=sending({"notice": ID}, "late", "/v1/closures", **{"if-match": '"7"'})),
        f"{ID} nay là phiên bản 1, không còn là 7; vui lòng xem lại",
        f"{ID} is at version 1, not 7",
    ),
    "too-large": (
        413, sending(b" " * (1 << 20) + b" "),
        "nội dung gửi lên nhiều nhất là 1.048.576 byte; chưa có gì được ghi nhận",
        "the body may have at most 1,048,576 bytes; nothing of it was accepted",
    ),
    "unsupported-media": (
        415, sending(**{"content-type": "text/csv"}),
        "vui lòng gửi application/json hoặc application/x-ndjson theo bảng mã UTF-8, không phải",
        "send application/json or application/x-ndjson in UTF-8, not 'text/csv'",
    ),
    "invalid": (
        422, sending(HE | {"readers": -3}),
        "readers: -3 quá nhỏ: ít nhất là 0", "readers: -3 is too small: 0 is the least",
    ),
    "unknown-area": (
        422, sending(HE | {"area": "Paris"}),
        "'Paris' không phải là địa bàn có trên bản đồ ngày ", "'Paris' is not an area in force on ",
    ),
    "key-reused": (
        422, after(POSTED, then=sending(HE, "posted")),
        "khóa chống lặp này đã dùng cho một yêu cầu khác; vui lòng dùng khóa mới",
        "this key was used before with another request",
    ),
    "position-not-reached": (
        503, reading("notices", min_position=f"{LOG}:9", wait=0),
        f"{LOG} mới tới vị trí 0, cần 9", f"{LOG} is at 0, 9 is asked for",
    ),
}  # fmt: skip
"""By code: the status, how one comes to it, and what is said then."""


async def answers(board: Noticeboard, ask: Ask, status: int, code: str) -> dict[str, dict]:
    """The same refusal to a caller who names no language, and to one who wants English."""
    found = {}
    wanted = {"vi": {}, "en": {"accept-language": "en-GB,en;q=0.9,vi;q=0.1"}}
    for language, headers in wanted.items():
        async with board.client(
            PROVINCIAL if code == "position-not-reached" else OFFICER
        ) as client:
            client.headers.update(headers)
            found[language] = problem(await ask(client), status, code)
    return found


@pytest.mark.parametrize("code", REFUSED)
async def test_each_caller_is_refused_in_their_language(board, code):
    status, ask, vi, en = REFUSED[code]
    said = await answers(board, ask, status, code)
    assert said["vi"]["detail"].startswith(vi)
    assert said["en"]["detail"].startswith(en)
    assert said["vi"]["title"] != said["en"]["title"]
    for one, other in zip(said["vi"]["errors"], said["en"]["errors"], strict=True):
        assert (one["pointer"], one["code"]) == (other["pointer"], other["code"])
        speech.check(Said(other["detail"], one["detail"]))


async def test_a_service_that_cannot_work_says_so_in_both_languages(board):
    board.ready[0] = False
    async with board.client() as client:
        vi = problem(await client.get("/readyz"), 503, "busy")
        en = problem(await client.get("/readyz", headers={"accept-language": "en"}), 503, "busy")
    assert "vui lòng gửi lại" in vi["detail"]
    assert "send the same request again" in en["detail"]


async def test_a_mistake_of_ours_is_confessed_in_both_languages(board, officer):
    vi = problem(await post(officer, HE | {"title": "Lỗi"}), 500, "internal")
    english = {"accept-language": "en"}
    en = problem(await post(officer, HE | {"title": "Lỗi"}, **english), 500, "internal")
    assert vi["detail"].startswith("có lỗi ở phía hệ thống")
    assert en["detail"].startswith("something went wrong on our side")


async def test_the_rows_of_a_batch_are_refused_in_the_callers_language(officer):
    rows = [HE | {"key": "a", "readers": 2.5}, HE | {"key": "b", "area": "Paris"}, b"{"]
    for language, first, second, third in (
        ("vi", "2.5 không phải là số nguyên", "không phải là địa bàn", "không phải là JSON"),
        ("en", "2.5 is not a whole number", "is not an area", "this is not JSON"),
    ):
        answer = await post_rows(officer, rows, **{"accept-language": language})
        lines, summary = verdicts(answer)
        assert summary["refused"] == 3
        said = [line["problem"]["detail"] for line in lines]
        assert [word in one for word, one in zip((first, second, third), said, strict=True)] == [
            True
        ] * 3, said


async def test_a_wrong_address_is_explained_in_the_callers_language(board):
    async with board.client(PROVINCIAL) as client:
        vi = problem(await client.get("/v1/notices?limit=0"), 422, "invalid")
        english = {"accept-language": "en"}
        en = problem(await client.get("/v1/notices/x", headers=english), 422, "invalid")
    assert vi["detail"] == "limit: 0 quá nhỏ: ít nhất là 1"
    assert vi["errors"][0]["detail"] == "0 quá nhỏ: ít nhất là 1"
    assert en["detail"].startswith("id: “x” is not an id (UUID)")


@pytest.mark.parametrize(
    ("asked", "said"),
    [((), "is not an id"), ((("accept-language", "vi"),), "không phải là mã định danh")],
)
async def test_grpc_speaks_english_unless_asked_for_vietnamese(board, asked, said):
    server = create_server(board.verifier, [log_service(board.replay, board.areas, SystemClock())])
    await server.start()
    try:
        async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
            token = board.issuer.bearer(("auditor_external", "14"))["authorization"]
            call = log_pb2_grpc.LogStub(channel).Read(
                log_pb2.ReadRequest(stream="x"), metadata=(("authorization", token), *asked)
            )
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await call.read()
    finally:
        await server.stop(0)
    assert said in refused.value.details()


async def test_what_was_never_there_is_missing_in_both_languages(officer):
    ghost = str(uuid4())
    vi = problem(await post(officer, {"notice": ghost}, "a", "/v1/closures"), 404, "not-found")
    assert vi["detail"] == f"không có thông báo nào mang mã {ghost}"
