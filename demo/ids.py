"""Ids that need not be remembered: the surface's natural keys, and those of generated people."""

import json
from functools import cache
from uuid import NAMESPACE_URL, UUID, uuid5

_SUBJECTS = uuid5(NAMESPACE_URL, "urn:khuyenhoc:demo:subject")


def natural_id(province: str, *parts: str) -> UUID:
    """The id that a thing has by what it is: kind and parts, as compact JSON (surface, rule 3)."""
    return uuid5(_space(province), json.dumps(parts, ensure_ascii=False, separators=(",", ":")))


def subject_id(prefix: str, sort: str, number: int | str) -> UUID:
    """A generated subject: another one for every seed and scale."""
    return uuid5(_SUBJECTS, f"{prefix}/{sort}/{number}")


@cache
def _space(province: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"urn:khuyenhoc:{province}")
