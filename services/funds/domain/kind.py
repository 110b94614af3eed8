"""The codes of funds: kinds, channels, states, and what moves a balance."""

from enum import StrEnum


class FundKind(StrEnum):
    EDUCATION_PROMOTION = "education_promotion"
    SCHOLARSHIP = "scholarship"


class Account(StrEnum):
    """What a fund holds: money, and things valued in dong, which pay for nothing."""

    MONEY = "money"
    IN_KIND = "in_kind"


class Channel(StrEnum):
    CASH = "cash"
    BANK = "bank"
    IN_KIND = "in_kind"

    @property
    def account(self) -> Account:
        return Account.IN_KIND if self is Channel.IN_KIND else Account.MONEY


class RecipientKind(StrEnum):
    PERSON = "person"
    COLLECTIVE = "collective"


class AwardState(StrEnum):
    NOMINATED = "nominated"
    APPROVED = "approved"
    PAID = "paid"
    REVERSED = "reversed"


class Movement(StrEnum):
    """Why a fund's balance moved."""

    BROUGHT_FORWARD = "brought_forward"
    CONTRIBUTION = "contribution"
    CONTRIBUTION_REVERSED = "contribution_reversed"
    PAYMENT = "payment"
    PAYMENT_REVERSED = "payment_reversed"
