"""Erasing a person: ordered on record, the key destroyed, and only then said to everybody."""

from uuid import uuid5

from chassis.failpoint import reach
from chassis.log.codec import read_meta
from chassis.log.execute import Executor, Order, UnitOfWork
from chassis.log.record import Recorded
from chassis.log.vault import Vault
from chassis.run.settings import Settings
from chassis.wiring import restored

from registry.domain.subject import Subject
from registry.tasks import Tasks, time_of

NAME = "erasures"
# Found by the index of the orders; the log is long and erasures are few.
_CARRIED_OUT = """
SELECT o.stream AS subject FROM event o
WHERE o.type = 'registry.ErasureOrdered'
  AND EXISTS (SELECT FROM event e WHERE e.stream = o.stream AND e.type = 'registry.SubjectErased')
"""


class Erasing:
    """Carries out the orders of the log. `timed`: what it appends bears the order's time."""

    def __init__(self, executor: Executor, vault: Vault, *, timed: bool) -> None:
        self._executor = executor
        self._vault = vault
        self._timed = timed

    def tasks(self) -> Tasks:
        """The orders still to be carried out."""
        return Tasks(self._executor.log, NAME, Subject.ErasureOrdered.TOPIC, self.erase)

    async def erase(self, ordered: Recorded) -> None:
        """Destroy the key with all that names the person in the vault, then say so, once."""
        subject = ordered.stream
        await self._vault.order_erasure(subject)
        reach("erase.ordered")
        fingerprint = await self._vault.erase(subject)
        reach("erase.destroyed")
        order = Order(
            uuid5(subject, "erased"),
            subject.bytes,
            read_meta(ordered.meta).actor,
            recorded_at=await time_of(self._executor.log, ordered) if self._timed else None,
        )

        async def decide(work: UnitOfWork) -> Subject:
            found = await work.get(Subject, subject)
            assert found.erasure_ordered_on is not None
            found.erase(found.erasure_ordered_on, fingerprint)
            return work.save(found)

        await self._executor.execute(order, decide)


async def erase_again(settings: Settings) -> str:
    """After the vault was restored: what the log says is gone, once more."""
    return await restored.erase_again(settings, _CARRIED_OUT)
