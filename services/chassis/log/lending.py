"""Connections borrowed from a pool for long: whether one still lives, and giving it back."""

import contextlib
from typing import Any

import asyncpg

from chassis.errors import Busy

LOST = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
)
"""What the driver raises when a connection is gone or was never there."""

_LATER = (
    asyncpg.QueryCanceledError,
    asyncpg.LockNotAvailableError,
    asyncpg.TooManyConnectionsError,
)


def alive(connection: Any) -> bool:
    """Whether a borrowed connection can still be used; the pool takes back a dead one by itself."""
    try:
        return not connection.is_closed()
    except asyncpg.InterfaceError:
        return False


async def give_back(pool: asyncpg.Pool, connection: Any, *, ended: bool) -> None:
    """Give a connection back; ``ended`` ends its session first, with its locks and statements."""
    with contextlib.suppress(*LOST):
        if ended and alive(connection):
            connection.terminate()
        await pool.release(connection)


def for_caller(error: Exception) -> Exception:
    """What a caller is told of a database error: to come back, where that helps."""
    if isinstance(error, _LATER):
        reason = type(error).__name__
        return Busy(
            f"the log is busy ({reason}); send the request again",
            f"sổ ghi đang bận ({reason}); vui lòng gửi lại yêu cầu",
        )
    return error


def out_of_reach(reason: str = "") -> Busy:
    """What a caller is told when there is no connection to be had."""
    why = f" ({reason})" if reason else ""
    return Busy(
        f"the log cannot be reached{why}; ask again",
        f"hiện không kết nối được sổ ghi{why}; vui lòng gửi lại",
    )
