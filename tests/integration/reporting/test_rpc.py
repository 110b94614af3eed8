"""Reporting over gRPC: the same figures, the same refusals."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from chassis.edge import rpc
from counter import Counter
from google.protobuf.json_format import MessageToDict
from grpc import StatusCode, aio
from khuyenhoc.reporting.v1 import service_pb2, service_pb2_grpc
from reporting.measures import MEASURES
from reports import LOG, history

QUESTIONS: list[dict[str, Any]] = [
    {"measure": ["participations"]},
    {"measure": ["participations", "courses_completed"], "by": ["commune", "kind"]},
    {"measure": ["distinct_learners"], "area": ["03763", "14"], "period": ["2025", "2024-Q4"]},
    {"measure": ["participations"], "map_date": "2025-06-30", "by": ["commune"]},
    {"measure": ["participations"], "known_at": "2025-03-01", "as_of": "2025-02-01"},
    {"measure": ["participations"], "dimensions": {"kind": "SEMINAR,LITERACY"}, "by": ["month"]},
]


@pytest.fixture
async def stub(counter: Counter) -> AsyncIterator[service_pb2_grpc.ReportingStub]:
    server = rpc.create_server(counter.serving.verifier, counter.serving.services)
    await server.start()
    async with aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        yield service_pb2_grpc.ReportingStub(channel)
    await server.stop(0)


def metadata(counter: Counter) -> tuple[tuple[str, str], ...]:
    return (("authorization", counter.bearer()["authorization"]),)


def over_http(question: dict[str, Any]) -> dict[str, str]:
    dimensions = question.get("dimensions", {})
    own = {name: part for name, part in question.items() if name != "dimensions"}
    texts = {name: part if isinstance(part, str) else ",".join(part) for name, part in own.items()}
    return {**texts, **dimensions}


@pytest.mark.parametrize("question", QUESTIONS)
async def test_the_fields_of_the_two_answers_are_the_same(counter: Counter, stub, question) -> None:
    await counter.receive(history(500))
    request = service_pb2.GetStatisticsRequest(**question)
    answered = await stub.GetStatistics(request, metadata=metadata(counter))
    found = MessageToDict(answered, preserving_proto_field_name=True)
    same = await counter.read(**over_http(question))
    assert len(found["rows"]) == len(same["rows"])
    for ours, theirs in zip(found["rows"], same["rows"], strict=True):
        numbers = {"value": 0, "unallocated": 0, "suppressed": False, "by": {}}
        plain = {**numbers, **ours}
        for name in ("value", "unallocated", "unknown"):
            if name in plain:
                plain[name] = int(plain[name])
        assert plain == theirs
    dimensions = found["asked"].pop("dimensions", {})
    asked = {name: part.split(",") for name, part in dimensions.items()} | found["asked"]
    assert asked | {"by": asked.get("by", [])} == same["asked"]
    [source] = found["positions"].values()
    assert {**source, "position": int(source["position"]), "parked": 0} == same["positions"][LOG]
    assert (found["province"], found["catalogue"]) == (same["province"], same["catalogue"])


async def test_the_catalogue_is_the_same(counter: Counter, stub) -> None:
    listed = await stub.ListMeasures(service_pb2.ListMeasuresRequest(), metadata=metadata(counter))
    assert [(one.id, one.name_vi, one.name_en, one.unit_en) for one in listed.measures] == [
        (one.id, one.name.vi, one.name.en, one.unit.en) for one in MEASURES.values()
    ]


@pytest.mark.parametrize(
    ("question", "status", "code"),
    [
        ({"measure": ["titles"]}, StatusCode.INVALID_ARGUMENT, "unknown-measure"),
        (
            {"measure": ["participations"], "area": ["1"]},
            StatusCode.INVALID_ARGUMENT,
            "unknown-area",
        ),
        (
            {"measure": ["participations"], "dimensions": {"x": "y"}},
            StatusCode.INVALID_ARGUMENT,
            "invalid",
        ),
        (
            {"measure": ["participations"], "min_position": [f"{LOG}:9"]},
            StatusCode.UNAVAILABLE,
            "position-not-reached",
        ),
    ],
)
async def test_what_is_refused_says_why(counter: Counter, stub, question, status, code) -> None:
    await counter.receive(history(5))
    with pytest.raises(aio.AioRpcError) as refused:
        await stub.GetStatistics(
            service_pb2.GetStatisticsRequest(**question), metadata=metadata(counter)
        )
    assert refused.value.code() is status
    metadata_told: Any = refused.value.trailing_metadata()
    assert dict(metadata_told)["kh-problem"] == code


async def test_nobody_asks_without_a_token(stub) -> None:
    with pytest.raises(aio.AioRpcError) as refused:
        await stub.ListMeasures(service_pb2.ListMeasuresRequest())
    assert refused.value.code() is StatusCode.UNAUTHENTICATED
