"""What every service configures: safe when left alone, and a refusal to start on what is not."""

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import parse_qs, urlsplit, urlunsplit

from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

LOCAL = "local"
EXIT_REFUSED = 2
_TLS_MODES = {"require", "verify-ca", "verify-full"}


class SettingsError(ValueError):
    """The configuration must not be started with. The message never repeats a secret."""


class SecretUrl(str):
    """An address that may hold a password: used as it is, shown without it."""

    __slots__ = ()

    def shown(self) -> str:
        parts = urlsplit(self)
        if parts.password is None:
            return str(self)
        host = parts.netloc.rpartition("@")[2]
        return urlunsplit(parts._replace(netloc=f"{parts.username}:***@{host}"))

    def __repr__(self) -> str:
        return repr(self.shown())


def _code(text: str) -> str:
    if len(text) == 2 and text.isascii() and text.isdecimal():  # noqa: PLR2004  # as "14"
        return text
    raise ValueError("a province is two digits, such as 14")


def _topic(province: str, service: str) -> str:
    return f"khuyenhoc.{province}.{service}.v1"


DatabaseUrl = Annotated[str, AfterValidator(SecretUrl)]


class Settings(BaseSettings):
    """One service's configuration, read from the environment by :meth:`for_service`.

    Fields with a ``KH_`` or bare name are shared; the others carry the service's name in front,
    as ``TRAINING_DATABASE_URL``. ``profile`` is ``production`` unless somebody says otherwise.
    """

    model_config = SettingsConfigDict(
        extra="ignore", frozen=True, hide_input_in_errors=True, populate_by_name=True
    )

    service: str
    province: Annotated[str, AfterValidator(_code)] = Field("14", validation_alias="KH_PROVINCE")
    profile: str = Field("production", validation_alias="KH_PROFILE", pattern=r"^[a-z]+$")
    url: str
    grpc: str | None = None
    metrics: str | None = None
    database_url: DatabaseUrl
    owner_url: DatabaseUrl | None = None
    vault_url: DatabaseUrl | None = None
    vault_owner_url: DatabaseUrl | None = None
    topic: str = Field(default_factory=lambda known: _topic(known["province"], known["service"]))
    kafka_bootstrap: str = Field("", validation_alias="KAFKA_BOOTSTRAP")
    issuer_url: str = Field(validation_alias="ISSUER_URL")
    key_file: Path | None = Field(None, validation_alias="KH_KEY_FILE")
    recorded_at: bool | None = Field(None, validation_alias="KH_RECORDED_AT")
    failpoint: str = Field("", validation_alias="KH_FAILPOINT")
    log_level: str = Field("INFO", validation_alias="KH_LOG_LEVEL")

    @classmethod
    def read(cls, service: str) -> Self:
        """The settings of a service.

        Raises:
            SettingsError: something is missing, malformed, or unsafe outside the local profile.
        """
        try:
            settings = cls(_env_prefix=f"{service.upper()}_", service=service)  # type: ignore[call-arg]  # the rest comes from the environment
        except ValidationError as invalid:
            raise SettingsError(_sentence(service, invalid)) from None
        if faults := tuple(settings._faults()):
            raise SettingsError("; ".join(faults))
        return settings

    @classmethod
    def for_service(cls, service: str) -> Self:
        """As :meth:`read`, for a command line: one line on standard error and exit code 2."""
        try:
            return cls.read(service)
        except SettingsError as unsafe:
            sys.stderr.write(f"{service} does not start: {unsafe}\n")
            raise SystemExit(EXIT_REFUSED) from None

    @property
    def local(self) -> bool:
        return self.profile == LOCAL

    @property
    def log_name(self) -> str:
        """The name of the service's log, as ``14.training``."""
        return f"{self.province}.{self.service}"

    @property
    def recorded_at_allowed(self) -> bool:
        """Whether a caller may say when something was recorded (header ``Recorded-At``)."""
        return self.local if self.recorded_at is None else self.recorded_at

    @property
    def http_address(self) -> tuple[str, int]:
        """Host and port to serve HTTP on."""
        parts = urlsplit(self.url)
        return parts.hostname or "127.0.0.1", parts.port or 80

    @property
    def grpc_address(self) -> tuple[str, int] | None:
        """Host and port to serve gRPC on, or ``None`` where there is none."""
        return _host_and_port(self.grpc) if self.grpc else None

    @property
    def metrics_address(self) -> tuple[str, int] | None:
        """Where a process without an HTTP edge of its own shows its metrics, if it does."""
        return _host_and_port(self.metrics) if self.metrics else None

    def topic_of(self, service: str) -> str:
        """The topic of any service's log in this province, unless the environment names another."""
        named = os.environ.get(f"{service.upper()}_TOPIC")
        return named or _topic(self.province, service)

    @property
    def app_role(self) -> str:
        """The database role of the running service, to which migrations grant what it may do."""
        return urlsplit(self.database_url).username or self.service

    def require(self, field: str) -> str:
        """An optional address that one role needs, such as ``owner_url`` to migrate.

        Raises:
            SettingsError: it is not set.
        """
        if value := getattr(self, field):
            return str(value)
        raise SettingsError(f"{_variable(self.service, field)} is not set")

    def _faults(self) -> Iterator[str]:
        for field in ("grpc", "metrics"):
            text = getattr(self, field)
            if text and _host_and_port(text) is None:
                yield f"{_variable(self.service, field)} must be host:port"
        if self.key_file:
            yield from _key_file_faults(self.key_file)
        if not self.local:
            yield from self._unsafe_outside_local()

    def _unsafe_outside_local(self) -> Iterator[str]:
        if urlsplit(self.issuer_url).scheme != "https":
            yield f"ISSUER_URL must be https in profile {self.profile}"
        if self.recorded_at_allowed:
            yield f"KH_RECORDED_AT must not be allowed in profile {self.profile}"
        if self.failpoint:
            yield f"KH_FAILPOINT must not be set in profile {self.profile}"
        if self.vault_url and not self.key_file:
            yield "KH_KEY_FILE must name the key-encryption key's file"
        for field in ("database_url", "owner_url", "vault_url", "vault_owner_url"):
            if url := getattr(self, field):
                yield from _database_faults(_variable(self.service, field), url)


def _variable(service: str, field: str) -> str:
    """The name in the environment of a field."""
    declared = Settings.model_fields.get(field)
    alias = declared.validation_alias if declared else None
    return alias if isinstance(alias, str) else f"{service}_{field}".upper()


def _sentence(service: str, invalid: ValidationError) -> str:
    """What is wrong, by the names of the environment and without the values."""
    faults = []
    for error in invalid.errors(include_input=False, include_url=False):
        name = str(error["loc"][0]) if error["loc"] else "settings"
        name = _variable(service, name) if name.islower() else name
        missing = error["type"] == "missing"
        faults.append(f"{name} is not set" if missing else f"{name}: {error['msg']}")
    return "; ".join(faults)


def _host_and_port(text: str) -> tuple[str, int] | None:
    host, _, port = text.rpartition(":")
    good = host and port.isascii() and port.isdecimal() and int(port) < 1 << 16
    return (host.strip("[]"), int(port)) if good else None


def _key_file_faults(path: Path) -> Iterator[str]:
    """A key is for one user. Where the platform mounts it as root's, its group may read it."""
    try:
        state = path.stat()
    except OSError as missing:
        yield f"KH_KEY_FILE {path}: {missing.strerror}"
        return
    open_to = stat.S_IMODE(state.st_mode) & (0o077 if state.st_uid == os.geteuid() else 0o037)
    if open_to:
        yield f"KH_KEY_FILE {path} is open to others; chmod 600 it"


def _database_faults(name: str, url: str) -> Iterator[str]:
    parts = urlsplit(url)
    options = parse_qs(parts.query)
    if not parts.hostname:  # a socket on this machine: the kernel says who is asking
        return
    if not parts.password and "passfile" not in options and "sslkey" not in options:
        yield f"{name} has no password"
    if options.get("sslmode", [""])[-1] not in _TLS_MODES:
        yield f"{name} must have sslmode=verify-full (or verify-ca, require)"
