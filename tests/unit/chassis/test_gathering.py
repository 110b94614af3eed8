"""Look-ups made together: everyone is answered as if they had asked alone."""

import asyncio
from uuid import uuid4

import pytest
from chassis.log.gathering import MOST, Gathering


class Shelf:
    """Answers when told to; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[set] = []
        self.open = asyncio.Event()
        self.error: Exception | None = None

    async def look_up(self, wanted):
        self.asked.append(set(wanted))
        await self.open.wait()
        if self.error is not None:
            raise self.error
        return {each: f"book {each}" for each in wanted}


async def asked(shelf: Shelf, times: int) -> None:
    while len(shelf.asked) < times:  # noqa: ASYNC110  # what is awaited is elsewhere
        await asyncio.sleep(0)


async def test_what_is_asked_meanwhile_goes_together_in_the_next_look_up():
    shelf = Shelf()
    gathering = Gathering(shelf.look_up)
    first, *others = [uuid4() for _ in range(5)]
    waiting = [asyncio.create_task(gathering.find([first]))]
    await asked(shelf, 1)
    waiting += [asyncio.create_task(gathering.find([each])) for each in others]
    await asyncio.sleep(0)
    shelf.open.set()
    answers = await asyncio.gather(*waiting)
    assert shelf.asked == [{first}, set(others)]
    for each, answer in zip([first, *others], answers, strict=True):
        assert answer[each] == f"book {each}"


async def test_an_answer_is_never_older_than_its_question():
    shelf = Shelf()
    gathering, one = Gathering(shelf.look_up), uuid4()
    early = asyncio.create_task(gathering.find([one]))
    await asked(shelf, 1)
    late = asyncio.create_task(gathering.find([one]))
    shelf.open.set()
    await asyncio.gather(early, late)
    assert shelf.asked == [{one}, {one}]


async def test_a_failed_look_up_fails_those_who_asked_and_nobody_later():
    shelf = Shelf()
    gathering = Gathering(shelf.look_up)
    shelf.error = OSError("away")
    shelf.open.set()
    told = await asyncio.gather(
        *(gathering.find([uuid4()]) for _ in range(3)), return_exceptions=True
    )
    assert [type(each) for each in told] == [OSError] * 3
    shelf.error, one = None, uuid4()
    assert await gathering.find([one]) == {one: f"book {one}"}


async def test_who_goes_away_takes_nothing_from_those_beside_them():
    shelf = Shelf()
    gathering = Gathering(shelf.look_up)
    gone, stays = (asyncio.create_task(gathering.find([uuid4()])) for _ in range(2))
    await asked(shelf, 1)
    gone.cancel()
    shelf.open.set()
    assert len(await stays) == 2
    with pytest.raises(asyncio.CancelledError):
        await gone


async def test_a_whole_batch_keeps_nobody_waiting():
    shelf = Shelf()
    gathering = Gathering(shelf.look_up)
    many = [uuid4() for _ in range(MOST + 1)]
    batch = asyncio.create_task(gathering.find(many))
    await asked(shelf, 1)
    single = asyncio.create_task(gathering.find([uuid4()]))
    await asked(shelf, 2)
    shelf.open.set()
    assert len(await batch) == MOST + 1
    assert len(await single) == 1
