"""The run-of-show of a meeting: written, copied, released, printed, and followed while a session is live."""

import io
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from services.conference_booking.domain import scripts as rules
from services.conference_booking.domain.actors import who
from services.conference_booking.domain.decisions import Decision, Document, Occasion
from services.conference_booking.domain.needs import connected
from services.conference_booking.domain.sessions import AHEAD, Session, session_of
from services.conference_booking.ports import Paper
from services.conference_booking.usecases.beside import Beside, carry_out
from services.conference_booking.usecases.changes import RUN, SCRIPT
from services.conference_booking.usecases.context import Context, actor_of
from services.conference_booking.usecases.meetings import load_meeting
from shared.contracts.base import Request as Contract
from shared.contracts.conference_booking import scripts as s
from shared.contracts.conference_booking.requests import PerhapsWithReason
from shared.contracts.principal import Principal
from shared.requests import answer_history, read_query

PRINTER = "printer"
PDF = "application/pdf"
MOST_BYTES = 50 * 1024 * 1024

Request = dict[str, Any]


def _script_receipt(script: Document) -> Request:
    releases = script["releases"]
    newest = releases[-1]["n"] if releases else None
    return {"meeting": script["_id"], "state": script["state"], "release": newest, "version": script["version"]}


def _pointer_receipt(run: Document) -> Request:
    meeting, _, session = run["_id"].rpartition("-")
    item = run["moves"][-1]["item"]
    return {"meeting": meeting, "session": int(session), "item": item, "version": run["version"]}


BESIDE_MEETING = Beside(SCRIPT, False, _script_receipt)
BESIDE_SESSION = Beside(RUN, True, _pointer_receipt)


def write_script(context: Context, request: Request, principal: Principal) -> Request:
    """A new draft."""

    def decide(script: Document, meeting: Document, body: Request, occasion: Occasion) -> Decision:
        return _saved(rules.write(script, meeting, body, connected(meeting)), occasion)

    return _change(context, "write_script", s.WriteScript, decide, request, principal)


def copy_script(context: Context, request: Request, principal: Principal) -> Request:
    """The run-of-show of another meeting that the caller sees, as a draft."""

    def decide(script: Document, meeting: Document, body: Request, occasion: Occasion) -> Decision:
        source = load_meeting(context, body["source"], actor_of(principal)).document
        other = BESIDE_MEETING.load(context, {"meeting": source["_id"]}).document
        return _saved(rules.copy(script, meeting, other, connected(meeting)), occasion)

    return _change(context, "copy_script", s.CopyScript, decide, request, principal)


def _saved(decision: Decision, occasion: Occasion) -> Decision:
    """The draft says who wrote it, for whoever was overtaken by it."""
    saved = {"at": occasion.now, **who(occasion.actor)}
    return replace(decision, changes={**decision.changes, "saved": saved})


def release_script(context: Context, request: Request, principal: Principal) -> Request:
    """Let sessions be run by the draft."""

    def decide(script: Document, meeting: Document, body: Request, occasion: Occasion) -> Decision:
        return rules.release(_or_empty(script), occasion, body["reason"])

    return _change(context, "release_script", PerhapsWithReason, decide, request, principal)


def _change(
    context: Context, action: str, contract: type[Contract], decide: Any, request: Request, principal: Principal
) -> Request:
    return carry_out(context, BESIDE_MEETING, action, contract, decide, request, principal)


def _or_empty(script: Document) -> Document:
    return script if script["version"] else {**script, "state": rules.DRAFT, "items": [], "releases": []}


def move_pointer(context: Context, request: Request, principal: Principal) -> Request:
    """Go to an item."""

    def decide(run: Document, meeting: Document, body: Request, occasion: Occasion) -> Decision:
        script = _or_empty(BESIDE_MEETING.load(context, request).document)
        session = session_of(meeting, request["session"])
        return rules.move(run, meeting, script, session, body, occasion)

    return carry_out(context, BESIDE_SESSION, "move_pointer", s.MovePointer, decide, request, principal)


def read_script(context: Context, request: Request, principal: Principal) -> Request:
    """The draft and the releases; an empty draft when there is none."""
    meeting = load_meeting(context, request["meeting"], actor_of(principal)).document
    script = _or_empty(BESIDE_MEETING.load(context, request).document)
    total = sum(item["minutes"] for item in script["items"])
    return {
        "meeting": meeting["_id"],
        "state": script["state"],
        "items": items_view(script["items"]),
        "minutes": total,
        "minutes_over": total - meeting["minutes"],
        "releases": [_release_row(one) for one in script["releases"]],
        "saved": {name: saved[name] for name in ("at", "by", "name")} if (saved := script.get("saved")) else None,
        "version": script["version"],
    }


def items_view(items: Iterable[rules.Item]) -> list[Request]:
    """Items with their numbers and the minutes after the beginning."""
    rows, offset = [], 0
    for number, item in enumerate(items, start=1):
        rows.append({"number": number, "offset": offset, **item})
        offset += item["minutes"]
    return rows


def _release_row(one: Mapping[str, Any]) -> Request:
    return {"number": one["n"], **{name: one[name] for name in ("at", "by", "name")}}


def read_script_release(context: Context, request: Request, principal: Principal) -> Request:
    """One release."""
    load_meeting(context, request["meeting"], actor_of(principal))
    one = rules.release_of(BESIDE_MEETING.load(context, request).document, request["release"])
    return {**_release_row(one), "items": items_view(one["items"])}


def read_script_history(context: Context, request: Request, principal: Principal) -> Request:
    """Who changed the run-of-show when."""
    meeting = load_meeting(context, request["meeting"], actor_of(principal)).document["_id"]
    return answer_history(request, lambda after, limit: context.scripts.history(meeting, after=after, limit=limit))


def read_pointer(context: Context, request: Request, principal: Principal) -> Request:
    """What is on, what comes next, and how late it is."""
    meeting = load_meeting(context, request["meeting"], actor_of(principal)).document
    return pointer_in(context, meeting, request["session"])


def pointer_in(context: Context, meeting: Document, number: str) -> Request:
    """The same of a session of a meeting that was read already.

    Raises:
        NotFound: it has no session of this number.
    """
    where = {"meeting": meeting["_id"], "session": number}
    session = session_of(meeting, number)
    script = _or_empty(BESIDE_MEETING.load(context, where).document)
    run = BESIDE_SESSION.load(context, where).document
    return {
        "meeting": meeting["_id"],
        "session": session["n"],
        **_pointer(run.get("moves", []), script, session, context),
        "version": run["version"],
    }


def _pointer(moves: list[Mapping[str, Any]], script: Document, session: Session, context: Context) -> Request:
    late = rules.late_by(moves, script, session["start"], context.now())
    last = moves[-1] if moves else None
    release = rules.release_of(script, str(last["release"])) if last else next(iter(script["releases"][-1:]), None)
    items = items_view(release["items"]) if release else []
    at = last["item"] if last else 0
    plan = list(rules.placed(release["items"], session["start"])) if release else []
    return {
        "state": "over" if at is None else "running" if at else "waiting",
        "release": release["n"] if release else None,
        "current": items[at - 1] if at else None,
        "next": items[at] if at is not None and at < len(items) else None,
        "since": last["at"] if last else None,
        "planned_end": plan[at - 1].ends if at else None,
        "late_seconds": round(late.total_seconds()) if late is not None else None,
        "moves": [{name: move[name] for name in ("action", "item", "release", "at", "by", "name")} for move in moves],
    }


def print_script(context: Context, request: Request, principal: Principal) -> Request:
    """The newest release as PDF, or the draft while nothing is released."""
    query = read_query(s.PrintScript, request, path=("meeting",))
    meeting = load_meeting(context, request["meeting"], actor_of(principal)).document
    script = _or_empty(BESIDE_MEETING.load(context, request).document)
    number = query["session"] or next((one["n"] for one in meeting["sessions"] if one["state"] in AHEAD), 1)
    session = session_of(meeting, str(number))
    content = context.papers.print(Paper("run_of_show", _printed(context, meeting, script, session), context.now()))
    name = f"kich-ban-dieu-hanh-{meeting['_id'][:8]}.pdf"
    stored = context.files.put(io.BytesIO(content), limit=MOST_BYTES, name=name, declared_type=PDF, owner=PRINTER)
    return {"file": stored.id, "name": stored.name, "type": stored.type, "size": stored.size}


def _printed(context: Context, meeting: Document, script: Document, session: Session) -> Request:
    zone = ZoneInfo(meeting["zone"])
    released = script["releases"][-1] if script["releases"] else None
    items = released["items"] if released else script["items"]
    places = {key: one["name"]["vi"] for key, one in context.endpoints.find_all(connected(meeting)).items()}
    people = context.technicians.find_all({duty["technician"] for duty in meeting.get("technicians", ())})
    convener = context.agencies.names([meeting["convener"]]).get(meeting["convener"], {})
    return {
        "agency": convener.get("vi", meeting["convener"]),
        "title": meeting["title"],
        "release": released["n"] if released else None,
        "released_at": f"{released['at'].astimezone(zone):%H:%M ngày %d/%m/%Y}" if released else "",
        "starts": f"{session['start'].astimezone(zone):%H:%M ngày %d/%m/%Y}",
        "session": session["n"] if len(meeting["sessions"]) > 1 else None,
        "chair": places.get(meeting["chair"], meeting["chair"]),
        "endpoints": len(places),
        "contact": f"{meeting['contact']['name']}, {meeting['contact']['phone']}",
        "items": [
            {
                "number": one.number,
                "time": f"{one.starts.astimezone(zone):%H:%M} – {one.ends.astimezone(zone):%H:%M}",
                **{
                    name: one.item[name]
                    for name in ("minutes", "what", "speaker", "layout", "audio", "content", "note")
                },
                "on_screen": places.get(one.item["on_screen"], ""),
                "open": [places.get(key, key) for key in one.item["open"]],
            }
            for one in rules.placed(items, session["start"])
        ],
        "duties": [
            {
                "endpoint": places.get(duty["endpoint"], duty["endpoint"]),
                "name": people[duty["technician"]]["name"],
                "phone": people[duty["technician"]]["phone"],
            }
            for duty in meeting.get("technicians", ())
        ],
    }
