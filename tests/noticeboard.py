"""A small real service to hold the edge against: notices, posted and closed, over a real log."""

import asyncio
import hashlib
import hmac
import json
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import asyncpg
import chassis.log
import httpx2
import uvicorn
from chassis.area import Areas
from chassis.clock import SystemClock
from chassis.domain import Aggregate, event, uuid7
from chassis.edge import cursors
from chassis.edge.auth import Role, Verifier
from chassis.edge.commands import Command, Commands
from chassis.edge.fields import ActDay, AreaCode, Count, Name, PersonalName, PersonalProse
from chassis.edge.labels import Label
from chassis.edge.reads import Cursor, Limit, Page, Reached, Reading, answer, entity
from chassis.edge.replay import Replay
from chassis.edge.session import Session
from chassis.edge.web import Web, create_app
from chassis.errors import Said, WrongState
from chassis.log.codec import Codec
from chassis.log.execute import Executor
from chassis.log.repository import absent
from chassis.log.store import Log, Recorded
from chassis.run.database import migrate, open_pool
from ending import closed
from fastapi import APIRouter, Query, Request
from google.protobuf.message import Message
from khuyenhoc.log.v1.log_pb2 import Withheld
from khuyenhoc.training.v1.events_pb2 import CourseCompleted
from starlette.responses import Response
from tokens import Issuer

from deploy.local.databases import Database

LOG = "14.noticeboard"
LONG_HE = "03763@2025-07-01"
OFFICER = ("commune_association_officer", "03763")
PROVINCIAL = ("provincial_association_officer", "14")
AUDITOR = ("auditor_external", "14")
MIGRATIONS = Path(chassis.log.__file__).parent / "migrations"
OFFICERS = {Role.COMMUNE_ASSOCIATION_OFFICER, Role.PROVINCIAL_ASSOCIATION_OFFICER}


class Notice(Aggregate):
    CALLED = Said("notice", "thông báo")

    class NoticePosted(Aggregate.Created):
        TOPIC = "noticeboard.NoticePosted"
        area: str
        title: str
        readers: int
        posted_on: date

    class NoticeClosed(Aggregate.Event):
        TOPIC = "noticeboard.NoticeClosed"
        closed_on: date

    @event(NoticePosted)
    def __init__(self, area: str, title: str, readers: int, posted_on: date) -> None:
        self.area = area
        self.title = title
        self.readers = readers
        self.posted_on = posted_on
        self.closed = False

    def close(self, on: date) -> None:
        if self.closed:
            raise WrongState(f"notice {self.id} is closed already", f"thông báo {self.id} đã đóng")
        self._close(on)

    @event(NoticeClosed)
    def _close(self, closed_on: date) -> None:
        self.closed = True


class PostNotice(Command):
    """Put up a notice."""

    id: UUID | None = None
    area: AreaCode
    title: Name
    readers: Count = 0
    posted_on: ActDay | None = None
    author: PersonalName | None = None


class CloseNotice(Command):
    """Take a notice down."""

    notice: UUID
    reason: PersonalProse | None = None
    closed_on: ActDay | None = None


class ForgetToAsk(Command):
    """Written by somebody who forgot to ask whether the caller may."""

    notice: UUID


async def post_notice(command: PostNotice, session: Session) -> Notice:
    on = command.posted_on or session.today
    area = session.areas.resolve(command.area, on)
    session.allow(area)
    if command.title == "Lỗi":
        raise RuntimeError("a mistake of ours")
    notice = Notice(
        id=command.id or uuid7(),
        area=str(area),
        title=command.title,
        readers=command.readers,
        posted_on=on,
    )
    return session.save(notice)


async def close_notice(command: CloseNotice, session: Session) -> Notice:
    notice = await session.get(Notice, command.notice)
    session.allow(session.areas.resolve(notice.area, session.today))
    notice.close(command.closed_on or session.today)
    return session.save(notice)


async def forget_to_ask(command: ForgetToAsk, session: Session) -> Notice:
    notice = await session.get(Notice, command.notice)
    notice.close(session.today)
    return session.save(notice)


CODEC = Codec(Notice)


def publish(stored: Recorded) -> Message:
    fact = CODEC.decode(stored)
    if isinstance(fact, Notice.NoticePosted):
        return CourseCompleted(course=str(stored.stream), participants=fact.readers)
    return Withheld()


def digest(body: bytes) -> bytes:
    return hmac.digest(b"k" * 32, body, hashlib.sha256)


def reads(executor: Executor, pool: asyncpg.Pool) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["reads"])

    @router.get("/notices/{id}", operation_id="notice")
    async def notice(request: Request, reader: Reading, id: UUID) -> Response:  # noqa: A002
        found = await executor.repository.find(Notice, id)
        if found is None:
            raise absent(Notice.CALLED, id)
        reader.require(OFFICERS, reader.areas.resolve(found.area, reader.today))
        return entity(request, {"id": id, "title": found.title}, found.version)

    @router.get("/notices", operation_id="notices", dependencies=[Reached])
    async def notices(
        reader: Reading,
        area: Annotated[str | None, Query(max_length=32)] = None,
        cursor: Cursor = None,
        limit: Limit = 50,
    ) -> Response:
        reader.require(OFFICERS, reader.areas.province)
        of = f"notices?area={area}"
        behind = cursors.decode(cursor, int, of=of) if cursor else 0
        rows = await pool.fetch(
            "SELECT position, stream FROM event WHERE version = 1 AND position > $1"
            " ORDER BY position LIMIT $2",
            behind,
            limit + 1,
        )
        more = cursors.encode(rows[limit - 1][0], of=of) if len(rows) > limit else None
        return answer(Page([{"id": row[1]} for row in rows[:limit]], more))

    return router


@dataclass
class Noticeboard:
    """The service, started: its application, its log, and an issuer that signs for it."""

    app: Web
    log: Log
    executor: Executor
    issuer: Issuer
    verifier: Verifier
    areas: Areas
    replay: Replay
    commands: Commands
    ready: list[bool]

    @asynccontextmanager
    async def client(self, *grants: tuple[str, str]) -> AsyncIterator[httpx2.AsyncClient]:
        """Inside the process, without a network; errors of ours come as answers."""
        transport = httpx2.ASGITransport(app=self.app, raise_app_exceptions=False)
        headers = self.issuer.bearer(*grants) if grants else {}
        async with httpx2.AsyncClient(
            transport=transport, base_url="http://noticeboard", headers=headers
        ) as client:
            yield client

    async def events(self) -> list[Recorded]:
        return await self.log.read(0, 100_000)


@asynccontextmanager
async def running(
    database: Database, issuer: Issuer, *, local: bool = True
) -> AsyncIterator[Noticeboard]:
    await migrate(database.owner_url, [MIGRATIONS], database.app_role)
    pool = await open_pool(database.app_url)
    log = Log(pool, LOG)
    executor = Executor(log, CODEC, SystemClock())
    await executor.start()
    try:
        yield assemble(log, executor, issuer, local=local)
    finally:
        await executor.drain()
        await closed(pool)


def assemble(log: Log, executor: Executor, issuer: Issuer, *, local: bool) -> Noticeboard:
    verifier, areas, router = Verifier(issuer.url), Areas.of_province("14"), APIRouter()
    commands = Commands(
        router, executor, verifier=verifier, areas=areas, log=LOG, digest=digest, local=local
    )

    def accept(path: str, command: Any, handler: Any, *refuses: str) -> None:
        commands.accept(path, command, handler, roles=OFFICERS, creates="notices", refuses=refuses)

    accept("/notices", PostNotice, post_notice, "already-exists")
    accept("/closures", CloseNotice, close_notice, "wrong-state")
    accept("/oversights", ForgetToAsk, forget_to_ask)
    replay, ready = Replay(log, publish), [True]

    async def position() -> dict[str, int]:
        return {LOG: (await log.head()).position}

    async def check() -> None:
        if not ready[0]:
            raise ConnectionError("not yet")

    app = create_app(
        "noticeboard",
        verifier=verifier,
        areas=areas,
        routers=[router, reads(executor, log.pool)],
        commands=[commands],
        replay=replay,
        position=position,
        ready=check,
        labels={"notice_states": {"closed": Label("Đã gỡ", "Taken down")}},
    )
    return Noticeboard(app, log, executor, issuer, verifier, areas, replay, commands, ready)


@contextmanager
def serving_issuer() -> Iterator[Issuer]:
    """An issuer whose documents are served over a real port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = issuer.documents().get(f"{issuer.url}{self.path}")
            body = json.dumps(found).encode()
            self.send_response(200 if found else 404)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer = Issuer(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield  # they are the test runner's


@asynccontextmanager
async def over_the_wire(app: Web, **options: Any) -> AsyncIterator[str]:
    """The application behind a real server on a free port; gives its address."""
    config = uvicorn.Config(
        app, port=0, log_config=None, access_log=False, lifespan="off", **options
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  # uvicorn has no event for it
        await asyncio.sleep(0)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await task
