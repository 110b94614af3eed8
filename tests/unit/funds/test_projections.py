"""What a batch of events changes in the lists, before any of it reaches a table."""

from uuid import uuid4

from funds.domain.kind import Account, Channel
from funds.projections import AwardMove, Changes, FundMove, fold
from funds_builders import A_DAY, LATER, a_contribution, a_fund, an_award, as_recorded, sealed


def folded(*aggregates) -> Changes:
    return fold(as_recorded(*aggregates))


def test_a_funds_movements_within_one_batch_are_one_new_row_and_one_move() -> None:
    fund = a_fund(balance=500, earmarked={"sách vở": 200})
    fund.receive(uuid4(), 70, Account.IN_KIND, None, A_DAY)
    changes = folded(fund)
    assert [row[0] for row in changes.funds] == [fund.id]
    assert changes.fund_moves == {fund.id: FundMove(version=4, balance=700, in_kind=70)}
    assert [each.amount for each in changes.entries] == [500, 200, 70]


def test_an_award_is_listed_as_far_as_it_has_come() -> None:
    award = an_award(amount=900, approved=800, paid=[300, 100])
    changes = folded(award)
    assert [row[0] for row in changes.awards] == [award.id]
    assert changes.award_moves == {award.id: AwardMove(4, "paid", 800, 400)}


def test_an_award_stays_paid_until_its_last_payment_is_reversed() -> None:
    award = an_award(amount=900, paid=[300, 100])
    first, second = award.payments
    award.reverse(first, sealed(), LATER, "14")
    award.collect_events()
    award.reverse(second, sealed(), LATER, "14")
    assert folded(award).award_moves[award.id] == AwardMove(6, "reversed", None, -100)


def test_the_facts_of_a_fund_are_its_own_its_gifts_and_its_awards() -> None:
    fund, other = a_fund(balance=5), a_fund()
    gift, award = a_contribution(fund, channel=Channel.CASH), an_award(fund)
    changes = folded(fund, gift, other, award)
    assert changes.facts == [(fund.id, 1), (fund.id, 3), (other.id, 4), (fund.id, 5)]


def test_an_opening_balance_is_an_entry_and_a_fact() -> None:
    fund = a_fund()
    fund.bring_forward(900, "sách vở", A_DAY, "Sổ quỹ", "14")
    changes = folded(fund)
    assert changes.facts == [(fund.id, 1), (fund.id, 2)]
    (entry,) = changes.entries
    assert (entry.movement, entry.amount, entry.cause) == ("brought_forward", 900, fund.id)
    assert changes.fund_moves[fund.id].balance == 900
