"""The processes of an installation: what each runs, when it is ready, what it needs before."""

import hashlib
import signal

from deploy.local import databases, environment
from deploy.local.addresses import answers
from deploy.local.installation import Installation
from deploy.local.managed import Managed
from deploy.local.places import PYTHON, REPO
from deploy.local.processes import Program
from deploy.local.services import Service, replica


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
    """The processes of a service, of which some answer while others follow."""
    numbers = range(1, installation.replicas + 1)
    roles = (serve, work)
    return [role(installation, service, admin_url, number) for role in roles for number in numbers]


def serve(installation: Installation, service: Service, admin_url: str, number: int = 1) -> Managed:
    """HTTP and gRPC of a service; ready when it says so."""

    def told() -> dict[str, str]:
        return environment.replica_addresses(installation, service, number)

    def program() -> Program:
        env = environment.of_service(installation, service, admin_url)
        return python(installation, service, service.process("serve", number), env | told())

    return Managed(
        service.process("serve", number),
        program,
        ready=lambda: answers(f"{told()[f'{service.prefix}_URL']}/readyz"),
        ports=[f"{service.name}-{kind}{replica(number)}" for kind in ("http", "grpc")],
        version=version(service),
    )


def work(installation: Installation, service: Service, admin_url: str, number: int = 1) -> Managed:
    """Relay or consumption of a service; ready when it shows its metrics and has its database."""

    def told() -> dict[str, str]:
        return environment.metrics(installation, service, number)

    def ready() -> bool:
        url = environment.addresses(installation, service, admin_url)
        return answers(f"http://{told()[f'{service.prefix}_METRICS']}/metrics") and (
            databases.connected(url[f"{service.prefix}_DATABASE_URL"], service.process("work"))
        )

    def program() -> Program:
        env = environment.of_service(installation, service, admin_url)
        return python(installation, service, service.process("work", number), env | told())

    return Managed(
        service.process("work", number),
        program,
        ready,
        ports=[f"{service.name}-metrics{replica(number)}"],
        version=version(service),
    )


def python(installation: Installation, service: Service, name: str, env: dict[str, str]) -> Program:
    """`python -m <service> <role>` with its own variables and log."""
    argv = [str(PYTHON), "-m", service.name, name.split("-")[1]]
    return Program(argv, REPO, installation.run.log(name), env)


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
