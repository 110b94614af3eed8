"""A desk of the registry for every test here."""

from collections.abc import AsyncIterator

import pytest
from registry_desk import Desk, open_desk


@pytest.fixture
async def desk(make_database) -> AsyncIterator[Desk]:
    """It is noon of 15 October 2025 in Sơn La."""
    async with open_desk(make_database("registry"), make_database("registry_vault")) as opened:
        yield opened
