"""How often to look for something new: soon after there was some, less often when all is quiet."""

import asyncio

SOON = 0.02
SELDOM = 0.08
_QUIET = 1.0


class Pace:
    """Rests between two looks: 20 ms while something came within the last second, then 80 ms.

    Whoever writes is another process, so there is nothing to be woken by; and an installation has a
    dozen such lookers, which must cost little at night.
    """

    __slots__ = ("_rested",)

    def __init__(self) -> None:
        self._rested = 0.0

    def found(self) -> None:
        """There was something: look again soon, for as long as a second."""
        self._rested = 0.0

    def pause(self) -> float:
        """Seconds until the next look."""
        pause = SOON if self._rested < _QUIET else SELDOM
        self._rested += pause
        return pause

    async def rest(self) -> None:
        """Wait until the next look."""
        await asyncio.sleep(self.pause())
