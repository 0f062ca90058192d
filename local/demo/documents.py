"""The letters of the demonstration: a ward asks the department of construction, and the department replies."""

from collections.abc import Mapping
from typing import Any

from local.demo.caller import Caller
from local.demo.papers import make_paper

PEOPLE = {
    "ward_specialist": "specialist-ninh-kieu",
    "ward_leader": "head-ninh-kieu",
    "ward_clerk": "clerk-ninh-kieu",
    "department_specialist": "specialist-xay-dung",
    "department_leader": "head-xay-dung",
    "department_clerk": "clerk-xay-dung",
}

LETTER: dict[str, Any] = {
    "kind": "cong_van",
    "subject": "V/v lấy ý kiến về quy hoạch tại địa điểm đăng ký hộ kinh doanh",
    "unit": {"code": "KT", "name": "Phòng Kinh tế, Hạ tầng và Đô thị"},
    "receivers": [{"agency": "H13.17"}],
    "places": ["Như trên", "Lưu: VT"],
    "urgency": 0,
    "pages": 1,
}

REPLY: dict[str, Any] = {
    "kind": "cong_van",
    "subject": "V/v trả lời ý kiến về quy hoạch",
    "unit": {"code": "QH", "name": "Phòng Quy hoạch"},
    "receivers": [{"agency": "H13.30.01"}],
    "places": ["Như trên", "Lưu: VT"],
    "pages": 1,
}

SIGNERS: dict[str, dict[str, str]] = {
    "ward": {"form": "TM.", "behalf": "ỦY BAN NHÂN DÂN", "position": "CHỦ TỊCH", "name": "Phạm Thị Dung"},
    "department": {"form": "KT.", "behalf": "GIÁM ĐỐC", "position": "PHÓ GIÁM ĐỐC", "name": "Đặng Quốc Việt"},
}

ASSIGNMENT: dict[str, Any] = {
    "lead": {"unit": "Phòng Quy hoạch", "officer": "specialist-xay-dung", "officer_name": "Trương Văn Nam"},
    "co_operating": [{"unit": "Thanh tra Sở"}],
    "opinion": "Kiểm tra quy hoạch và tham mưu văn bản trả lời",
}


class Correspondence:
    """What the people of both sides do with their documents; each step answers the receipt."""

    def __init__(self, people: Mapping[str, Caller]) -> None:
        self.people = people

    def act(self, who: str, kind: str, on: Mapping[str, Any], action: str, /, **body: Any) -> dict[str, Any]:
        """Act on a document or an arrival in the version last seen."""
        path = f"/{kind}/{on['id']}/{action}"
        receipt: dict[str, Any] = self.people[who].post(path, body, version=on["version"])
        return receipt

    def write(self, side: str, content: Mapping[str, Any], paper: bytes, draft: Mapping[str, Any] | None = None) -> Any:
        """Draft, or complete a draft that is there, with a paper and an attachment; then submit, sign and issue."""
        drafter = self.people[f"{side}_specialist"]
        attached = make_paper("Phụ lục", "Bản vẽ vị trí", str(content["subject"]))
        files = {
            "main": drafter.upload("văn bản.pdf", "application/pdf", paper),
            "attachments": [drafter.upload("phụ lục.pdf", "application/pdf", attached)],
        }
        if draft is None:
            document = drafter.post("/documents", {**content, **files})
        else:
            document = self.act(f"{side}_specialist", "documents", draft, "revise", **content, **files)
        document = self.act(f"{side}_specialist", "documents", document, "submit", note="Kính trình")
        document = self.act(f"{side}_leader", "documents", document, "sign", signer=SIGNERS[side])
        return self.act(f"{side}_clerk", "documents", document, "issue")

    def incoming(self, who: str, code: str) -> dict[str, Any]:
        """The arrival of that number, as soon as it is there."""
        page = self.people[who].wait_for(f"/arrivals?code={code}", lambda page: page["items"])
        found: dict[str, Any] = page["items"][0]
        return found

    def draft_for(self, application_code: str) -> dict[str, Any]:
        """The letter that the platform began for an application, as soon as it is there."""
        page = self.people["ward_specialist"].wait_for(
            f"/documents?status=draft&q={application_code}", lambda page: page["items"]
        )
        found: dict[str, Any] = page["items"][0]
        return found

    def sender_sees(self, document: Mapping[str, Any], standing: str) -> dict[str, Any]:
        """What the ward sees of its first receiver, once that stands so."""
        view = self.people["ward_clerk"].wait_for(
            f"/documents/{document['id']}", lambda view: view["deliveries"][0]["standing"] == standing
        )
        delivery: dict[str, Any] = view["deliveries"][0]
        return delivery
