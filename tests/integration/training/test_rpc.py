"""Training over gRPC: a course with the fields of the HTTP reply, the log as published, health."""

import grpc
import pytest
from chassis.edge import rpc
from grpc import aio
from grpc_health.v1 import health_pb2, health_pb2_grpc
from khuyenhoc.log.v1 import log_pb2, log_pb2_grpc
from khuyenhoc.training.v1 import events_pb2, service_pb2, service_pb2_grpc


@pytest.fixture
async def line(desk):
    """An open channel to the desk's gRPC server."""
    server = rpc.create_server(desk.serving.verifier, desk.serving.services)
    await server.start()
    async with aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        yield channel
    await server.stop(0)


def metadata(desk, role: str = "auditor_external", area: str = "14"):
    return [("authorization", desk.bearer(role, area)["authorization"])]


async def test_a_course_is_the_same_over_both_wires(desk, line):
    course, people = await desk.an_open_course(learners=2, capacity=30)
    session = (await desk.done("sessions", course=course, held_on="2025-09-02"))["id"]
    await desk.done("attendances", course=course, session=session, learners=people)
    await desk.done("completions", course=course, completed_on="2025-09-30")
    training = service_pb2_grpc.TrainingStub(line)
    got = await training.GetCourse(service_pb2.GetCourseRequest(id=course), metadata=metadata(desk))
    http = await desk.read(f"courses/{course}")
    assert got.kind == events_pb2.TECH_TRANSFER
    assert [(one.session, one.held_on) for one in got.held] == [(session, "2025-09-02")]
    for name in set(http) - {"kind", "held"}:
        assert getattr(got, name) == http[name], name


async def test_what_is_not_known_is_absent(desk, line):
    reported = await desk.done("headcounts", kind="LITERACY", area="03763", participants=0)
    got = await service_pb2_grpc.TrainingStub(line).GetCourse(
        service_pb2.GetCourseRequest(id=reported["id"]), metadata=metadata(desk)
    )
    assert (got.headcount, got.HasField("title"), got.HasField("capacity")) == (True, False, False)
    assert (got.HasField("participants"), got.participants) == (True, 0)


@pytest.mark.parametrize(
    ("known", "role", "area", "status"),
    [
        ("01997000-0000-7000-8000-00000000000a", "auditor_external", "14", "NOT_FOUND"),
        ("mận", "auditor_external", "14", "INVALID_ARGUMENT"),
        (None, "statistics_viewer", "14", "PERMISSION_DENIED"),
        (None, "commune_association_officer", "03757", "PERMISSION_DENIED"),
    ],
)
async def test_refusals_have_their_status(desk, line, known, role, area, status):
    wanted = known or await desk.a_course()
    with pytest.raises(aio.AioRpcError) as refused:
        await service_pb2_grpc.TrainingStub(line).GetCourse(
            service_pb2.GetCourseRequest(id=wanted), metadata=metadata(desk, role, area)
        )
    assert refused.value.code() is grpc.StatusCode[status]


async def test_without_a_token_nothing_is_told(desk, line):
    with pytest.raises(aio.AioRpcError) as refused:
        await service_pb2_grpc.TrainingStub(line).GetCourse(service_pb2.GetCourseRequest(id="x"))
    assert refused.value.code() is grpc.StatusCode.UNAUTHENTICATED


async def test_the_log_is_read_in_dense_batches_with_what_is_withheld_in_its_place(desk, line):
    course = await desk.a_course(title="Lớp của bà Mai")
    await desk.done("sessions", course=course, held_on="2025-09-02")
    await desk.done("cancellations", course=course, reason="Bà Mai ốm")
    read = log_pb2_grpc.LogStub(line).Read(
        log_pb2.ReadRequest(batch_size=3), metadata=metadata(desk)
    )
    batches = [batch async for batch in read]
    events = [event for batch in batches for event in batch.events]
    assert [(batch.first, batch.last) for batch in batches] == [(1, 3), (4, 4)]
    assert [event.type.rpartition(".")[2] for event in events] == [
        "CoursePlanned", "SessionHeld", "Withheld", "CourseCancelled"
    ]  # fmt: skip
    wire = b"".join(event.SerializeToString() for event in events)
    assert b"Mai" not in wire


async def test_health_is_told_to_anybody(line):
    stub = health_pb2_grpc.HealthStub(line)
    told = await stub.Check(health_pb2.HealthCheckRequest(service="khuyenhoc.training.v1.Training"))
    assert told.status == health_pb2.HealthCheckResponse.SERVING
