"""Decision: one legal act over a frozen list of cases, carried out in pieces."""

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from unicodedata import normalize
from uuid import UUID, uuid5

from chassis.domain import Aggregate, event, natural_id
from chassis.errors import Invalid, WrongState

from registry.domain.kind import CaseState, Model
from registry.domain.listed import MOST_CASES, Listed, recognisable
from registry.domain.refusals import in_order, refuse

__all__ = [
    "CHUNK",
    "MOST_CASES",
    "Decision",
    "chunk_command",
    "decision_id",
    "list_hash",
    "normal_number",
    "split_office",
]

CHUNK = 500  # cases recognised by one append

_BODY = re.compile(r"[A-Z0-9][A-Z0-9-]{0,31}")


def normal_number(number: str) -> str:
    """A decision's number as it is compared: NFC, upper case, without spaces."""
    return "".join(normalize("NFC", number).split()).upper()


def decision_id(province: str, office: str, year: int, number: str) -> UUID:
    """An office uses a number once a year. `office` is ``<exact area>:<body code>``."""
    return natural_id(province, "decision", office, str(year), normal_number(number))


def split_office(office: str) -> tuple[str, str]:
    """Area and body code of an office as people write it, ``03763@2025-07-01:UBND``.

    Raises:
        Invalid: it is not of that form.
    """
    area, colon, body = office.rpartition(":")
    if not colon or not area or not _BODY.fullmatch(body):
        shown = office[:60]
        raise refuse(
            Invalid,
            "/office",
            f"office {shown!r} is not an area and a body code, such as 03763@2025-07-01:UBND",
            f"cơ quan {shown!r} phải gồm địa bàn và mã cơ quan, như 03763@2025-07-01:UBND",
            shown,
        )
    return area, body


def list_hash(cases: Iterable[UUID]) -> str:
    """SHA-256, in hex, of the sorted ids, one a line: what ``sort | sha256sum`` says of a file."""
    lines = "".join(f"{case}\n" for case in sorted(cases))
    return hashlib.sha256(lines.encode("ascii")).hexdigest()


def chunk_command(decision: UUID, chunk: int) -> UUID:
    """The command id under which a piece is appended: whoever does it, it is done once."""
    return uuid5(decision, f"chunk/{chunk}")


class Decision(Aggregate):
    """Its list never changes. A case it can no longer recognise is left out, and said so."""

    class DecisionIssued(Aggregate.Created):
        TOPIC = "registry.DecisionIssued"
        office: str
        number: str
        year: int
        model: Model
        season: int
        decided_on: date
        effective_on: date
        signer: UUID
        cases: tuple[UUID, ...]
        list_hash: str

    class CaseLeftOut(Aggregate.Event):
        """`state` is what the case had become."""

        TOPIC = "registry.CaseLeftOut"
        case: UUID
        state: CaseState

    @classmethod
    def issue(
        cls,
        *,
        id: UUID,  # noqa: A002  # the aggregate's own word
        office: str,
        number: str,
        year: int,
        model: Model,
        season: int,
        decided_on: date,
        effective_on: date,
        signer: UUID,
        cases: Sequence[Listed],
        covers: Callable[[str], bool],
    ) -> "Decision":
        """A decision over these cases; `covers` says whether the office's area reaches an area.

        Raises:
            Invalid: no cases or too many, one twice, one of another season, days out of order.
            WrongModel: a case is of another model.
            WrongState: a case is not proposed.
            SamePerson: the signer verified or proposed one of them.
            OutsideArea, Erased: a case lies outside the office's area, or its subject was erased.
        """
        _dated(year, season, decided_on, effective_on)
        recognisable(cases, model=model, season=season, signer=signer, covers=covers)
        ids = tuple(sorted(each.case for each in cases))
        return cls(
            id=id,
            office=office,
            number=normal_number(number),
            year=year,
            model=model,
            season=season,
            decided_on=decided_on,
            effective_on=effective_on,
            signer=signer,
            cases=ids,
            list_hash=list_hash(ids),
        )

    @event(DecisionIssued)
    def __init__(
        self,
        office: str,
        number: str,
        year: int,
        model: Model,
        season: int,
        decided_on: date,
        effective_on: date,
        signer: UUID,
        cases: tuple[UUID, ...],
        list_hash: str,
    ) -> None:
        self.office = office
        self.number = number
        self.year = year
        self.model = model
        self.season = season
        self.decided_on = decided_on
        self.effective_on = effective_on
        self.signer = signer
        self.cases = cases
        self.list_hash = list_hash
        self.omitted: dict[UUID, CaseState] = {}

    @property
    def chunks(self) -> int:
        """How many pieces it is carried out in."""
        return -(-len(self.cases) // CHUNK)

    def chunk(self, number: int) -> tuple[UUID, ...]:
        """The cases of one piece, 0 to `chunks` - 1; the same for whoever asks, at any time."""
        return self.cases[number * CHUNK : (number + 1) * CHUNK]

    def left_out(self, case: UUID, state: CaseState) -> None:
        """A case of the list that had become something else when its turn came.

        Raises:
            WrongState: it is not on the list, or was left out before.
        """
        if case not in self.cases or case in self.omitted:
            raise WrongState(
                f"case {case} cannot be left out of decision {self.id}: "
                "it is not on its list, or was left out before",
                f"không thể để hồ sơ {case} ngoài quyết định {self.id}: "
                "không có trong danh sách, hoặc đã để ngoài",
            )
        self._left_out(case, state)

    @event(CaseLeftOut)
    def _left_out(self, case: UUID, state: CaseState) -> None:
        self.omitted[case] = state


def _dated(year: int, season: int, decided_on: date, effective_on: date) -> None:
    if year != decided_on.year:
        raise refuse(
            Invalid,
            "/year",
            f"a decision of {decided_on} is numbered in {decided_on.year}, not in {year}",
            f"quyết định ngày {decided_on} lấy số của năm {decided_on.year}, không phải {year}",
            year,
        )
    in_order(decided_on, effective_on, "effective_on")
    if not (season <= decided_on.year and effective_on.year <= season + 1):
        raise refuse(
            Invalid,
            "/season",
            f"season {season} is decided, and takes effect, in that year or the next one, "
            f"not on {effective_on}",
            f"năm {season} được quyết định và có hiệu lực trong năm đó hoặc năm sau, "
            f"không phải ngày {effective_on}",
            season,
        )
