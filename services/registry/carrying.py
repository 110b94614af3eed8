"""Carrying decisions out: piece by piece, by any worker, each piece once for ever."""

import asyncio
from collections.abc import Coroutine, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.log.execute import Executor, Order, UnitOfWork
from chassis.log.order import Decide
from chassis.log.record import Recorded
from chassis.log.repository import Repository

from registry.criteria import CriteriaSets
from registry.domain.case import RecognitionCase
from registry.domain.decision import Decision, chunk_command
from registry.domain.holding import TitleHolding, holding_id
from registry.domain.recognition import carry_out
from registry.domain.subject import Subject
from registry.people import untouched
from registry.places import Places, carried
from registry.tasks import Tasks, time_of

NAME = "decisions"
"""Under which is kept up to which position every decision is carried out."""


_REMEMBERED = 4


@dataclass(frozen=True, slots=True)
class Carried:
    """How far a decision is carried out."""

    cases: int
    recognised: int
    left_out: int

    @property
    def state(self) -> str:
        complete = self.recognised + self.left_out == self.cases
        return "complete" if complete else "recognising"


class Progress:
    """Read off the log itself: a piece is done when its command has a receipt.

    The last few decisions that were asked about are remembered, and brought up to the log each
    time: a list of 10,000 is read once, however often somebody looks how far it has come.
    """

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._log = repository.log
        self._known: dict[UUID, Decision] = {}
        self._one_at_a_time = asyncio.Lock()

    async def decision(self, id: UUID) -> Decision:  # noqa: A002  # the decision's
        """The decision as it stands.

        Raises:
            NotFound: there is none.
        """
        async with self._one_at_a_time:
            known = self._known.get(id) or await self._repository.get(Decision, id)
            await self._repository.catch_up(known)
            self._known.pop(id, None)
            self._known = dict([*self._known.items(), (id, known)][-_REMEMBERED:])
            return known

    async def open(self, decision: Decision) -> list[int]:
        """The pieces not yet done."""
        commands = [chunk_command(decision.id, n) for n in range(decision.chunks)]
        done = await self._log.receipts(commands)
        return [n for n, command in enumerate(commands) if command not in done]

    async def of(self, decision: Decision) -> Carried:
        """`recognised` + `left_out` = `cases` when it is complete."""
        waiting = sum(len(decision.chunk(n)) for n in await self.open(decision))
        decision = await self.decision(decision.id)  # pieces done meanwhile
        left_out, cases = len(decision.omitted), len(decision.cases)
        return Carried(cases, max(0, cases - waiting - left_out), left_out)


class Carrying:
    """Carries out every decision of the log, in order. `timed`: the titles bear its time."""

    def __init__(
        self, executor: Executor, places: Places, criteria: CriteriaSets, *, timed: bool
    ) -> None:
        self._executor = executor
        self._log = executor.log
        self._places = places
        self._criteria = criteria
        self._timed = timed
        self._progress = Progress(executor.repository)

    def tasks(self) -> Tasks:
        """The decisions still to be carried out."""
        return Tasks(self._log, NAME, Decision.DecisionIssued.TOPIC, self.carry)

    async def carry(self, issued: Recorded) -> None:
        """Carry a decision out to its end; what is done already stays as it is."""
        decision = await self._executor.repository.get(Decision, issued.stream)
        pieces = await self._progress.open(decision)
        await two_at_once(self._carry(decision, piece, issued) for piece in pieces)

    async def _carry(self, decision: Decision, piece: int, issued: Recorded) -> None:
        cases = decision.chunk(piece)
        known = await self._executor.warm(RecognitionCase, cases)
        alone = await untouched(self._executor, {case.subject for case in known.values()})
        for area in {case.area for case in known.values()}:
            await self._places.exact(area)
        holdings = [self._holding(case) for case in known.values()]
        unseen = set(holdings) - (await self._executor.warm(TitleHolding, holdings)).keys()
        order = Order(
            chunk_command(decision.id, piece),
            decision.list_hash.encode(),
            decision.signer,
            recorded_at=await time_of(self._log, issued) if self._timed else None,
        )
        await self._executor.execute(order, self._piece(decision.id, cases, alone, unseen))

    def _piece(
        self,
        id: UUID,  # noqa: A002  # the decision's
        cases: Sequence[UUID],
        alone: set[UUID],
        unseen: set[UUID],
    ) -> Decide:
        async def decide(work: UnitOfWork) -> Decision:
            new, decision = set(unseen), await work.get(Decision, id)
            unseen.clear()  # whatever came between shows when it is looked for
            for each in cases:
                case = await work.get(RecognitionCase, each)
                found = self._holding(case)
                holding = None if found in new else await work.find(TitleHolding, found)
                subject = await _told_of(case.subject, alone, work)
                if made := self._carried_out(decision, case, subject, holding):
                    work.save(made, case)
            return work.save(decision)

        return decide

    def _carried_out(
        self,
        decision: Decision,
        case: RecognitionCase,
        subject: Subject | None,
        holding: TitleHolding | None,
    ) -> TitleHolding | None:
        judged = case.verification
        criteria_set = self._criteria.get(judged.criteria_set) if judged else None
        return carry_out(
            decision,
            case,
            subject,
            holding,
            holding_id=self._holding(case),
            area=str(carried(self._places.areas, case.area, decision.effective_on)),
            valid_until=criteria_set.title_until(case.season) if criteria_set else None,
        )

    def _holding(self, case: RecognitionCase) -> UUID:
        return holding_id(self._places.areas.province.code, case.subject, case.model)


async def _told_of(subject: UUID, alone: set[UUID], work: UnitOfWork) -> Subject | None:
    """The subject, if anything is told of them but that they were entered."""
    if subject in alone and work.rests_on(subject, Subject.UNTOUCHED):
        return None
    return await work.get(Subject, subject)


async def two_at_once(doing: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Do one after the other, each begun while the one before it is finished.

    What one waits for in the database is time for the next to be read and decided.
    """
    begun: list[asyncio.Task[None]] = []
    try:
        for each in doing:
            begun.append(asyncio.create_task(each))
            if len(begun) > 1:
                await begun[0]
                del begun[0]
        await asyncio.gather(*begun)
    finally:
        for task in begun:
            task.cancel()
        await asyncio.gather(*begun, return_exceptions=True)
