"""The only bridge from stored events to published ones: what is not mentioned here stays here."""

from collections.abc import Callable, Mapping
from typing import Any, cast

from chassis.log.record import Recorded
from google.protobuf.message import Message
from khuyenhoc.funds.v1 import events_pb2 as public
from khuyenhoc.log.v1.log_pb2 import Withheld

from funds.codec import CODEC
from funds.domain.award import Award
from funds.domain.contribution import Contribution
from funds.domain.fund import Fund
from funds.domain.kind import Channel, FundKind, RecipientKind

KINDS = {kind: cast("public.FundKind", public.FundKind.Value(kind.value)) for kind in FundKind}
CHANNELS = {each: cast("public.Channel", public.Channel.Value(each.value)) for each in Channel}
RECIPIENTS = {
    each: cast("public.RecipientKind", public.RecipientKind.Value(each.value))
    for each in RecipientKind
}


def fund_opened(stream: str, it: Fund.FundOpened) -> public.FundOpened:
    return public.FundOpened(
        fund=stream, fund_kind=KINDS[it.kind], area=it.area, opened_on=it.opened_on.isoformat()
    )


def balance_brought_forward(
    stream: str, it: Fund.BalanceBroughtForward
) -> public.BalanceBroughtForward:
    return public.BalanceBroughtForward(
        fund=stream,
        fund_kind=KINDS[it.kind],
        area=it.area,
        amount=it.amount,
        as_of=it.as_of.isoformat(),
    )


def contribution_received(
    stream: str, it: Contribution.ContributionReceived
) -> public.ContributionReceived:
    return public.ContributionReceived(
        contribution=stream,
        fund=str(it.fund),
        fund_kind=KINDS[it.kind],
        area=it.area,
        amount=it.amount,
        channel=CHANNELS[it.channel],
        received_on=it.received_on.isoformat(),
    )


def contribution_reversed(
    stream: str, it: Contribution.ContributionReversed
) -> public.ContributionReversed:
    return public.ContributionReversed(
        contribution=stream,
        fund=str(it.fund),
        fund_kind=KINDS[it.kind],
        area=it.area,
        amount=it.amount,
        channel=CHANNELS[it.channel],
        reversed_on=it.reversed_on.isoformat(),
    )


def nominee_submitted(stream: str, it: Award.NomineeSubmitted) -> public.NomineeSubmitted:
    return public.NomineeSubmitted(
        award=stream,
        fund=str(it.fund),
        fund_kind=KINDS[it.kind],
        area=it.area,
        amount=it.amount,
        recipient_kind=RECIPIENTS[it.recipient_kind],
        nominated_on=it.nominated_on.isoformat(),
    )


def award_approved(stream: str, it: Award.AwardApproved) -> public.AwardApproved:
    return public.AwardApproved(
        award=stream,
        fund=str(it.fund),
        fund_kind=KINDS[it.kind],
        area=it.area,
        amount=it.amount,
        recipient_kind=RECIPIENTS[it.recipient_kind],
        approved_on=it.approved_on.isoformat(),
    )


def disbursement_paid(stream: str, it: Award.DisbursementPaid) -> public.DisbursementPaid:
    return public.DisbursementPaid(
        award=stream,
        payment=str(it.payment),
        fund=str(it.fund),
        fund_kind=KINDS[it.kind],
        area=it.area,
        amount=it.amount,
        recipient_kind=RECIPIENTS[it.recipient_kind],
        use=it.use,
        first=it.first,
        paid_on=it.paid_on.isoformat(),
    )


def disbursement_reversed(
    stream: str, it: Award.DisbursementReversed
) -> public.DisbursementReversed:
    return public.DisbursementReversed(
        award=stream,
        payment=str(it.payment),
        fund=str(it.fund),
        fund_kind=KINDS[it.kind],
        area=it.area,
        amount=it.amount,
        recipient_kind=RECIPIENTS[it.recipient_kind],
        use=it.use,
        last=it.last,
        reversed_on=it.reversed_on.isoformat(),
    )


FORMS: Mapping[type, Callable[[str, Any], Message]] = {
    Fund.FundOpened: fund_opened,
    Fund.BalanceBroughtForward: balance_brought_forward,
    Contribution.ContributionReceived: contribution_received,
    Contribution.ContributionReversed: contribution_reversed,
    Award.NomineeSubmitted: nominee_submitted,
    Award.AwardApproved: award_approved,
    Award.DisbursementPaid: disbursement_paid,
    Award.DisbursementReversed: disbursement_reversed,
}


def publish(recorded: Recorded) -> Message:
    """The public form of a stored event, or Withheld. No person and no free text ever leaves.

    Raises:
        UnknownEvent, NewerEvent: this version of the service cannot read what is stored.
    """
    event = CODEC.decode(recorded)
    form = FORMS.get(type(event))
    return form(str(recorded.stream), event) if form else Withheld()
