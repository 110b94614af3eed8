"""A desk of the association for every test here."""

from collections.abc import AsyncIterator

import pytest
from desk import Desk, open_desk


@pytest.fixture
async def desk(database) -> AsyncIterator[Desk]:
    """It is noon of 15 October 2025 in Sơn La."""
    async with open_desk(database) as opened:
        yield opened
