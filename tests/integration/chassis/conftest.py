"""The noticeboard, a small real service, for the tests of the edge."""

import uuid
from collections.abc import AsyncIterator, Iterator

import asyncpg
import httpx2
import pytest
from noticeboard import OFFICER, Noticeboard, running, serving_issuer
from tokens import Issuer

from deploy.local import databases
from deploy.local.databases import Database
from deploy.local.postgres import Postgres

_EMPTY = """
DO $$ BEGIN
    IF to_regclass('event') IS NOT NULL THEN
        ALTER TABLE event DISABLE TRIGGER append_only;
        ALTER TABLE command DISABLE TRIGGER append_only;
        TRUNCATE event, command, snapshot, leader, relay, progress;
        ALTER TABLE event ENABLE TRIGGER append_only;
        ALTER TABLE command ENABLE TRIGGER append_only;
    END IF;
END $$
"""


@pytest.fixture(scope="session")
def issuer() -> Iterator[Issuer]:
    """An issuer whose documents are served over a real port."""
    with serving_issuer() as issuer:
        yield issuer


@pytest.fixture(scope="session")
def board_database(postgres: Postgres) -> Iterator[Database]:
    """One database for all the tests of the edge: making one costs more than most of them."""
    app = f"noticeboard_{uuid.uuid4().hex[:8]}"
    owner = f"{app}_owner"
    [made] = databases.ensure(postgres.admin_url, [app], owner, app, {app: "a", owner: "o"})
    yield made
    databases.drop(postgres.admin_url, app)


@pytest.fixture
async def empty_log(board_database: Database) -> Database:
    """That database with an empty log, emptied as only its owner can."""
    connection = await asyncpg.connect(board_database.owner_url)
    try:
        await connection.execute(_EMPTY)
    finally:
        await connection.close()
    return board_database


@pytest.fixture
async def board(empty_log: Database, issuer: Issuer) -> AsyncIterator[Noticeboard]:
    """The service over an empty log."""
    async with running(empty_log, issuer) as board:
        yield board


@pytest.fixture
async def officer(board: Noticeboard) -> AsyncIterator[httpx2.AsyncClient]:
    """A client with the token of the officer of commune 03763."""
    async with board.client(OFFICER) as client:
        yield client
