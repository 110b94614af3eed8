"""A process that claims 400 people in an order of its own; several of them race in a test."""

import asyncio
import json
import random
import sys

from chassis.clock import SystemClock
from chassis.log.vault import Claim, KeyEncryptionKeys, Vault, Wanted
from chassis.run.database import open_pool


async def main(url: str, secret: str, seed: str) -> None:
    """Say that it is ready, wait for a line, then claim in batches at once and tell the answers."""
    ids = [f"014{number:09}" for number in range(400)]
    random.Random(seed).shuffle(ids)
    async with await open_pool(url) as pool:
        vault = Vault(pool, KeyEncryptionKeys((bytes.fromhex(secret),)), SystemClock())
        await vault.find(ids[0])
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        batches = (vault.claim_all([Wanted(i) for i in ids[n : n + 40]]) for n in range(0, 400, 40))
        answers = [claim for batch in await asyncio.gather(*batches) for claim in batch]
    claims = {i: claim for i, claim in zip(ids, answers, strict=True) if isinstance(claim, Claim)}
    told = {i: [str(claim.subject), claim.is_new] for i, claim in claims.items()}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
