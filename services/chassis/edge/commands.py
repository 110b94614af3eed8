"""A command path in one line; one or many, idempotency, roles and problems come with it."""

import re
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Generic, TypeVar, cast
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from chassis.area import Areas
from chassis.clock import Clock, SystemClock, civil_day
from chassis.domain import Aggregate, hashed_id
from chassis.edge import body, policy, problems
from chassis.edge.auth import Role, Verifier
from chassis.edge.decode import Form, checked_key
from chassis.edge.fields import Part
from chassis.edge.labels import preferred
from chassis.edge.rows import Batch, Row
from chassis.edge.session import Asked, Session
from chassis.errors import Invalid, Malformed, Refusal
from chassis.log.execute import Decide, Executor, Order, Outcome, UnitOfWork

_VERSION_TAG = re.compile(rb'"(\d{1,9})"')


class Command(Part):
    """What somebody asks to be recorded: the body of a ``POST``, strictly typed."""


C = TypeVar("C", bound=Command)
Handler = Callable[[C, Session], Awaitable[Aggregate]]
Prepare = Callable[[Sequence[C], Asked], Awaitable[Sequence[Any]]]
"""Fetches for many commands at once what deciding them needs: one thing for each, in order, which
the handler finds as ``session.prepared``. It refuses nothing itself."""
Also = Callable[[C, Outcome, Asked], Awaitable[dict[str, Any]]]
"""What the reply to one accepted command says beside the four fields of every reply."""


class Reply(msgspec.Struct, frozen=True):
    """What an accepted command is answered with."""

    id: UUID
    version: int
    position: int
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every command path of one service shares.

    ``digest`` is the keyed hash (HMAC) by which a repeated request is recognised; ``local`` lets
    ``Recorded-At`` name the time.
    """

    executor: Executor
    verifier: Verifier
    areas: Areas
    log: str
    digest: Callable[[bytes], bytes]
    clock: Clock
    local: bool


class Commands:
    """The command paths of one service, by full path; each is also a route of the router."""

    def __init__(
        self,
        router: APIRouter,
        executor: Executor,
        *,
        verifier: Verifier,
        areas: Areas,
        log: str,
        digest: Callable[[bytes], bytes],
        clock: Clock | None = None,
        local: bool = False,
    ) -> None:
        self.endpoints: dict[str, CommandEndpoint[Any]] = {}
        self._router = router
        self._around = Surroundings(
            executor, verifier, areas, log, digest, clock or SystemClock(), local
        )

    def accept(
        self,
        path: str,
        command: type[C],
        handler: Handler[C],
        *,
        roles: Collection[Role],
        creates: str | Callable[[C], str],
        refuses: Iterable[str] = (),
        prepare: Prepare[C] | None = None,
        also: Also[C] | None = None,
    ) -> None:
        """Answer ``POST /v1<path>``; ``creates`` names the collection of what it makes or targets,
        or tells it from the command.

        ``refuses`` are the command's own problem codes, for the OpenAPI document.
        """
        full, codes = f"/v1{path}", frozenset(refuses)
        endpoint = CommandEndpoint(
            full, command, handler, frozenset(roles), creates, codes, self._around, prepare, also
        )
        self.endpoints[full] = endpoint
        # Starlette takes an ASGI application here too; without a route, GET would be 404, not 405.
        route = cast("Callable[[Request], Awaitable[Response]]", endpoint)
        self._router.add_route(full, route, methods=["POST"], include_in_schema=False)


class CommandEndpoint(Generic[C]):
    """One command path, as an ASGI application."""

    def __init__(
        self,
        path: str,
        command: type[C],
        handler: Handler[C],
        roles: frozenset[Role],
        creates: str | Callable[[C], str],
        refuses: frozenset[str],
        around: Surroundings,
        prepare: Prepare[C] | None,
        also: Also[C] | None,
    ) -> None:
        self.path = path
        self.command = command
        self.form = Form(command)
        self.roles = roles
        self._creates = creates
        self.refuses = refuses
        self._handler = handler
        self._prepare = prepare
        self._also = also
        self._around = around
        self._namespace = uuid5(NAMESPACE_URL, f"urn:khuyenhoc:command:{around.log}").bytes
        self._prefix = path.encode() + b"\n"
        self._encoder = msgspec.json.Encoder()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers: body.Headers = dict(scope["headers"])
        unread = True
        try:
            asked = await self._asked(scope, headers)
            kind = body.media_type(headers)
            if kind == body.JSON:
                key, if_version = _key(headers), _if_match(headers)
                body.check_announced(headers, body.ONE)
                raw = await body.read(receive, body.ONE)
                unread = False
                outcome, place, more = await self._one(asked, key, if_version, raw)
                await self._accepted(outcome, place, more, send)
            else:
                body.check_announced(headers, body.MANY)
                raw = await body.read(receive, body.MANY)
                unread = False
                batch = Batch(raw)
                del raw  # the batch has it, and lets it go row by row
                begin = partial(_Chunk, self, asked)
                await batch.answer(asked, begin, self._around.executor, send)
        except body.Gone:
            return
        except Exception as error:  # noqa: BLE001  # every error becomes an answer, here and only here
            await _refuse(scope, headers, receive, send, error, unread=unread)

    async def _asked(self, scope: Scope, headers: body.Headers) -> Asked:
        """Who asks; refused at once without any of the roles, before a byte of body is read."""
        authorization = headers.get(b"authorization")
        principal = await self._around.verifier.verify(
            authorization.decode("latin-1") if authorization is not None else None
        )
        if not policy.holds(principal, self.roles):
            raise policy.lacks(self.roles)
        recorded_at = self._recorded_at(headers)
        return Asked(
            principal=principal,
            today=civil_day(recorded_at or self._around.clock.now()),
            # Caller and service are in a command's id, so that nobody is given another's reply.
            keys=self._namespace + f"{principal.sub}/".encode(),
            language=_language(headers),
            trace_id=scope.get("trace_id", ""),
            traceparent=scope.get("traceparent"),
            recorded_at=recorded_at,
        )

    def _recorded_at(self, headers: body.Headers) -> datetime | None:
        given = headers.get(b"recorded-at")
        if given is None:
            return None
        if not self._around.local:
            # Ignored silently, it would leave the caller believing in another known time.
            raise _wrong_time(
                "is accepted in the local profile only", "chỉ dùng được khi chạy thử trên máy riêng"
            )
        try:
            instant = datetime.fromisoformat(given.decode("ascii"))
        except ValueError:
            raise _wrong_time(
                "must be an instant such as 2025-10-02T08:00:00+07:00",
                "phải là ngày kèm giờ, như 2025-10-02T08:00:00+07:00",
            ) from None
        if instant.tzinfo is None:
            raise _wrong_time(
                "must name its time zone, such as +07:00", "phải ghi múi giờ, như +07:00"
            )
        return instant

    async def _one(
        self, asked: Asked, key: str, if_version: int | None, raw: bytes
    ) -> tuple[Outcome, str, dict[str, Any]]:
        chunk, (command, canonical) = _Chunk(self, asked), self.form.read(raw)
        order, decide = chunk.order(key, if_version, command, canonical)
        await chunk.prepare()
        outcome = await self._around.executor.execute(order, decide)
        place = self._creates(command) if callable(self._creates) else self._creates
        return outcome, place, await self._also(command, outcome, asked) if self._also else {}

    def order_of(
        self, asked: Asked, key: str, if_version: int | None, command: C, canonical: bytes
    ) -> Order:
        """A command as the log sees it; ``Invalid`` if it is dated after today."""
        self.form.check_days(command, asked.today)
        return Order(
            command=hashed_id(asked.keys, key.encode()),
            digest=self._around.digest(self._prefix + canonical),
            actor=asked.principal.sub,
            trace=asked.traceparent,
            recorded_at=asked.recorded_at,
            if_version=if_version,
        )

    async def prepared(self, commands: Sequence[C], asked: Asked) -> Sequence[Any]:
        """What ``prepare`` made for these commands; nothing where there is none."""
        return await self._prepare(commands, asked) if self._prepare and commands else ()

    def decide(
        self, command: C, asked: Asked, work: UnitOfWork, prepared: Any
    ) -> Awaitable[Aggregate]:
        """Run the handler once."""
        around = self._around
        session = Session(
            work, asked, roles=self.roles, areas=around.areas, clock=around.clock,
            prepared=prepared,
        )  # fmt: skip
        return self._handler(command, session)

    async def _accepted(
        self, outcome: Outcome, place: str, more: dict[str, Any], send: Send
    ) -> None:
        said = Reply(outcome.id, outcome.version, outcome.position, outcome.recorded_at)
        reply = self._encoder.encode(msgspec.structs.asdict(said) | more if more else said)
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", b"%d" % len(reply)),
            (b"location", f"/v1/{place}/{outcome.id}".encode()),
            (b"etag", b'"%d"' % outcome.version),
            (b"kh-position", f"{self._around.log}:{outcome.position}".encode()),
        ]
        if outcome.replayed:
            headers.append((b"idempotency-replayed", b"true"))
        await send({"type": "http.response.start", "status": 201, "headers": headers})
        await send({"type": "http.response.body", "body": reply})


class _Chunk(Generic[C]):
    """Commands of one request that are prepared together; see ``rows.Chunk``."""

    __slots__ = ("_asked", "_commands", "_endpoint", "_prepared")

    def __init__(self, endpoint: CommandEndpoint[C], asked: Asked) -> None:
        self._endpoint = endpoint
        self._asked = asked
        self._commands: list[C] = []
        self._prepared: Sequence[Any] = ()

    def row(self, raw: bytes) -> Row:
        key, if_version, command, canonical = self._endpoint.form.row(raw)
        return key, *self.order(key, if_version, command, canonical)

    def order(
        self, key: str, if_version: int | None, command: C, canonical: bytes
    ) -> tuple[Order, Decide]:
        order = self._endpoint.order_of(self._asked, key, if_version, command, canonical)
        at = len(self._commands)
        self._commands.append(command)

        def decide(work: UnitOfWork) -> Awaitable[Aggregate]:
            prepared = self._prepared[at] if self._prepared else None
            return self._endpoint.decide(command, self._asked, work, prepared)

        return order, decide

    async def prepare(self) -> None:
        self._prepared = await self._endpoint.prepared(self._commands, self._asked)


def _key(headers: body.Headers) -> str:
    given = headers.get(b"idempotency-key", b"")
    return checked_key(given.decode("latin-1"), "Idempotency-Key")


def _if_match(headers: body.Headers) -> int | None:
    given = headers.get(b"if-match")
    if given is None:
        return None
    found = _VERSION_TAG.fullmatch(given)
    if found is None:
        raise Malformed.at(
            "If-Match",
            'If-Match must be one version in quotes, such as "2"',
            'If-Match phải là một số phiên bản đặt trong ngoặc kép, như "2"',
        )
    return int(found[1])


def _language(headers: body.Headers) -> str:
    given = headers.get(b"accept-language")
    return preferred(given.decode("latin-1")) if given else "vi"


def _wrong_time(en: str, vi: str) -> Refusal:
    name = "Recorded-At"
    return Invalid.at(name, f"{name} {en}", f"{name} {vi}")


async def _refuse(
    scope: Scope,
    headers: body.Headers,
    receive: Receive,
    send: Send,
    error: Exception,
    *,
    unread: bool,
) -> None:
    refusal = problems.as_refusal(error)
    shown = problems.document(refusal, _language(headers), scope.get("trace_id", ""))
    content = problems.encode(shown)
    named = {
        "content-type": problems.MEDIA_TYPE,
        "content-length": str(len(content)),
        **problems.headers_of(refusal),
    }
    start: Message = {
        "type": "http.response.start",
        "status": problems.STATUS[refusal.code],
        "headers": [(name.encode(), value.encode()) for name, value in named.items()],
    }
    if unread and body.still_coming(headers):
        await body.answer_and_discard(scope, receive, send, start, content)
        return
    await send(start)
    await send({"type": "http.response.body", "body": content})
