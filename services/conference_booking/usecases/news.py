"""Plain mail: to the convener what became of a meeting without them, with when it could be instead; to the approver
what waits for them.
"""

from typing import Any
from uuid import uuid5
from zoneinfo import ZoneInfo

from services.conference_booking.domain import news
from services.conference_booking.domain.actors import CLOCKWORK
from services.conference_booking.domain.decisions import Document
from services.conference_booking.domain.finding import settle
from services.conference_booking.usecases.context import Context
from services.conference_booking.usecases.meetings import NAMESPACE
from shared.commands import first_document, new_aggregate, write_entry
from shared.contracts.conference_booking.invitations import MessageRequested
from shared.errors import Stale
from shared.history import Entry
from shared.working_time import VIETNAM

NEWS = "conference_news"

_CLOSING = {
    "vi": "Bạn nhận thư vì hộp thư này thuộc cơ quan đăng ký cuộc họp. Không cần trả lời thư này.",
    "en": "You get it because this mailbox is of the agency that convenes the meeting. There is no need to answer.",
}
_ASKING = {
    "vi": "Bạn nhận thư vì hộp thư này thuộc cơ quan duyệt lịch họp. Mời duyệt tại trang Họp trực tuyến.",
    "en": "You get it because this mailbox is of whoever approves meetings. Decide on the pages of meetings.",
}
_WHAT = {
    "requested": (("Cuộc họp chờ duyệt", "chờ duyệt"), ("Meeting waits for approval", "waits for approval")),
    "answered": (
        ("Đã bổ sung thông tin", "đã được bổ sung thông tin và chờ duyệt"),
        ("Question answered", "waits for approval: the question was answered"),
    ),
    "change_proposed": (
        ("Thay đổi chờ duyệt", "có thay đổi chờ duyệt; đến khi duyệt vẫn giữ như cũ"),
        ("Change waits for approval", "has a change that waits for approval; it stays as it was until then"),
    ),
    "change_answered": (
        ("Đã bổ sung thông tin về thay đổi", "có thay đổi chờ duyệt, đã được bổ sung thông tin"),
        ("Question about a change answered", "has a change that waits for approval: the question was answered"),
    ),
    "preempted": (
        ("Cuộc họp nhường chỗ", "nhường điểm cầu cho cuộc họp ưu tiên cao hơn"),
        ("Meeting gave way", "gave way to a meeting of a higher rank"),
    ),
    "rejected": (("Cuộc họp không được duyệt", "không được duyệt"), ("Meeting refused", "was refused")),
    "expired": (
        ("Hết hạn giữ chỗ", "hết hạn giữ chỗ vì chưa được duyệt, các điểm cầu đã được trả lại"),
        ("Hold expired", "was not decided on in time; its endpoints are free again"),
    ),
    "questioned": (
        ("Yêu cầu bổ sung thông tin", "cần bổ sung thông tin trước khi duyệt"),
        ("More information asked", "needs more information before it is decided on"),
    ),
    "change_questioned": (
        ("Yêu cầu bổ sung thông tin về thay đổi", "có thay đổi cần bổ sung thông tin trước khi duyệt"),
        ("More information asked about a change", "has a change that needs more information before it is decided on"),
    ),
    "at_risk": (("Cuộc họp có rủi ro", "có rủi ro về điểm cầu hoặc MCU"), ("Meeting at risk", "is at risk")),
    "change_rejected": (
        ("Thay đổi không được duyệt", "giữ nguyên như đã duyệt, thay đổi không được duyệt"),
        ("Change refused", "stays as it was approved: the change was refused"),
    ),
    "change_expired": (
        ("Thay đổi hết hạn giữ chỗ", "giữ nguyên như đã duyệt, thay đổi không còn được giữ chỗ"),
        ("Change expired", "stays as it was approved: the change is not held any more"),
    ),
}


def tell_concerned(context: Context, meeting: Document) -> None:
    """Ask for the mails, and note that they were asked for, in one write.

    Raises:
        Stale: somebody changed the meeting meanwhile; whoever looks for what is due looks again.
    """
    rows = news.untold(meeting)
    requests = [_request(context, meeting, row, box) for row in rows for box in _boxes(context, meeting, row)]
    told = settle(meeting, {"news_told": max(row["v"] for row in rows)}, context.now())

    def work() -> None:
        context.messages.add(*requests)
        if not context.meetings.derive(meeting["_id"], meeting["version"], told):
            raise Stale("version_stale")

    context.together(work)


def _boxes(context: Context, meeting: Document, row: news.Row) -> list[str]:
    """Who hears of a row."""
    if not row.get("asks"):
        return news.addresses(meeting, context.endpoints.of_network(meeting["network"]))
    approver = context.networks.get(meeting["network"]).approver_mailbox
    return [approver] if approver else []


def _request(context: Context, meeting: Document, row: news.Row, address: str) -> dict[str, Any]:
    before = new_aggregate(uuid5(NAMESPACE, f"news {meeting['_id']}:{row['v']}:{address}").hex)
    facts = {"kind": NEWS, "meeting": meeting["_id"], "address": address, "news": row}
    entry: Entry = write_entry(
        before,
        MessageRequested,
        MessageRequested.dump(about=meeting["_id"], kind=NEWS),
        at=context.now(),
        actor={**CLOCKWORK.sign()},
        answered={},
        after={**before, **facts},
    )
    return first_document(before, facts, entry)


def read_news(message: Document, meeting: Document) -> dict[str, Any]:
    """A mail as it is to be sent now; to nobody when it is not so any more."""
    row = message["news"]
    to = message["address"] if news.is_news(row, meeting) else None
    (subject_vi, said_vi), (subject_en, said_en) = _WHAT[row["what"]]
    when, instead = _walls(meeting, row), ", ".join(one.replace("T", " ") for one in row["alternatives"])
    vi = f"Cuộc họp trực tuyến “{meeting['title']}”{f' (buổi {when})' if when else ''} {said_vi}."
    en = f"The video conference “{meeting['title']}”{f' ({when})' if when else ''} {said_en}."
    reason = {"vi": f" Lý do: {row['reason']}.", "en": f" Reason: {row['reason']}."} if row["reason"] else {}
    until = _until(meeting) if row.get("asks") else ""
    held = {"vi": f" Giữ chỗ đến {until}.", "en": f" It is held until {until}."} if until else {}
    free = {"vi": f" Có thể họp lúc: {instead}.", "en": f" It could be at: {instead}."} if instead else {}
    words = {
        language: {
            "subject": f"{subject}: {meeting['title']}",
            "text": "".join((text, *(more.get(language, "") for more in (reason, held, free)))),
            "closing": (_ASKING if row.get("asks") else _CLOSING)[language],
        }
        for language, subject, text in (("vi", subject_vi, vi), ("en", subject_en, en))
    }
    return {"to": to, **words, "attachments": [], "calendar": None}


def _until(meeting: Document) -> str:
    """Until when what waits is held; nothing when nothing waits any more."""
    until = meeting["hold_until"] or (meeting.get("proposed") or {}).get("hold_until")
    return f"{until.astimezone(VIETNAM):%H:%M %d/%m/%Y}" if until else ""


def _walls(meeting: Document, row: news.Row) -> str:
    zone = ZoneInfo(meeting["zone"])
    starts = [one["start"] for one in meeting["sessions"] if one["n"] in row["sessions"]]
    shown = ", ".join(f"{start.astimezone(zone):%H:%M %d/%m/%Y}" for start in sorted(starts)[:5])
    return f"{shown}, …" if len(starts) > 5 else shown
