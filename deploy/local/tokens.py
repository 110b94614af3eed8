"""`make token`: ask the local issuer for an access token."""

import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping

from deploy.local import environment
from deploy.local.console import complain
from deploy.local.installation import Installation, recorded
from deploy.local.places import Run
from deploy.local.processes import LauncherError

ASKED = ("ROLE", "AREA", "PERSON", "SUBJECT", "FUND")


def print_token(run: Run) -> int:
    """Print only the token; one line on standard error and exit code 2 otherwise."""
    installation = Installation(run, **recorded(run))
    try:
        given = {name: os.environ[name] for name in ASKED if os.environ.get(name)}
        sys.stdout.write(token(given, environment.read(installation), installation.province) + "\n")
    except LauncherError as error:
        complain(f"token: {error}")
        return 2
    return 0


def token(given: Mapping[str, str], env: Mapping[str, str], province: str) -> str:
    """A token of the local issuer for roles in an area.

    Raises:
        LauncherError: no issuer answers, or it refuses; says which value it refuses.
    """
    if not env.get("ISSUER_URL"):
        raise LauncherError("there is no installation yet; make up")
    asked = {name.lower(): value for name, value in given.items()}
    form = {"grant_type": "client_credentials", "area": province, **asked}
    body = urllib.parse.urlencode(form).encode()
    try:
        with urllib.request.urlopen(f"{env['ISSUER_URL']}/token", body, timeout=10) as reply:
            return str(json.load(reply)["access_token"])
    except urllib.error.HTTPError as refused:
        raise LauncherError(reason(refused.read())) from None
    except (urllib.error.URLError, OSError, ValueError, KeyError) as error:
        raise LauncherError(
            f"the issuer at {env['ISSUER_URL']} does not answer ({error}); make up"
        ) from None


def reason(body: bytes) -> str:
    """The sentence of an OAuth error reply, on one line."""
    try:
        return " ".join(str(json.loads(body)["error_description"]).split())
    except (ValueError, KeyError, TypeError):
        return "the issuer refuses"
