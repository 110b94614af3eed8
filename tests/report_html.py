"""What a test reads off the HTML of the report page."""

import re
from html.parser import HTMLParser


class Table(HTMLParser):
    """The rows of the table of places: name, then the texts of its cells."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: dict[str, list[str]] = {}
        self._row: list[str] = []
        self._inside = False
        self._cell: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._inside = self._inside or dict(attributes).get("id") == "table"
        if self._inside and tag == "tr":
            self._row = []
        if self._inside and tag in ("th", "td"):
            self._cell = ""

    def handle_endtag(self, tag: str) -> None:
        if self._cell is not None and tag in ("th", "td"):
            self._row.append(self._cell.strip())
            self._cell = None
        if self._inside and tag == "tr":
            self.rows[self._row[0]] = self._row[1:]
        if tag == "table":
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell += data


def text_of(html: str) -> str:
    """The words alone, with one space wherever there is any."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))
