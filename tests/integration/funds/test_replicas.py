"""Two processes of the service at once over one log: no dong is lost, doubled or overdrawn."""

import asyncio
from functools import partial
from uuid import uuid4

import httpx2 as httpx
import pytest
from chassis.log.vault import request_digest
from funds import app
from funds_desk import ACCOUNTANT, TREASURER


@pytest.fixture
async def counters(desk):
    """The same service twice, each with its own memory; a caller may go to either."""
    second = app.assemble(
        desk.pool, desk.people, desk.serving.verifier, province="14",
        digest=partial(request_digest, b"k" * 32), local=True, clock=desk.clock,
    )  # fmt: skip
    await second.executor.start()
    transport = httpx.ASGITransport(app=second.web)
    async with httpx.AsyncClient(transport=transport, base_url="http://funds") as client:
        yield (desk.client, client)
    await second.executor.drain()


async def post(client, path: str, headers: dict[str, str], **body) -> int:
    own = {"idempotency-key": str(uuid4()), **headers}
    return (await client.post(f"/v1/{path}", json=body, headers=own)).status_code


async def test_gifts_at_two_counters_add_up(desk, counters):
    fund, mine = await desk.a_fund(), desk.bearer(ACCOUNTANT)
    gift = {"fund": fund, "channel": "cash", "donor": {"anonymous": True}}
    codes = await asyncio.gather(
        *(post(counters[n % 2], "contributions", mine, amount=n + 1, **gift) for n in range(60))
    )
    assert set(codes) == {201}
    assert (await desk.read(f"funds/{fund}"))["balance"] == sum(range(1, 61))


async def test_two_treasurers_at_two_counters_never_overdraw_a_fund(desk, counters):
    fund, mine = await desk.a_fund(balance=1_000), desk.bearer(TREASURER)
    awards = [await desk.an_award(fund, 100) for _ in range(15)]
    codes = await asyncio.gather(
        *(
            post(counter, "payments", mine, award=award, channel="cash")
            for award in awards
            for counter in counters
        )
    )
    assert sorted(codes) == [201] * 10 + [409] * 20
    assert (await desk.read(f"funds/{fund}"))["balance"] == 0
    paid = await desk.listed("awards", fund=fund, state="paid")
    assert sum(award["paid"] for award in paid) == 1_000
