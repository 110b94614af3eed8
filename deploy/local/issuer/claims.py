"""What a token says of its bearer: roles in areas, checked before anything is signed."""

import re
import time
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from chassis.area import Areas
from chassis.edge.auth import AUDIENCE, Role
from chassis.errors import UnknownArea

LIFETIME_S = 12 * 3600
_PERSON = re.compile(r"[A-Za-z0-9._-]{1,64}")
_VILLAGE = re.compile(r"(\d{5})-\d{3}(@\d{4}-\d{2}-\d{2})?")


class BadRequestError(ValueError):
    """What was asked cannot be in a token; the message names the value."""


def sub(person: str) -> UUID:
    """The identity of a demo person: one person has one, whatever the roles.

    Raises:
        BadRequestError: the name is not 1 to 64 letters, digits, dots, dashes.
    """
    if not _PERSON.fullmatch(person):
        raise BadRequestError(f"PERSON={person!r} is not 1 to 64 letters, digits, '.', '_' or '-'")
    return uuid5(NAMESPACE_URL, f"urn:khuyenhoc:local:person:{person}")


def claims(asked: Mapping[str, str], issuer: str, areas: Areas, today: date) -> dict[str, Any]:
    """The claims for `role` (a list with commas) in `area`, with `person`, `subject`, `fund`.

    Raises:
        BadRequestError: a value is missing, unknown or malformed.
    """
    now = int(time.time())
    made: dict[str, Any] = {
        "iss": issuer,
        "aud": AUDIENCE,
        "iat": now,
        "exp": now + LIFETIME_S,
        "sub": str(sub(asked.get("person") or "1")),
        "grants": grants(asked, areas, today),
    }
    if asked.get("subject"):
        made["subject"] = _uuid("SUBJECT", asked["subject"])
    return made


def grants(asked: Mapping[str, str], areas: Areas, today: date) -> list[dict[str, str]]:
    """One grant for each role, all in the same area and for the same fund."""
    roles = [role.strip() for role in asked.get("role", "").split(",") if role.strip()]
    if not roles:
        raise BadRequestError(f"ROLE is missing; it is one or more of {', '.join(Role)}")
    where = _area(asked.get("area", ""), areas, today)
    fund = {"fund": _uuid("FUND", asked["fund"])} if asked.get("fund") else {}
    return [{"role": _role(role), "area": where, **fund} for role in roles]


def _role(text: str) -> str:
    if text not in set(Role):
        raise BadRequestError(f"ROLE={text!r} is not one of {', '.join(Role)}")
    return text


def _area(text: str, areas: Areas, today: date) -> str:
    """An area of today's map; a village is taken by its form, for its registry knows it, not we."""
    village = _VILLAGE.fullmatch(text)
    try:
        areas.resolve(village.group(1) if village else text, today)
    except UnknownArea as unknown:
        raise BadRequestError(f"AREA={text!r}: {unknown}") from None
    return text


def _uuid(name: str, text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise BadRequestError(f"{name}={text!r} is not a UUID") from None
