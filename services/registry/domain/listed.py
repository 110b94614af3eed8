"""What a decision has to know of each case on its list."""

from typing import NamedTuple
from uuid import UUID

from registry.domain.kind import CaseState, Model


class Listed(NamedTuple):
    """From the case itself, or from a read table when there are thousands. `area` is exact."""

    case: UUID
    model: Model
    season: int
    state: CaseState
    area: str
    verifier: UUID | None
    proposer: UUID | None
