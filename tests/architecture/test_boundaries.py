"""The import contracts of pyproject.toml, as a test."""

import subprocess
import sys
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
LINT = Path(sys.executable).with_name("lint-imports")


def lint(config: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT, "--config", config, "--no-cache"],
        cwd=REPO / "services",
        capture_output=True,
        text=True,
        check=False,
    )


def test_services_know_nothing_of_each_other_and_domains_reach_no_driver():
    done = lint(REPO / "pyproject.toml")
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


def test_a_broken_contract_would_be_found(tmp_path):
    config = tmp_path / "contracts.toml"
    config.write_text(
        "[tool.importlinter]\n"
        'root_packages = ["chassis", "training"]\n'
        "[[tool.importlinter.contracts]]\n"
        'name = "never true"\ntype = "forbidden"\n'
        'source_modules = ["training"]\nforbidden_modules = ["chassis"]\n'
    )
    done = lint(config)
    assert done.returncode == 1
    assert "1 broken" in done.stdout
