"""Public pages kept as they were drawn: while nothing new is known, nobody has to count again."""

import hashlib

from reporting.page.figures import Reporting
from reporting.page.question import Question
from reporting.page.site import Visit
from reporting.page.view import notices_of

_KEPT = 64  # pages of some 90 KB


class Kept:
    """The last pages that were drawn, each under the tag of what it was drawn from.

    A page says "known at" the moment it was drawn. That stays true for as long as the positions of
    all sources do: nothing has been recorded since that it does not include.
    """

    def __init__(self) -> None:
        self._pages: dict[str, bytes] = {}

    def get(self, tag: str) -> bytes | None:
        return self._pages.get(tag)

    def keep(self, tag: str, html: bytes) -> None:
        while len(self._pages) >= _KEPT:
            del self._pages[next(iter(self._pages))]
        self._pages[tag] = html


async def tag_of(reporting: Reporting, visit: Visit, asked: Question) -> str | None:
    """An entity tag (RFC 9110, 8.8.3) of a public page before it is drawn.

    None where a page must be drawn each time: for those who have signed in, and while a source is
    late or waits for somebody, because then it says by how much.
    """
    if visit.signed_in:
        return None
    sources = await reporting.sources()
    if any(True for _ in notices_of(sources)):
        return None
    known = [(each.log, each.position, each.recorded_at, each.origin) for each in sources]
    query = asked.query
    parts = (
        visit.voice.language,
        sorted(visit.address.chosen.items()),
        (query.as_of, query.map_date, known, await reporting.bases_known()),
    )
    return f'W/"{hashlib.sha256(repr(parts).encode()).hexdigest()[:24]}"'
