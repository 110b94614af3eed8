"""The registry over gRPC: the same things with the fields of the HTTP replies."""

import grpc
import pytest
from chassis.edge import rpc
from grpc import aio
from khuyenhoc.registry.v1 import events_pb2, service_pb2, service_pb2_grpc
from registry_desk import AUDITOR, OFFICER, PROVINCE


@pytest.fixture
async def registry(desk):
    """A stub of the desk's gRPC server."""
    server = rpc.create_server(desk.serving.verifier, desk.serving.services)
    await server.start()
    async with aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        yield service_pb2_grpc.RegistryStub(channel)
    await server.stop(0)


def metadata(desk, role: str = PROVINCE, area: str = "14"):
    return [("authorization", desk.bearer(role, area)["authorization"])]


async def test_a_subject_is_the_same_over_both_wires(desk, registry):
    subject = await desk.a_citizen(national_id="014095000123", birth_year=1980)
    wanted = service_pb2.GetSubjectRequest(id=subject)
    got = await registry.GetSubject(wanted, metadata=metadata(desk))
    http = await desk.read(f"subjects/{subject}")
    assert got.model == events_pb2.citizen
    for name in set(http) - {"model", "kind", "sex", "head"}:
        assert getattr(got, name) == http[name], name
    assert not got.HasField("head")


async def test_an_auditor_sees_no_name_over_either_wire(desk, registry):
    subject = await desk.a_citizen()
    wanted = service_pb2.GetSubjectRequest(id=subject)
    got = await registry.GetSubject(wanted, metadata=metadata(desk, AUDITOR))
    assert (got.id, got.HasField("name")) == (subject, False)


async def test_a_case_tells_its_state_and_why_it_passed(desk, registry):
    case = await desk.a_verified_case()
    wanted = service_pb2.GetCaseRequest(id=case)
    got = await registry.GetCase(wanted, metadata=metadata(desk))
    http = await desk.read(f"cases/{case}")
    assert (got.state, got.version) == (http["state"], http["version"])
    assert got.verification.reason == http["verification"]["result"]["reason"]
    assert not got.HasField("decision")


async def test_a_holding_lists_its_titles(desk, registry):
    subject = await desk.a_citizen()
    holding = (
        await desk.done(
            "imported-titles", subject=subject, model="citizen", season=2024,
            valid_from="2025-07-02", valid_until="2025-12-31", source="Danh sách năm 2024",
        )
    )["id"]  # fmt: skip
    got = await registry.GetHolding(
        service_pb2.GetHoldingRequest(id=holding), metadata=metadata(desk)
    )
    assert [(one.season, one.valid_until) for one in got.titles] == [(2024, "2025-12-31")]
    assert got.subject == subject


@pytest.mark.parametrize(
    ("known", "role", "area", "status"),
    [
        ("01997000-0000-7000-8000-00000000000a", PROVINCE, "14", "NOT_FOUND"),
        ("mận", PROVINCE, "14", "INVALID_ARGUMENT"),
        (None, "statistics_viewer", "14", "PERMISSION_DENIED"),
        (None, OFFICER, "03757", "PERMISSION_DENIED"),
    ],
)
async def test_refusals_have_their_status(desk, registry, known, role, area, status):
    wanted = service_pb2.GetSubjectRequest(id=known or await desk.a_citizen())
    with pytest.raises(aio.AioRpcError) as refused:
        await registry.GetSubject(wanted, metadata=metadata(desk, role, area))
    assert refused.value.code() is getattr(grpc.StatusCode, status)
