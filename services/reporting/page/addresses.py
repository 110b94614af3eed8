"""Addresses of the page: what a reader chose stands in them, so that any view is a link."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

REPORT = "/report"
EVENTS = "/report/events"
SIGN_IN = "/report/sign-in"
SIGN_OUT = "/report/sign-out"
SIGNED_IN = "/report/signed-in"
ASSETS = "/report/static"
STATISTICS = "/v1/statistics"

COLUMN = ("measure", "model", "base_kind", "fund_kind")
"""What chooses the figure on the map."""

PARAMETERS = (
    *("lang", "as_of", "known_at", "map_date", "area", "period", "kind"),
    *COLUMN,
    "sort",
)
"""What the page reads, in the order in which addresses name it."""

_PLAIN = "@.,:"


@dataclass(frozen=True, slots=True)
class Address:
    """The reader's own choices, without defaults."""

    chosen: Mapping[str, str]

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> "Address":
        """Empty fields are no choice; what others append to a link they share is ignored."""
        kept = ((name, parameters.get(name, "").strip()) for name in PARAMETERS)
        return cls({name: value for name, value in kept if value})

    def to(self, path: str = REPORT, /, **changes: str | None) -> str:
        """The address of the same view with some choices changed, or taken back by None."""
        wanted = {**self.chosen, **changes}
        query = {name: wanted[name] for name in PARAMETERS if wanted.get(name)}
        return f"{path}?{urlencode(query, safe=_PLAIN)}" if query else path

    def showing(self, chosen: Mapping[str, str]) -> str:
        """The same view with another figure on the map; what sorted the last table is forgotten."""
        plain = dict.fromkeys((*COLUMN, "sort", "kind"))
        return self.to(**{**plain, **chosen})

    def plain(self) -> str:
        """The report without any choice but the language."""
        return Address({}).to(lang=self.get("lang"))

    def get(self, name: str) -> str | None:
        return self.chosen.get(name)


def sign_in(back_to: str) -> str:
    """Where to sign in and come back from."""
    return f"{SIGN_IN}?{urlencode({'back_to': back_to})}"


def statistics(parameters: Mapping[str, str]) -> str:
    """The same question put to the public interface."""
    return f"{STATISTICS}?{urlencode(parameters, safe=_PLAIN)}"
