"""The search rows, in the vault's database: filled from the log, asked by name, area and model."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
from chassis.edge import cursors
from chassis.log.record import Recorded
from chassis.log.sealed import Keyring, Place
from chassis.log.vault import Vault, VaultFault

from registry.codec import CODEC
from registry.domain.kind import Model
from registry.domain.subject import Subject
from registry.search import names

# Whoever has no key any more has no row: the key is looked for in the same statement.
ENTER = """
insert into subject_name (subject, model, area, name, name_sort, words)
select t.subject, t.model, t.area, t.name, t.name_sort,
       array_to_tsvector(string_to_array(t.words, ' '))
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bytea[], $6::text[])
     as t (subject, model, area, name, name_sort, words)
join data_key using (subject)
on conflict (subject) do nothing
"""
FIND = """
select subject, model, area, name, name_sort
from subject_name
where {where}
order by {order}
limit {limit}
"""

Row = tuple[UUID, str, str, str, bytes, str]


@dataclass(frozen=True, slots=True)
class Question:
    """Whom somebody looks for. `areas` are exact, None for the whole province."""

    query: str | None
    areas: Sequence[str] | None
    model: Model | None

    def narrowed(self) -> tuple[list[str], list[Any]]:
        """Conditions with their values, in the order of the placeholders."""
        conditions, values = ["true"], list[Any]()
        for clause, value in (
            ("words @@ ${}::tsquery", self.query),
            ("area = any(${}::text[])", self.areas),
            ("model = ${}", self.model),
        ):
            if value is not None:
                values.append(value)
                conditions.append(clause.format(len(values)))
        return conditions, values


@dataclass(frozen=True, slots=True)
class Found:
    """A page of rows, and where the next one begins."""

    rows: Sequence[asyncpg.Record]
    next: str | None


class Search:
    """Search by name. To those who may not see names, rows come in the order of their ids."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def find(
        self, question: Question, cursor: str | None, limit: int, *, named: bool
    ) -> Found:
        """A page in the order of a Vietnamese list."""
        of = f"{question!r}:{named}"
        conditions, values = question.narrowed()
        if cursor is not None:
            after = cursors.decode(cursor, tuple[bytes, UUID], of=of)
            conditions.append(_after(len(values), named=named))
            values.extend(after if named else after[1:])
        sql = FIND.format(
            where=" and ".join(conditions),
            order="name_sort, subject" if named else "subject",
            limit=limit + 1,
        )
        rows = await self._pool.fetch(sql, *values)
        last = rows[limit - 1] if len(rows) > limit else None
        follows = (last["name_sort"] if named else b"", last["subject"]) if last else None
        return Found(rows[:limit], cursors.encode(follows, of=of) if follows else None)


class Filling:
    """Follows the log into the search rows."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def apply(self, connection: asyncpg.Connection, events: Sequence[Recorded]) -> None:
        """Add the subjects entered by these events; those erased since are left out."""
        entered = [each for each in events if each.type == Subject.SubjectEntered.TOPIC]
        if not entered:
            return
        keyring = await self._vault.keyring({each.stream for each in entered})
        rows = [row for each in entered if (row := _row(each, keyring))]
        if rows:
            await connection.execute(ENTER, *(list(column) for column in zip(*rows, strict=True)))


def _row(recorded: Recorded, keyring: Keyring) -> Row | None:
    event = CODEC.decode(recorded)
    assert isinstance(event, Subject.SubjectEntered)
    try:
        name = keyring.open(event.name, Place(recorded.stream, recorded.version, "name"))
    except VaultFault:  # the alarm was raised; the others can be found all the same
        return None
    if not isinstance(name, str):
        return None
    words = " ".join(names.lexemes(name))
    return recorded.stream, event.model, event.area, name, names.sort_key(name), words


def _after(values: int, *, named: bool) -> str:
    if named:
        return f"(name_sort, subject) > (${values + 1}, ${values + 2})"
    return f"subject > ${values + 1}"
