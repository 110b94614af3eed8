"""`make up`: from whatever is there to a system that answers, step by step, safe to repeat."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from deploy.local import databases, environment, managed, parts, schemas, topics
from deploy.local.console import only_one, say
from deploy.local.installation import Installation
from deploy.local.managed import Managed
from deploy.local.places import PYTHON, REPO, Run
from deploy.local.processes import LauncherError, Program, variable_of
from deploy.local.services import ROLES, SERVICES, Service

PATIENCE = 90.0


def up(run: Run) -> None:
    """Start everything that does not run, and say where it is.

    Raises:
        LauncherError: a step failed; `make up` again goes on from there.
    """
    began = time.monotonic()
    with installation_of(run) as installation:
        servers = Servers(installation)
        servers.begin()
        admin_url = servers.provide_databases()
        wanted = {s: parts.of_service(installation, s, admin_url) for s in SERVICES}
        end_surplus(installation, everything(wanted))
        managed.settle_ports(installation, everything(wanted))
        prepare(installation, wanted, admin_url)  # migrates while Kafka is still starting
        servers.provide_topics()
        env = environment.write(installation, admin_url)
        start(installation, everything(wanted))
    say(f"up in {time.monotonic() - began:.1f} s")
    print(summary(run, env), flush=True)


def only_servers(run: Run) -> None:
    """Start what services stand on and no service, for whoever runs one by hand."""
    with installation_of(run) as installation:
        servers = Servers(installation)
        servers.begin()
        admin_url = servers.provide_databases()
        servers.provide_topics()
        environment.write(installation, admin_url)
        installation.save()
    say(f"servers are up; their addresses are in {run.env}")


@contextmanager
def installation_of(run: Run) -> Iterator[Installation]:
    """The installation of a folder, for one launcher at a time."""
    run.folder.mkdir(parents=True, exist_ok=True)
    with only_one(run.folder / "lock"):
        yield Installation.open(run)


class Servers:
    """Postgres, Kafka and the issuer, unless the caller brought their own."""

    def __init__(self, installation: Installation) -> None:
        self.installation, self.outside = installation, installation.outside
        makers = {
            "KH_KAFKA_BOOTSTRAP": parts.own_kafka,
            "KH_DATABASE_URL": parts.own_postgres,
            "KH_ISSUER_URL": parts.own_issuer,
        }
        own = [make(installation) for named, make in makers.items() if named not in self.outside]
        self.wanted = {one.name: one for one in own}
        self.begun: dict[str, int] = {}

    def begin(self) -> None:
        """Start all of them; Kafka takes longest and goes first."""
        managed.settle_ports(self.installation, self.wanted.values())
        self.begun = managed.begin(self.installation.run, self.wanted.values())

    def wait(self, *names: str) -> None:
        """Wait until these of them answer."""
        for name in names:
            if name in self.wanted:
                one, begun = self.wanted[name], self.begun.get(name)
                managed.wait_for(self.installation.run, one, begun, PATIENCE)

    def provide_databases(self) -> str:
        """Roles, databases and the key-encryption key; gives the administrator's address."""
        environment.ensure_key(self.installation)
        self.wait("postgres")
        own = "KH_DATABASE_URL" not in self.outside
        admin_url = (
            self.installation.own_postgres().admin_url if own else self.outside["KH_DATABASE_URL"]
        )
        for service in SERVICES:
            owner, app = f"kh_{service.name}_owner", f"kh_{service.name}"
            passwords = {role: self.installation.password(role) for role in (owner, app)}
            databases.ensure(admin_url, service.databases, owner, app, passwords)
        return admin_url

    def provide_topics(self) -> None:
        """One topic for each log; the issuer answers, too, from here on."""
        self.wait("kafka", "issuer")
        province = self.installation.province
        names = [service.topic(province) for service in SERVICES if service.writes]
        topics.ensure(environment.bootstrap(self.installation), names)


Wanted = dict[Service, list[Managed]]


def everything(wanted: Wanted) -> list[Managed]:
    """The processes of all services."""
    return [one for some in wanted.values() for one in some]


def prepare(installation: Installation, wanted: Wanted, admin_url: str) -> None:
    """Migrate every service that does not run as it should, its old processes ended first."""
    right = as_it_should(installation)
    changed = [service for service, some in wanted.items() if not all(map(right, some))]
    for service in changed:
        for one in wanted[service]:
            managed.current(installation.run, one)  # old code must not meet new tables
    with ThreadPoolExecutor() as together:
        jobs = [together.submit(migrate, installation, s, admin_url) for s in changed]
    for job in jobs:
        job.result()
    installation.save()


def start(installation: Installation, processes: list[Managed]) -> None:
    """Start what does not run of these and wait until all answer."""
    begun = managed.begin(installation.run, processes)
    for one in processes:
        managed.wait_for(installation.run, one, begun.get(one.name), PATIENCE)


def end_surplus(installation: Installation, processes: list[Managed]) -> None:
    """End the replicas that are no longer asked for."""
    named = {one.name for one in processes}
    ours = tuple(f"{service.name}-{role}-" for service in SERVICES for role in ROLES)
    surplus = [name for name in managed.running(installation.run) if name.startswith(ours)]
    managed.stop(installation.run, [n for n in surplus if n not in named], signal.SIGTERM, 30)


def as_it_should(installation: Installation) -> Callable[[Managed], bool]:
    """Whether a process runs with today's settings and code."""
    now = managed.running(installation.run)
    return lambda one: variable_of(now.get(one.name, 0), managed.CONFIG) == one.config()


def migrate(installation: Installation, service: Service, admin_url: str) -> None:
    """Bring a service's databases to the head of its migrations, unless they are known to be.

    Raises:
        LauncherError: a migration failed.
    """
    owners = environment.owners(installation, service, admin_url)
    version = parts.version(service)
    known = installation.migrated.get(service.name)
    if known and known == schemas.seal(version, owners.values()):
        return
    run_migration(installation, service, admin_url)
    installation.migrated[service.name] = schemas.seal(version, owners.values())
    say(f"{service.name}: migrated")


def run_migration(installation: Installation, service: Service, admin_url: str) -> None:
    """Run `python -m <service> migrate`, its words kept in its log."""
    env = {
        **environment.of_service(installation, service, admin_url),
        **environment.owners(installation, service, admin_url),
    }
    name = f"{service.name}-migrate"
    program = Program([str(PYTHON), "-m", service.name, "migrate"], REPO, Path(), env)
    log = installation.run.log(name)
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as file:
        done = subprocess.run(
            program.argv,
            cwd=REPO,
            env=program.environment(),
            stdout=file,
            stderr=file,
            check=False,
        )
    if done.returncode != 0:
        raise LauncherError(f"{name} failed:\n{managed.last_words(installation.run, name)}")


def summary(run: Run, env: dict[str, str]) -> str:
    """Where everything is and what to do next."""
    place = os.path.relpath(run.env) if run.env.is_relative_to(Path.cwd()) else str(run.env)
    rows = [
        ("report page", f"{env['REPORTING_URL']}/report"),
        *((s.name, f"{env[f'{s.prefix}_URL']}   gRPC {env[f'{s.prefix}_GRPC']}") for s in SERVICES),
        ("issuer", env["ISSUER_URL"]),
        ("Kafka", env["KAFKA_BOOTSTRAP"]),
        ("everything else", place),
        ("next", "make demo · make status · make token ROLE=... AREA=... · make down"),
    ]
    width = max(len(name) for name, _ in rows)
    return "\n".join(["", *(f"  {name:<{width}}  {value}" for name, value in rows), ""])
