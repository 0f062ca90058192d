"""What tests of incidents do."""

from typing import Any

from shared.contracts.principal import Principal
from tests.support.conference_world import TECHNICIAN, ConferenceWorld

THRICE = "FREQ=WEEKLY;COUNT=3"
BODIES: dict[str, dict[str, Any]] = {
    "acknowledge_incident": {},
    "reassess_incident": {"severity": 1, "reason": "Điểm cầu chủ trì"},
    "switch_to_standby": {},
    "restore_incident": {},
    "close_incident": {"cause": "Đứt cáp quang", "action": "Chuyển đường dự phòng"},
    "add_follow_up": {"what": "Kiểm tra tuyến cáp", "who": "Nhà mạng", "due": "2026-12-14"},
    "finish_follow_up": {"number": 1},
}


def opened(world: ConferenceWorld, who: Principal = TECHNICIAN, **body: Any) -> str:
    wish = {"network": "thanh-hoa", "endpoint": "th-05", "symptom": "no_video", **body}
    return str(world.ask("open_incident", who, **wish)["id"])


def act(world: ConferenceWorld, action: str, incident: str, who: Principal = TECHNICIAN, **body: Any) -> Any:
    return world.ask(action, who, incident=incident, **{**BODIES[action], **body})


def meeting_on(world: ConferenceWorld, **wish: Any) -> str:
    """A meeting that is being set up."""
    meeting = world.approved(**wish)
    world.at("2026-12-07T07:30")
    return meeting
