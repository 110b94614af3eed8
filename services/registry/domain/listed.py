"""What a decision has to know of each case on its list, and what must hold for all of them."""

from collections.abc import Callable, Sequence
from typing import NamedTuple
from uuid import UUID

from chassis.errors import Erased, Invalid, OutsideArea, SamePerson, WrongState

from registry.domain.kind import CaseState, Model
from registry.domain.refusals import WrongModel, refuse, refuse_all

MOST_CASES = 10_000


class Listed(NamedTuple):
    """From the case itself, or from a read table when there are thousands. `area` is exact."""

    case: UUID
    model: Model
    season: int
    state: CaseState
    area: str
    verifier: UUID | None
    proposer: UUID | None
    erased: bool = False


def recognisable(
    cases: Sequence[Listed],
    *,
    model: Model,
    season: int,
    signer: UUID,
    covers: Callable[[str], bool],
) -> None:
    """Refuse a list that one decision cannot recognise; each wrong case is named.

    Raises:
        Invalid, WrongModel, WrongState, SamePerson, OutsideArea, Erased: see `Decision.issue`.
    """
    _counted(cases)
    _listed_once(cases)
    _fitting(cases, model, season)
    _within(cases, covers)
    _known(cases)
    _proposed(cases, signer)


def _counted(cases: Sequence[Listed]) -> None:
    if not 1 <= len(cases) <= MOST_CASES:
        raise refuse(
            Invalid,
            "/cases",
            f"{len(cases)} cases: one decision takes 1 to {MOST_CASES}",
            f"{len(cases)} hồ sơ: một quyết định nhận từ 1 đến {MOST_CASES}",
            len(cases),
        )


def _listed_once(cases: Sequence[Listed]) -> None:
    seen: set[UUID] = set()
    faults = []
    for place, each in enumerate(cases):
        if each.case in seen:
            en, vi = f"case {each.case} is listed twice", f"hồ sơ {each.case} ghi hai lần"
            faults.append((f"/cases/{place}", en, vi, str(each.case)))
        seen.add(each.case)
    if faults:
        raise refuse_all(Invalid, faults, faults[0][1], faults[0][2])


def _fitting(cases: Sequence[Listed], model: Model, season: int) -> None:
    other_model = [
        _fault(place, each, f"is of the model {each.model}", f"thuộc mô hình {each.model}")
        for place, each in enumerate(cases)
        if each.model is not model
    ]
    if other_model:
        en, vi = f"the decision is for {model} only", f"quyết định chỉ dành cho {model}"
        raise refuse_all(WrongModel, other_model, en, vi)
    other_season = [
        _fault(place, each, f"is of season {each.season}", f"thuộc năm {each.season}")
        for place, each in enumerate(cases)
        if each.season != season
    ]
    if other_season:
        en, vi = f"the decision is for season {season} only", f"quyết định chỉ cho năm {season}"
        raise refuse_all(Invalid, other_season, en, vi)


def _within(cases: Sequence[Listed], covers: Callable[[str], bool]) -> None:
    reached = {area: covers(area) for area in {each.area for each in cases}}
    outside = [
        _fault(place, each, f"lies in {each.area}", f"thuộc địa bàn {each.area}")
        for place, each in enumerate(cases)
        if not reached[each.area]
    ]
    if outside:
        en = "a case lies outside the area of the office"
        raise refuse_all(OutsideArea, outside, en, "có hồ sơ ngoài địa bàn của cơ quan")


def _known(cases: Sequence[Listed]) -> None:
    erased = [
        _fault(place, each, "is of a subject who was erased", "của đối tượng đã xóa dữ liệu")
        for place, each in enumerate(cases)
        if each.erased
    ]
    if erased:
        en = "a case is of a subject whose personal data was erased"
        raise refuse_all(Erased, erased, en, "có hồ sơ của đối tượng đã xóa dữ liệu cá nhân")


def _proposed(cases: Sequence[Listed], signer: UUID) -> None:
    waiting = [
        _fault(place, each, f"is {each.state}", f"ở trạng thái {each.state}")
        for place, each in enumerate(cases)
        if each.state is not CaseState.PROPOSED
    ]
    if waiting:
        en = "a decision takes proposed cases only"
        raise refuse_all(WrongState, waiting, en, "quyết định chỉ nhận hồ sơ đã được đề nghị")
    own = [
        _fault(place, each, "was verified or proposed by", "do chính người này xử lý:")
        for place, each in enumerate(cases)
        if signer in (each.verifier, each.proposer)
    ]
    if own:
        en = f"the signer {signer} verified or proposed a case"
        raise refuse_all(SamePerson, own, en, f"người ký {signer} đã thẩm định hoặc đề nghị hồ sơ")


def _fault(place: int, each: Listed, en: str, vi: str) -> tuple[str, str, str, object]:
    case = str(each.case)
    return f"/cases/{place}", f"case {case} {en}", f"hồ sơ {case} {vi}", case
