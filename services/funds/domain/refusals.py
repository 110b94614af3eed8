"""Why funds says no: every sentence it has, in English and in Vietnamese, from the values."""

from datetime import date
from uuid import UUID

from chassis.errors import AlreadyExists, Conflict, Invalid, Said, SamePerson, WrongState

from funds.domain.kind import Account, AwardState

APPROVED = Said("approved", "duyệt")
PAID = Said("paid", "chi tiền")
"""What may be done with an award, as ``cannot be ...`` and ``không thể ...``."""

_STANDS = {
    AwardState.NOMINATED: "mới được đề nghị",
    AwardState.APPROVED: "đã được duyệt",
    AwardState.PAID: "đã chi",
    AwardState.REVERSED: "đã hoàn lại",
}
_HELD = {
    Account.MONEY: Said("money", "tiền"),
    Account.IN_KIND: Said("goods", "hiện vật"),
}


class InsufficientBalance(Conflict):
    """The fund holds less than is to leave it."""

    code = "insufficient-balance"


class EarmarkMismatch(Conflict):
    """The fund holds enough, but under other earmarks."""

    code = "earmark-mismatch"


def insufficient(fund: UUID, account: Account, asked: int, held: int) -> InsufficientBalance:
    thing = _HELD[account]
    return InsufficientBalance(
        f"fund {fund} holds {held} dong in {thing.en}: {asked} cannot leave it",
        f"quỹ {fund} còn {held} đồng {thing.vi}: không đủ {asked} đồng",
    )


def spent(fund: UUID, amount: int, held: int, earmark: str | None) -> InsufficientBalance:
    of = _purpose(earmark)
    return InsufficientBalance(
        f"{amount} dong cannot be taken back from fund {fund}: it is spent already, "
        f"only {held} is left{of.en}",
        f"không thể rút lại {amount} đồng khỏi quỹ {fund}: tiền đã chi, chỉ còn {held} đồng{of.vi}",
    )


def elsewhere(
    fund: UUID, asked: int, held: int, total: int, earmark: str | None
) -> EarmarkMismatch:
    of = _purpose(earmark)
    return EarmarkMismatch(
        f"fund {fund} holds {total} dong, but only {held}{of.en}: the rest is for other purposes, "
        f"{asked} cannot be paid",
        f"quỹ {fund} có {total} đồng nhưng chỉ có {held} đồng{of.vi}: phần còn lại dành cho mục "
        f"đích khác, không chi được {asked} đồng",
    )


def _purpose(earmark: str | None) -> Said:
    if earmark is None:
        return Said(" for no particular purpose", " không gắn mục đích")
    return Said(f" for {earmark!r}", f" dành cho “{earmark}”")


def not_an_amount(amount: object, highest: int) -> Invalid:
    return Invalid.at(
        "/amount",
        f"{amount} is not an amount: 1 to {highest} dong, whole numbers",
        f"{amount} không phải là số tiền hợp lệ: từ 1 đến {highest} đồng, không có số lẻ",
        amount,
    )


def too_much_held(fund: UUID, amount: int, highest: int) -> Invalid:
    return Invalid.at(
        "/amount",
        f"with {amount} dong more, fund {fund} would hold over {highest}",
        f"thêm {amount} đồng thì quỹ {fund} vượt quá {highest} đồng",
        amount,
    )


def too_many_earmarks(fund: UUID, most: int) -> Invalid:
    return Invalid.at(
        "/earmark",
        f"fund {fund} keeps money for {most} purposes already, the most it can",
        f"quỹ {fund} đã có {most} mục đích riêng, là mức nhiều nhất",
    )


def in_order(first: date, last: date, field: str) -> None:
    """Refuse an act before the one it follows."""
    if last < first:
        raise Invalid.at(
            f"/{field}",
            f"{field} {last} is before {first}",
            f"{field} {last} ở trước ngày {first}",
            last.isoformat(),
        )


class BroughtForward(AlreadyExists):
    """One opening balance for each purpose of a fund."""

    def __init__(self, fund: UUID, earmark: str | None) -> None:
        of = _purpose(earmark)
        super().__init__(
            f"fund {fund} has its opening balance{of.en} already",
            f"quỹ {fund} đã có số dư đầu kỳ{of.vi}",
        )


class AlreadyReversed(WrongState):
    """What was reversed is not reversed again, nor is a reversal."""

    def __init__(self, what: Said, id: UUID) -> None:  # noqa: A002  # the domain's own word
        super().__init__(
            f"{what.en} {id} is reversed already, and a reversal is final",
            f"{what.vi} {id} đã được hoàn lại, không hoàn lại lần nữa",
        )


class NotNow(WrongState):
    """The award is in a state in which this is not done."""

    def __init__(self, award: UUID, state: AwardState, act: Said) -> None:
        super().__init__(
            f"award {award} is {state}: it cannot be {act.en}",
            f"suất khen thưởng {award} {_STANDS[state]}: không thể {act.vi}",
        )


class OverApproved(WrongState):
    """Payments never sum to more than was approved."""

    def __init__(self, award: UUID, asked: int, approved: int, rest: int) -> None:
        super().__init__(
            f"award {award} is approved for {approved} dong, of which {rest} is not yet paid: "
            f"{asked} cannot be paid",
            f"suất khen thưởng {award} được duyệt {approved} đồng, còn {rest} đồng chưa chi: "
            f"không chi được {asked} đồng",
        )


class TooManyPayments(WrongState):
    """An award is paid in instalments, not in drops."""

    def __init__(self, award: UUID, most: int) -> None:
        super().__init__(
            f"award {award} has {most} payments, the most it can",
            f"suất khen thưởng {award} đã có {most} lần chi, là mức nhiều nhất",
        )


class PaymentKnown(AlreadyExists):
    """The award has a payment of that id."""

    def __init__(self, award: UUID, payment: UUID) -> None:
        super().__init__(
            f"payment {payment} of award {award} exists already",
            f"lần chi {payment} của suất khen thưởng {award} đã có",
        )


def no_such_payment(award: UUID, payment: UUID) -> Invalid:
    return Invalid.at(
        "/payment",
        f"{payment} is not a payment of award {award}",
        f"{payment} không phải là lần chi của suất khen thưởng {award}",
        str(payment),
    )


def more_than_nominated(asked: int, nominated: int) -> Invalid:
    return Invalid.at(
        "/amount",
        f"{asked} dong is more than the {nominated} that was nominated: nominate anew for more",
        f"{asked} đồng nhiều hơn mức đề nghị {nominated} đồng: muốn hơn phải đề nghị lại",
        asked,
    )


def both_acts(award: UUID, one: Said, other: Said) -> SamePerson:
    return SamePerson(
        f"whoever {one.en} award {award} may not be who {other.en} it",
        f"người {one.vi} suất khen thưởng {award} không được là người {other.vi}",
    )


def own_award(award: UUID, act: Said) -> SamePerson:
    return SamePerson(
        f"award {award} is their own: they cannot be who {act.en} it",
        f"suất khen thưởng {award} là của chính người này: không được tự {act.vi}",
    )


def needed(pointer: str, en: str, vi: str) -> Invalid:
    """A field that this act cannot do without, or cannot have."""
    return Invalid.at(pointer, en, vi)
