"""What a command's handler is given: the work under way, who asks, and which day it is."""

from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from chassis.area import Area, Areas
from chassis.clock import Clock
from chassis.domain import Aggregate
from chassis.edge import policy
from chassis.edge.auth import Principal, Role
from chassis.errors import Forbidden
from chassis.log.execute import UnitOfWork

A = TypeVar("A", bound=Aggregate)


class Asked(msgspec.Struct, frozen=True):
    """One request: who, on which day, and how they want to be answered.

    ``keys`` is what the caller's keys are named under: caller and service, as bytes.
    """

    principal: Principal
    today: date
    keys: bytes
    language: str = "vi"
    trace_id: str = ""
    traceparent: str | None = None
    recorded_at: datetime | None = None
    allowed: set[Area] = msgspec.field(default_factory=set)
    """Where the request's one command was found permitted; a batch asks for each place once."""


class Session:
    """One attempt at one command. What is saved here becomes one append, made by the edge.

    A handler must ``allow`` the area of what it changes before it saves. ``prepared`` is what the
    command's ``prepare`` made for it, together with that of the commands beside it.
    """

    __slots__ = (
        "_allowed",
        "_known",
        "_roles",
        "_work",
        "areas",
        "clock",
        "prepared",
        "principal",
        "today",
    )

    def __init__(
        self,
        work: UnitOfWork,
        asked: Asked,
        *,
        roles: frozenset[Role],
        areas: Areas,
        clock: Clock,
        prepared: Any = None,
    ) -> None:
        self.prepared = prepared
        self.principal = asked.principal
        self.today = asked.today
        self.areas = areas
        self.clock = clock
        self._work = work
        self._roles = roles
        self._allowed = False
        self._known = asked.allowed

    @property
    def actor(self) -> UUID:
        """Whose act this is: the token's ``sub``."""
        return self.principal.sub

    @property
    def province(self) -> str:
        return self.areas.province.code

    async def get(self, kind: type[A], id: UUID) -> A:  # noqa: A002  # the word the domain uses
        """The aggregate as it stands; ``NotFound`` when there is none."""
        return await self._work.get(kind, id)

    async def find(self, kind: type[A], id: UUID) -> A | None:  # noqa: A002
        """The aggregate as it stands, or ``None``."""
        return await self._work.find(kind, id)

    def rests_on(self, id: UUID, version: int) -> bool:  # noqa: A002  # the word the domain uses
        """Whether that aggregate need not be loaded; see :meth:`UnitOfWork.rests_on`."""
        return self._work.rests_on(id, version)

    def allow(self, area: Area, fund: UUID | None = None) -> None:
        """Let the act go on if the caller may do it there.

        Raises:
            Forbidden: none of the command's roles is held.
            OutsideArea: one is held, but not over this area or for this fund.
        """
        if area not in self._known or fund is not None:
            policy.require(self.principal, self._roles, area, self.areas, self.today, fund)
            if fund is None:
                self._known.add(area)
        self._allowed = True

    def save(self, first: A, *others: Aggregate) -> A:
        """Take the pending events of these as the command's one append; the reply names the first.

        Raises:
            Forbidden: the handler never asked whether the caller may.
        """
        if not self._allowed:
            raise Forbidden(
                "nobody was asked whether this is permitted, so it is not",
                "việc này chưa được kiểm tra quyền nên không được phép làm",
            )
        self._work.save(first, *others)
        return first
