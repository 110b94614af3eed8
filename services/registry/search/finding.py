"""Asking the search rows: whom a page holds, and how Postgres comes to it without walking far.

Each plan is written out, because the planner takes a name's matches for evenly spread over the
list, while those of a given name stand in one place of it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg
from chassis.edge import cursors

from registry.domain.kind import Model

_PEOPLE = """
SELECT s.subject, s.model, s.area, s.name, s.name_sort FROM subject_name s
WHERE {who} ORDER BY {order} LIMIT {limit}
"""
# A page of each, and the first of those: a LATERAL with a LIMIT stays the loop it is.
_OF_EACH = """
SELECT found.* FROM {each} CROSS JOIN LATERAL ({people}) AS found
ORDER BY {order} LIMIT {limit}
"""
_AREAS = "unnest({areas}::text[]) AS one (area)"
# Each name has somebody of its model; all of the cursor's own five may stand before it.
_NAMES = """(
    SELECT name_sort, model FROM {names} AS hit
    ORDER BY name_sort FETCH FIRST ({limit} + 5) ROWS WITH TIES
) AS one"""
# A word that many bear is in one of the next names already; these are read in order.
_NEXT = """(
    SELECT name_sort, model FROM (
        SELECT name_sort, model, words FROM distinct_name
        WHERE name_sort >= {after} ORDER BY name_sort, model LIMIT 3000
    ) AS next WHERE words @@ {query}::tsquery
)"""
# Any other is in few enough to look at them all; OFFSET keeps their order out of the search.
_ALL = """(
    SELECT name_sort, model FROM distinct_name
    WHERE words @@ {query}::tsquery AND name_sort >= {after} OFFSET 0
)"""
_IN_ORDER = "name_sort, subject"


@dataclass(frozen=True, slots=True)
class Question:
    """Whom somebody looks for. `areas` are exact, None for the whole province."""

    query: str | None
    areas: Sequence[str] | None
    model: Model | None


@dataclass(frozen=True, slots=True)
class Found:
    """A page of rows, and where the next one begins."""

    rows: Sequence[asyncpg.Record]
    next: str | None


class Search:
    """Search by name. To those who may not see names, rows come in the order of their ids."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def find(
        self, question: Question, cursor: str | None, limit: int, *, named: bool
    ) -> Found:
        """A page in the order of a Vietnamese list."""
        of = f"{question!r}:{named}"
        after = None if cursor is None else cursors.decode(cursor, tuple[bytes, UUID], of=of)
        rows: list[asyncpg.Record] = []
        for way in _ways(question, named=named):
            page = _Page(question, after, limit + 1)
            rows = await self._pool.fetch(way(page), *page.values)
            if len(rows) > limit:
                break
        last = rows[limit - 1] if len(rows) > limit else None
        follows = (last["name_sort"] if named else b"", last["subject"]) if last else None
        return Found(rows[:limit], cursors.encode(follows, of=of) if follows else None)


@dataclass(frozen=True, slots=True)
class _Page:
    """One statement in the making: what is asked, and the values of its placeholders."""

    question: Question
    after: tuple[bytes, UUID] | None
    limit: int
    values: list[Any] = field(default_factory=list)

    def of_all(self) -> str:
        """Along the list of everybody."""
        return self._people(self._behind())

    def of_areas(self) -> str:
        """A page of each area, put together."""
        asked = self.question
        each = _AREAS.format(areas=self.put(asked.areas))
        conditions = [
            "s.area = one.area",
            self._unless_none("words @@ {}::tsquery", asked.query),
            self._unless_none("model = {}", asked.model),
            self._behind(),
        ]
        return self._of(each, self._people(*conditions))

    def of_next_names(self) -> str:
        """Of the names that come next, those asked for."""
        return self._of_names(_NEXT)

    def of_all_names(self) -> str:
        """All names asked for, found by their words."""
        return self._of_names(_ALL)

    def by_id(self) -> str:
        """Nobody's name comes into it."""
        asked, after = self.question, self.after
        conditions = [
            self._unless_none("area = any({}::text[])", asked.areas),
            self._unless_none("model = {}", asked.model),
            self._unless_none("subject > {}", after and after[1]),
        ]
        return self._people(*conditions, order="subject")

    def _of_names(self, source: str) -> str:
        first, last = self.after or (b"", UUID(int=0))
        after = self.put(first)
        names = source.format(query=self.put(self._words()), after=after)
        each = _NAMES.format(names=names, limit=self.limit)
        behind = f"(s.name_sort > {after} OR s.subject > {self.put(last)})"
        bears = "s.name_sort = one.name_sort AND s.model = one.model"
        return self._of(each, self._people(bears, behind))

    def _words(self) -> str:
        """The words asked for, and the model as one more of them."""
        model = self.question.model
        words = [self.question.query, None if model is None else f"'#{model}'"]
        return " & ".join(word for word in words if word is not None)

    def _of(self, each: str, people: str) -> str:
        return _OF_EACH.format(each=each, people=people, order=_IN_ORDER, limit=self.limit)

    def _people(self, *conditions: str, order: str = _IN_ORDER) -> str:
        return _PEOPLE.format(who=" AND ".join(conditions), order=order, limit=self.limit)

    def _behind(self) -> str:
        if self.after is None:
            return "true"
        name_sort, subject = self.after
        return f"(s.name_sort, s.subject) > ({self.put(name_sort)}, {self.put(subject)})"

    def _unless_none(self, clause: str, value: Any) -> str:
        return "true" if value is None else clause.format(self.put(value))

    def put(self, value: Any) -> str:
        self.values.append(value)
        return f"${len(self.values)}"


def _ways(question: Question, *, named: bool) -> Sequence[Callable[[_Page], str]]:
    """The statements to try, until one of them fills the page."""
    if not named:
        return (_Page.by_id,)
    if question.areas is not None:
        return (_Page.of_areas,)
    if question.query is None and question.model is None:
        return (_Page.of_all,)
    return (_Page.of_next_names, _Page.of_all_names)
