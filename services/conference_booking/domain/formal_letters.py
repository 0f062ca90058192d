"""The invitation document (giấy mời) of a meeting: asked of document routing, and kept true to the meeting there.

What document routing was told last is compared with what is true now. A draft is changed, an issued document is
replaced by another, and of a meeting that is off it is taken back. While it lies with the leader it waits.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.conference_booking.domain.decisions import Decision, Document
from services.conference_booking.domain.invitations import digest, facts_of, longer_of, off_of
from services.conference_booking.domain.transitions import WAITING, State
from shared.errors import Conflict

ASKED, DRAFT, ISSUED, WITHDRAWN = "asked", "draft", "issued", "withdrawn"
OVER = frozenset({WITHDRAWN, "recalled", "replaced"})
OFF = "off"
LIMIT = 500
"""Letters that a document's subject and summary hold."""

Letter = dict[str, Any]
"""`n` numbers the document, `v` how often it was told what is true; `told` is a digest of that."""


def letter_id(meeting: Document, letter: Mapping[str, Any]) -> str:
    """By what document routing names it: the meeting, the document, what it was told."""
    return f"{meeting['_id']}:{letter['n']}:{letter['v']}"


def current(meeting: Document) -> Letter | None:
    """The document that holds, if there is one."""
    rows = [row for row in meeting.get("letters", ()) if row["status"] not in OVER]
    return rows[-1] if rows else None


def ask(meeting: Document, words: Mapping[str, str]) -> Decision:
    """Let the convener's agency have a draft.

    Raises:
        Conflict: it has one that holds.
    """
    if current(meeting) is not None:
        raise Conflict("letter_there_already")
    return _asked(meeting, words, None)


def _asked(meeting: Document, words: Mapping[str, str], replaces: Letter | None) -> Decision:
    rows = list(meeting.get("letters", ()))
    fresh = {"n": len(rows) + 1, "v": 1, "told": facts(meeting), "status": ASKED, "document": None, "code": ""}
    data = _said(meeting, fresh, words) | {"replaces": replaces["document"] if replaces else None}
    return Decision("invitation_letter_asked", {"letters": [*rows, fresh]}, data)


def _said(meeting: Document, letter: Letter, words: Mapping[str, str]) -> dict[str, Any]:
    receivers = [agency for agency in meeting["taking_part"] if agency != meeting["convener"]]
    return {"letter": letter_id(meeting, letter), "receivers": receivers, **words}


def facts(meeting: Document) -> str:
    """What the document should say; of a meeting not decided on, or without a session ahead, whatever it says."""
    begun = meeting["state"] == State.APPROVED and all(one["state"] != "planned" for one in meeting["sessions"])
    if begun or meeting["state"] in WAITING or meeting["state"] == State.ENDED:
        letter = current(meeting)
        return letter["told"] if letter else ""
    if meeting["state"] != State.APPROVED:
        return OFF
    times = [row[:1] + row[2:] for row in longer_of(meeting) if row[2:]]
    return f"{facts_of(meeting).partition(' ')[0]} {digest([meeting['title'], off_of(meeting), times])}"


def says(letter: Mapping[str, Any], said: str) -> bool:
    """Whether a document says this; one of before its title was compared was told of time and place only."""
    return letter["told"] in (said, said.partition(" ")[0])


def is_true(meeting: Document) -> bool:
    """Whether nothing has to be told now."""
    letter = current(meeting)
    if letter is None or says(letter, facts(meeting)):
        return True
    return facts(meeting) != OFF and letter["status"] not in (ASKED, DRAFT, ISSUED)


def correct(meeting: Document, words: Mapping[str, str]) -> Decision | None:
    """Tell document routing what is true now; None when it knows, or the document lies with the leader."""
    letter = current(meeting)
    if letter is None or is_true(meeting):
        return None
    if facts(meeting) == OFF:
        return _told(meeting, letter, "invitation_letter_withdrawn", words, status=WITHDRAWN)
    if letter["status"] == ISSUED:
        return _asked(meeting, words, letter)
    return _told(meeting, letter, "invitation_letter_changed", words, v=letter["v"] + 1)


def _told(meeting: Document, letter: Letter, event: str, words: Mapping[str, str], **changed: Any) -> Decision:
    after = {**letter, "told": facts(meeting), **changed}
    rows = [after if row["n"] == letter["n"] else row for row in meeting["letters"]]
    return Decision(event, {"letters": rows}, _said(meeting, after, words))


def progressed(meeting: Document, letter: str, status: str, document: str, code: str) -> Decision | None:
    """What became of the document there; None of what is not known here.

    What went on before it was told of a change speaks of what was true before.
    """
    _, number, told = letter.split(":")
    row = next((row for row in meeting.get("letters", ()) if str(row["n"]) == number), None)
    if row is None:
        return None
    stale = str(row["v"]) != told and row["status"] not in OVER
    after = {**row, "document": document, "code": code, "told": "" if stale else row["told"]}
    if row["status"] not in OVER or status in OVER:
        after["status"] = status
    if after == row:
        return None
    rows = [after if one is row else one for one in meeting["letters"]]
    data = {"letter": letter, "document_status": after["status"], "document_code": code}
    return Decision("invitation_letter_progressed", {"letters": rows}, data)


def words_of(meeting: Document, chair: str, wall: datetime) -> dict[str, str]:
    """Subject and summary of the document."""
    series = len([one for one in meeting["sessions"] if one["state"] in ("planned", "live")])
    more = f" và các buổi sau, tất cả {series} buổi{_exceptions(meeting)}" if meeting["rule"] else ""
    when = f"{wall:%H:%M ngày %d/%m/%Y}{more}"
    ahead = f"Các điểm cầu kết nối trước {meeting['set_up']} phút."
    summary = f"Thời gian: {when}. Điểm cầu chủ trì: {chair}. {ahead}"
    return {"subject": f"Mời dự họp trực tuyến “{meeting['title']}”"[:LIMIT], "summary": summary[:LIMIT]}


def _exceptions(meeting: Document) -> str:
    """The sessions of a series that are off or at other times, on its wall clock."""
    zone = ZoneInfo(meeting["zone"])
    off = [f"{one['start'].astimezone(zone):%d/%m/%Y}" for one in meeting["sessions"] if one["state"] == "cancelled"]
    moved = [
        f"buổi {one['n']} lúc {one['start'].astimezone(zone):%H:%M ngày %d/%m/%Y}"
        for one in meeting["sessions"]
        if "moved" in one and one["state"] == "planned"
    ]
    said = (f"không họp ngày {', '.join(off)}" if off else "", "; ".join(moved))
    return "".join(f"; {one}" for one in said if one)
