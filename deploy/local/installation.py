"""One installation: what it must remember between two starts, and its servers."""

import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.local.console import say
from deploy.local.kafka import Kafka
from deploy.local.places import ARCHIVE, JARS, REPO, Run
from deploy.local.postgres import Place, Postgres, place_for
from deploy.local.processes import LauncherError, free_port, is_free

PROVINCE = "14"
OUTSIDE = ("KH_DATABASE_URL", "KH_KAFKA_BOOTSTRAP", "KH_ISSUER_URL")


@dataclass
class Installation:
    """Ports, secret and outside servers of one `.run/`, kept in `installation.json` (0600).

    A port stays as long as nobody else takes it; secret and outside servers stay until
    `make reset`. Passwords of database roles are derived from the secret.
    """

    run: Run
    province: str = PROVINCE
    secret: str = ""
    ports: dict[str, int] = field(default_factory=dict)
    outside: dict[str, str] = field(default_factory=dict)
    postgres_home: str = ""
    migrated: dict[str, str] = field(default_factory=dict)
    replicas: int = 1
    places: list[Place] = field(default_factory=list, repr=False)

    @classmethod
    def open(cls, run: Run) -> "Installation":
        """Read the record, or begin one; outside servers named by the caller are remembered."""
        kept = recorded(run)
        province = kept.get("province") or os.environ.get("KH_PROVINCE") or PROVINCE
        asked = os.environ.get("KH_PROVINCE", province)
        if asked != province:
            raise LauncherError(f"{run.folder} is of province {province}, not {asked}; set KH_RUN")
        found = cls(run, **{**kept, "province": province})
        found.secret = found.secret or secrets.token_urlsafe(24)
        found.outside |= {name: os.environ[name] for name in OUTSIDE if os.environ.get(name)}
        found.replicas = replicas_asked(found.replicas)
        for name in found.outside.keys() - os.environ.keys():
            say(f"{name}: as before, until `make reset`")
        return found

    def save(self) -> None:
        """Write the record; a crash leaves the old one or the new one."""
        kept = {name: value for name, value in vars(self).items() if name not in ("run", "places")}
        write_private(self.run.record, json.dumps(kept, indent=1) + "\n")

    def port(self, name: str) -> int:
        """The port of that name, chosen at the first asking."""
        if name not in self.ports:
            self.ports[name] = free_port(self.ports.values())
        return self.ports[name]

    def move_if_taken(self, *names: str) -> None:
        """Choose another port for each of these that somebody else has taken meanwhile."""
        for name in names:
            if not is_free(self.port(name)):
                taken = self.ports.pop(name)
                say(f"{name}: port {taken} is taken by another program; now {self.port(name)}")

    def password(self, role: str) -> str:
        """The password of a database role."""
        return hmac.new(self.secret.encode(), role.encode(), hashlib.sha256).hexdigest()

    def own_postgres(self) -> Postgres:
        """The installation's own database server, its place settled."""
        if not self.places:
            self.places.append(self._settle_place())
        return self._postgres(self.places[0])

    def _settle_place(self) -> Place:
        settled = Path(self.postgres_home) if self.postgres_home else None
        place = place_for(self.run.folder / "pg", REPO, settled)
        if not place.home.is_relative_to(self.run.folder):
            say(f"Postgres: runs as {place.account and place.account.name}, whom {self.run.folder}")
            say(f"          keeps out: its binaries and data are in {place.home.parent}")
        self.postgres_home = str(place.home)
        return place

    def settled_postgres(self) -> Postgres | None:
        """The installation's own database server if it ever had one, for looking and stopping."""
        if not self.postgres_home:
            return None
        return self._postgres(Place(Path(), Path(self.postgres_home), None))

    def _postgres(self, place: Place) -> Postgres:
        log = self.run.log("postgres")
        return Postgres(place, log, self.port("postgres"), self.password("kh"))

    def own_kafka(self) -> Kafka:
        """The installation's own broker."""
        home = self.run.folder / "kafka"
        ports = self.port("kafka"), self.port("kafka-controller")
        return Kafka(home, JARS, self.run.log("kafka"), *ports, ARCHIVE)


def replicas_asked(kept: int) -> int:
    """How many processes of each role there shall be: what KH_REPLICAS says, else as before.

    Raises:
        LauncherError: it is not a number from 1 to 9.
    """
    asked = os.environ.get("KH_REPLICAS", str(kept))
    if len(asked) != 1 or asked not in "123456789":
        raise LauncherError(f"KH_REPLICAS is {asked!r}; it is a number from 1 to 9")
    return int(asked)


def recorded(run: Run) -> dict[str, Any]:
    """The record of an installation, empty when there is none.

    Raises:
        LauncherError: it belongs to another user.
    """
    try:
        content: dict[str, Any] = json.loads(run.record.read_text())
    except PermissionError:
        raise LauncherError(f"{run.folder} belongs to another user; set KH_RUN") from None
    except (OSError, ValueError):
        return {}
    return content


def write_private(path: Path, text: str) -> None:
    """Replace a file at once, readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.partial")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
