"""Look-ups asked for one at a time and made together, where many ask at once."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Generic, TypeVar
from uuid import UUID

Found = TypeVar("Found")
MOST = 64
"""More than so many at once are a batch already, and keep nobody else waiting."""


class _Round(Generic[Found]):
    def __init__(self) -> None:
        self.wanted: set[UUID] = set()
        self.answer: asyncio.Future[Mapping[UUID, Found]] = asyncio.Future()


class Gathering(Generic[Found]):
    """Whatever is asked for while one look-up is under way goes together in the next.

    Each answer was begun after it was asked for, so it is as new as one of its own would be.
    """

    def __init__(
        self, look_up: Callable[[Collection[UUID]], Awaitable[Mapping[UUID, Found]]]
    ) -> None:
        self._look_up = look_up
        self._next: _Round[Found] | None = None
        self._task: asyncio.Task[None] | None = None

    async def find(self, wanted: Collection[UUID]) -> Mapping[UUID, Found]:
        """What was looked up, others' things among it.

        Raises:
            Exception: as the look-up's own, to each who asked.
        """
        if len(wanted) > MOST:
            return await self._look_up(wanted)
        if self._next is None:
            self._next = _Round()
        mine = self._next
        mine.wanted.update(wanted)
        if self._task is None:
            self._task = asyncio.create_task(self._run())
        return await asyncio.shield(mine.answer)

    async def _run(self) -> None:
        try:
            await asyncio.sleep(0)  # whoever came in with the same packet asks in the same round
            while (now := self._next) is not None:
                self._next = None
                await self._answer(now)
        finally:
            self._task = None

    async def _answer(self, now: _Round[Found]) -> None:
        try:
            now.answer.set_result(await self._look_up(now.wanted))
        except Exception as error:  # noqa: BLE001  # it belongs to those who asked
            now.answer.set_exception(error)
