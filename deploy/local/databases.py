"""Databases and the two roles of each: an owner that migrates, an application that may do less."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass

import psycopg
from psycopg import sql

from deploy.local.addresses import as_role

LIMITS = {
    "statement_timeout": "30s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "30s",
}
"""Of the application's role: whoever connects as it, no stuck session stops the writers."""


@dataclass(frozen=True, slots=True)
class Database:
    """One database as its two roles reach it."""

    name: str
    owner_url: str
    app_url: str
    owner_role: str
    app_role: str


def ensure_role(connection: psycopg.Connection, role: str, password: str) -> None:
    """Make the login role, or give the existing one this password."""
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
    verb = sql.SQL("ALTER" if known else "CREATE")
    connection.execute(
        sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(
            verb, sql.Identifier(role), sql.Literal(password)
        )
    )


def limit_role(connection: psycopg.Connection, role: str) -> None:
    """Give the role's sessions their time limits; those that are open keep what they have."""
    for name, value in LIMITS.items():
        connection.execute(
            sql.SQL("ALTER ROLE {} SET {} = {}").format(
                sql.Identifier(role), sql.Identifier(name), sql.Literal(value)
            )
        )


def ensure_database(connection: psycopg.Connection, name: str, owner: str, app: str) -> None:
    """Make the database unless it exists; only its owner and its application may connect."""
    database = sql.Identifier(name)
    known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone()
    if not known:
        # A superuser may give to anybody; a managed server's administrator only to roles it is in.
        connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(owner)))
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'").format(
                database, sql.Identifier(owner)
            )
        )
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    connection.execute(
        sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(
            database, sql.Identifier(app)
        )
    )


def allow_scrubbing(connection: psycopg.Connection, owner: str) -> None:
    """Let the owner of this database have old write-ahead log written over, where we may say so.

    A managed server's administrator often may not; `scrub` then names what is left to them.
    """
    granted = sql.Identifier(owner)
    with contextlib.suppress(psycopg.errors.InsufficientPrivilege):
        connection.execute(sql.SQL("GRANT pg_checkpoint TO {}").format(granted))
        connection.execute(
            sql.SQL("GRANT EXECUTE ON FUNCTION pg_switch_wal(), pg_ls_waldir() TO {}").format(
                granted
            )
        )


def ensure(
    admin_url: str, names: list[str], owner: str, app: str, passwords: Mapping[str, str]
) -> list[Database]:
    """Make the roles `owner` and `app` and the named databases between them; safe to repeat."""
    with psycopg.connect(admin_url, autocommit=True, connect_timeout=10) as connection:
        for role in (owner, app):
            ensure_role(connection, role, passwords[role])
        limit_role(connection, app)
        for name in names:
            ensure_database(connection, name, owner, app)
    for name in names:
        with psycopg.connect(admin_url, dbname=name, autocommit=True) as connection:
            allow_scrubbing(connection, owner)
    return [
        Database(
            name,
            as_role(admin_url, name, owner, passwords[owner]),
            as_role(admin_url, name, app, passwords[app]),
            owner,
            app,
        )
        for name in names
    ]


def drop(admin_url: str, *names: str) -> None:
    """Drop databases, whoever is still connected."""
    with psycopg.connect(admin_url, autocommit=True) as connection:
        for name in names:
            statement = "DROP DATABASE IF EXISTS {} WITH (FORCE)"
            connection.execute(sql.SQL(statement).format(sql.Identifier(name)))


def connected(app_url: str, application: str) -> bool:
    """Whether a process of that application name is connected to its database now."""
    question = (
        "SELECT 1 FROM pg_stat_activity"
        " WHERE datname = current_database() AND application_name = %s LIMIT 1"
    )
    try:
        with psycopg.connect(app_url, connect_timeout=3) as connection:
            return connection.execute(question, (application,)).fetchone() is not None
    except psycopg.OperationalError:
        return False
