"""The read tables on a real Postgres: what lists show is what the events say."""

from pathlib import Path

import asyncpg
import funds
import pytest
from chassis.run.database import migrate, open_pool
from funds.domain.kind import Account
from funds.projections import apply
from funds_builders import A_DAY, LATER, a_contribution, a_fund, an_award, as_recorded, sealed

READ_TABLES = Path(funds.__file__).with_name("migrations")


@pytest.fixture
async def tables(database):
    """The read tables, as the application's role sees them."""
    await migrate(database.owner_url, [READ_TABLES], database.app_role)
    pool = await open_pool(database.app_url, max_size=2)
    yield pool
    await pool.close()


@pytest.mark.parametrize("batch", [1, 2, 3, 1000])
async def test_the_lists_are_the_same_however_the_events_are_cut_into_batches(tables, batch):
    fund = a_fund(balance=500, earmarked={"sách vở": 200})
    gift = a_contribution(fund, amount=70)
    fund.receive(gift.id, 70, Account.IN_KIND, None, A_DAY)
    fund.bring_forward(1_000, None, A_DAY, "Sổ quỹ", "14")
    award = an_award(fund, amount=300, approved=250, paid=[100, 50])
    award.reverse(next(iter(award.payments)), sealed(), LATER, "14")
    events = as_recorded(fund, gift, award)
    async with tables.acquire() as connection:
        for start in range(0, len(events), batch):
            async with connection.transaction():
                await apply(connection, events[start : start + batch])
    (row,) = await tables.fetch("select version, balance, in_kind from fund")
    assert tuple(row) == (5, 1_700, 70)
    (row,) = await tables.fetch("select version, state, amount, approved, paid from award")
    assert tuple(row) == (5, "paid", 300, 250, 50)
    sums = await tables.fetch(
        "select account, sum(amount)::bigint from entry group by 1 order by 1"
    )
    assert [tuple(row) for row in sums] == [("in_kind", 70), ("money", 1_700)]
    facts = await tables.fetch("select position from fact where fund = $1 order by 1", fund.id)
    assert [row["position"] for row in facts] == [1, 5, 6, 7, 8, 9, 10, 11]


async def test_a_batch_that_fails_leaves_nothing_behind(tables):
    events = as_recorded(a_fund(balance=500))

    async def twice() -> None:
        async with tables.acquire() as connection, connection.transaction():
            await apply(connection, events)
            await apply(connection, events)

    with pytest.raises(asyncpg.UniqueViolationError):
        await twice()
    assert not await tables.fetchval("select count(*) from fund")
