"""The search rows, in the vault's database: filled from the log."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg
from chassis.log.record import Recorded
from chassis.log.sealed import Keyring, Place
from chassis.log.vault import Vault, VaultFault

from registry.codec import CODEC
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

Row = tuple[UUID, str, str, str, bytes, str]


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
