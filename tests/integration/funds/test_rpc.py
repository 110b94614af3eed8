"""Funds over gRPC: funds and awards with the fields of the HTTP reply, the log as published."""

import grpc
import pytest
from chassis.edge import rpc
from funds_desk import AUDITOR, TREASURER
from grpc import aio
from grpc_health.v1 import health_pb2, health_pb2_grpc
from khuyenhoc.funds.v1 import events_pb2, service_pb2, service_pb2_grpc
from khuyenhoc.log.v1 import log_pb2, log_pb2_grpc


@pytest.fixture
async def line(desk):
    """An open channel to the desk's gRPC server."""
    server = rpc.create_server(desk.serving.verifier, desk.serving.services)
    await server.start()
    async with aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        yield channel
    await server.stop(0)


def metadata(desk, role: str = AUDITOR, area: str = "14"):
    return [("authorization", desk.bearer(role, area)["authorization"])]


async def test_a_fund_is_the_same_over_both_wires(desk, line):
    fund = await desk.a_fund(balance=900, earmark="sách vở")
    await desk.a_gift(fund, 70, channel="in_kind", item="vở")
    stub = service_pb2_grpc.FundsStub(line)
    for query in ({}, {"as_of": "2025-08-31"}, {"known_at": "2099-12-31"}):
        request = service_pb2.GetFundRequest(id=fund, **query)
        got = await stub.GetFund(request, metadata=metadata(desk))
        http = await desk.read(f"funds/{fund}", **query)
        assert got.kind == events_pb2.FundKind.scholarship
        assert [(e.earmark, e.balance) for e in got.earmarks] == [
            (e["earmark"], e["balance"]) for e in http["earmarks"]
        ]
        assert (got.as_of or None) == http["as_of"]
        assert got.HasField("known_at") == (http["known_at"] is not None)
        for name in set(http) - {"kind", "earmarks", "as_of", "known_at"}:
            assert getattr(got, name) == http[name], name


async def test_an_award_is_the_same_over_both_wires_and_names_are_for_those_who_need_them(
    desk, line
):
    fund = await desk.a_fund(balance=900)
    award = await desk.an_award(fund, 500)
    payment = await desk.paid(award, amount=300)
    await desk.done("reversals", award=award, payment=payment, reason="Nhầm")
    stub, request = service_pb2_grpc.FundsStub(line), service_pb2.GetAwardRequest(id=award)
    got = await stub.GetAward(request, metadata=metadata(desk, TREASURER))
    http = await desk.read(f"awards/{award}", TREASURER)
    assert (got.beneficiary.name, got.reason) == (http["beneficiary"]["name"], http["reason"])
    assert [(p.payment, p.amount, p.reversed_on, p.reason) for p in got.payments] == [
        (payment, 300, "2025-10-15", "Nhầm")
    ]
    coded = {"kind", "recipient_kind", "beneficiary", "payments", "earmark"}
    for name in set(http) - coded:
        assert getattr(got, name) == http[name], name
    seen = await stub.GetAward(request, metadata=metadata(desk))
    assert not seen.beneficiary.HasField("name")
    assert not seen.HasField("reason")


@pytest.mark.parametrize(
    ("known", "role", "area", "status"),
    [
        ("01997000-0000-7000-8000-00000000000a", AUDITOR, "14", "NOT_FOUND"),
        ("Tô Hiệu", AUDITOR, "14", "INVALID_ARGUMENT"),
        (None, "statistics_viewer", "14", "PERMISSION_DENIED"),
        (None, TREASURER, "03757", "PERMISSION_DENIED"),
    ],
)
async def test_refusals_have_their_status(desk, line, known, role, area, status):
    request = service_pb2.GetFundRequest(id=known or await desk.a_fund())
    with pytest.raises(aio.AioRpcError) as refused:
        await service_pb2_grpc.FundsStub(line).GetFund(request, metadata=metadata(desk, role, area))
    assert refused.value.code() is grpc.StatusCode[status]


async def test_a_wrong_day_is_refused(desk, line):
    fund = await desk.a_fund()
    for query in ({"as_of": "hôm qua"}, {"known_at": "mai"}):
        with pytest.raises(aio.AioRpcError) as refused:
            await service_pb2_grpc.FundsStub(line).GetFund(
                service_pb2.GetFundRequest(id=fund, **query), metadata=metadata(desk)
            )
        assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT


async def test_the_log_is_read_in_dense_batches_with_what_is_withheld_in_its_place(desk, line):
    fund = await desk.a_fund(name="Quỹ của bà Mai", balance=900)
    await desk.paid(await desk.an_award(fund, 500))
    read = log_pb2_grpc.LogStub(line).Read(
        log_pb2.ReadRequest(batch_size=4), metadata=metadata(desk)
    )
    batches = [batch async for batch in read]
    events = [event for batch in batches for event in batch.events]
    assert [(batch.first, batch.last) for batch in batches] == [(1, 4), (5, 7)]
    assert [event.type.rpartition(".")[2] for event in events] == [
        "FundOpened", "ContributionReceived", "Withheld", "NomineeSubmitted", "AwardApproved",
        "DisbursementPaid", "Withheld",
    ]  # fmt: skip
    wire = b"".join(event.SerializeToString() for event in events)
    assert b"Mai" not in wire


async def test_health_is_told_to_anybody(line):
    stub = health_pb2_grpc.HealthStub(line)
    told = await stub.Check(health_pb2.HealthCheckRequest(service="khuyenhoc.funds.v1.Funds"))
    assert told.status == health_pb2.HealthCheckResponse.SERVING
