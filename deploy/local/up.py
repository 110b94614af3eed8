"""`make up`: from whatever is there to a system that answers, step by step, safe to repeat."""

import hashlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from deploy.local import databases, environment, managed, topics
from deploy.local.addresses import answers
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
        wanted.append(own_kafka(installation))
    if "KH_DATABASE_URL" not in installation.outside:
        wanted.append(own_postgres(installation))
    if "KH_ISSUER_URL" not in installation.outside:
        wanted.append(own_issuer(installation))
    managed.settle_ports(installation, wanted)
    managed.ensure(installation.run, wanted, PATIENCE)


def own_kafka(installation: Installation) -> Managed:
    """The broker, on its own ports."""

    def prepare() -> None:
        installation.own_kafka().prepare()

    return Managed(
        "kafka",
        program=lambda: installation.own_kafka().program(),
        ready=lambda: installation.own_kafka().answers(),
        ports=("kafka", "kafka-controller"),
        prepare=prepare,
        version=hashlib.sha256((REPO / "deploy/local/kafka.py").read_bytes()).hexdigest(),
    )


def own_postgres(installation: Installation) -> Managed:
    """The database server; SIGINT makes it roll back what is open and stop in order."""

    def prepare() -> None:
        server = installation.own_postgres()
        server.prepare()
        server.clear_stale()

    return Managed(
        "postgres",
        program=lambda: installation.own_postgres().program(),
        ready=lambda: installation.own_postgres().answers(),
        ports=("postgres",),
        prepare=prepare,
        gently=signal.SIGINT,
    )


def own_issuer(installation: Installation) -> Managed:
    """The local issuer of tokens."""

    def program() -> Program:
        env = {
            "KH_PROFILE": "local",
            "KH_PROVINCE": installation.province,
            "ISSUER_URL": environment.issuer_url(installation),
            "ISSUER_HOME": str(installation.run.folder / "issuer"),
        }
        argv = [str(PYTHON), "-m", "deploy.local.issuer"]
        return Program(argv, REPO, installation.run.log("issuer"), env)

    return Managed(
        "issuer",
        program=program,
        ready=lambda: answers(
            f"{environment.issuer_url(installation)}/.well-known/openid-configuration"
        ),
        ports=("issuer",),
        version=code("deploy/local/issuer"),
    )


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
    wanted = {s: of_service(installation, s, admin_url) for s in SERVICES}
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


def of_service(installation: Installation, service: Service, admin_url: str) -> list[Managed]:
    """The processes of one service: `serve` answers, `work` follows.

    A worker is ready when it has its connection to the database.
    """
    version = code("services/chassis", f"services/{service.name}", "proto/gen")
    ports = {
        "serve": (f"{service.name}-http", f"{service.name}-grpc"),
        "work": (f"{service.name}-metrics",),
    }

    def program(role: str) -> Program:
        name = f"{service.name}-{role}"
        env = environment.of_service(installation, service, admin_url)
        if role == "work":
            env |= environment.metrics(installation, service)
        argv = [str(PYTHON), "-m", service.name, role]
        return Program(argv, REPO, installation.run.log(name), env)

    told = environment.addresses(installation, service, admin_url)

    def answering() -> bool:
        url = environment.addresses(installation, service, admin_url)[f"{service.prefix}_URL"]
        return answers(f"{url}/readyz")

    def working() -> bool:
        return databases.connected(told[f"{service.prefix}_DATABASE_URL"], f"{service.name}-work")

    ready = {"serve": answering, "work": working}
    return [
        Managed(
            f"{service.name}-{role}",
            partial(program, role),
            ready[role],
            ports[role],
            version=version,
        )
        for role in ROLES
    ]


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


def code(*folders: str) -> str:
    """A digest of the files under these folders: a process running others is restarted."""
    digest = hashlib.sha256()
    for path in sorted(path for folder in folders for path in (REPO / folder).rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(f"{path} ".encode() + path.read_bytes())
    return digest.hexdigest()


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
