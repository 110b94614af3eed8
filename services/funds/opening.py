"""Gifts and awards with their sealed fields, opened for those who may see them, on record."""

from collections.abc import Iterator
from uuid import UUID

from chassis.log.repository import Repository
from chassis.log.sealed import ErasedValue, Place, Sealed
from chassis.log.vault import Reader as Actor
from chassis.log.vault import Vault

from funds.domain.award import Award, Payment
from funds.domain.contribution import BankReference, Contribution
from funds.schemas import (
    AwardDetail,
    BankLineItem,
    BeneficiaryItem,
    ContributionDetail,
    DonorItem,
    PaymentItem,
)

Boxes = dict[str, tuple[Sealed, Place]]
Texts = dict[str, str | None]


class Opening:
    """Reads with personal fields. ``actor`` is the ``sub`` of who may see them, or ``None``."""

    def __init__(self, repository: Repository, vault: Vault) -> None:
        self._repository = repository
        self._vault = vault

    async def contribution(self, id: UUID) -> Contribution:  # noqa: A002
        """The contribution as it stands; ``NotFound`` if there is none."""
        return await self._repository.get(Contribution, id)

    async def award(self, id: UUID) -> Award:  # noqa: A002
        """The award as it stands; ``NotFound`` if there is none."""
        return await self._repository.get(Award, id)

    async def contribution_shown(self, it: Contribution, actor: UUID | None) -> ContributionDetail:
        """A contribution; its donor's name and the reason of its reversal for ``actor`` only."""
        texts, erased = await self._open(dict(_of_contribution(it)), actor, f"contribution {it.id}")
        known = not it.anonymous
        return ContributionDetail(
            id=it.id,
            version=it.version,
            fund=it.fund,
            kind=it.kind,
            area=it.area,
            amount=it.amount,
            channel=it.channel,
            earmark=it.earmark,
            item=it.item,
            donor=DonorItem(
                subject=it.subject if known else None,
                name=texts.get("donor.name"),
                anonymous=it.anonymous,
            ),
            bank_reference=_line(it.bank_reference),
            received_on=it.received_on,
            reversed_on=it.reversed_on,
            reason=texts.get("reason"),
            erased=erased,
        )

    async def award_shown(self, it: Award, actor: UUID | None) -> AwardDetail:
        """An award; its beneficiary's name and every reason for ``actor`` only."""
        texts, erased = await self._open(dict(_of_award(it)), actor, f"award {it.id}")
        return AwardDetail(
            id=it.id,
            version=it.version,
            fund=it.fund,
            kind=it.kind,
            area=it.area,
            recipient_kind=it.recipient_kind,
            amount=it.amount,
            earmark=it.earmark,
            nominated_on=it.nominated_on,
            state=it.state,
            approved=it.approved,
            paid=it.paid,
            beneficiary=BeneficiaryItem(
                kind=it.recipient_kind, subject=it.subject, name=texts.get("beneficiary.name")
            ),
            reason=texts.get("reason"),
            approved_on=it.approved_on,
            payments=[
                _payment(each, texts.get(f"payments.{n}.reason"))
                for n, each in enumerate(it.payments.values())
            ],
            erased=erased,
        )

    async def _open(
        self, boxes: Boxes, actor: UUID | None, purpose: str
    ) -> tuple[Texts, list[str]]:
        """The texts by the path of the reply, and the paths of those that were erased."""
        if actor is None or not boxes:
            return {}, []
        opened = await self._vault.read(Actor(actor, purpose), list(boxes.values()))
        found = dict(zip(boxes, opened, strict=True))
        erased = [path for path, value in found.items() if isinstance(value, ErasedValue)]
        return {p: v for p, v in found.items() if not isinstance(v, ErasedValue)}, erased


def _of_contribution(it: Contribution) -> Iterator[tuple[str, tuple[Sealed, Place]]]:
    if it.name is not None and not it.anonymous:
        yield "donor.name", (it.name, Place(it.id, 1, "name"))
    if it.reason is not None and not it.anonymous:
        yield "reason", (it.reason, Place(it.id, it.version, "reason"))


def _of_award(it: Award) -> Iterator[tuple[str, tuple[Sealed, Place]]]:
    if it.name is not None:
        yield "beneficiary.name", (it.name, Place(it.id, 1, "name"))
    yield "reason", (it.reason, Place(it.id, 1, "reason"))
    for n, payment in enumerate(it.payments.values()):
        if (undone := payment.reversal) is not None:
            yield (
                f"payments.{n}.reason",
                (undone.reason, Place(it.id, undone.version, "reason")),
            )


def _line(it: BankReference | None) -> BankLineItem | None:
    if it is None:
        return None
    return BankLineItem(bank=it.bank, account=it.account, transaction=it.transaction)


def _payment(it: Payment, reason: str | None) -> PaymentItem:
    return PaymentItem(
        payment=it.id,
        amount=it.amount,
        channel=it.channel,
        paid_on=it.paid_on,
        reversed_on=it.reversal.on if it.reversal else None,
        reason=reason,
    )
