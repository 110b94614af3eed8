"""What leaves the service, and what does not."""

from typing import Any
from uuid import uuid4

from chassis.domain import events_of
from chassis.log.sealed import Sealed
from funds.codec import AGGREGATES
from funds.domain.contribution import BankReference
from funds.domain.fund import Fund
from funds.domain.kind import Account, Channel, FundKind, RecipientKind
from funds.publish import CHANNELS, FORMS, KINDS, RECIPIENTS, publish
from funds_builders import (
    A_DAY,
    LATER,
    PAYER,
    a_contribution,
    a_fund,
    an_award,
    as_recorded,
    sealed,
)
from khuyenhoc.funds.v1 import events_pb2 as public
from khuyenhoc.log.v1.log_pb2 import Withheld

ITEM, EARMARK, SOURCE = "vở của bà Mai", "cho cháu Lò Thị Hoa", "Sổ của ông Cầm"
LINE = BankReference.of("Agribank", "79002050", "FT25171")


def published(*aggregates) -> list[Any]:
    return [publish(each) for each in as_recorded(*aggregates)]


def everything() -> tuple:
    """One of every event that funds stores, with all the words that it may hold."""
    fund = a_fund(name="Quỹ của dòng họ Lò")
    fund.bring_forward(900, EARMARK, A_DAY, SOURCE, "14")
    thing = a_contribution(fund, channel=Channel.IN_KIND, item=ITEM, earmark=EARMARK)
    gift = a_contribution(
        fund, channel=Channel.BANK, name=sealed(), subject=uuid4(), bank_reference=LINE
    )
    fund.receive(gift.id, gift.amount, Account.MONEY, None, A_DAY)
    gift.reverse(sealed(), LATER, "14")
    award = an_award(fund, approved=True, paid=[5], name=sealed(), subject=uuid4(), earmark=EARMARK)
    (payment,) = award.payments
    award.reverse(payment, sealed(), LATER, "14")
    return fund, thing, gift, award


def test_only_a_funds_own_movements_are_withheld() -> None:
    every_event = {event for aggregate in AGGREGATES for event in events_of(aggregate)}
    assert every_event - set(FORMS) == {Fund.FundMoved}


def test_what_has_no_public_form_still_takes_its_place() -> None:
    assert published(a_fund(balance=5))[1] == Withheld()


def test_every_public_message_has_a_stored_event_behind_it() -> None:
    messages = set(public.DESCRIPTOR.message_types_by_name)
    assert messages == {form.TOPIC.removeprefix("funds.") for form in FORMS}


def test_every_code_has_its_public_number() -> None:
    for codes, enum in (
        (KINDS, public.FundKind),
        (CHANNELS, public.Channel),
        (RECIPIENTS, public.RecipientKind),
    ):
        assert {code.value: number for code, number in codes.items()} == {
            name: number for name, number in enum.items() if number
        }


def test_no_person_and_no_free_text_ever_leaves() -> None:
    stored = as_recorded(*everything())
    assert len({each.type for each in stored}) == 9
    wire = b"".join(publish(each).SerializeToString() for each in stored)
    for word in ("Mai", "Hoa", "Cầm", "dòng họ Lò", "FT25171", "79002050"):
        assert any(word.encode() in each.payload for each in stored)
        assert word.encode() not in wire
    assert b"sealed" not in wire


def test_no_id_of_a_person_leaves() -> None:
    _, _, gift, award = aggregates = everything()
    wire = b"".join(message.SerializeToString() for message in published(*aggregates))
    people = [gift.subject, award.subject, award.person, award.proposer.sub, PAYER.sub]
    boxes = [box for box in (gift.name, award.name, award.reason) if isinstance(box, Sealed)]
    for person in [*people, *(box.subject for box in boxes)]:
        assert str(person).encode() not in wire


def test_a_payment_says_what_it_is_for_and_whether_its_recipient_is_new() -> None:
    fund = a_fund(kind=FundKind.EDUCATION_PROMOTION)
    award = an_award(fund, amount=900, paid=[300, 600], recipient_kind=RecipientKind.COLLECTIVE)
    first, second = published(award)[2:]
    assert (first.use, first.first, second.first) == ("award", True, False)
    assert (first.fund_kind, first.recipient_kind) == (
        public.FundKind.education_promotion,
        public.RecipientKind.collective,
    )
    assert (first.amount, second.amount, first.paid_on) == (300, 600, A_DAY.isoformat())


def test_a_reversal_says_whether_its_recipient_is_counted_any_longer() -> None:
    award = an_award(amount=900, paid=[300, 600])
    for payment in list(award.payments):
        award.reverse(payment, sealed(), LATER, "14")
    assert [message.last for message in published(award)[4:]] == [False, True]


def test_an_opening_balance_is_no_contribution() -> None:
    fund = a_fund()
    fund.bring_forward(900, None, A_DAY, SOURCE, "14")
    assert published(fund)[1] == public.BalanceBroughtForward(
        fund=str(fund.id),
        fund_kind=public.FundKind.scholarship,
        area="14",
        amount=900,
        as_of=A_DAY.isoformat(),
    )
