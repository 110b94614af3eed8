"""The variables an installation hands to people and services: `.run/env` and each service's own."""

import secrets
import shlex

from deploy.local.addresses import as_role
from deploy.local.installation import Installation, write_private
from deploy.local.services import SERVICES, Service, replica


def issuer_url(installation: Installation) -> str:
    """Where tokens come from."""
    given = installation.outside.get("KH_ISSUER_URL")
    return given or f"http://127.0.0.1:{installation.port('issuer')}"


def bootstrap(installation: Installation) -> str:
    """Where Kafka is."""
    given = installation.outside.get("KH_KAFKA_BOOTSTRAP")
    return given or f"127.0.0.1:{installation.port('kafka')}"


def shared(installation: Installation) -> dict[str, str]:
    """What every service is told."""
    topics = {f"{s.prefix}_TOPIC": s.topic(installation.province) for s in SERVICES if s.writes}
    return {
        "KH_PROVINCE": installation.province,
        "KH_PROFILE": "local",
        "KAFKA_BOOTSTRAP": bootstrap(installation),
        "ISSUER_URL": issuer_url(installation),
        **topics,
    }


def addresses(installation: Installation, service: Service, admin_url: str) -> dict[str, str]:
    """Where a service is and where its application role finds its databases."""
    main, *vault = service.databases
    role = f"kh_{service.name}"
    found = {"DATABASE_URL": as_role(admin_url, main, role, installation.password(role))}
    if vault:
        found["VAULT_URL"] = as_role(admin_url, vault[0], role, installation.password(role))
    own = {f"{service.prefix}_{name}": value for name, value in found.items()}
    return replica_addresses(installation, service, 1) | own


def replica_addresses(installation: Installation, service: Service, number: int) -> dict[str, str]:
    """Where a further process that answers for a service is."""
    http, grpc = (
        installation.port(f"{service.name}-{kind}{replica(number)}") for kind in ("http", "grpc")
    )
    found = {"URL": f"http://127.0.0.1:{http}", "GRPC": f"127.0.0.1:{grpc}"}
    return {f"{service.prefix}_{name}": value for name, value in found.items()}


def metrics(installation: Installation, service: Service, number: int = 1) -> dict[str, str]:
    """Where a worker, which answers nothing else, shows its metrics."""
    port = installation.port(f"{service.name}-metrics{replica(number)}")
    return {f"{service.prefix}_METRICS": f"127.0.0.1:{port}"}


def owners(installation: Installation, service: Service, admin_url: str) -> dict[str, str]:
    """Where migrations find a service's databases, as the role that owns them."""
    main, *vault = service.databases
    role = f"kh_{service.name}_owner"
    password = installation.password(role)
    found = {f"{service.prefix}_OWNER_URL": as_role(admin_url, main, role, password)}
    if vault:
        name = f"{service.prefix}_VAULT_OWNER_URL"
        found[name] = as_role(admin_url, vault[0], role, password)
    return found


def of_service(installation: Installation, service: Service, admin_url: str) -> dict[str, str]:
    """All that a running service is told, and nothing of its neighbours' databases."""
    key = {"KH_KEY_FILE": str(installation.run.key)} if service.writes else {}
    return {**shared(installation), **addresses(installation, service, admin_url), **key}


def write(installation: Installation, admin_url: str) -> dict[str, str]:
    """Write `.run/env` for people, checks and operators; returns what it says."""
    found = shared(installation)
    for service in SERVICES:
        found |= of_service(installation, service, admin_url)
        found |= owners(installation, service, admin_url)
        found |= metrics(installation, service)
        for number in range(2, installation.replicas + 1):
            further = replica_addresses(installation, service, number)
            further |= metrics(installation, service, number)
            found |= {f"{name}_{number}": value for name, value in further.items()}
    text = "".join(f"{name}={shlex.quote(value)}\n" for name, value in found.items())
    write_private(installation.run.env, text)
    return found


def read(installation: Installation) -> dict[str, str]:
    """What `.run/env` says, empty when the installation was never started."""
    try:
        lines = installation.run.env.read_text().splitlines()
    except OSError:
        return {}
    pairs = (line.split("=", 1) for line in lines if "=" in line)
    return {name: "".join(shlex.split(value)) for name, value in pairs}


def ensure_key(installation: Installation) -> None:
    """Make the key-encryption key at the first start, never again: it cannot be made twice."""
    if not installation.run.key.exists():
        write_private(installation.run.key, secrets.token_hex(32) + "\n")
