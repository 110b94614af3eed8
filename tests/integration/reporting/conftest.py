"""A counter of the statistics office for every test here."""

from collections.abc import AsyncIterator

import pytest
from counter import Counter, open_counter


@pytest.fixture
async def counter(database) -> AsyncIterator[Counter]:
    """It is noon of 20 October 2025 in Sơn La; nothing has been reported yet."""
    async with open_counter(database) as opened:
        yield opened
