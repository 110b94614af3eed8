"""Reading: who asks, how much, from where, not before which position, and only what changed."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

import msgspec
from fastapi import Depends, Query, Request
from starlette.responses import Response

from chassis.area import Area, Areas
from chassis.clock import civil_day
from chassis.edge import policy
from chassis.edge.auth import Principal, Role
from chassis.edge.labels import preferred
from chassis.edge.waiting import LONGEST_WAIT_S, Positions
from chassis.errors import Invalid

MOST_ITEMS = 200
_WAIT_S = 5.0
_POSITION = re.compile(r"(?P<log>\d{2}\.[a-z]{1,32}):(?P<position>\d{1,18})")

Limit = Annotated[int, Query(ge=1, le=MOST_ITEMS, description="Items at most")]
Cursor = Annotated[
    str | None, Query(max_length=512, description="`next` of the page before", examples=[None])
]


async def caller(request: Request) -> Principal:
    """The principal of the request's token; ``Unauthenticated`` without a good one."""
    principal: Principal = await request.app.state.verifier.verify(
        request.headers.get("authorization")
    )
    return principal


Caller = Annotated[Principal, Depends(caller)]


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody with a token who reads: what they may see, on which day, in which language."""

    principal: Principal
    areas: Areas
    today: date
    language: str

    def require(self, roles: Collection[Role], area: Area, fund: UUID | None = None) -> None:
        """Pass when one of the roles, or an auditor's, is held over the area.

        Raises:
            Forbidden: none of them is held.
            OutsideArea: one is held, but not there.
        """
        wanted = {*roles, Role.AUDITOR_EXTERNAL}
        policy.require(self.principal, wanted, area, self.areas, self.today, fund)

    def may(self, roles: Collection[Role], area: Area, fund: UUID | None = None) -> bool:
        """Whether ``require`` would pass."""
        wanted = {*roles, Role.AUDITOR_EXTERNAL}
        return policy.allows(self.principal, wanted, area, self.areas, self.today, fund)


async def reader(request: Request, principal: Caller) -> Reader:
    state = request.app.state
    return Reader(
        principal=principal,
        areas=state.areas,
        today=civil_day(state.clock.now()),
        language=preferred(request.headers.get("accept-language")),
    )


Reading = Annotated[Reader, Depends(reader)]


async def reached(
    request: Request,
    min_position: Annotated[
        list[str] | None,
        Query(max_length=16, description="Not before this position", examples=[["14.training:42"]]),
    ] = None,
    wait: Annotated[
        float, Query(ge=0, le=LONGEST_WAIT_S, description="Seconds to wait for it")
    ] = _WAIT_S,
) -> None:
    """Hold the read back until the positions asked for are reached here.

    Raises:
        Invalid: a position is not ``14.training:4711``, or its log is not followed here.
        PositionNotReached: not within ``wait`` seconds.
    """
    if min_position:
        positions: Positions = request.app.state.positions
        await positions.reach(wanted(min_position), wait)


Reached = Depends(reached)
"""For ``dependencies=[Reached]``: adds ``min_position`` and ``wait`` to a read."""


def wanted(given: list[str]) -> dict[str, int]:
    """The highest position asked for of each log.

    Raises:
        Invalid: one is not of the form ``14.training:4711``.
    """
    positions: dict[str, int] = {}
    for each in given:
        found = _POSITION.fullmatch(each)
        if found is None:
            raise Invalid.at(
                "?min_position",
                "a position is a log's name and a number, such as 14.training:4711",
                "vị trí gồm tên sổ ghi và một số, như 14.training:4711",
                each,
            )
        log, position = found["log"], int(found["position"])
        positions[log] = max(position, positions.get(log, 0))
    return positions


class Page(msgspec.Struct, frozen=True):
    """A page of a list; ``next`` is the cursor of the page after it, or null."""

    items: list[Any]
    next: str | None = None


def answer(body: Any) -> Response:
    """A body (struct, dataclass or mapping) as JSON."""
    return Response(msgspec.json.encode(body), media_type="application/json")


def entity(request: Request, body: Any, version: int) -> Response:
    """One thing with its ``ETag``; ``304`` when the caller has this version already."""
    tag = f'"{version}"'
    if _has(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers={"etag": tag})
    answered = answer(body)
    answered.headers["etag"] = tag
    return answered


def _has(if_none_match: str | None, tag: str) -> bool:
    """Weak comparison, as RFC 9110, 13.1.2 asks for reads."""
    if not if_none_match:
        return False
    given = {each.strip().removeprefix("W/") for each in if_none_match[:1000].split(",")}
    return "*" in given or tag in given
