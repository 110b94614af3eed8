"""One whole installation for the tests of a file."""

from collections.abc import Iterator

import pytest
from acceptance.installation import Installation


@pytest.fixture(scope="module")
def installation(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    """Started for the file and thrown away after it, with the launcher's `VARIABLES` it names."""
    variables = getattr(request.module, "VARIABLES", {})
    own = Installation(tmp_path_factory.mktemp("installation") / "run", variables)
    try:
        own.up()
        yield own
    finally:
        own.down()
