"""The printed report says what happened when, why, and what is left to do."""

import io
from datetime import timedelta

from pypdf import PdfReader

from tests.support.conference_world import TECHNICIAN, ConferenceWorld


def test_the_report_as_pdf() -> None:
    world = ConferenceWorld()
    meeting = world.approved()
    world.at("2026-12-07T08:10")
    asked = {"network": "thanh-hoa", "endpoint": "th-05", "line": "primary", "meeting": meeting, "session": 1}
    incident = world.ask("open_incident", TECHNICIAN, **asked, symptom="lost_link", what="Mất kết nối hoàn toàn")["id"]
    world.ask("acknowledge_incident", TECHNICIAN, incident=incident)
    world.now += timedelta(minutes=4)
    world.ask("switch_to_standby", TECHNICIAN, incident=incident)
    world.now += timedelta(minutes=40)
    world.ask("restore_incident", TECHNICIAN, incident=incident)
    told = {
        "cause": "Đứt cáp quang do thi công đường",
        "action": "Chuyển sang đường Internet dự phòng",
        "report": "<b>Không</b> #ảnh hưởng các điểm cầu khác",
        "follow_ups": [{"what": "Đề nghị nhà mạng đi lại tuyến cáp", "who": "Phòng Hạ tầng số", "due": "2026-12-14"}],
    }
    world.ask("close_incident", TECHNICIAN, incident=incident, **told)
    ticket = world.ask("print_incident", TECHNICIAN, incident=incident)
    assert (ticket["type"], ticket["name"]) == ("application/pdf", f"bao-cao-su-co-{incident[:8]}.pdf")
    pages = PdfReader(io.BytesIO(world.files.contents[ticket["name"]])).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    for said in (
        "BÁO CÁO SỰ CỐ",
        "mất kết nối",
        "phường Hạc Thành, đường truyền chính",
        "Giao ban trực tuyến tháng 12",
        "4 phút",
        "Đường truyền dự phòng",
        "08:10:00 ngày 07/12/2026",
        "08:14:00 ngày 07/12/2026",
        "08:54:00 ngày 07/12/2026",
        "Đứt cáp quang do thi công đường",
        "<b>Không</b> #ảnh hưởng các điểm cầu khác",
        "Đề nghị nhà mạng đi lại tuyến cáp",
        "14/12/2026",
    ):
        assert said in text, said
