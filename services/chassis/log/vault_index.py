"""Who a national id belongs to, without keeping the id: rows of HMAC and subject."""

import hmac
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import asyncpg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chassis.domain import uuid7
from chassis.errors import AlreadyExists, Invalid
from chassis.log import arrays
from chassis.log.vault_keys import KEY_BYTES, KeyEncryptionKeys, fingerprint

_ID_LENGTHS = {9, 12}  # the old identity card, the citizen identity card
_SEPARATORS = str.maketrans("", "", " .-\u00a0")

_NEW_KEYS = """
INSERT INTO data_key (subject, kek, wrapped, fingerprint, created_at)
SELECT s, k, w, f, $5
FROM unnest($1::text::uuid[], $2::text::text[], $3::text::bytea[], $4::text::bytea[])
    AS t (s, k, w, f)
WHERE NOT EXISTS (SELECT FROM erasure e WHERE e.subject = s)
ORDER BY s
ON CONFLICT (subject) DO NOTHING
RETURNING subject
"""
_NEW_ROWS = """
INSERT INTO blind_index (digest, subject)
SELECT d, s FROM unnest($1::text::bytea[], $2::text::uuid[]) AS t (d, s)
ORDER BY d
ON CONFLICT (digest) DO NOTHING
RETURNING digest
"""
_KNOWN = "SELECT digest, subject FROM blind_index WHERE digest = ANY($1::text::bytea[])"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A national id, and the subject id a client has chosen in case the person is new."""

    national_id: str
    subject: UUID | None = None

    def __repr__(self) -> str:
        return f"Wanted({self.subject})"


@dataclass(frozen=True, slots=True)
class Claim:
    """The person of a national id. ``is_new`` is false for a known person and for an orphan: a row
    whose first event was never appended, because its maker died in between. Whoever finds no event
    of the subject adopts it. ``key`` is that of a new person, for the piece of work that made it.
    """

    subject: UUID
    is_new: bool
    key: AESGCM | None = field(default=None, repr=False, compare=False)


Answers = dict[bytes, Claim | AlreadyExists]


def canonical(national_id: str) -> str:
    """The digits of a national id.

    Raises:
        Invalid: it has not 9 or 12 of them; the sentence does not repeat it.
    """
    digits = national_id.translate(_SEPARATORS)
    if len(digits) in _ID_LENGTHS and digits.isascii() and digits.isdecimal():
        return digits
    raise Invalid(
        "a national id has 12 digits, or 9 on an old card",
        "số định danh cá nhân có 12 chữ số, hoặc 9 chữ số trên thẻ cũ",
    )


def digest(key: bytes, national_id: str) -> bytes:
    """The 32 bytes under which a national id is found (HMAC-SHA-256)."""
    return hmac.digest(key, b"national_id\0" + canonical(national_id).encode(), "sha256")


def owner_of(subject: UUID) -> bytes:
    """What a data key's wrapping is bound to."""
    return b"khuyenhoc data key 1" + subject.bytes


async def make_keys(
    connection: asyncpg.Connection, keys: KeyEncryptionKeys, subjects: Iterable[UUID], now: datetime
) -> dict[UUID, bytes]:
    """Make a data key for each subject that has none and was not erased; give those it made.

    Rows are written in the order of their ids, so that two at once wait and never block each other.
    """
    ordered = sorted(set(subjects))
    random = os.urandom(KEY_BYTES * len(ordered))
    secrets = [random[at : at + KEY_BYTES] for at in range(0, len(random), KEY_BYTES)]
    wrapped = [
        keys.wrap(key, owner_of(subject)) for key, subject in zip(secrets, ordered, strict=True)
    ]
    rows = await connection.fetch(
        _NEW_KEYS,
        arrays.plain(ordered),
        arrays.plain([each.kek for each in wrapped]),
        arrays.octets([each.box for each in wrapped]),
        arrays.octets([fingerprint(key) for key in secrets]),
        now,
    )
    new = dict(zip(ordered, secrets, strict=True))
    return {(subject := row["subject"]): new[subject] for row in rows}


async def known(
    connection: asyncpg.Connection | asyncpg.Pool, digests: Iterable[bytes]
) -> dict[bytes, UUID]:
    """The subjects of those digests that are on record."""
    rows = await connection.fetch(_KNOWN, arrays.octets(sorted(digests)))
    return {row["digest"]: row["subject"] for row in rows}


async def claim(
    connection: asyncpg.Connection,
    keys: KeyEncryptionKeys,
    wanted: Mapping[bytes, UUID | None],
    now: datetime,
) -> Answers:
    """Find or make the person of each digest, inside the caller's transaction.

    A loser of a race gets the winner's subject, and the key it had made is withdrawn. A client's
    subject id that is another person's already is refused. A digest is left out when the winner
    was erased in between: ask again.
    """
    found = await known(connection, wanted)
    proposed = {d: subject or uuid7() for d, subject in wanted.items() if d not in found}
    made = await make_keys(connection, keys, proposed.values(), now)
    firsts = {subject: d for d, subject in reversed(proposed.items()) if subject in made}
    won = await _insert(connection, [(d, subject) for subject, d in firsts.items()])
    lost = {d: subject for subject, d in firsts.items() if d not in won}
    if lost:
        await _withdraw(connection, list(lost.values()))
        found |= await known(connection, lost)
    refused = {d: _taken(subject) for d, subject in proposed.items() if firsts.get(subject) != d}
    new = {d: Claim(s := proposed[d], is_new=True, key=AESGCM(made[s])) for d in won}
    return {d: Claim(subject, is_new=False) for d, subject in found.items()} | refused | new


async def _insert(connection: asyncpg.Connection, rows: Sequence[tuple[bytes, UUID]]) -> set[bytes]:
    if not rows:
        return set()
    digests, subjects = zip(*rows, strict=True)
    columns = arrays.octets(digests), arrays.plain(subjects)
    return {row["digest"] for row in await connection.fetch(_NEW_ROWS, *columns)}


async def _withdraw(connection: asyncpg.Connection, subjects: Sequence[UUID]) -> None:
    await connection.execute("DELETE FROM data_key WHERE subject = ANY($1::uuid[])", subjects)


def _taken(subject: UUID) -> AlreadyExists:
    return AlreadyExists(
        f"{subject} is already the id of another person", f"mã {subject} đã là của người khác"
    )
