"""Whose key seals what: keys for the donors and beneficiaries of many commands, fetched at once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from chassis.domain import uuid7
from chassis.edge.session import Asked
from chassis.errors import Erased
from chassis.log.execute import Executor
from chassis.log.sealed import Keyring, Sealed
from chassis.log.vault import Vault

from funds.domain.award import Award
from funds.domain.contribution import Contribution

if TYPE_CHECKING:
    from funds.commands import (
        ApproveAward,
        NominateBeneficiary,
        PayAward,
        ReceiveContribution,
        ReverseEntry,
    )

_NOBODY = Keyring({})


@dataclass(frozen=True, slots=True)
class Ready:
    """What one command is decided with: an id for what it makes, and the keys to seal under.

    ``person`` is the subject that was named. Somebody who has no entry in the registry is known to
    the vault by the id of their contribution or award: a person of their own, erased by that id.
    """

    id: UUID
    person: UUID
    keyring: Keyring

    def seal(self, stream: UUID, version: int, **texts: str | None) -> Mapping[str, Sealed]:
        """Seal the texts that were given, for that version of that stream.

        Raises:
            Erased: the person was erased.
        """
        given = {path: text for path, text in texts.items() if text is not None}
        return self.keyring.seal(self.person, stream, version, given) if given else {}


class Persons:
    """Prepares commands a batch at a time: a few round trips for all of them."""

    def __init__(self, vault: Vault, executor: Executor, province: str) -> None:
        self._vault = vault
        self._executor = executor
        self._province = province

    async def for_contributions(
        self, commands: Sequence["ReceiveContribution"], _: Asked
    ) -> list[Ready]:
        """A key only where the donor's name is given; the id of a bank line is that line's."""
        found = []
        for command in commands:
            line = command.bank_reference
            id_ = line.reference().contribution(self._province) if line else uuid7()
            found.append((id_, command.donor.subject or id_, command.donor.name is not None))
        return await self._ready(found)

    async def for_nominations(
        self, commands: Sequence["NominateBeneficiary"], _: Asked
    ) -> list[Ready]:
        ids = [uuid7() for _ in commands]
        found = [
            (id_, command.beneficiary.subject or id_, True)
            for id_, command in zip(ids, commands, strict=True)
        ]
        return await self._ready(found)

    async def for_reversals(self, commands: Sequence["ReverseEntry"], _: Asked) -> list[Ready]:
        """Reasons are sealed under the key of whoever gave or was to receive."""
        gifts = {each.contribution for each in commands if each.contribution}
        awards = {each.award for each in commands if each.award}
        people: dict[UUID, UUID] = {}
        for gift in (await self._executor.warm(Contribution, gifts)).values():
            people[gift.id] = gift.person or gift.id
        for award in (await self._executor.warm(Award, awards)).values():
            people[award.id] = award.person
        targets = [each.contribution or each.award or uuid7() for each in commands]
        return await self._ready([(t, people.get(t, t), t in people) for t in targets])

    async def for_awards(
        self, commands: Sequence["ApproveAward"] | Sequence["PayAward"], _: Asked
    ) -> tuple[()]:
        """Nothing but their awards, loaded together."""
        await self._executor.warm(Award, {each.award for each in commands})
        return ()

    async def _ready(self, wanted: Collection[tuple[UUID, UUID, bool]]) -> list[Ready]:
        keyring = await self.keyring({person for _, person, sealing in wanted if sealing})
        return [Ready(id_, person, keyring) for id_, person, _ in wanted]

    async def keyring(self, people: Iterable[UUID]) -> Keyring:
        """Their keys, made where they are new. Whoever was erased stays so: sealing says it."""
        wanted = set(people)
        if not wanted:
            return _NOBODY
        with suppress(Erased):
            await self._vault.admit(wanted)
        return await self._vault.keyring(wanted)
