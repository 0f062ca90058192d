"""Posts of officers."""

from datetime import date
from typing import Any

from services.email_provisioning.domain.posts import roles_on
from tests.support.directory import DirectoryWorld

TODAY = date(2026, 11, 23)
WHY = "Quyết định số 12/QĐ-UBND"


def post(agency: str, *roles: str, **more: Any) -> dict[str, Any]:
    return {"agency": agency, "title": "Trưởng phòng", "roles": list(roles)} | more


def roles(world: DirectoryWorld, officer: str, agency: str, day: date = TODAY) -> set[str]:
    """What the newest event lets the officer do: what every copy of the directory knows."""
    announced = world.officers.stored[officer]["history"][-1]["data"]["posts"]
    return roles_on(announced, agency, day.isoformat())
