"""The words of the command line, and what each does."""

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from deploy.local import places, toolchain
from deploy.local.console import complain, say
from deploy.local.places import PYTHON, REPO
from deploy.local.processes import LauncherError

INTERRUPTED = 130


def main(words: Sequence[str]) -> int:
    """Do what the first word says; the exit code for the shell."""
    word, arguments = (words[0], list(words[1:])) if words else ("", [])
    command = COMMANDS.get(word)
    if command is None:
        complain(f"{word!r} is not one of: {', '.join(COMMANDS)}")
        return 2
    try:
        return command(arguments)
    except LauncherError as error:
        complain(f"make {word}: {error}")
        return 1
    except KeyboardInterrupt:
        complain(f"\nmake {word}: interrupted; run it again and it goes on, or `make down`")
        return INTERRUPTED


def in_environment(word: str, arguments: list[str], everything: bool = False) -> None:
    """Set up and go on under the environment's own Python, which has the packages."""
    toolchain.set_up(everything)
    in_place(word, arguments)


def in_place(word: str, arguments: list[str]) -> None:
    """Go on under the environment's own Python."""
    os.environ["KH_RUN"] = str(places.here().folder)  # before the working folder changes
    if Path(sys.prefix).resolve() != places.VENV.resolve():
        sys.stdout.flush()
        os.chdir(REPO)
        os.execv(PYTHON, [str(PYTHON), "-m", "deploy.local", word, *arguments])


def setup(arguments: list[str]) -> int:
    """Fetch and check everything, tests' needs included."""
    del arguments
    toolchain.set_up(everything=True)
    say(f"set up: {PYTHON}")
    return 0


def up(arguments: list[str]) -> int:
    """Start what does not run."""
    in_environment("up", arguments)
    from deploy.local.up import up  # noqa: PLC0415  (needs the packages)

    up(places.here())
    return 0


def servers(arguments: list[str]) -> int:
    """Start only what services stand on: Postgres with its databases, Kafka, the issuer."""
    in_environment("servers", arguments)
    from deploy.local.up import only_servers  # noqa: PLC0415  (needs the packages)

    only_servers(places.here())
    return 0


def down(arguments: list[str]) -> int:
    """Stop what runs."""
    del arguments
    from deploy.local.down import down  # noqa: PLC0415

    down(places.here())
    return 0


def reset(arguments: list[str]) -> int:
    """Forget everything stored here, after asking."""
    del arguments
    from deploy.local.down import reset  # noqa: PLC0415

    reset(places.here())
    return 0


def status(arguments: list[str]) -> int:
    """Show what runs and how far it has come."""
    if not (places.VENV / "stamp").exists():
        raise LauncherError("nothing is set up here; make up")
    in_place("status", arguments)
    from deploy.local.status import status  # noqa: PLC0415

    return status(places.here())


def token(arguments: list[str]) -> int:
    """Print a token of the local issuer."""
    del arguments
    from deploy.local.tokens import print_token  # noqa: PLC0415

    return print_token(places.here())


def logs(arguments: list[str]) -> int:
    """Show what the processes said last."""
    del arguments
    from deploy.local.logs import logs  # noqa: PLC0415

    return logs(places.here())


def demo(arguments: list[str]) -> int:
    """Start what does not run and load the generated history."""
    in_environment("demo", arguments)
    from deploy.local import work  # noqa: PLC0415

    return work.demo(places.here())


def bench(arguments: list[str]) -> int:
    """Measure, beside the baselines."""
    in_environment("bench", arguments, everything=True)
    from deploy.local import work  # noqa: PLC0415

    return work.bench(places.here(), arguments)


def test(arguments: list[str]) -> int:
    """Run every test; ARGS are pytest's own."""
    in_environment("test", arguments, everything=True)
    from deploy.local import work  # noqa: PLC0415

    return work.test(arguments)


def check(arguments: list[str]) -> int:
    """Lint, types, boundaries, contracts, budgets."""
    in_environment("check", arguments, everything=True)
    from deploy.local import checks  # noqa: PLC0415

    return checks.main()


def proto(arguments: list[str]) -> int:
    """Generate the code of the contracts."""
    in_environment("proto", arguments, everything=True)
    from deploy.local import contracts  # noqa: PLC0415

    return contracts.generate_committed()


def lock(arguments: list[str]) -> int:
    """Resolve the requirements; UPGRADE=1 lets pins move."""
    in_environment("lock", arguments, everything=True)
    from deploy.local import lock  # noqa: PLC0415

    return lock.main(upgrade=os.environ.get("UPGRADE") == "1")


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    command.__name__: command
    for command in (
        setup, up, servers, down, status, test, demo, token, logs, bench, reset, check, proto, lock
    )
}  # fmt: skip
