"""The noticeboard, a small real service, for the tests of the edge."""

from collections.abc import AsyncIterator, Iterator

import httpx2
import pytest
from noticeboard import OFFICER, Noticeboard, running, serving_issuer
from tokens import Issuer

from deploy.local.databases import Database


@pytest.fixture(scope="session")
def issuer() -> Iterator[Issuer]:
    """An issuer whose documents are served over a real port."""
    with serving_issuer() as issuer:
        yield issuer


@pytest.fixture
async def board(database: Database, issuer: Issuer) -> AsyncIterator[Noticeboard]:
    """The service over an empty log of its own."""
    async with running(database, issuer) as board:
        yield board


@pytest.fixture
async def officer(board: Noticeboard) -> AsyncIterator[httpx2.AsyncClient]:
    """A client with the token of the officer of commune 03763."""
    async with board.client(OFFICER) as client:
        yield client
