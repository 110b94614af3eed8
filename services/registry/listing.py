"""Which cases a decision may take, from the read table once it has all that was accepted."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from chassis.errors import Busy
from chassis.log import follow
from chassis.log.pace import SOON
from chassis.log.store import Log

from registry.domain.kind import CaseState, Model
from registry.domain.listed import MOST_CASES, Listed

_PATIENCE_S = 10.0
_COLUMNS = "id, model, season, state, area, verifier, proposer"
# Few, and found by the index of that type alone.
_ERASED = "subject IN (SELECT stream FROM event WHERE type = 'registry.ErasureOrdered')"
_NAMED = f"SELECT {_COLUMNS}, {_ERASED} FROM recognition_case WHERE id = ANY($1::uuid[])"
_PROPOSED = f"""
SELECT {_COLUMNS}, false FROM recognition_case
WHERE state = 'proposed' AND model = $2 AND season = $3 AND area = ANY($1::text[])
  AND NOT {_ERASED}
ORDER BY id LIMIT {MOST_CASES + 1}
"""


class Listing:
    """Cases as rows. Each is looked at again when its turn comes."""

    def __init__(self, log: Log, read_tables: str) -> None:
        self._log = log
        self._read_tables = read_tables

    async def reach_now(self) -> None:
        """Wait until the table has everything accepted so far.

        Raises:
            Busy: the worker that keeps it is not there.
        """
        head = (await self._log.head()).position
        try:
            async with asyncio.timeout(_PATIENCE_S):
                while await follow.position(self._log.pool, self._read_tables) < head:  # noqa: ASYNC110  # another process
                    await asyncio.sleep(SOON)
        except TimeoutError:
            raise Busy(
                "the list of cases is behind; send the request again",
                "danh sách hồ sơ chưa cập nhật kịp; xin gửi lại yêu cầu",
            ) from None

    async def named(self, ids: Sequence[UUID]) -> dict[UUID, Listed]:
        """Those of the cases that exist."""
        return {row[0]: _listed(row) for row in await self._log.fetch(_NAMED, list(ids))}

    async def proposed(self, areas: Sequence[str], model: Model, season: int) -> list[Listed]:
        """The proposed cases of these exact areas; one more than a decision takes, at most.

        A case of somebody who was erased waits for nothing any more, and is not among them.
        """
        rows = await self._log.fetch(_PROPOSED, list(areas), model, season)
        return [_listed(row) for row in rows]


def _listed(row: Sequence[object]) -> Listed:
    id, model, season, state, area, verifier, proposer, erased = row  # noqa: A001
    assert isinstance(id, UUID)
    assert isinstance(season, int)
    return Listed(
        id,
        Model(str(model)),
        season,
        CaseState(str(state)),
        str(area),
        verifier if isinstance(verifier, UUID) else None,
        proposer if isinstance(proposer, UUID) else None,
        erased=bool(erased),
    )
