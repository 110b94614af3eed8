"""Code generated from `proto/`, and what has been promised: the committed baseline."""

import filecmp
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from deploy.local.console import say
from deploy.local.places import PYTHON, REPO
from deploy.local.processes import LauncherError

PROTO = REPO / "proto"
GENERATED = PROTO / "gen"
BASELINE = PROTO / "baseline.binpb"


def sources() -> list[str]:
    """The contracts, relative to `proto/`."""
    found = (path.relative_to(PROTO) for path in PROTO.rglob("*.proto"))
    return sorted(str(path) for path in found if path.parts[0] != "gen")


def generate(into: Path) -> None:
    """Write messages, types and, where there are services, gRPC stubs for every contract.

    Raises:
        LauncherError: a contract does not compile.
    """
    files = sources()
    serving = [name for name in files if "\nservice " in (PROTO / name).read_text()]
    protoc([f"--python_out={into}", f"--pyi_out={into}", *files])
    if serving:
        protoc([f"--grpc_python_out={into}", *serving])


def describe(into: Path) -> None:
    """Write the descriptors of every contract and what it imports as one FileDescriptorSet."""
    protoc(["--include_imports", f"--descriptor_set_out={into}", *sources()])


def protoc(arguments: list[str]) -> None:
    """Run the compiler that comes with grpcio-tools.

    Raises:
        LauncherError: it refuses a contract.
    """
    command = [str(PYTHON), "-m", "grpc_tools.protoc", f"--proto_path={PROTO}", *arguments]
    done = subprocess.run(command, cwd=PROTO, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise LauncherError(done.stderr.strip())


def generate_committed() -> int:
    """Replace `proto/gen` by what the contracts generate today; BASELINE=1 makes them a promise."""
    with tempfile.TemporaryDirectory() as fresh:
        generate(Path(fresh))
        shutil.rmtree(GENERATED, ignore_errors=True)
        shutil.copytree(fresh, GENERATED)
    say(f"generated: {len(files_of(GENERATED))} files in {GENERATED.relative_to(REPO)}")
    if os.environ.get("BASELINE") == "1":
        describe(BASELINE)
        say(f"promised: {BASELINE.relative_to(REPO)}; from now on nothing in it is taken back")
    return 0


def out_of_step() -> list[str]:
    """The generated files that differ from what the contracts generate today."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder)
        generate(fresh)
        names = files_of(fresh) | files_of(GENERATED)
        return sorted(name for name in names if not same(fresh / name, GENERATED / name))


def files_of(folder: Path) -> set[str]:
    """The generated files below a folder, relative to it."""
    found = (path for path in folder.rglob("*") if path.suffix in (".py", ".pyi"))
    return {str(path.relative_to(folder)) for path in found}


def same(one: Path, other: Path) -> bool:
    """Whether both files are there with the same bytes."""
    return one.exists() and other.exists() and filecmp.cmp(one, other, shallow=False)
