"""Files and functions stay short enough to be read at one go."""

import ast
from pathlib import Path
from statistics import median

from architecture.sources import REPO, python

LONGEST_FILE = 400
LONGEST_FUNCTION = 40
USUAL_FILE = 120
PRODUCT = ("services", "deploy", "demo", "benchmarks")


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def product() -> list[Path]:
    return [p for p in python() if p.relative_to(REPO).parts[0] in PRODUCT]


def functions(path: Path) -> list[tuple[str, int]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    found = [node for node in ast.walk(tree) if isinstance(node, kinds)]
    return [
        (f"{path.relative_to(REPO)}:{f.lineno} {f.name}", (f.end_lineno or 0) - f.lineno + 1)
        for f in found
    ]


def test_no_file_is_longer_than_four_hundred_lines():
    long = {str(p.relative_to(REPO)): lines(p) for p in python() if lines(p) > LONGEST_FILE}
    assert not long


def test_no_function_is_longer_than_forty_lines():
    found = [function for path in product() for function in functions(path)]
    assert len(found) > 100
    assert not {name: size for name, size in found if size > LONGEST_FUNCTION}


def test_half_of_the_files_are_a_page_or_two():
    assert median(lines(path) for path in product() if lines(path) > 1) <= USUAL_FILE
