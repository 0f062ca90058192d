"""Posts of officers."""

from datetime import date
from typing import Any

import pytest

from services.email_provisioning.domain.posts import roles_on
from tests.support.directory import DirectoryWorld, small_world

TODAY = date(2026, 11, 23)
WHY = "Quyết định số 12/QĐ-UBND"


@pytest.fixture
def world() -> DirectoryWorld:
    return small_world()


def post(agency: str, *roles: str, **more: Any) -> dict[str, Any]:
    return {"agency": agency, "title": "Trưởng phòng", "roles": list(roles)} | more


def roles(world: DirectoryWorld, officer: str, agency: str, day: date = TODAY) -> set[str]:
    """What the newest event lets the officer do: what every copy of the directory knows."""
    announced = world.officers.stored[officer]["history"][-1]["data"]["posts"]
    return roles_on(announced, agency, day.isoformat())
