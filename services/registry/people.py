"""New subjects of one piece of work: found by national id or given a key, all in one round trip."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from chassis.domain import uuid7
from chassis.errors import Erased, Refusal
from chassis.log.execute import Executor
from chassis.log.sealed import Key, Keyring, Sealed
from chassis.log.vault import Vault, Wanted

from registry.domain.subject import Subject


class Newcomer(Protocol):
    """Whoever is to be entered, as a form names them."""

    @property
    def id(self) -> UUID | None: ...
    @property
    def name(self) -> str: ...
    @property
    def national_id(self) -> str | None: ...
    @property
    def birth_year(self) -> int | None: ...


@dataclass(slots=True)
class Met:
    """Who a form is about. While `unseen`, no event of theirs was there when it was prepared."""

    subject: UUID
    unseen: bool
    keyring: Keyring

    def taken(self) -> bool:
        """Whether to enter them without looking; true once, for whatever came between shows."""
        unseen, self.unseen = self.unseen, False
        return unseen

    def sealed(self, form: Newcomer) -> dict[str, Sealed]:
        """The form's personal fields, sealed for the first event of the subject's stream.

        Raises:
            Erased: this subject was erased; an id is never used again.
        """
        texts = {"name": form.name}
        if form.national_id is not None:
            texts["national_id"] = form.national_id
        if form.birth_year is not None:
            texts["birth_year"] = str(form.birth_year)
        return self.keyring.seal(self.subject, self.subject, 1, texts)


async def untouched(executor: Executor, subjects: set[UUID]) -> set[UUID]:
    """Those of whom nothing is told but that they were entered; the others are loaded.

    Almost everybody: their one event need not be read for an act that asks only whether an erasure
    was ordered.
    """
    versions = await executor.versions(subjects)
    found = {each for each in subjects if versions.get(each) == Subject.UNTOUCHED}
    if others := subjects - found:
        await executor.warm(Subject, others)
    return found


class People:
    """Knows whom the vault and the log know."""

    def __init__(self, vault: Vault, executor: Executor) -> None:
        self._vault = vault
        self._executor = executor

    async def meet(self, forms: Sequence[Newcomer]) -> list[Met | Refusal]:
        """The subject of each form, with a key; committed in the vault on return.

        A known national id gives the subject it belongs to; a refusal is one form's alone.
        """
        new: dict[UUID, Key] = {}
        answers = await self._claimed(forms, new)
        others = {one for one in answers if isinstance(one, UUID)} - new.keys()
        seen = set(await self._executor.warm(Subject, others))
        keyring = Keyring(new) | await self._vault.keyring(others)
        met: list[Met | Refusal] = []
        for one in answers:
            if isinstance(one, UUID):
                met.append(Met(one, one not in seen, keyring))
                seen.add(one)  # named twice at once: the second looks
            else:
                met.append(one)
        return met

    async def _claimed(
        self, forms: Sequence[Newcomer], new: dict[UUID, Key]
    ) -> list[UUID | Refusal]:
        """The subject of each form; of those made for it, the keys are put into `new`."""
        wanted = {
            place: Wanted(form.national_id, form.id)
            for place, form in enumerate(forms)
            if form.national_id is not None
        }
        claims = await self._vault.claim_all(list(wanted.values())) if wanted else []
        known: dict[int, UUID | Refusal] = {}
        for place, claim in zip(wanted, claims, strict=True):
            if isinstance(claim, Refusal):
                known[place] = claim
                continue
            known[place] = claim.subject
            if claim.key is not None:
                new[claim.subject] = claim.key
        answers = [
            known[place] if place in known else form.id or uuid7()
            for place, form in enumerate(forms)
        ]
        await self._admit(one for place, one in enumerate(answers) if place not in known)
        return answers

    async def _admit(self, answers: Iterator[UUID | Refusal]) -> None:
        """Make keys for those without a national id; whoever was erased gets none."""
        subjects = {one for one in answers if isinstance(one, UUID)}
        if not subjects:
            return
        with suppress(Erased):  # the keys are made; sealing for the erased one is refused alone
            await self._vault.admit(subjects)
