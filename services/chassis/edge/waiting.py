"""Waiting until a position is reached: one poller a process, and only while somebody waits."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from chassis.errors import Invalid, PositionNotReached

LONGEST_WAIT_S = 30.0
_INTERVAL_S = 0.02
Read = Callable[[], Awaitable[Mapping[str, int]]]


class Positions:
    """How far each log has been followed here; ``read`` gives the present positions by log name.

    Positions only grow, so the last ones read answer most questions without a query.
    """

    def __init__(self, read: Read, interval_s: float = _INTERVAL_S) -> None:
        self._read = read
        self._interval_s = interval_s
        self._latest: Mapping[str, int] = {}
        self._waiting: dict[asyncio.Future[None], Mapping[str, int]] = {}
        self._poller: asyncio.Task[None] | None = None

    async def reach(self, wanted: Mapping[str, int], wait_s: float = 0.0) -> None:
        """Return once every named log has reached its position.

        Raises:
            Invalid: a log is not followed here.
            PositionNotReached: it was not within ``wait_s`` seconds.
        """
        if not self._reached(wanted):
            self._latest = await self._read()
        self._check_names(wanted)
        if self._reached(wanted):
            return
        reached = asyncio.get_running_loop().create_future()
        self._waiting[reached] = wanted
        self._start()
        try:
            await asyncio.wait_for(reached, wait_s)
        except TimeoutError:
            raise self._not_reached(wanted) from None
        finally:
            self._waiting.pop(reached, None)

    def _reached(self, wanted: Mapping[str, int]) -> bool:
        return all(self._latest.get(log, -1) >= position for log, position in wanted.items())

    def _check_names(self, wanted: Mapping[str, int]) -> None:
        for log in wanted:
            if log not in self._latest:
                known = ", ".join(sorted(self._latest))
                raise Invalid.at(
                    "?min_position",
                    f"{log} is not followed here; known are {known}",
                    f"ở đây không theo dõi sổ ghi {log}; chỉ có {known}",
                    log,
                )

    def _not_reached(self, wanted: Mapping[str, int]) -> PositionNotReached:
        behind = [
            (log, self._latest.get(log, 0), position)
            for log, position in wanted.items()
            if self._latest.get(log, 0) < position
        ]
        en = [f"{log} is at {now}, {position} is asked for" for log, now, position in behind]
        vi = [f"{log} mới tới vị trí {now}, cần {position}" for log, now, position in behind]
        return PositionNotReached("; ".join(en), "; ".join(vi), retry_after=1)

    def _start(self) -> None:
        if self._poller is None or self._poller.done():
            self._poller = asyncio.create_task(self._poll())

    async def _poll(self) -> None:
        while self._waiting:
            try:
                self._latest = await self._read()
            except Exception as error:  # noqa: BLE001  # the waiters are the ones to be told
                self._tell(error)
                return
            for reached, wanted in list(self._waiting.items()):
                if not reached.done() and self._reached(wanted):
                    reached.set_result(None)
            await asyncio.sleep(self._interval_s)

    def _tell(self, error: Exception) -> None:
        for reached in self._waiting:
            if not reached.done():
                reached.set_exception(error)
