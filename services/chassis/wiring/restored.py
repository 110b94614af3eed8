"""After a vault was restored from a backup: whoever was erased since is erased once more."""

from chassis.clock import SystemClock
from chassis.run.settings import Settings
from chassis.wiring.stores import open_stores


async def erase_again(settings: Settings, erased: str) -> str:
    """Destroy in the vault what was destroyed before; what was done, in a line.

    ``erased`` is SQL over the service's own database that gives each ``subject`` whose erasure was
    carried out. To be done before anything else is started: orders that are still open are left
    to the worker, as ever.
    """
    async with await open_stores(settings, "erase-again", size=1) as stores:
        subjects = [row["subject"] for row in await stores.pool.fetch(erased)]
        again = await stores.vault(SystemClock()).erase_again(subjects)
    return f"{len(subjects)} erasures known; {again} keys had come back and are gone again"
