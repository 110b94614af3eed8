"""Generated funds: gifts over two years, and the awards that are paid out of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from demo.acts import Act, Made
from demo.calendar import AS_OF, FIRST_DAY, a_day, entered, office_hour
from demo.classes import shares
from demo.figures import Figure, expected
from demo.persons import ACCOUNTANT, APPROVER, CHAIR, OFFICER, TREASURER, Person

GIVING = uuid5(NAMESPACE_URL, "urn:khuyenhoc:demo:giving")
OCCASIONS = (
    date(2024, 5, 25),
    date(2024, 9, 5),
    date(2024, 11, 20),
    date(2025, 5, 25),
    date(2025, 9, 5),
)
"""Ends and beginnings of school years, and Teachers' Day: when awards are handed over."""


@dataclass(frozen=True)
class Purse:
    """One fund: what it receives in all, and the awards it pays."""

    code: str
    kind: str
    name: str
    received: int
    gifts: int
    awarded: int
    awards: int

    @property
    def id(self) -> str:
        return str(uuid5(GIVING, self.code))


def purses(goals: dict[str, Figure], scale: float) -> list[Purse]:
    """Three awards of five come from the promotion fund, by number and by amount."""
    recipients, amount = goals["award.recipients"].target, goals["award.amount"].target
    students = recipients * 2 // 5
    scholarships = amount * students // recipients
    return [
        Purse(
            "promotion",
            "education_promotion",
            "Quỹ Khuyến học tỉnh (dữ liệu mẫu)",
            goals["fund.promotion.mobilised"].target,
            expected(3200, scale),
            amount - scholarships,
            recipients - students,
        ),
        Purse(
            "tohieu",
            "scholarship",
            "Quỹ Học bổng Tô Hiệu (dữ liệu mẫu)",
            goals["fund.tohieu.mobilised"].target,
            expected(900, scale),
            scholarships,
            students,
        ),
    ]


def sums(total: int, parts: int, rng: Random, coin: int = 10_000) -> list[int]:
    """A total in parts of at least one coin, whole coins but for the last part."""
    if not parts:
        return []
    coin = min(coin, max(1, total // (2 * parts)))
    coins = [1 + share for share in shares(total // coin - parts, parts, rng)]
    found = [coin * each for each in coins]
    found[-1] += total - sum(found)
    return found


def giving(purse: Purse, rng: Random) -> Iterator[Act]:
    yield Act(
        office_hour(FIRST_DAY, 8),
        "/v1/funds",
        {
            "id": purse.id,
            "name": purse.name,
            "kind": purse.kind,
            "area": "14",
            "opened_on": FIRST_DAY.isoformat(),
        },
        1,
        person=CHAIR,
    )
    yield brought_forward(purse)
    yield from gifts(purse, rng)
    yield from a_mistake(purse)
    for n, amount in enumerate(sums(purse.awarded, purse.awards, rng)):
        yield from an_award(purse, n, amount, rng)


def brought_forward(purse: Purse) -> Act:
    """What the fund held before it was kept here: it is there, and was not given since."""
    held = {
        "fund": purse.id,
        "amount": max(1, purse.received // 20),
        "as_of": FIRST_DAY.isoformat(),
        "source": "Sổ quỹ đến hết ngày 31/12/2023 (dữ liệu mẫu)",
    }
    return Act(office_hour(FIRST_DAY, 8), "/v1/opening-balances", held, 2, person=ACCOUNTANT)


def gifts(purse: Purse, rng: Random) -> Iterator[Act]:
    """The first is money enough for every award, so that no payment waits for a gift."""
    first = min(purse.received - 1, purse.awarded)
    more = sums(purse.received - first, purse.gifts, rng) if first else []
    yield a_gift(purse, 0, first or purse.received, FIRST_DAY, office_hour(FIRST_DAY, 9))
    for n, amount in enumerate(more, start=1):
        moment = entered(a_day(rng), rng)
        yield a_gift(purse, n, amount, moment.day, moment.recorded_at)


def a_gift(purse: Purse, n: int, amount: int, day: date, recorded_at: Any) -> Act:
    body: dict[str, Any] = {
        "fund": purse.id,
        "amount": amount,
        "channel": "cash" if n % 3 == 1 else "bank",
        "donor": {"anonymous": True} if n % 13 == 5 else {"name": f"Nhà hảo tâm mẫu {n:05d}"},
        "received_on": day.isoformat(),
    }
    if n % 9 == 4:
        body |= {"channel": "in_kind", "item": "Sách vở, đồ dùng học tập"}
    elif n % 11 == 7:
        body["earmark"] = "Khuyến học vùng cao"
    if body["channel"] == "bank":
        line = {"bank": "NGANHANGMAU", "account": f"MAU-{purse.code}", "transaction": f"{n:06d}"}
        body["bank_reference"] = line
    return Act(recorded_at, "/v1/contributions", body, 2, person=ACCOUNTANT)


def a_mistake(purse: Purse) -> Iterator[Act]:
    """A gift entered for the wrong fund, and taken back a week later: nothing remains of it."""
    day, name = date(2024, 3, 4), f"{purse.code}/mistake"
    gift = {
        "fund": purse.id,
        "amount": 500_000,
        "channel": "cash",
        "donor": {"anonymous": True},
        "received_on": day.isoformat(),
    }
    yield Act(office_hour(day), "/v1/contributions", gift, 2, person=ACCOUNTANT, name=name)
    later = day + timedelta(days=7)
    back = {
        "contribution": Made(name),
        "reason": "Ghi nhầm quỹ (dữ liệu mẫu)",
        "reversed_on": later.isoformat(),
    }
    yield Act(office_hour(later), "/v1/reversals", back, 3, person=ACCOUNTANT)


def an_award(purse: Purse, n: int, amount: int, rng: Random) -> Iterator[Act]:
    """Nominated, approved and paid by three persons within three weeks."""
    handed_over = OCCASIONS[rng.randrange(len(OCCASIONS))]
    assert handed_over <= AS_OF
    name = f"{purse.code}/award/{n}"

    def act(before: int, path: str, dated: str, after: int, person: Person, body: Any) -> Act:
        day = handed_over - timedelta(days=before)
        named = name if path == "/v1/nominations" else ""
        return Act(
            office_hour(day), path, {**body, dated: day.isoformat()}, after, "", person, named
        )

    collective = n % 5 == 3
    label = f"Tập thể mẫu {n:05d}" if collective else f"Học sinh mẫu {n:05d}"
    nominee = {
        "fund": purse.id,
        "amount": amount,
        "beneficiary": {"kind": "collective" if collective else "person", "name": label},
        "reason": "Thành tích trong học tập (dữ liệu mẫu)",
    }
    award = {"award": Made(name)}
    paid = {**award, "id": str(uuid5(GIVING, f"{name}/payment"))}
    paid["channel"] = "bank" if n % 2 else "cash"
    yield act(20, "/v1/nominations", "nominated_on", 4, OFFICER, nominee)
    yield act(10, "/v1/approvals", "approved_on", 5, APPROVER, award)
    yield act(0, "/v1/payments", "paid_on", 6, TREASURER, paid)
