"""What must not stand in a committed file."""

import re
import unicodedata

import pytest
from architecture.sources import REPO, committed

# written apart, so that this file does not name what it looks for
UNFINISHED = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "X" * 3]) + r")\b")
HOSTS = re.compile(
    "|".join(
        [
            "pypi" + r"\.org",
            "pythonhosted" + r"\.org",
            "npmjs" + r"\.(org|com)",
            r"repo1?\." + r"maven\.(apache\.)?org",
            "docker" + r"\.io",
            "ghcr" + r"\.io",
            "proxy" + r"\.golang\.org",
        ]
    )
)


@pytest.mark.parametrize("pattern", [UNFINISHED, HOSTS], ids=["unfinished", "registry hosts"])
def test_no_committed_file_leaves_work_undone_or_names_a_registry(pattern):
    found = [
        f"{path.relative_to(REPO)}:{number}: {line.strip()[:120]}"
        for path in committed()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]
    assert not found


def test_the_patterns_find_what_they_look_for():
    assert UNFINISHED.search("# " + "TO" + "DO: later")
    assert HOSTS.search("https://" + "pypi" + ".org/simple")


def test_every_text_is_in_composed_form():
    found = [
        str(path.relative_to(REPO))
        for path in committed()
        if path.suffix in (".py", ".md", ".html", ".js", ".css", ".sql", ".proto", ".toml")
        and not unicodedata.is_normalized("NFC", path.read_text(encoding="utf-8"))
    ]
    assert not found
