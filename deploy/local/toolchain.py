"""What the repository needs to run, put into `.tools/`: checked, hashed, and fetched only once.

Standard library only, and no newer than Python 3.8 at import: this file runs before anything is
installed and has to say so when the Python is too old.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from deploy.local.console import only_one, say
from deploy.local.kafka import java
from deploy.local.places import CACHE, JARS, PYTHON, REPO, REQUIREMENTS, TOOLS, VENV
from deploy.local.processes import LauncherError

JAVA_AT_LEAST = 17
ATTEMPTS = 4
POM = REPO / "tools" / "kafka" / "pom.xml"
SUMS = REPO / "tools" / "kafka" / "libs.sha256"


def set_up(everything: bool) -> None:
    """Make sure that `.tools/` holds what is needed; with `everything` also what tests need.

    Raises:
        LauncherError: something is missing or could not be fetched; says what to do.
    """
    # what was once set up for tests stays so: the smaller set would take packages away
    wanted = "dev" if everything or (VENV / "bin" / "pytest").exists() else "local"
    with only_one(TOOLS / "lock"):
        if (packages_current(wanted)) and jars_current():
            return
        missing = absent()
        if missing:
            raise LauncherError("missing on this machine:\n  " + "\n  ".join(missing))
        with ThreadPoolExecutor() as both:
            jobs = [both.submit(install_packages, wanted), both.submit(fetch_jars)]
        for job in jobs:
            job.result()


def absent() -> list[str]:
    """What this machine lacks, each with how to get it (Debian's names)."""
    found = []
    if sys.version_info < (3, 11):  # noqa: UP036  (an older one is what this looks for)
        found.append(f"Python 3.11 or newer (this is {sys.version.split()[0]}): python3.11")
    if not importlib.util.find_spec("_ssl"):
        found.append(f"a Python with its ssl module ({sys.executable} has none): python3.11")
    if java_version() < JAVA_AT_LEAST:
        found.append("Java 17 or newer: apt-get install openjdk-17-jre-headless")
    if not jars_current() and not shutil.which("mvn"):
        found.append("Maven, to fetch Kafka's jars: apt-get install maven")
    if not Path("/proc/self/environ").exists():
        found.append("/proc: the launcher knows its processes by it, so it needs Linux")
    return found


def java_version() -> int:
    """The major version of Java, 0 when there is none."""
    try:
        done = subprocess.run(
            [java(), "-XX:-UsePerfData", "-version"], capture_output=True, text=True, check=True
        )
        return int(done.stderr.split('"')[1].split(".")[0].split("-")[0])
    except (OSError, subprocess.CalledProcessError, IndexError, ValueError):
        return 0


def packages_current(wanted: str) -> bool:
    """Whether the virtual environment holds that set, or the larger one, as hashed today."""
    acceptable = {stamp(wanted), stamp("dev")}
    return PYTHON.exists() and _text(VENV / "stamp") in acceptable


def stamp(wanted: str) -> str:
    """What the environment was made from: the requirements, the Python, the place."""
    content = hashlib.sha256((REQUIREMENTS / f"{wanted}.txt").read_bytes()).hexdigest()
    return f"{wanted} {content} {sys.version_info[0]}.{sys.version_info[1]} {VENV}"


def install_packages(wanted: str) -> None:
    """Install the hashed set by uv, which takes seconds; by pip where uv cannot reach the index."""
    if packages_current(wanted):
        return
    say(f"Python packages: installing the {wanted} set into {VENV}")
    made_for = _text(VENV / "stamp")
    moved = made_for and not made_for.endswith(f" {VENV}")  # its programs name the old place
    if moved or not _works(PYTHON):
        shutil.rmtree(VENV, ignore_errors=True)
        _make_venv()
    requirements = str(REQUIREMENTS / f"{wanted}.txt")
    uv = VENV / "bin" / "uv"
    try:
        if not uv.exists():
            _pip("install", "--require-hashes", "-r", str(REQUIREMENTS / "uv.txt"))
        sync = [str(uv), "pip", "sync", "-q", "--require-hashes", "--python", str(PYTHON)]
        retried("uv pip sync", lambda: _run([*sync, requirements], uv_environment()), attempts=2)
    except LauncherError as reason:
        say(f"Python packages: {reason}; trying with pip")
        _pip("install", "--require-hashes", "-r", requirements)
    _add_sources()
    (VENV / "stamp").write_text(stamp(wanted))


def _make_venv() -> None:
    try:
        venv.create(VENV, with_pip=True, symlinks=True)
    except (subprocess.CalledProcessError, OSError) as error:
        hint = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        raise LauncherError(f"no virtual environment ({error}): apt-get install {hint}") from None


def _add_sources() -> None:
    """`python -m training` works in this environment from anywhere."""
    sources = f"{REPO / 'services'}\n{REPO / 'proto' / 'gen'}\n"
    for folder in VENV.glob("lib/python*/site-packages"):
        (folder / "khuyenhoc.pth").write_text(sources)


def _pip(*arguments: str) -> None:
    environment = {"PIP_CACHE_DIR": str(CACHE / "pip"), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    command = [str(PYTHON), "-m", "pip", "-q", *arguments]
    retried("pip", lambda: _run(command, environment))


def uv_environment() -> dict[str, str]:
    """As uv reads nothing of pip's configuration, hand it the index and the certificates."""
    environment = {"UV_CACHE_DIR": str(CACHE / "uv"), "UV_PYTHON_DOWNLOADS": "never"}
    command = [str(PYTHON), "-m", "pip", "config", "get", "global.index-url"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    index = os.environ.get("PIP_INDEX_URL") or done.stdout.strip()
    if index and "UV_DEFAULT_INDEX" not in os.environ:
        environment["UV_DEFAULT_INDEX"] = index
    if "PIP_CERT" in os.environ and "SSL_CERT_FILE" not in os.environ:
        environment["SSL_CERT_FILE"] = os.environ["PIP_CERT"]
    return environment


def jars_current() -> bool:
    """Whether Kafka's jars were checked against the committed sums."""
    return _text(JARS / "stamp") == hashlib.sha256(SUMS.read_bytes()).hexdigest()


def fetch_jars() -> None:
    """Fetch Kafka and what it needs by Maven and hold every file against its committed sum."""
    if jars_current():
        return
    say(f"Kafka: fetching its jars into {JARS}")
    shutil.rmtree(JARS, ignore_errors=True)
    temporary = CACHE / "tmp"
    temporary.mkdir(parents=True, exist_ok=True)
    command = ["mvn", "-q", "-B", "-ntp", "-C", "-f", str(POM), "dependency:copy-dependencies"]
    command += ["-DincludeScope=runtime", f"-DoutputDirectory={JARS}"]
    command += [f"-Dmaven.repo.local={CACHE / 'maven'}"]
    options = f"-XX:-UsePerfData -Djava.io.tmpdir={temporary}"
    retried("mvn", lambda: _run(command, {"MAVEN_OPTS": options}))
    wrong = differing(JARS, SUMS)
    if wrong:
        shutil.rmtree(JARS)
        raise LauncherError(f"Kafka's jars are not those of {SUMS}: {', '.join(sorted(wrong))}")
    (JARS / "stamp").write_text(hashlib.sha256(SUMS.read_bytes()).hexdigest())


def differing(folder: Path, sums: Path) -> set[str]:
    """The names of jars that are missing, too many, or not what the sums say."""
    lines = (line.split() for line in sums.read_text().splitlines())
    expected = {(name, digest) for digest, name in lines}
    found = {
        (jar.name, hashlib.sha256(jar.read_bytes()).hexdigest()) for jar in folder.glob("*.jar")
    }
    return {name for name, _ in expected ^ found}


def retried(what: str, action: Callable[[], None], attempts: int = ATTEMPTS) -> None:
    """Try, and again after 1, 3, 9 seconds: networks have bad moments."""
    for attempt in range(attempts):
        try:
            return action()
        except LauncherError as error:
            if attempt == attempts - 1:
                raise
            pause = 3**attempt
            say(f"{error}\n  {what}: again in {pause} s")
            time.sleep(pause)
    return None


def _run(command: Sequence[str], environment: dict[str, str]) -> None:
    done = subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        lines = (done.stderr.strip() or done.stdout.strip()).splitlines()
        said = "\n  ".join(line[:300] for line in lines[-4:])
        raise LauncherError(f"{Path(command[0]).name} failed:\n  {said}")


def _works(python: Path) -> bool:
    try:
        subprocess.run([python, "-c", "import pip"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""
