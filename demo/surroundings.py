"""Where the demo finds the installation: the environment, checked first."""

from collections.abc import Mapping
from dataclasses import dataclass


class Unready(Exception):  # noqa: N818  # said to a person, in one line
    """The demo cannot start; the message says what is missing."""


@dataclass(frozen=True)
class Surroundings:
    province: str
    registry_url: str
    funds_url: str
    training_url: str
    reporting_url: str
    issuer_url: str
    run: str
    scale: float
    seed: int


def read_surroundings(env: Mapping[str, str]) -> Surroundings:
    """Raises Unready naming the variable that is absent or out of range."""
    return Surroundings(
        province=_given(env, "KH_PROVINCE"),
        registry_url=_given(env, "REGISTRY_URL"),
        funds_url=_given(env, "FUNDS_URL"),
        training_url=_given(env, "TRAINING_URL"),
        reporting_url=_given(env, "REPORTING_URL"),
        issuer_url=_given(env, "ISSUER_URL"),
        run=_given(env, "KH_RUN"),
        scale=_scale(env.get("SCALE") or "0.01"),
        seed=_seed(env.get("SEED") or "387"),
    )


def _given(env: Mapping[str, str], name: str) -> str:
    if not env.get(name):
        raise Unready(f"{name} is not set; start it by: make demo")
    return env[name]


def _scale(text: str) -> float:
    try:
        scale = float(text)
    except ValueError:
        raise Unready(f"SCALE={text} is not a number from 0.001 to 1") from None
    if not 0.001 <= scale <= 1:
        raise Unready(f"SCALE={text} is not from 0.001 to 1")
    return scale


def _seed(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise Unready(f"SEED={text} is not a whole number")
    return int(text)
