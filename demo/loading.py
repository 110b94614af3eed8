"""Three services are told at once, each in the order of its own record time."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime
from threading import Event

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from demo.acts import Batch, Page, batches
from demo.cases import DECISIONS
from demo.client import Away, Service

_LOOK_EVERY_S = 0.1
_CARRIED_OUT_IN_S = 600.0

COLUMNS = (
    TextColumn("{task.description}"),
    BarColumn(),
    MofNCompleteColumn(),
    TimeElapsedColumn(),
    TimeRemainingColumn(),
)
Advance = Callable[[int], None]


@dataclass(frozen=True)
class Load:
    """What one service is told, in the order in which it was entered."""

    service: Service
    label: str
    pages: Sequence[Page]

    @property
    def total(self) -> int:
        return sum(page.count for page in self.pages)


def open_pages(pages: Sequence[Page], newest: datetime | None) -> tuple[list[Page], int]:
    """The pages to send to a log whose newest fact is of that time, and how many acts it has.

    A log takes facts in the order of record time, so what lies before its newest is all there. Its
    last time may be there in part and is sent again. So is the first page: were the log somebody
    else's, the service would refuse it.
    """
    times = [page.recorded_at for page in pages if newest and page.recorded_at <= newest]
    kept = [
        page
        for n, page in enumerate(pages)
        if n == 0 or page.needed or not times or page.recorded_at >= times[-1]
    ]
    return kept, sum(page.count for page in pages) - sum(page.count for page in kept)


def load(loads: Sequence[Load], console: Console) -> None:
    """Tell everything; raises what the first service to fail raised, the others stop too."""
    stop = Event()
    with (
        Progress(*COLUMNS, console=console) as progress,
        ThreadPoolExecutor(len(loads)) as side_by_side,
    ):
        running = [side_by_side.submit(_tell, each, _bar(progress, each), stop) for each in loads]
        try:
            for done in as_completed(running):
                done.result()
        finally:
            stop.set()


def _bar(progress: Progress, each: Load) -> Advance:
    bar = progress.add_task(each.label, total=each.total)
    return lambda count: progress.advance(bar, count)


def _tell(each: Load, advance: Advance, stop: Event) -> None:
    """One batch is on its way while the next is worked out."""
    pages, found = open_pages(each.pages, each.service.newest())
    each.service.verdicts["found"] += found
    advance(found)
    desk = _Desk(each.service)
    with ThreadPoolExecutor(1) as on_the_way:
        last: Future[None] | None = None
        for batch in _until(stop, batches(pages)):
            if last:
                last.result()
            last = on_the_way.submit(desk.hand_in, batch, advance)
        if last:
            last.result()
        desk.settle()


def _until(stop: Event, sent: Iterator[Batch]) -> Iterator[Batch]:
    for batch in sent:
        if stop.is_set():
            return
        yield batch


class _Desk:
    """Where batches are handed in. Nothing later is, before the decisions so far are carried out.

    So titles become known when their decision does, not after whatever is entered next.
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        self._decision = ""
        self._decided_at: datetime | None = None

    def hand_in(self, batch: Batch, advance: Advance) -> None:
        if self._decided_at and batch.recorded_at > self._decided_at:
            self.settle()
        self._service.send(batch)
        if batch.path == DECISIONS:
            self._decision = self._service.made[batch.acts[-1].name]
            self._decided_at = batch.recorded_at
        advance(len(batch.acts))

    def settle(self) -> None:
        """Wait for the last decision: they are carried out in their order.

        Raises:
            Away: it is not, for minutes.
        """
        end = time.monotonic() + _CARRIED_OUT_IN_S
        while self._decided_at:
            if time.monotonic() > end:
                raise Away(f"decision {self._decision} is not carried out: no worker?")
            if self._service.get(f"/v1/decisions/{self._decision}")["state"] == "complete":
                self._decided_at = None
            else:
                time.sleep(_LOOK_EVERY_S)
