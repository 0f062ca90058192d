"""The main journey, as it is played on processes, on containers."""

import pytest

from tests.e2e.test_main_journey import *  # noqa: F403 # the same tests with another `platform`

pytestmark = pytest.mark.timeout(900)  # the first waits for everything to start
