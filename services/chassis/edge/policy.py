"""Who may do what where: one pure function, which denies unless a grant says otherwise."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from chassis.area import Area, Areas
from chassis.edge.auth import Grant, Principal, Role
from chassis.edge.labels import ROLES
from chassis.errors import Forbidden, OutsideArea, Refusal, UnknownArea


def allows(
    principal: Principal,
    roles: Collection[Role],
    area: Area,
    areas: Areas,
    today: date,
    fund: UUID | None = None,
) -> bool:
    """Whether one grant holds one of the roles, over the area, and for the fund if it names one.

    A grant's area is read on today's map; one that is on no map of today reaches nothing.
    """
    return any(
        grant.role in roles and grant.fund in (None, fund) and _reaches(grant, area, areas, today)
        for grant in principal.grants
    )


def denial(principal: Principal, roles: Collection[Role], area: Area) -> Refusal:
    """Why ``allows`` said no: the role is missing, or it is held elsewhere."""
    if not holds(principal, roles):
        return lacks(roles)
    return OutsideArea(
        f"the roles of this token do not reach {area}",
        f"quyền được giao không bao gồm địa bàn {area}",
    )


def lacks(roles: Collection[Role]) -> Forbidden:
    """The refusal of somebody who has none of the roles that may do this."""
    codes = sorted(roles)
    return Forbidden(
        f"this needs one of the roles {', '.join(codes)}",
        f"việc này dành cho: {', '.join(ROLES[role].vi for role in codes)}",
    )


def holds(principal: Principal, roles: Collection[Role]) -> bool:
    """Whether the principal has one of the roles anywhere."""
    return any(grant.role in roles for grant in principal.grants)


def require(
    principal: Principal,
    roles: Collection[Role],
    area: Area,
    areas: Areas,
    today: date,
    fund: UUID | None = None,
) -> None:
    """Pass silently when allowed.

    Raises:
        Forbidden: none of the roles is held.
        OutsideArea: a role is held, but not there or not for that fund.
    """
    if not allows(principal, roles, area, areas, today, fund):
        raise denial(principal, roles, area)


def _reaches(grant: Grant, area: Area, areas: Areas, today: date) -> bool:
    try:
        granted = areas.resolve(grant.area, today)
    except UnknownArea:
        return False
    return areas.covers(granted, area, today)
