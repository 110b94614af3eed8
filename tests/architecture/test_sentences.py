"""Every "no" is written in two languages, and in the right order."""

import ast
import inspect
import re
from collections.abc import Iterator

import pytest
from architecture.sources import REPO, python
from chassis import errors
from chassis.edge import problems

MARKED = re.compile("[àáâãèéêìíòóôõùúýăđĩũơưạ-ỹ]", re.IGNORECASE)
REFUSALS = {
    name
    for module in (errors, problems)
    for name, cls in inspect.getmembers(module, inspect.isclass)
    if issubclass(cls, errors.Refusal)
}
FIRST = {"Said": 0, "Fault": 2, "failed": 0, "refused": 1}
"""Where the English sentence stands in a call; the Vietnamese one follows."""

UNMARKED = {"ghi danh"}  # Vietnamese without a single mark


def calls() -> Iterator[tuple[str, ast.expr, ast.expr]]:
    """Where a refusal is written, its English and its Vietnamese argument."""
    for path in python():
        if path.relative_to(REPO).parts[0] != "services":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and (at := _first(node)) is not None:
                match node.args[at : at + 2]:
                    case [en, vi] if not isinstance(en, ast.Starred):
                        yield f"{path.relative_to(REPO)}:{node.lineno}", en, vi


def _first(call: ast.Call) -> int | None:
    match call.func:
        case ast.Name(id=name):
            return 0 if name in REFUSALS else FIRST.get(name)
        case ast.Attribute(value=ast.Name(id=name), attr="at") if name in REFUSALS:
            return 1
        case ast.Attribute(value=ast.Call(func=ast.Name(id="super")), attr="__init__"):
            return 0 if any(isinstance(one, ast.JoinedStr) for one in call.args) else None
    return None


def literal(argument: ast.expr) -> str:
    """The words of a text or a template, without the values."""
    if isinstance(argument, ast.JoinedStr):
        return "".join(literal(one) for one in argument.values)
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return argument.value
    return ""


def test_the_sentences_are_found():
    assert len(list(calls())) > 100


@pytest.mark.parametrize(("place", "en", "vi"), [pytest.param(*one, id=one[0]) for one in calls()])
def test_every_no_is_said_in_english_and_then_in_vietnamese(place, en, vi):
    assert not MARKED.search(literal(en).replace("Xã", "")), place
    if literal(vi).strip(" :;{}") and literal(vi) not in UNMARKED:
        assert MARKED.search(literal(vi)), place
