"""The services of this installation: a new one is one more line here."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Service:
    """What the launcher has to know of a service.

    Args:
        name: of its package under `services/`.
        writes: it keeps facts: a log, a topic, and a vault beside its database.
    """

    name: str
    writes: bool

    @property
    def prefix(self) -> str:
        """How its variables begin."""
        return self.name.upper()

    @property
    def databases(self) -> list[str]:
        """The databases it owns: its own, and its vault if it keeps facts."""
        return [f"kh_{self.name}", f"kh_{self.name}_vault"] if self.writes else [f"kh_{self.name}"]

    def process(self, role: str, number: int = 1) -> str:
        """The name of a process: a further replica has its number behind it."""
        return f"{self.name}-{role}" + replica(number)

    def topic(self, province: str) -> str:
        """Where its facts are published."""
        return f"khuyenhoc.{province}.{self.name}.v1"


def replica(number: int) -> str:
    """What stands behind the names of a replica's process, ports and variables."""
    return "" if number == 1 else f"-{number}"


SERVICES = (
    Service("registry", writes=True),
    Service("training", writes=True),
    Service("funds", writes=True),
    Service("reporting", writes=False),
)
ROLES = ("serve", "work")
