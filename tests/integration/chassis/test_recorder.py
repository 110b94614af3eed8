"""The library's own tests of recorders, over this log."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from chassis.log.recorder import AggregateLogRecorder, LogRecorder
from eventsourcing.tests.persistence import AggregateRecorderTestCase, ApplicationRecorderTestCase
from logs import prepare

from deploy.local.databases import Database


@contextmanager
def opened(kind: type[LogRecorder], database: Database) -> Iterator[LogRecorder]:
    recorder = kind(database.app_url)
    try:
        yield recorder
    finally:
        recorder.close()


def cases(base: type, *more: str) -> list[str]:
    return [name for name in dir(base) if name.startswith("test_")] + list(more)


@pytest.mark.parametrize("case", cases(AggregateRecorderTestCase))
async def test_an_aggregate_recorder_as_the_library_wants_it(database: Database, case: str) -> None:
    await prepare(database)
    with opened(AggregateLogRecorder, database) as recorder:

        class Case(AggregateRecorderTestCase):
            def create_recorder(self) -> LogRecorder:
                return recorder

        getattr(Case(case), case)()


@pytest.mark.parametrize(
    "case", cases(ApplicationRecorderTestCase, "optional_test_insert_subscribe")
)
async def test_an_application_recorder_as_the_library_wants_it(
    database: Database, case: str
) -> None:
    await prepare(database)
    with opened(LogRecorder, database) as recorder:

        class Case(ApplicationRecorderTestCase):
            def create_recorder(self) -> LogRecorder:
                return recorder

        getattr(Case(case), case)()
