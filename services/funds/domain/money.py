"""Money: integer dong, and entries whose two sides balance to zero."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from funds.domain.kind import Account, Movement
from funds.domain.refusals import not_an_amount

HIGHEST = 9 * 10**15
Dong = int
"""A whole number of dong; what people hand over is 1 to 9*10^15, a balance may be 0."""


class Side(StrEnum):
    """Where money in a fund came from, or went to: the other side of each of its entries."""

    OPENING = "opening"
    CONTRIBUTIONS = "contributions"
    AWARDS = "awards"


OTHER_SIDE: Mapping[Movement, Side] = {
    Movement.BROUGHT_FORWARD: Side.OPENING,
    Movement.CONTRIBUTION: Side.CONTRIBUTIONS,
    Movement.CONTRIBUTION_REVERSED: Side.CONTRIBUTIONS,
    Movement.PAYMENT: Side.AWARDS,
    Movement.PAYMENT_REVERSED: Side.AWARDS,
}


class Posting(NamedTuple):
    """One side of an entry: what an account gains, or loses below zero."""

    account: Account | Side
    amount: Dong


def postings(movement: Movement, account: Account, amount: Dong) -> tuple[Posting, Posting]:
    """Both sides of an entry by which the fund gains ``amount`` (a loss is below zero)."""
    return Posting(account, amount), Posting(OTHER_SIDE[movement], -amount)


def dong(amount: Dong) -> Dong:
    """An amount that somebody may hand over.

    Raises:
        Invalid: it is not an integer from 1 to 9*10^15.
    """
    if type(amount) is not int or not 1 <= amount <= HIGHEST:
        raise not_an_amount(amount, HIGHEST)
    return amount
