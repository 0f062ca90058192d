"""The conference of the demonstration: approved, prepared by its run-of-show, rehearsed, invited to by a document."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from local.demo.caller import Caller, Refused

PEOPLE = {
    "convener": "clerk-hac-thanh",
    "host": "specialist-hac-thanh",
    "conference_approver": "head-van-phong-thanh-hoa",
    "technician": "technician-thanh-hoa",
}

TECHNICIAN: dict[str, Any] = {
    "key": "kt-hac-thanh",
    "network": "thanh-hoa",
    "agency": "H56.30.01",
    "name": "Lê Văn Kỹ",
    "phone": "0912000005",
    "endpoints": ["th-05"],
}

MEETING: dict[str, Any] = {
    "network": "thanh-hoa",
    "title": "Giao ban trực tuyến công tác cải cách hành chính",
    "contact": {"name": "Lê Thị Nga", "phone": "02373000005"},
    "chair": "th-05",
    "endpoints": ["th-06"],
    "standby_lines": ["th-05"],
    "technicians": [{"endpoint": "th-05", "technician": "kt-hac-thanh"}],
    "minutes": 60,
}

ITEMS: list[dict[str, Any]] = [
    {"minutes": 5, "what": "Ổn định, giới thiệu đại biểu", "speaker": "Văn phòng", "on_screen": "th-05"},
    {
        "minutes": 25,
        "what": "Báo cáo kết quả giải quyết thủ tục hành chính tháng 11",
        "speaker": "Công chức Văn phòng - Thống kê",
        "on_screen": "th-05",
        "layout": "speaker_and_content",
        "content": "Báo cáo tháng 11.pptx",
    },
    {"minutes": 20, "what": "Thảo luận", "layout": "gallery", "audio": "all"},
    {"minutes": 10, "what": "Kết luận", "speaker": "Chủ tịch Ủy ban nhân dân phường", "on_screen": "th-05"},
]

REHEARSAL: dict[str, Any] = {
    "present": True,
    "connected": True,
    "picture": "good",
    "sound_in": "good",
    "sound_out": "good",
    "backup_line": "good",
    "measured": {"loss_percent": 0.1, "rtt_ms": 14.2, "jitter_ms": 1.8, "mbps": 7.8},
    "verdict": "passed",
}


class Conference:
    """What people do for a meeting a week ahead, or at the nearest free time; each step keeps what is answered."""

    def __init__(self, people: Mapping[str, Caller]) -> None:
        self._people = people
        self.meeting: dict[str, Any] = {}

    def ask(self, now: datetime) -> dict[str, Any]:
        """Ask for it with a technician on duty, and have it approved; the meeting as it is shown then."""
        self._register()
        first = (now + timedelta(days=7)).replace(hour=8, minute=0)
        wish = MEETING | {"starts": f"{first:%Y-%m-%dT%H:%M}"}
        try:
            asked = self._people["convener"].post("/conferences/meetings", wish)
        except Refused as refused:
            if not refused.problem.get("alternatives"):
                raise
            wish["starts"] = refused.problem["alternatives"][0]["starts"]
            asked = self._people["convener"].post("/conferences/meetings", wish)
        self.meeting = asked
        self._act("conference_approver", "/approval", asked["version"])
        return self._read()

    def _register(self) -> None:
        try:
            self._people["technician"].post("/conferences/technicians", TECHNICIAN)
        except Refused as refused:
            if refused.code != "technician_known":
                raise

    def plan(self) -> tuple[dict[str, Any], bytes]:
        """Write and release the run-of-show; it, and its PDF."""
        written = self._act("convener", "/script", 0, items=ITEMS)
        self._act("convener", "/script/releases", written["version"])
        _, content = self._people["convener"].download(self._path("/script/print"))
        script: dict[str, Any] = self._people["convener"].get(self._path("/script"))
        return script, content

    def rehearse(self) -> dict[str, Any]:
        """Try both endpoints, and conclude; the board."""
        for endpoint, part in (("th-05", "host"), ("th-06", "technician")):
            self._people[part].post(self._path(f"/sessions/1/endpoints/{endpoint}/rehearsal"), REHEARSAL)
        self._people["technician"].post(self._path("/sessions/1/rehearsal"), {"verdict": "passed"})
        board: dict[str, Any] = self._people["convener"].get(self._path("/sessions/1/readiness"))
        return board

    def invite(self) -> dict[str, Any]:
        """Ask for the invitation document; its draft, as soon as it is there."""
        self._act("convener", "/letter", self._read()["version"])
        view = self._people["convener"].wait_for(
            self._path(), lambda view: [letter["status"] for letter in view["letters"]] == ["draft"]
        )
        draft: dict[str, Any] = self._people["convener"].get(f"/documents/{view['letters'][0]['document']}")
        return draft

    def _act(self, part: str, rest: str, version: int, **body: Any) -> Any:
        return self._people[part].post(self._path(rest), body, version=version)

    def _read(self) -> dict[str, Any]:
        found: dict[str, Any] = self._people["convener"].get(self._path())
        return found

    def _path(self, rest: str = "") -> str:
        return f"/conferences/meetings/{self.meeting['id']}{rest}"
