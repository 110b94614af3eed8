"""Many writers in any order, held against a plain model of what a log is."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from typing import Any, Self
from uuid import UUID

import asyncpg
import pytest
from chassis.domain import uuid7
from chassis.errors import AlreadyExists, Refusal
from chassis.log.append import CALL, Append, Status, columns, settle_batch
from chassis.log.execute import Executor, Outcome
from chassis.log.record import NewEvent
from chassis.log.store import Log
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from logs import (
    NoSeat,
    Seminar,
    Tail,
    announce,
    assert_sound,
    executing,
    open_log,
    order,
    take_seat,
)

from deploy.local.databases import Database

THREE = st.integers(0, 2)


class Model:
    """A log as a list, with one append at a time."""

    def __init__(self) -> None:
        self.events: list[tuple[UUID, int]] = []
        self.receipts: dict[UUID, tuple[bytes, int, int]] = {}

    def version(self, stream: UUID) -> int:
        return sum(1 for s, _ in self.events if s == stream)

    def append(self, append: Append, standing: dict[int, Status]) -> Status:
        if known := self.receipts.get(append.command):
            return Status.REPLAYED if known[0] == append.digest else Status.KEY_REUSED
        if any(standing[id(other)] is not Status.ACCEPTED for other in append.after):
            return Status.FELL
        if any(self.version(s) != v for s, v in append.expected.items()):
            return Status.CONFLICT
        first = len(self.events) + 1
        self.events += [(e.stream, e.version) for e in append.events]
        self.receipts[append.command] = (append.digest, first, len(self.events))
        return Status.ACCEPTED


# An append: which streams it writes, how many events on each, how far its expectation is off,
# which command id and digest it comes under, and whether it is decided on the one before it.
an_append = st.tuples(
    st.lists(THREE, min_size=1, max_size=2, unique=True),
    st.integers(1, 3),
    st.sampled_from([0, 0, 0, 0, 1, -1]),
    st.integers(0, 30),
    st.sampled_from([b"a", b"a", b"a", b"b"]),
)
a_batch = st.tuples(st.lists(an_append, min_size=1, max_size=5), st.booleans())


def made(spec: Any, streams: list[UUID], commands: list[UUID], at: Callable[[UUID], int]) -> Append:
    names, count, off, command, digest = spec
    expected = {streams[n]: max(0, at(streams[n]) + off) for n in names}
    events = [
        NewEvent(stream, before + n, "t", b"{}", b"{}")
        for stream, before in expected.items()
        for n in range(1, count + 1)
    ]
    first = streams[names[0]]
    return Append(commands[command], digest, first, expected[first] + count, expected, events)


def unchained(batch: list[Append]) -> list[Append]:
    """What the batcher would put into one batch: no stream twice unless decided in sight."""
    taken: list[Append] = []
    for append in batch:
        if any(append.writes & other.expected.keys() or other.writes & append.expected.keys()
               for other in taken):  # fmt: skip
            continue
        taken.append(append)
    return taken


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(batches=st.lists(a_batch, min_size=1, max_size=8))
def test_the_append_function_does_what_the_model_does(
    runner: "Runner", batches: list[tuple[list[Any], bool]]
) -> None:
    runner.run(_against_the_model(runner.log, batches))


async def _against_the_model(log: Log, batches: list[tuple[list[Any], bool]]) -> None:
    model = Model()
    streams = [uuid7() for _ in range(3)]
    commands = [uuid7() for _ in range(31)]
    start = (await log.head()).position
    for specs, rolled_back in batches:
        batch = unchained([made(spec, streams, commands, model.version) for spec in specs])
        standing: dict[int, Status] = {}
        for append in [] if rolled_back else batch:
            standing[id(append)] = model.append(append, standing)
        async with log.pool.acquire() as connection:
            transaction = connection.transaction()
            await transaction.start()
            settle_batch(batch, await connection.fetchrow(CALL, *columns(batch)))
            await (transaction.rollback() if rolled_back else transaction.commit())
        if not rolled_back:
            assert [a.status for a in batch] == [standing[id(a)] for a in batch]
    stored = await log.read(start, 10_000)
    assert [e.position for e in stored] == list(range(start + 1, start + 1 + len(stored)))
    assert [(e.stream, e.version) for e in stored] == model.events
    found = await log.receipts(commands)
    assert {
        c: (r.digest, r.first_position - start, r.position - start) for c, r in found.items()
    } == (model.receipts)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(counts=st.lists(st.integers(1, 3), min_size=2, max_size=8), fault=st.integers(0, 8))
def test_a_chain_stands_as_far_as_its_first_fault(
    runner: "Runner", counts: list[int], fault: int
) -> None:
    async def play() -> None:
        log, stream, before = runner.log, uuid7(), 0
        chain: list[Append] = []
        for i, count in enumerate(counts):
            off = 5 if i == fault == 0 else 0
            events = [NewEvent(stream, before + n, "t", b"{}", b"{}") for n in range(1, count + 1)]
            # The fault of a later one is on a stream of its own.
            expected = {stream: before + off, **({uuid7(): 3} if i == fault != 0 else {})}
            chain.append(Append(uuid7(), b"", stream, 1, expected, events, after=chain[-1:]))
            before += count
        async with log.pool.acquire() as connection:
            settle_batch(chain, await connection.fetchrow(CALL, *columns(chain)))
        standing = [Status.ACCEPTED] * fault + [Status.CONFLICT] + [Status.FELL] * len(chain)
        assert [a.status for a in chain] == standing[: len(chain)]
        assert [e.version for e in await log.load(stream)] == list(
            range(1, sum(counts[:fault]) + 1)
        )

    runner.run(play())


# What a caller does: which process asks, what, and of which seminar; some callers go away.
an_act = st.tuples(THREE, st.sampled_from(["announce", "seat", "seat", "seat", "move", "again"]),
                   THREE, st.booleans())  # fmt: skip


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts=st.lists(an_act, min_size=1, max_size=40), seats=st.integers(0, 12))
def test_many_callers_in_three_processes_leave_what_one_after_the_other_would(
    runner: "Runner", acts: list[Any], seats: int
) -> None:
    runner.run(_many_callers(runner, acts, seats))


async def _many_callers(runner: "Runner", acts: list[Any], seats: int) -> None:
    log, seminars = runner.log, [uuid7() for _ in range(3)]
    start = (await log.head()).position
    asked: list[tuple[Executor, Any, Any]] = []
    for process, what, which, _ in acts:
        executor = runner.executors[process]
        if what == "again" and asked:
            asked.append((executor, *asked[-1][1:]))
        elif what == "announce":
            asked.append((executor, order(), announce(seats, seminars[which])))
        elif what == "move":
            asked.append((executor, order(), both(seminars[which], seminars[which - 1])))
        else:
            asked.append((executor, order(), take_seat(seminars[which])))
    calls = [asyncio.create_task(e.execute(o, decide)) for e, o, decide in asked]
    await asyncio.sleep(0)
    for call, (*_, goes_away) in zip(calls, acts, strict=True):
        if goes_away:
            call.cancel()
    await asyncio.gather(*calls, return_exceptions=True)
    answers = await asyncio.gather(*[_again(e, o, d) for e, o, d in asked])
    await assert_sound(log.pool)
    await _what_was_answered_is_stored(log, start, asked, answers, seats)


async def _again(executor: Executor, asked: Any, decide: Any) -> Outcome | Refusal:
    try:
        return await executor.execute(asked, decide)
    except Refusal as refusal:
        return refusal


async def _what_was_answered_is_stored(
    log: Log, start: int, asked: list[Any], answers: list[Any], seats: int
) -> None:
    stored = await log.read(start, 10_000)
    receipts = await log.receipts([o.command for _, o, _ in asked])
    assert {e.command for e in stored} == set(receipts)
    taken: dict[UUID, int] = {}
    for e in stored:
        taken[e.stream] = e.version - 1
    assert all(count <= seats for count in taken.values())
    for (_, o, _), answer in zip(asked, answers, strict=True):
        if isinstance(answer, Outcome):
            assert receipts[o.command].position == answer.position
        else:
            assert o.command not in receipts
            assert isinstance(answer, NoSeat | AlreadyExists) or "no seminar" in str(answer)


def both(one: UUID, other: UUID) -> Any:
    async def decide(work: Any) -> Seminar:
        here, there = await work.get(Seminar, one), await work.get(Seminar, other)
        here.take_seat(learner := uuid7())
        there.take_seat(learner)
        return work.save(here, there)

    return decide


class Runner:
    """One event loop with a log and three processes' executors, for examples to share."""

    def __init__(self, database: Database) -> None:
        self._loop = asyncio.Runner()
        self._database = database
        self.log: Log
        self.executors: list[Executor]

    def run(self, doing: Any) -> Any:
        return self._loop.run(doing)

    def __enter__(self) -> Self:
        self._stack = AsyncExitStack()

        async def open_all() -> None:
            self.log = await self._stack.enter_async_context(open_log(self._database, max_size=12))
            self.executors = [
                await self._stack.enter_async_context(executing(self.log)) for _ in range(3)
            ]

        self.run(open_all())
        return self

    def __exit__(self, *_: object) -> None:
        self.run(self._stack.aclose())
        self._loop.close()


@pytest.fixture
def runner(database: Database) -> Iterator[Runner]:
    with Runner(database) as opened:
        yield opened


async def test_a_tailing_reader_never_misses_a_position_under_conflicts_and_rollbacks(
    database: Database,
) -> None:
    """Writers of several processes, hot streams, one batch in ten rolled back on purpose."""
    opened = open_log(database, max_size=12)
    async with opened as log, executing(log) as one, executing(log) as other:
        tail = Tail(log)
        seminars = [(await one.execute(order(), announce(seats=10_000))).id for _ in range(5)]
        rolled_back = conflicts = 0

        async def orderly(executor: Executor, who: int) -> None:
            for n in range(60):
                await executor.execute(order(), take_seat(seminars[(n + who) % 5]))

        async def disorderly(who: int) -> None:
            nonlocal rolled_back, conflicts
            async with log.pool.acquire() as connection:
                for n in range(60):
                    stream = seminars[(n + who) % 5]
                    batch = [_blind(stream, n), _blind(uuid7(), 0), _blind(uuid7(), 0, 3)]
                    if n % 10 == 9:
                        rolled_back += 1
                        await _rolled_back(connection, batch)
                        continue
                    settle_batch(batch, await connection.fetchrow(CALL, *columns(batch)))
                    conflicts += batch[0].status is Status.CONFLICT

        writers = [
            asyncio.ensure_future(doing)
            for who in range(4)
            for doing in (orderly(one, who), orderly(other, who), disorderly(who))
        ]
        await tail.follow(lambda: all(task.done() for task in writers))
        await asyncio.gather(*writers)
        assert rolled_back == 24
        assert conflicts > 100
        assert len(tail.seen) == (await log.head()).position
        await assert_sound(log.pool)


def _blind(stream: UUID, before: int, count: int = 1) -> Append:
    learner = f'{{"learner":"{uuid7()}"}}'.encode()
    meta = b'{"v":1,"actor":"00000000-0000-7000-8000-0000000000aa"}'
    events = [
        NewEvent(stream, before + n, "test.SeatTaken", learner, meta) for n in range(1, count + 1)
    ]
    return Append(uuid7(), b"", stream, before + count, {stream: before}, events)


async def _rolled_back(connection: asyncpg.Connection, batch: list[Append]) -> None:
    transaction = connection.transaction()
    await transaction.start()
    await connection.fetch(CALL, *columns(batch))
    await transaction.rollback()
