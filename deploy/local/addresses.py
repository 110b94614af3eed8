"""Addresses: written, changed, and asked whether anybody is there."""

import urllib.error
import urllib.request
from urllib.parse import quote, urlsplit, urlunsplit


def database_url(host: str, port: int, user: str, password: str, database: str) -> str:
    """A postgresql:// address with its parts quoted."""
    return f"postgresql://{quote(user)}:{quote(password, safe='')}@{host}:{port}/{database}"


def as_role(admin_url: str, database: str, role: str, password: str) -> str:
    """The server's address for another database, role and password; options are kept."""
    parts = urlsplit(admin_url)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{role}:{password}@{place}", path=f"/{database}"))


def answers(url: str) -> bool:
    """Whether an address answers 200 now."""
    try:
        with urllib.request.urlopen(url, timeout=3) as reply:
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError, ValueError):
        return False
