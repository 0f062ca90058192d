"""A small directory."""

import pytest

from tests.support.directory import DirectoryWorld, small_world


@pytest.fixture
def world() -> DirectoryWorld:
    return small_world()
