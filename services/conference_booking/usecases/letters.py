"""What an invitation or cancellation says in words, in both languages."""

from datetime import datetime
from typing import Any

from services.conference_booking.domain.appointments import Appointment
from services.conference_booking.domain.decisions import Document
from services.conference_booking.domain.invitations import CANCEL, Letter

_CLOSING = {
    "vi": "Bạn nhận thư vì hộp thư này được mời dự họp. Mời trả lời bằng nút Chấp nhận hoặc Từ chối.",
    "en": "You get it because this mailbox is invited. Please answer: accept or decline.",
}


def words_of(meeting: Document, letter: Letter, appointment: Appointment) -> dict[str, Any]:
    """Subject and text; the calendar part beside them says the same to programs."""
    title, place, contact = appointment.title, appointment.place, meeting["contact"]
    when = _when(appointment, appointment.only or (appointment.starts,))
    if letter.method == CANCEL:
        vi, en = ("Hủy buổi họp", "Session cancelled") if letter.sessions else ("Hủy họp", "Meeting cancelled")
        texts = {
            "vi": f"Cuộc họp trực tuyến “{title}” lúc {when['vi']} không diễn ra, hoặc không còn mời hộp thư này.",
            "en": f"The video conference “{title}” at {when['en']} is off, or this mailbox is not invited any more.",
        }
    else:
        vi, en = ("Thay đổi lời mời họp", "Invitation changed") if letter.sequence else ("Mời họp", "Invitation")
        series = len([one for one in meeting["sessions"] if one["state"] in ("planned", "live")])
        many = {"vi": f" và các buổi sau, còn {series} buổi", "en": f" and further ones, {series} in all"}
        more = many if meeting["rule"] else {"vi": "", "en": ""}
        texts = {
            "vi": f"Kính mời dự họp trực tuyến “{title}” lúc {when['vi']}{more['vi']}; điểm cầu chủ trì: {place}. "
            f"Điểm cầu kết nối trước {meeting['set_up']} phút, thử đường truyền trước {meeting['rehearsal']} phút.",
            "en": f"You are invited to the conference “{title}” at {when['en']}{more['en']}; the chair is at {place}. "
            f"Endpoints are connected {meeting['set_up']} minutes and tried {meeting['rehearsal']} minutes before.",
        }
    who = f"{contact['name']}, {contact['phone']}"
    call = {"vi": f" Liên hệ: {who}.", "en": f" Contact: {who}."}
    return {
        language: {
            "subject": f"{subject}: {title}",
            "text": texts[language] + call[language],
            "closing": _CLOSING[language],
        }
        for language, subject in (("vi", vi), ("en", en))
    }


def _when(appointment: Appointment, walls: tuple[datetime, ...]) -> dict[str, str]:
    zone = "" if appointment.zone == "Asia/Ho_Chi_Minh" else f" ({appointment.zone})"
    vi = ", ".join(f"{wall:%H:%M ngày %d/%m/%Y}" for wall in walls)
    en = ", ".join(f"{wall:%H:%M on %d %B %Y}" for wall in walls)
    return {"vi": f"{vi}{zone}", "en": f"{en}{zone}"}
