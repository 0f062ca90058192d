"""A meeting of all endpoints: what is wished for, and who goes the way with it."""

import io
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pypdf import PdfReader

from local.demo.caller import Caller
from shared.working_time import VIETNAM
from tests.support.calendar_judge import judge
from tests.support.meeting_people import CalendarMail, House
from tests.support.namespaces import Cable
from tests.support.pictures import pictures_of
from tests.support.running import eventually

PLACES = [f"th-{number:02}" for number in range(1, 32)]
CHAIR, STANDBY, MEASURED = "th-01", "th-31", "th-05"
"""The line of th-05 fails; it is also whose agency convenes."""

DELEGATE, ALERTED = "dai-bieu@thanhhoa.gov.vn", "truc-van-hanh@thanhhoa.gov.vn"
PERSON = {
    "network": "thanh-hoa",
    "agency": "H56.30.01",
    "key": "kt-hac-thanh",
    "name": "Lê Văn Kỹ",
    "phone": "0912000005",
    "endpoints": [MEASURED],
}
WISH: dict[str, Any] = {
    "network": "thanh-hoa",
    "title": "Hội nghị trực tuyến toàn tỉnh về phòng, chống bão số 9",
    "note": "Thành phần: lãnh đạo xã, phường; mang theo phương án “4 tại chỗ”",
    "contact": {"name": "Lê Thị Nga", "phone": "02373000005"},
    "chair": CHAIR,
    "endpoints": [place for place in PLACES if place not in (CHAIR, STANDBY)],
    "standby": [STANDBY],
    "standby_lines": [MEASURED],
    "technicians": [{"endpoint": MEASURED, "technician": "kt-hac-thanh"}],
    "delegates": [{"name": "Trần Văn Bình", "address": DELEGATE, "endpoint": MEASURED}],
    "resolution": "1080p",
    "minutes": 60,
}
ITEMS: list[dict[str, Any]] = [
    {"minutes": 5, "what": "Ổn định tổ chức, điểm danh 31 điểm cầu", "speaker": "Văn phòng", "on_screen": CHAIR},
    {
        "minutes": 35,
        "what": "Báo cáo tình hình bão và phương án sơ tán dân ven biển",
        "speaker": "Chủ tịch Ủy ban nhân dân phường Hạc Thành",
        "on_screen": MEASURED,
        "layout": "speaker_and_content",
        "content": "Phương án sơ tán.pptx",
        "note": "Nếu mất hình, chuyển điểm cầu kế tiếp",
    },
    {"minutes": 20, "what": "Thảo luận và kết luận", "layout": "gallery", "audio": "all"},
]
SIGNER = {"form": "TM.", "behalf": "ỦY BAN NHÂN DÂN", "position": "CHỦ TỊCH", "name": "Lê Thị Lan"}
GOOD = {"present": True, "connected": True, "picture": "good", "sound_in": "good", "sound_out": "good"}
GOOD |= {"backup_line": "good", "verdict": "passed"}
CLOSED = {
    "cause": "Suy hao trên tuyến cáp quang tới phường",
    "action": "Chuyển đường dự phòng, báo nhà mạng",
    "report": "Cuộc họp không gián đoạn",
    "follow_ups": [{"what": "Hàn lại cáp", "who": "Nhà mạng", "due": "2026-12-14"}],
}


def mailbox(place: str) -> str:
    return f"diem-cau-{place}@thanhhoa.gov.vn"


def wall(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M}"


@dataclass
class Journey:
    """The meeting as it goes on, and how many calendar messages each mailbox has had of it."""

    house: House
    cable: Cable
    asked: dict[str, Any] = field(default_factory=dict)
    starts: datetime = field(default_factory=lambda: datetime.now(VIETNAM))
    told: int = 0

    def __getitem__(self, part: str) -> Caller:
        return self.house.people[part]

    def path(self, rest: str = "") -> str:
        return f"/conferences/meetings/{self.asked['id']}{rest}"

    def act(self, part: str, rest: str, **body: Any) -> Any:
        """Something that wants the meeting's version."""
        return self[part].post(self.path(rest), body, version=self[part].get(self.path())["version"])

    def all_are_told(self, sequence: int) -> list[CalendarMail]:
        """The next message to each endpoint and to the delegate: the same, newer, judged by libical."""
        self.told += 1
        newest = [self.house.calendars(address, self.told)[-1] for address in [*map(mailbox, PLACES), DELEGATE]]
        assert {(one.method, int(one.event["SEQUENCE"])) for one in newest} == {("REQUEST", sequence)}
        assert {str(one.event["UID"]).partition("@")[0] for one in newest} == {self.asked["id"]}
        texts = sorted({one.text for one in newest})
        assert [judged.complaints for judged in judge(texts)] == [[]] * len(texts)
        return newest

    def lines_become(self, band: str, *places: str) -> None:
        def are_so() -> bool:
            rows = self["technician"].get("/conferences/lines", network="thanh-hoa", limit="100")["items"]
            return {one["endpoint"] for one in rows if one["band"] == band}.issuperset(places)

        eventually(are_so, f"the lines of {', '.join(places)} are {band}", 120)

    def picture(self, part: str, path: str, name: str, **query: Any) -> str:
        """The words of a PDF whose pages are kept as pictures too."""
        kind, content = self[part].download(path, **query)
        assert kind == "application/pdf"
        assert pictures_of(name, content) != []
        return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())
