"""What is installed is what was asked for, by hash, and each service says what it needs."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest
from architecture.sources import REPO, python

from deploy.local import lock
from deploy.local.services import SERVICES

REQUIREMENT = re.compile(r"^[a-z0-9._-]+(\[[a-z0-9,]+\])?==\S+( ;.*)? \\$", re.IGNORECASE)


@pytest.mark.parametrize("name", list(lock.sources()))
def test_every_requirement_is_one_version_with_its_hashes(name):
    content = (REPO / "requirements" / f"{name}.txt").read_text()
    first, *lines = content.splitlines()
    assert first.startswith("# made by `make lock`")
    assert "://" not in content
    heads = [line for line in lines if not line.startswith("    ")]
    assert heads
    assert not [line for line in heads if not REQUIREMENT.match(line)]
    hashes = [line for line in lines if line.startswith("    ")]
    assert all(re.match(r"    --hash=sha256:[0-9a-f]{64}", line) for line in hashes)


def test_the_requirements_are_in_step_with_what_is_declared():
    assert not lock.out_of_step()


def declared(service: str) -> set[str]:
    content = tomllib.loads((REPO / "services" / service / "pyproject.toml").read_text())
    names = (re.split(r"[\[=<>~ ]", line)[0] for line in content["project"]["dependencies"])
    return {plain(name) for name in names}


def plain(name: str) -> str:
    """The name of a package as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def third_parties(folder: str) -> set[str]:
    """The top-level modules that the files of a folder import from elsewhere."""
    found: set[str] = set()
    for path in python():
        if path.is_relative_to(REPO / folder):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    found |= {alias.name.split(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    found.add(node.module.split(".")[0])
    ours = {"chassis", "khuyenhoc", "cloudevents", *(service.name for service in SERVICES)}
    return found - ours - set(sys.stdlib_module_names)


@pytest.mark.parametrize("service", ["chassis", *(service.name for service in SERVICES)])
def test_a_service_declares_every_package_it_imports(service):
    allowed = declared("chassis") | declared(service)
    # what these bring along as a part of their own interface
    allowed |= {"starlette", "pydantic", "markupsafe"}
    owners = packages_distributions()
    missing = {
        module
        for module in third_parties(f"services/{service}")
        if not allowed & {plain(name) for name in owners.get(module, [module])}
    }
    assert not missing
