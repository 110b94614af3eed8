"""The processes of an installation: what each runs, when it is ready, what it needs before."""

import hashlib
import signal

from deploy.local import databases, environment
from deploy.local.addresses import answers
from deploy.local.installation import Installation
from deploy.local.managed import Managed
from deploy.local.places import PYTHON, REPO
from deploy.local.processes import Program
from deploy.local.services import Service


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


def of_service(installation: Installation, service: Service, admin_url: str) -> list[Managed]:
    """The two processes of a service, one of which answers while the other follows."""
    return [serve(installation, service, admin_url), work(installation, service, admin_url)]


def serve(installation: Installation, service: Service, admin_url: str) -> Managed:
    """HTTP and gRPC of a service; ready when it says so."""

    def ready() -> bool:
        told = environment.addresses(installation, service, admin_url)
        return answers(f"{told[f'{service.prefix}_URL']}/readyz")

    def program() -> Program:
        env = environment.of_service(installation, service, admin_url)
        return python(installation, service, "serve", env)

    ports = (f"{service.name}-http", f"{service.name}-grpc")
    return Managed(f"{service.name}-serve", program, ready, ports, version=version(service))


def work(installation: Installation, service: Service, admin_url: str) -> Managed:
    """Relay or consumption of a service; ready when it has its connection to the database."""
    name = f"{service.name}-work"

    def ready() -> bool:
        told = environment.addresses(installation, service, admin_url)
        return databases.connected(told[f"{service.prefix}_DATABASE_URL"], name)

    def program() -> Program:
        env = environment.of_service(installation, service, admin_url)
        env |= environment.metrics(installation, service)
        return python(installation, service, "work", env)

    ports = (f"{service.name}-metrics",)
    return Managed(name, program, ready, ports, version=version(service))


def python(installation: Installation, service: Service, role: str, env: dict[str, str]) -> Program:
    """`python -m <service> <role>` with its own variables and log."""
    argv = [str(PYTHON), "-m", service.name, role]
    return Program(argv, REPO, installation.run.log(f"{service.name}-{role}"), env)


def version(service: Service) -> str:
    """A digest of all code a service runs."""
    return code("services/chassis", f"services/{service.name}", "proto/gen")


def code(*folders: str) -> str:
    """A digest of the files under these folders: a process running others is restarted."""
    digest = hashlib.sha256()
    for path in sorted(path for folder in folders for path in (REPO / folder).rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(f"{path} ".encode() + path.read_bytes())
    return digest.hexdigest()
