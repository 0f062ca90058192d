"""What an invitation, a cancellation or a warning says in words, in both languages."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from services.conference_booking.domain.appointments import Appointment
from services.conference_booking.domain.decisions import Document
from services.conference_booking.domain.invitations import CANCEL, Letter

_CLOSING = {
    "vi": "Bạn nhận thư vì hộp thư này được mời dự họp. Mời trả lời bằng nút Chấp nhận hoặc Từ chối.",
    "en": "You get it because this mailbox is invited. Please answer: accept or decline.",
}
_NEWS = {
    "vi": "Bạn nhận thư vì hộp thư này được mời dự họp. Không cần trả lời lại.",
    "en": "You get it because this mailbox is invited. There is no need to answer again.",
}


def words_of(meeting: Document, letter: Letter, appointment: Appointment, way_in: Mapping[str, str]) -> dict[str, Any]:
    """Subject and text, with how one gets in; the calendar part beside them says the same to programs."""
    title, place, contact = appointment.title, appointment.place, meeting["contact"]
    when = _when(appointment, appointment.only or (appointment.starts,))
    closing = _CLOSING if letter.method == CANCEL or not letter.sessions else _NEWS
    if letter.method == CANCEL:
        vi, en = ("Hủy buổi họp", "Session cancelled") if letter.sessions else ("Hủy họp", "Meeting cancelled")
        texts = {
            "vi": f"Cuộc họp trực tuyến “{title}” lúc {when['vi']} không diễn ra, hoặc không còn mời hộp thư này.",
            "en": f"The video conference “{title}” at {when['en']} is off, or this mailbox is not invited any more.",
        }
    elif letter.sessions and _are_ahead(meeting, letter.sessions):
        vi, en = "Đổi giờ buổi họp", "Session moved"
        new, closing = _when(appointment, tuple(appointment.others[wall][0] for wall in appointment.only)), _CLOSING
        texts = {
            "vi": f"Buổi họp trực tuyến “{title}” lúc {when['vi']} chuyển sang {new['vi']}.",
            "en": f"The video conference “{title}” at {when['en']} will be at {new['en']} instead.",
        }
    elif letter.sessions:
        vi, en = "Kéo dài buổi họp", "Session extended"
        until = _until(meeting, letter.sessions)
        texts = {
            "vi": f"Buổi họp trực tuyến “{title}” lúc {when['vi']} kéo dài đến {until}.",
            "en": f"The video conference “{title}” at {when['en']} goes on until {until}.",
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
            "text": " ".join(filter(None, (texts[language] + call[language], way_in[language]))),
            "closing": closing[language],
        }
        for language, subject in (("vi", vi), ("en", en))
    }


def _are_ahead(meeting: Document, numbers: Sequence[int]) -> bool:
    """Whether none of these sessions has begun: what is said of them is another time, and not that they go on."""
    return all(one["state"] == "planned" for one in meeting["sessions"] if one["n"] in numbers)


def _until(meeting: Document, numbers: Sequence[int]) -> str:
    """When the extended sessions of these numbers end, on the wall clock of the meeting."""
    said = [one for one in meeting["sessions"] if one["n"] in numbers]
    lengths = [(one.get("moved") or meeting)["minutes"] + one.get("extended", 0) for one in said]
    ends = [one["start"] + timedelta(minutes=length) for one, length in zip(said, lengths, strict=True)]
    return ", ".join(f"{end.astimezone(ZoneInfo(meeting['zone'])):%H:%M}" for end in ends)


_CHECKS = {
    "technician": {"vi": "cán bộ kỹ thuật", "en": "a technician"},
    "connected": {"vi": "kết nối", "en": "a connection"},
    "picture": {"vi": "hình", "en": "a picture"},
    "sound": {"vi": "tiếng", "en": "sound"},
    "content": {"vi": "trình chiếu", "en": "content"},
}
_WARNING_CLOSING = {
    "vi": "Bạn nhận thư vì hộp thư này thuộc người trực kỹ thuật hoặc đơn vị vận hành.",
    "en": "You get it because this mailbox is of somebody on duty, or of those who run the network.",
}


def warning_words(
    meeting: Document, session: Mapping[str, Any], message: Document, places: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    """Which endpoints lack what, so many minutes before a session."""
    wall, before = session["start"].astimezone(ZoneInfo(meeting["zone"])), message["before"]
    lists = {
        language: "; ".join(
            f"{places[key][language]} ({', '.join(_CHECKS[name][language] for name in lacks)})"
            for key, lacks in sorted(message["lacks"].items())
            if key in places
        )
        for language in ("vi", "en")
    }
    said = {
        "vi": (
            f"Chưa sẵn sàng trước {before} phút",
            f"Lúc {wall:%H:%M ngày %d/%m/%Y} họp “{meeting['title']}”. Còn thiếu",
        ),
        "en": (
            f"Not ready {before} minutes before",
            f"“{meeting['title']}” begins at {wall:%H:%M on %d/%m/%Y}. Lacking",
        ),
    }
    return {
        language: {
            "subject": f"{subject}: {meeting['title']}",
            "text": f"{text}: {lists[language]}.",
            "closing": _WARNING_CLOSING[language],
        }
        for language, (subject, text) in said.items()
    }


def _when(appointment: Appointment, walls: tuple[datetime, ...]) -> dict[str, str]:
    zone = "" if appointment.zone == "Asia/Ho_Chi_Minh" else f" ({appointment.zone})"
    vi = ", ".join(f"{wall:%H:%M ngày %d/%m/%Y}" for wall in walls)
    en = ", ".join(f"{wall:%H:%M on %d %B %Y}" for wall in walls)
    return {"vi": f"{vi}{zone}", "en": f"{en}{zone}"}
