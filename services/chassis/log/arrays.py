"""Columns of a batch as text that Postgres reads as arrays.

The driver asks of every element of a list whether it is a list itself, and writes each one alone;
one text costs a fraction of that.
"""

from collections.abc import Iterable
from datetime import datetime

BETWEEN = "\x1e"
"""Between the JSON texts of a column: JSON holds no control character unescaped (RFC 8259 7)."""
_BETWEEN = BETWEEN.encode()
_HEX = r"\\x"  # inside an array a backslash stands for itself only when there are two


def plain(values: Iterable[object]) -> str:
    """An array of what needs no quotes: ids, numbers, names of types."""
    return f"{{{','.join(map(str, values))}}}"


def octets(values: Iterable[bytes]) -> str:
    """An array of ``bytea``."""
    return f"{{{','.join([f'{_HEX}{value.hex()}' for value in values])}}}"


def instants(values: Iterable[datetime | None]) -> str:
    """An array of ``timestamptz``."""
    return f"{{{','.join([at.isoformat() if at else 'NULL' for at in values])}}}"


def documents(values: Iterable[bytes]) -> str:
    """JSON texts, for ``string_to_array`` with :data:`BETWEEN`."""
    return _BETWEEN.join(values).decode()
