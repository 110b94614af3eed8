"""gRPC: positions and replay in dense batches, health, reflection, and an orderly end."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import grpc
import pytest
from asking import HE, post, post_rows
from chassis.clock import SystemClock
from chassis.edge.log_rpc import log_service
from chassis.edge.rpc import Server, create_server
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from khuyenhoc.log.v1 import log_pb2, log_pb2_grpc
from khuyenhoc.training.v1.events_pb2 import CourseCompleted
from noticeboard import AUDITOR, LOG, OFFICER, Noticeboard

COMPLETED = "khuyenhoc.training.v1.CourseCompleted"


@pytest.fixture
async def server(board: Noticeboard) -> AsyncIterator[Server]:
    server = create_server(board.verifier, [log_service(board.replay, board.areas, SystemClock())])
    await server.start()
    yield server
    await server.stop(0)


@pytest.fixture
async def channel(server: Server) -> AsyncIterator[grpc.aio.Channel]:
    async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        yield channel


@pytest.fixture
def stub(channel: grpc.aio.Channel) -> log_pb2_grpc.LogStub:
    return log_pb2_grpc.LogStub(channel)


def bearer(board: Noticeboard, *grants) -> tuple[tuple[str, str], ...]:
    return (("authorization", board.issuer.bearer(*grants)["authorization"]),)


@pytest.fixture
async def notices(board: Noticeboard, officer) -> list[str]:
    """Ten notices, of which every second one is closed: fifteen events."""
    answer = await post_rows(officer, [HE | {"key": f"r{n}", "readers": n} for n in range(10)])
    assert answer.text.count("accepted") == 11
    ids = [str(event.stream) for event in await board.events()]
    for each in ids[::2]:
        await post(officer, {"notice": each}, f"close {each}", "/v1/closures")
    return ids


async def read(stub, board, **request) -> list[log_pb2.Batch]:
    call = stub.Read(log_pb2.ReadRequest(**request), metadata=bearer(board, AUDITOR))
    return [batch async for batch in call]


async def test_any_token_may_ask_for_the_position(board, stub, notices):
    reply = await stub.Position(log_pb2.PositionRequest(), metadata=bearer(board))
    [*_, last] = await board.events()
    assert (reply.log, reply.position, reply.published) == (LOG, 15, 0)
    assert reply.recorded_at.ToDatetime() == last.recorded_at.replace(tzinfo=None)


async def test_an_auditor_reads_every_position_once_and_in_order(board, stub, notices):
    batches = await read(stub, board, batch_size=4)
    assert [(batch.first, batch.last) for batch in batches] == [(1, 4), (5, 8), (9, 12), (13, 15)]
    events = [event for batch in batches for event in batch.events]
    assert [event.position for event in events] == list(range(1, 16))
    assert [event.stream for event in events[:10]] == notices
    stored = await board.events()
    assert [event.version for event in events] == [event.version for event in stored]
    completed = CourseCompleted()
    assert events[3].data.Unpack(completed)
    assert (completed.participants, events[3].type) == (3, COMPLETED)


async def test_what_has_no_public_form_stands_as_withheld(board, stub, notices):
    [*_, last] = await read(stub, board)
    assert last.events[-1].type == "khuyenhoc.log.v1.Withheld"
    assert last.events[-1].data.value == b""


async def test_a_filter_leaves_events_out_and_covers_their_positions(board, stub, notices):
    batches = await read(stub, board, types=[COMPLETED], batch_size=7)
    assert [(batch.first, batch.last) for batch in batches] == [(1, 7), (8, 14), (15, 15)]
    assert sum(len(batch.events) for batch in batches) == 10
    [batch] = await read(stub, board, stream=notices[0])
    assert (batch.first, batch.last) == (1, 15)
    assert [event.version for event in batch.events] == [1, 2]


async def test_a_read_begins_and_ends_where_it_is_told(board, stub, notices):
    [batch] = await read(stub, board, after=3, until=7)
    assert (batch.first, batch.last, len(batch.events)) == (4, 7, 4)
    assert await read(stub, board, after=15) == []
    assert await read(stub, board, stream=str(uuid4()), after=15) == []


async def test_a_follower_gets_what_is_appended_later(board, stub, officer, notices):
    call = stub.Read(log_pb2.ReadRequest(after=14, follow=True), metadata=bearer(board, AUDITOR))
    assert (await call.read()).last == 15
    await post(officer, key="later")
    async with asyncio.timeout(5):
        later = await call.read()
    assert (later.first, later.last) == (16, 16)
    call.cancel()


async def test_a_follower_ends_at_the_position_it_named(board, stub, notices):
    async with asyncio.timeout(5):
        [batch] = await read(stub, board, until=15, follow=True)
    assert batch.last == 15


@pytest.mark.parametrize(
    "request_", [{"after": -1}, {"stream": "x"}, {"batch_size": 10_001}, {"batch_size": -1}]
)
async def test_a_wrong_request_is_refused(board, stub, request_):
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await read(stub, board, **request_)
    assert refused.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert dict(refused.value.trailing_metadata())["kh-problem"] == "invalid"


@pytest.mark.parametrize(
    ("grant", "problem"), [(OFFICER, "forbidden"), (("auditor_external", "03763"), "outside-area")]
)
async def test_only_an_auditor_of_the_province_replays_its_log(board, stub, grant, problem):
    call = stub.Read(log_pb2.ReadRequest(), metadata=bearer(board, grant))
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await call.read()
    assert refused.value.code() == grpc.StatusCode.PERMISSION_DENIED
    assert dict(refused.value.trailing_metadata())["kh-problem"] == problem


async def test_health_needs_no_token_and_follows_the_service(server, channel):
    stub = health_pb2_grpc.HealthStub(channel)
    status = health_pb2.HealthCheckResponse
    for name in ("", "khuyenhoc.log.v1.Log"):
        asked = health_pb2.HealthCheckRequest(service=name)
        assert (await stub.Check(asked)).status == status.SERVING
    await server.serving(ready=False)
    assert (await stub.Check(health_pb2.HealthCheckRequest())).status == status.NOT_SERVING


async def test_reflection_names_the_services(channel):
    stub = reflection_pb2_grpc.ServerReflectionStub(channel)
    asked = reflection_pb2.ServerReflectionRequest(list_services="")
    [answer] = [each async for each in stub.ServerReflectionInfo(iter([asked]))]
    names = {service.name for service in answer.list_services_response.service}
    assert {"khuyenhoc.log.v1.Log", "grpc.health.v1.Health"} <= names


async def test_a_stopping_server_says_so_and_ends_its_followers(board, server, stub, notices):
    call = stub.Read(log_pb2.ReadRequest(follow=True), metadata=bearer(board, AUDITOR))
    await call.read()
    async with asyncio.timeout(5):
        await server.stop(0.1)
        with pytest.raises((grpc.aio.AioRpcError, asyncio.CancelledError)):
            await call.read()
