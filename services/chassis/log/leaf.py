"""Merkle leaves of the log: one fixed encoding of a stored event, hashed as RFC 6962 says."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from struct import pack

from chassis.log.record import Recorded

FORM = 0x01
MAX_ENTRY_BYTES = 65_535  # tlog-tiles gives an entry's length 16 bits
_FIXED_BYTES = 1 + 16 + 4 + 2 + 8 + 16 + 32 + 32
MAX_TYPE_BYTES = MAX_ENTRY_BYTES - _FIXED_BYTES
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class EntryTooLarge(ValueError):  # noqa: N818  # its name says what is wrong
    """An entry that no proof could ever cover; refused before it is stored."""


def entry(event: Recorded) -> bytes:
    """Give the bytes an event is committed to by.

    Big-endian, in this order:

    0x01; stream, 16 bytes; version, uint32; length of the type, uint16, and the type in UTF-8;
    recorded_at, int64 microseconds since 1970; command, 16 bytes; SHA-256 of the payload's bytes;
    SHA-256 of the meta's bytes. The position is not in it: the place in the tree says it.

    Raises:
        EntryTooLarge: the type is longer than the format can hold.
    """
    name = event.type.encode()
    if len(name) > MAX_TYPE_BYTES:
        raise EntryTooLarge(f"an event name of {len(name)} bytes; at most {MAX_TYPE_BYTES} fit")
    return b"".join(
        (
            pack(">B16sIH", FORM, event.stream.bytes, event.version, len(name)),
            name,
            pack(">q", (event.recorded_at - _EPOCH) // _MICROSECOND),
            event.command.bytes,
            sha256(event.payload).digest(),
            sha256(event.meta).digest(),
        )
    )


def leaf_hash(entry_bytes: bytes) -> bytes:
    """RFC 6962 2.1: SHA-256 of 0x00 and the entry."""
    return sha256(b"\x00" + entry_bytes).digest()
