"""``khuyenhoc.log.v1.Log``: positions and replay over gRPC, for auditors and rebuilds."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.timestamp_pb2 import Timestamp
from khuyenhoc.log.v1 import log_pb2, log_pb2_grpc

from chassis.area import Areas
from chassis.clock import Clock, civil_day
from chassis.edge import policy, sentences
from chassis.edge.auth import Role
from chassis.edge.replay import Page, Published, Replay, Wanted
from chassis.edge.rpc import Service, caller
from chassis.errors import Invalid

_BATCH = 1_000
_LARGEST_BATCH = 10_000
_FOLLOW_S = 5.0


class LogServicer(log_pb2_grpc.LogServicer):
    """Reads are for auditors of the whole province; the position is for any token."""

    def __init__(self, replay: Replay, areas: Areas, clock: Clock) -> None:
        self._replay = replay
        self._areas = areas
        self._clock = clock

    async def Position(  # noqa: N802  # the contract's name
        self,
        request: log_pb2.PositionRequest,  # noqa: ARG002
        context: Any,  # noqa: ARG002
    ) -> log_pb2.PositionReply:
        now = await self._replay.position()
        recorded_at = now.pop("recorded_at")
        reply = log_pb2.PositionReply(**now)
        if recorded_at:
            reply.recorded_at.FromDatetime(recorded_at)
        return reply

    async def Read(  # noqa: N802  # the contract's name
        self,
        request: log_pb2.ReadRequest,
        context: Any,  # noqa: ARG002
    ) -> AsyncIterator[log_pb2.Batch]:
        """Batches covering every position from ``after`` on, filtered or not."""
        wanted, size = _wanted(request), _size(request)
        policy.require(
            caller(),
            {Role.AUDITOR_EXTERNAL},
            self._areas.province,
            self._areas,
            civil_day(self._clock.now()),
        )
        after = wanted.after
        while True:
            rest = Wanted(after, wanted.until, wanted.stream, wanted.types)
            async for page in self._replay.pages(rest, size):
                yield _batch(page)
                after = page.last
            if not request.follow or (wanted.until is not None and after >= wanted.until):
                return
            await self._replay.wait(after, _FOLLOW_S)


def log_service(replay: Replay, areas: Areas, clock: Clock) -> Service:
    """The service to hand to ``rpc.create_server``."""
    return Service(
        "khuyenhoc.log.v1.Log",
        LogServicer(replay, areas, clock),
        log_pb2_grpc.add_LogServicer_to_server,
    )


def _wanted(request: log_pb2.ReadRequest) -> Wanted:
    if request.after < 0 or request.until < 0:
        raise Invalid.at("/after", "positions are not negative", "vị trí không được là số âm")
    return Wanted(
        after=request.after,
        until=request.until or None,
        stream=_stream(request.stream),
        types=frozenset(request.types),
    )


def _stream(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Invalid.at("/stream", *sentences.not_an_id(sentences.shown(text)), text) from None


def _size(request: log_pb2.ReadRequest) -> int:
    if not 0 <= request.batch_size <= _LARGEST_BATCH:
        raise Invalid.at(
            "/batch_size",
            f"at most {_LARGEST_BATCH} events in a batch",
            f"mỗi lần nhiều nhất {_LARGEST_BATCH} sự kiện",
        )
    return request.batch_size or _BATCH


def _batch(page: Page) -> log_pb2.Batch:
    return log_pb2.Batch(
        first=page.first, last=page.last, events=[_event(event) for event in page.events]
    )


def _event(event: Published) -> log_pb2.Event:
    stored, data = event.stored, AnyMessage()
    data.Pack(event.message)
    recorded_at = Timestamp()
    recorded_at.FromDatetime(stored.recorded_at)
    return log_pb2.Event(
        position=stored.position,
        stream=str(stored.stream),
        version=stored.version,
        type=event.type,
        recorded_at=recorded_at,
        data=data,
    )
