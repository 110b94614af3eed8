"""Money and awards, held against the gifts and payments counted one by one."""

from collections import Counter as Sums
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from counter import Counter
from google.protobuf.message import Message
from khuyenhoc.funds.v1 import events_pb2 as funds
from reports import AREAS, REFORM, place, published

LOG = "14.funds"
KINDS = ("education_promotion", "scholarship")
TODAY = date(2025, 10, 20)


@dataclass(frozen=True)
class Gift:
    """Money given, and on some day perhaps given back."""

    area: str
    kind: str
    channel: str
    amount: int
    on: date
    back_on: date | None

    def messages(self) -> Iterator[Message]:
        said = {"area": self.area, "fund_kind": self.kind, "channel": self.channel}
        yield funds.ContributionReceived(amount=self.amount, received_on=str(self.on), **said)
        if self.back_on:
            back = str(self.back_on)
            yield funds.ContributionReversed(amount=self.amount, reversed_on=back, **said)


def gifts(count: int) -> list[Gift]:
    chance = Random(5)
    found = []
    for _ in range(count):
        on = date(2024, 1, 1) + timedelta(days=chance.randrange(600))
        standing = AREAS.in_force(REFORM if on >= REFORM else date(2024, 1, 1))
        found.append(
            Gift(
                area=chance.choice([str(chance.choice(standing).area), "14"]),
                kind=chance.choice(KINDS),
                channel=chance.choice(("cash", "bank", "in_kind")),
                amount=chance.randrange(1, 9_000_000_000_000),
                on=on,
                back_on=on + timedelta(days=chance.randrange(50))
                if chance.random() < 0.2
                else None,
            )
        )
    return found


async def test_money_mobilised_is_what_was_received_less_what_went_back(counter: Counter) -> None:
    given = gifts(400)
    await counter.apply(published([m for gift in given for m in gift.messages()], LOG), batch=90)
    expected: Sums[tuple[str, str, str, str]] = Sums()
    for gift in given:
        key = (place(gift.area, TODAY), gift.kind, gift.channel)
        expected[(*key, f"{gift.on:%Y-%m}")] += gift.amount
        if gift.back_on:
            expected[(*key, f"{gift.back_on:%Y-%m}")] -= gift.amount
    rows = await counter.rows(measure="funds_mobilised", by="commune,fund_kind,channel,month")
    assert {
        (row["area"], row["by"]["fund_kind"], row["by"]["channel"], row["by"]["month"]): row[
            "value"
        ]
        for row in rows
    } == expected
    whole = await counter.value(measure="funds_mobilised")
    assert whole == sum(gift.amount for gift in given if not gift.back_on)


async def test_an_award_paid_in_two_parts_is_one_recipient_until_both_came_back(
    counter: Counter,
) -> None:
    of = {"fund_kind": "scholarship", "area": "14", "recipient_kind": "person", "use": "award"}
    first = funds.DisbursementPaid(amount=300, paid_on="2025-09-01", first=True, **of)
    second = funds.DisbursementPaid(amount=200, paid_on="2025-09-20", **of)
    back = funds.DisbursementReversed(amount=300, reversed_on="2025-10-02", **of)
    last = funds.DisbursementReversed(amount=200, reversed_on="2025-10-05", last=True, **of)
    await counter.apply(published([first, second, back, last], LOG))

    async def figures(as_of: str) -> tuple[int, int]:
        spent, paid = await counter.rows(measure="awards_paid,funds_spent", as_of=as_of)
        return spent["value"], paid["value"]

    assert await figures("2025-09-01") == (1, 300)
    assert await figures("2025-09-30") == (1, 500)
    assert await figures("2025-10-02") == (1, 200)
    assert await figures("2025-10-05") == (0, 0)
    september = {"measure": "funds_spent", "use": "award", "period": "2025-09"}
    assert await counter.value(**september, fund_kind="scholarship") == 500
    assert await counter.value(**september, fund_kind="education_promotion") == 0


async def test_an_opening_balance_is_read_and_counted_nowhere(counter: Counter) -> None:
    balance = funds.BalanceBroughtForward(
        fund_kind="scholarship", area="14", amount=16_000_000_000, as_of="2023-12-31"
    )
    await counter.apply(published([balance], LOG))
    answer = await counter.read(measure="funds_mobilised")
    assert answer["rows"][0]["value"] == 0
    assert answer["positions"][LOG]["position"] == 1
