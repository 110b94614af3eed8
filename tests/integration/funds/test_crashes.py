"""A fund's counter killed at any step: no dong is lost, none counted twice, no act is half done."""

import asyncio
import signal
from pathlib import Path
from typing import NamedTuple

import asyncpg
import pytest
from chassis.log.repository import Repository
from chassis.log.store import Log
from chassis.log.vault import MIGRATIONS
from chassis.run.database import migrate, open_pool
from funds import app
from funds.codec import CODEC
from funds.domain.fund import Fund
from funds_till import FUND, ROUNDS, gift
from killed import run_until_killed

from deploy.local.databases import Database

GIVEN = sum(map(gift, range(ROUNDS)))
AWARDS = len(range(0, ROUNDS, 3))

BROKEN = """
select command from event group by command having not (
    count(*) = 1 and min(type) in (
        'funds.FundOpened', 'funds.NomineeSubmitted', 'funds.AwardApproved')
    or count(*) = 2 and bool_or(type = 'funds.FundMoved')
        and bool_or(type in ('funds.ContributionReceived', 'funds.DisbursementPaid')))
"""
LOWEST = """
select min(held) from (
    select sum((payload->>'amount')::bigint) over (order by position) as held
    from event where stream = $1 and type = 'funds.FundMoved') as balances
"""


class Books(NamedTuple):
    main: Database
    safe: Database


@pytest.fixture
async def books(make_database) -> Books:
    made = Books(make_database("funds"), make_database("funds_vault"))
    await migrate(made.main.owner_url, app.MIGRATIONS, made.main.app_role)
    await migrate(made.safe.owner_url, [MIGRATIONS], made.safe.app_role)
    return made


def answers(noted: Path) -> dict[tuple[str, int], int]:
    """What was answered: path and number of the act, its position."""
    if not noted.exists():
        return {}
    lines = map(str.split, noted.read_text().splitlines())
    return {(path, int(n)): int(position) for path, n, position in lines}


async def at_the_till(
    books: Books, noted: Path, counter: str = "one", *, award: int = 50,
    kill_after: int | None = None, failpoint: str = "",
) -> int:  # fmt: skip
    return await run_until_killed(
        "-m", "funds_till", books.main.app_url, books.safe.app_url, str(noted), counter,
        str(award), noted=lambda: answers(noted), kill_after=kill_after,
        KH_PROFILE="local", KH_FAILPOINT=failpoint,
    )  # fmt: skip


async def sound(books: Books) -> int:
    """The fund's balance, once no act was found half done and none below zero."""
    pool = await open_pool(books.main.app_url)
    try:
        await never_half_done(pool)
        fund = await Repository(Log(pool, "14.funds"), CODEC).get(Fund, FUND)
        return fund.balance()
    finally:
        await pool.close()


async def never_half_done(pool: asyncpg.Pool) -> None:
    assert await pool.fetch(BROKEN) == []
    assert (await pool.fetchval(LOWEST, FUND) or 0) >= 0
    dense = "select count(*) = coalesce(max(position), 0) from event"
    assert await pool.fetchval(dense)


async def finished(books: Books, noted: Path) -> None:
    """What was acknowledged is answered alike; all of it sent again completes the rest."""
    said = answers(noted)
    await sound(books)
    again = noted.with_suffix(".again")
    assert await at_the_till(books, again) == 0
    told = answers(again)
    assert {act: told[act] for act in said} == said
    assert len(told) == 1 + ROUNDS + 3 * AWARDS
    assert await sound(books) == GIVEN - 50 * AWARDS


@pytest.mark.parametrize("step", ["append.sending:5", "append.sent:9", "append.replied:13"])
async def test_killed_at_a_named_step_the_fund_holds_what_was_acknowledged(books, tmp_path, step):
    noted = tmp_path / "noted"
    assert await at_the_till(books, noted, failpoint=step) == -signal.SIGKILL
    await finished(books, noted)


async def test_killed_twice_under_load_and_finished(books, tmp_path):
    noted = tmp_path / "noted"
    for after in (15, 70):
        assert await at_the_till(books, noted, kill_after=after) == -signal.SIGKILL
    await finished(books, noted)


async def test_two_processes_doing_the_same_acts_do_them_once(books, tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    await asyncio.gather(at_the_till(books, one), at_the_till(books, other))
    assert answers(one) == answers(other)
    assert await sound(books) == GIVEN - 50 * AWARDS


async def test_two_processes_never_pay_more_than_their_one_fund_holds(books, tmp_path):
    counters = {name: tmp_path / name for name in ("one", "other")}
    await asyncio.gather(
        *(at_the_till(books, noted, name, award=700) for name, noted in counters.items())
    )
    told = [answers(noted) for noted in counters.values()]
    paid = [at for each in told for (path, _), at in each.items() if path == "payments"]
    assert 0 in paid, "nothing had to be refused, so nothing was tried"
    assert await sound(books) == 2 * GIVEN - 700 * len([at for at in paid if at])
