"""One project for all tests of this folder."""

from collections.abc import Iterator

import pytest

from tests.compose.composed import Composed, composed


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Composed]:
    """The platform in containers, in the place of the one in processes."""
    with composed(tmp_path_factory.mktemp("compose")) as running:
        yield running
