"""`make up`: from whatever is there to a system that answers, step by step, safe to repeat."""

import os
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from deploy.local import databases, environment, managed, parts, topics
from deploy.local.console import only_one, say
from deploy.local.installation import Installation
from deploy.local.managed import Managed
from deploy.local.places import PYTHON, REPO, Run
from deploy.local.processes import LauncherError, Program, variable_of
from deploy.local.services import SERVICES, Service

PATIENCE = 90.0


def up(run: Run) -> None:
    """Start everything that does not run, and say where it is.

    Raises:
        LauncherError: a step failed; `make up` again goes on from there.
    """
    began = time.monotonic()
    run.folder.mkdir(parents=True, exist_ok=True)
    with only_one(run.folder / "lock"):
        installation, admin_url = ground(run)
        services(installation, admin_url)
        env = environment.write(installation, admin_url)
    say(f"up in {time.monotonic() - began:.1f} s")
    print(summary(run, env), flush=True)


def only_servers(run: Run) -> None:
    """Start what services stand on and no service, for whoever runs one by hand."""
    run.folder.mkdir(parents=True, exist_ok=True)
    with only_one(run.folder / "lock"):
        ground(run)
    say(f"servers are up; their addresses are in {run.env}")


def ground(run: Run) -> tuple[Installation, str]:
    """The servers with all that services find in them; also the administrator's address."""
    installation = Installation.open(run)
    servers(installation)
    admin_url = admin(installation)
    provide(installation, admin_url)
    environment.write(installation, admin_url)
    installation.save()
    return installation, admin_url


def servers(installation: Installation) -> None:
    """Postgres, Kafka and the issuer, unless the caller brought their own."""
    wanted = []
    if "KH_KAFKA_BOOTSTRAP" not in installation.outside:
        wanted.append(parts.own_kafka(installation))
    if "KH_DATABASE_URL" not in installation.outside:
        wanted.append(parts.own_postgres(installation))
    if "KH_ISSUER_URL" not in installation.outside:
        wanted.append(parts.own_issuer(installation))
    managed.settle_ports(installation, wanted)
    managed.ensure(installation.run, wanted, PATIENCE)


def admin(installation: Installation) -> str:
    """The address of the database server as whoever may make roles and databases."""
    given = installation.outside.get("KH_DATABASE_URL")
    return given or installation.own_postgres().admin_url


def provide(installation: Installation, admin_url: str) -> None:
    """Roles, databases, topics and the key-encryption key."""
    environment.ensure_key(installation)
    for service in SERVICES:
        owner, app = f"kh_{service.name}_owner", f"kh_{service.name}"
        passwords = {role: installation.password(role) for role in (owner, app)}
        databases.ensure(admin_url, service.databases, owner, app, passwords)
    names = [s.topic(installation.province) for s in SERVICES if s.writes]
    topics.ensure(environment.bootstrap(installation), names)


def services(installation: Installation, admin_url: str) -> None:
    """Migrate and start every service that does not run as it should."""
    wanted = {s: parts.of_service(installation, s, admin_url) for s in SERVICES}
    managed.settle_ports(installation, [one for some in wanted.values() for one in some])
    changed = [s for s, some in wanted.items() if not all(map(as_it_should(installation), some))]
    for service in changed:
        for one in wanted[service]:
            managed.current(installation.run, one)  # old code must not meet new tables
    with ThreadPoolExecutor() as together:
        jobs = [together.submit(migrate, installation, s, admin_url) for s in changed]
    for job in jobs:
        job.result()
    managed.ensure(installation.run, [one for some in wanted.values() for one in some], PATIENCE)


def as_it_should(installation: Installation) -> Callable[[Managed], bool]:
    """Whether a process runs with today's settings and code."""
    now = managed.running(installation.run)
    return lambda one: variable_of(now.get(one.name, 0), managed.CONFIG) == one.config()


def migrate(installation: Installation, service: Service, admin_url: str) -> None:
    """Bring a service's databases to the head of its migrations.

    Raises:
        LauncherError: a migration failed.
    """
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
    say(f"{service.name}: migrated")


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
