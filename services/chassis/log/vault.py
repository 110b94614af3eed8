"""The vault: one data key a person, wrapped; a blind index; and erasure by destroying a key.

It lives in a database of its own. Nothing in it is readable without the key file, and nothing that
was sealed is readable without it.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import asyncpg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chassis.clock import Clock
from chassis.errors import Busy, Refusal
from chassis.log.sealed import (
    GONE,
    ErasedValue,
    Key,
    Keyring,
    Opened,
    Place,
    Sealed,
    erased,
    required,
)
from chassis.log.vault_erasure import destroy, order
from chassis.log.vault_faults import (
    ErasureNotOrdered,
    LostKey,
    Tampered,
    UnknownKeyEncryptionKey,
    VaultFault,
    lost_key,
)
from chassis.log.vault_index import (
    Answers,
    Claim,
    Wanted,
    claim,
    digest,
    known,
    make_keys,
    owner_of,
)
from chassis.log.vault_keys import (
    KEY_BYTES,
    KeyEncryptionKeys,
    Wrapped,
    derived,
    request_digest,
)

__all__ = [
    "MIGRATIONS",
    "Claim",
    "ErasedValue",
    "ErasureNotOrdered",
    "KeyEncryptionKeys",
    "Keyring",
    "LostKey",
    "Opened",
    "Place",
    "Reader",
    "Sealed",
    "Tampered",
    "UnknownKeyEncryptionKey",
    "Vault",
    "VaultFault",
    "Wanted",
    "request_digest",
    "required",
]

MIGRATIONS = Path(__file__).with_name("vault_migrations")
_INDEX = "blind index"
_TRIES = 5
_REWRAP_AT_ONCE = 1_000

_KEYS = """
SELECT s AS subject, k.kek, k.wrapped, e.subject IS NOT NULL AS erased
FROM unnest($1::uuid[]) AS t (s)
LEFT JOIN data_key k ON k.subject = s
LEFT JOIN erasure e ON e.subject = s
"""
_READS = """
INSERT INTO personal_read (at, actor, subject, purpose, fields)
SELECT $1, $2, s, $3, string_to_array(f, ',')
FROM unnest($4::uuid[], $5::text[]) AS t (s, f)
"""
_OLDER = """
SELECT subject, kek, wrapped FROM data_key WHERE kek <> $1 AND subject > $2
ORDER BY subject LIMIT $3
"""
_REWRAP = """
UPDATE data_key SET kek = $4, wrapped = t.wrapped
FROM unnest($1::uuid[], $2::text[], $3::bytea[]) AS t (subject, old, wrapped)
WHERE data_key.subject = t.subject AND data_key.kek = t.old
"""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads personal fields (a token's ``sub``), and what for; both are kept."""

    actor: UUID
    purpose: str


class Vault:
    """One service's vault. Keys are fetched for each piece of work and not kept, so that an
    erasure by any process holds for all of them at once.
    """

    def __init__(
        self, pool: asyncpg.Pool, key_encryption_key: KeyEncryptionKeys, clock: Clock
    ) -> None:
        self._pool = pool
        self._keys = key_encryption_key
        self._clock = clock
        self._index_key: bytes | None = None

    async def claim(self, national_id: str, subject: UUID | None = None) -> Claim:
        """The person of a national id, made with their key if unknown; committed on return.

        Raises:
            Invalid: it is not a national id.
            AlreadyExists: ``subject``, chosen by the client, is another person.
        """
        (answer,) = await self.claim_all([Wanted(national_id, subject)])
        if isinstance(answer, Refusal):
            raise answer
        return answer

    async def claim_all(self, wanted: Sequence[Wanted]) -> list[Claim | Refusal]:
        """As :meth:`claim` for many at once, in one transaction; answers in the same order.

        Of the same id twice in one call, the second is not new.
        """
        key = await self._key_of_index()
        digests = [_digest(key, each.national_id) for each in wanted]
        people: dict[bytes, UUID | None] = {}
        for d, each in zip(digests, wanted, strict=True):
            if isinstance(d, bytes):
                people.setdefault(d, each.subject)
        answers = await self._settle(people)
        seen: set[bytes] = set()
        return [d if isinstance(d, Refusal) else _once(answers[d], d, seen) for d in digests]

    async def find(self, national_id: str) -> UUID | None:
        """The person of a national id, if there is one; makes nothing."""
        wanted = digest(await self._key_of_index(), national_id)
        return (await known(self._pool, [wanted])).get(wanted)

    async def admit(self, subjects: Iterable[UUID]) -> None:
        """Make keys for persons who come without a national id; safe to repeat.

        Raises:
            Erased: one of them was erased; an id is never used again.
        """
        wanted = set(subjects)
        async with self._pool.acquire() as connection, connection.transaction():
            await make_keys(connection, self._keys, wanted, self._clock.now())
        keys = await self._fetch(wanted)
        for subject in wanted:
            if keys[subject] is GONE:
                raise erased(subject)

    async def keyring(self, subjects: Iterable[UUID]) -> Keyring:
        """The keys of some people, to seal with; one round trip for all of them."""
        return Keyring(await self._fetch(set(subjects)))

    async def read(self, reader: Reader, values: Sequence[tuple[Sealed, Place]]) -> list[Opened]:
        """Open values for a person who may see them; the reading is on record before the answer.

        Raises:
            LostKey, Tampered, UnknownKeyEncryptionKey: see ``vault_faults``.
        """
        keyring = await self.keyring({sealed.subject for sealed, _ in values})
        fields: dict[UUID, list[str]] = {}
        for sealed, place in values:
            fields.setdefault(sealed.subject, []).append(place.path)
        await self.record(reader, fields)
        return [keyring.open(sealed, place) for sealed, place in values]

    async def record(self, reader: Reader, fields: Mapping[UUID, Sequence[str]]) -> None:
        """Put on record who reads which fields of whom; to be done before they are answered."""
        lists = [",".join(dict.fromkeys(paths)) for paths in fields.values()]
        await self._pool.execute(
            _READS, self._clock.now(), reader.actor, reader.purpose, list(fields), lists
        )

    async def order_erasure(self, subject: UUID) -> None:
        """First step: from here on every read gives :class:`ErasedValue`. Safe to repeat."""
        await order(self._pool, subject, self._clock.now())

    async def erase(self, subject: UUID) -> bytes | None:
        """Second step: destroy the key and all that names the person. Safe to repeat.

        Returns the key's fingerprint for ``SubjectErased``, or ``None`` where there was no key. A
        destroyed row is overwritten on disk only as Postgres gets to it, and leaves backups as
        they expire.

        Raises:
            ErasureNotOrdered: nobody has ordered it.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            return await destroy(connection, subject, self._clock.now())

    async def erase_again(self, subjects: Iterable[UUID]) -> int:
        """After a backup was restored: carry out the orders of the log once more.

        Returns how many keys had come back.
        """
        again = 0
        for subject in sorted(set(subjects)):
            came_back = await self._pool.fetchval(
                "SELECT true FROM data_key WHERE subject = $1", subject
            )
            await self.order_erasure(subject)
            await self.erase(subject)
            again += bool(came_back)
        return again

    async def rewrap(self) -> int:
        """Wrap everything by the newest key-encryption key; returns how many keys were changed."""
        changed, last = await self._rewrap_index(), UUID(int=0)
        while rows := await self._pool.fetch(_OLDER, self._keys.current, last, _REWRAP_AT_ONCE):
            wrapped = [self._again(row, owner_of(row["subject"])) for row in rows]
            subjects, old = [row["subject"] for row in rows], [row["kek"] for row in rows]
            await self._pool.execute(_REWRAP, subjects, old, wrapped, self._keys.current)
            changed, last = changed + len(rows), subjects[-1]
        return changed

    async def _settle(self, wanted: Mapping[bytes, UUID | None]) -> Answers:
        answers: Answers = {}
        for _ in range(_TRIES):
            rest = {d: subject for d, subject in wanted.items() if d not in answers}
            if not rest:
                return answers
            async with self._pool.acquire() as connection, connection.transaction():
                answers |= await claim(connection, self._keys, rest, self._clock.now())
        if len(answers) < len(wanted):
            raise Busy(
                "a person is being erased and entered again at the same time",
                "dữ liệu của một người đang được xóa và nhập lại cùng lúc; vui lòng gửi lại",
            )
        return answers

    async def _fetch(self, subjects: set[UUID]) -> dict[UUID, Key]:
        rows = await self._pool.fetch(_KEYS, list(subjects)) if subjects else ()
        return {row["subject"]: self._key(row) for row in rows}

    def _key(self, row: asyncpg.Record) -> Key:
        if row["erased"]:
            return GONE
        if row["wrapped"] is None:
            return None
        wrapped = Wrapped(row["kek"], row["wrapped"])
        return AESGCM(self._keys.unwrap(wrapped, owner_of(row["subject"])))

    def _again(self, row: asyncpg.Record, owner: bytes) -> bytes:
        key = self._keys.unwrap(Wrapped(row["kek"], row["wrapped"]), owner)
        return self._keys.wrap(key, owner).box

    async def _key_of_index(self) -> bytes:
        """Derived from a secret kept in the vault, so that it outlives key-encryption keys."""
        if self._index_key is None:
            row = await self._secret() or await self._make_secret()
            secret = self._keys.unwrap(Wrapped(row["kek"], row["wrapped"]), _INDEX.encode())
            self._index_key = derived(secret, "khuyenhoc blind index 1")
        return self._index_key

    async def _secret(self) -> asyncpg.Record | None:
        return await self._pool.fetchrow("SELECT kek, wrapped FROM secret WHERE name = $1", _INDEX)

    async def _make_secret(self) -> asyncpg.Record:
        if await self._pool.fetchval("SELECT EXISTS (SELECT FROM blind_index)"):
            if row := await self._secret():  # another process made it meanwhile
                return row
            raise lost_key(_INDEX)  # a new one would make every known person unknown
        wrapped = self._keys.wrap(os.urandom(KEY_BYTES), _INDEX.encode())
        await self._pool.execute(
            "INSERT INTO secret VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING",
            *(_INDEX, wrapped.kek, wrapped.box),
        )
        return await self._secret()

    async def _rewrap_index(self) -> int:
        row = await self._secret()
        if row is None or row["kek"] == self._keys.current:
            return 0
        await self._pool.execute(
            "UPDATE secret SET kek = $2, wrapped = $3 WHERE name = $1 AND kek = $4",
            *(_INDEX, self._keys.current, self._again(row, _INDEX.encode()), row["kek"]),
        )
        return 1


def _digest(key: bytes, national_id: str) -> bytes | Refusal:
    try:
        return digest(key, national_id)
    except Refusal as refused:
        return refused


def _once(answer: Claim | Refusal, d: bytes, seen: set[bytes]) -> Claim | Refusal:
    if d in seen and isinstance(answer, Claim):
        return Claim(answer.subject, is_new=False)
    seen.add(d)
    return answer
