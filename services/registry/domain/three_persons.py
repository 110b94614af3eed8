"""Verifier, proposer and signer of one case are three persons, whatever roles each may hold."""

from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from chassis.errors import SamePerson


class Part(NamedTuple):
    """What a person did in a case, said in English and in Vietnamese."""

    en: str
    vi: str


SELF_ASSESSOR = Part("sent its self-assessment", "gửi bản tự đánh giá")
VERIFIER = Part("verified it", "thẩm định")
PROPOSER = Part("proposed it", "đề nghị")
SIGNER = Part("signs its decision", "ký quyết định")


def another_person(
    case: UUID, actor: UUID, part: Part, earlier: Mapping[Part, UUID | None]
) -> None:
    """Refuse somebody who took an earlier part that this part must not be joined with."""
    for other, who in earlier.items():
        if who == actor:
            raise SamePerson(
                f"case {case}: who {other.en} is not the person who {part.en}; both are {actor}",
                f"hồ sơ {case}: người {other.vi} không được là người {part.vi}; "
                f"cả hai đều là {actor}",
            )
