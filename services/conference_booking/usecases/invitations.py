"""Invitations: mailboxes are told what is true of a meeting now, mail is read when it is sent, answers are kept."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import uuid5
from zoneinfo import ZoneInfo

from services.conference_booking.domain import invitations as rules
from services.conference_booking.domain.access import sees_all
from services.conference_booking.domain.actors import CLOCKWORK
from services.conference_booking.domain.appointments import appointment, meeting_of, uid_of
from services.conference_booking.domain.decisions import Document, Occasion
from services.conference_booking.domain.finding import settle
from services.conference_booking.domain.invitations import CANCEL, Letter, Reply
from services.conference_booking.domain.meetings import series_of
from services.conference_booking.domain.rooms import words_to
from services.conference_booking.domain.transitions import State
from services.conference_booking.usecases.changes import INVITATION, keep, write
from services.conference_booking.usecases.context import Context, actor_of, occasion_for
from services.conference_booking.usecases.letters import words_of
from services.conference_booking.usecases.meetings import NAMESPACE, load_meeting
from services.conference_booking.usecases.news import NEWS, read_news
from services.conference_booking.usecases.notices import read_notice
from services.conference_booking.usecases.readiness import NOT_READY, read_warning
from shared.commands import ATTEMPTS, first_document, new_aggregate, write_entry
from shared.contracts.conference_booking.invitations import MessageRequested
from shared.contracts.messages import MAILER, ReadMessage, TakeCalendarReply
from shared.contracts.principal import Principal
from shared.errors import Forbidden, NotFound, Stale
from shared.requests import read_request

Request = dict[str, Any]


def tell_guests(context: Context, meeting: Document) -> None:
    """Ask for what mailboxes have to be told next, and note that they were, in one write.

    Raises:
        Stale: somebody changed the meeting meanwhile, or an answer came; whoever looks for what is due looks again.
    """
    occasion = occasion_for(context, CLOCKWORK, meeting["network"])
    before = _invitation(context, meeting["_id"])
    wish = rules.wanted(meeting, context.endpoints.find_all(meeting["things"]))
    guests, letters = rules.tell(meeting, before["guests"], wish)
    told = settle(meeting, {"told": rules.to_tell(meeting)}, occasion.now)
    decision = rules.sent(meeting, guests, letters)
    written = write(INVITATION, before, decision, occasion, CLOCKWORK.sign(), _no_answer)
    requests = list(_requests(meeting, written.after["version"] + 1, letters, occasion))

    def work() -> None:
        if letters:
            if not keep(context, INVITATION, written):
                raise Stale("version_stale")
            context.messages.add(*requests)
        if not context.meetings.derive(meeting["_id"], meeting["version"], told):
            raise Stale("version_stale")

    context.together(work)


def _no_answer(_: Document) -> Request:
    return {}


def _invitation(context: Context, meeting: str) -> Document:
    loaded = context.invitations.find(meeting)
    return loaded.document if loaded else {**new_aggregate(meeting), "guests": []}


def _requests(meeting: Document, version: int, letters: Iterable[Letter], occasion: Occasion) -> Iterator[Request]:
    for letter in letters:
        about = f"{letter.method}{','.join(map(str, letter.sessions))}"
        before = new_aggregate(uuid5(NAMESPACE, f"{meeting['_id']}:{version}:{letter.address}:{about}").hex)
        kind = "conference_cancellation" if letter.method == CANCEL else "conference_invitation"
        facts = {
            "meeting": meeting["_id"],
            "address": letter.address,
            "method": letter.method,
            "sequence": letter.sequence,
            "sessions": list(letter.sessions),
            "stamp": occasion.now,
        }
        entry = write_entry(
            before,
            MessageRequested,
            MessageRequested.dump(about=meeting["_id"], kind=kind),
            at=occasion.now,
            actor={**CLOCKWORK.sign()},
            answered={},
            after={**before, **facts},
        )
        yield first_document(before, facts, entry)


def read_message(context: Context, request: Request, principal: Principal) -> Request:
    """An invitation, cancellation or warning as it is to be sent now; to nobody when a newer one says otherwise.

    Raises:
        Forbidden: `message_only_for_mailer`.
    """
    _check_mailer(principal)
    message = context.messages.find(read_request(ReadMessage, request)["message"])
    if message is not None and "incident" in message:
        notice = read_notice(context, message)
        if notice is not None:
            return notice
    loaded = context.meetings.find(message.get("meeting", "")) if message else None
    if message is None or loaded is None:
        raise NotFound("message_not_here")
    if message.get("kind") == NOT_READY:
        return read_warning(context, message, loaded.document)
    if message.get("kind") == NEWS:
        return read_news(message, loaded.document)
    meeting, invitation = loaded.document, _invitation(context, message["meeting"])
    endpoints = context.endpoints.find_all(meeting["things"])
    asked = Letter(message["address"], message["method"], message["sequence"], tuple(message["sessions"]))
    guest = next((one for one in invitation["guests"] if one["address"] == asked.address), None)
    holds = rules.still(asked, meeting, guest)
    letter = holds or asked
    way_in = _way_in(letter, meeting, guest, endpoints, context)
    made = appointment(
        meeting,
        letter,
        invitation["guests"],
        endpoints,
        organizer=context.organizer,
        stamp=context.now(),
        way_in=way_in["vi"],
    )
    return {
        "to": letter.address if holds else None,
        **words_of(meeting, letter, made, way_in),
        "attachments": [],
        "calendar": {"method": letter.method, "text": context.calendars.write(made)},
    }


def _way_in(
    letter: Letter,
    meeting: Document,
    guest: rules.Guest | None,
    endpoints: Mapping[str, Document],
    context: Context,
) -> Mapping[str, str]:
    """How this mailbox gets in; who is told that it is off is not told."""
    if guest is None or letter.method == CANCEL:
        return {"vi": "", "en": ""}
    place = endpoints.get(guest["endpoint"])
    model = place["codec"]["model"] if place else None
    return words_to(guest, meeting, model, context.networks.get(meeting["network"]).bridge)


def note_others(context: Context, meetings: Iterable[Document], now: datetime) -> None:
    """Have those meetings tell their guests anew whose endpoints got other mailboxes.

    Raises:
        Stale: somebody changed one of them meanwhile; whoever looks for what is due looks again.
    """
    told = [one for one in meetings if one.get("told") and one["state"] == State.APPROVED]
    invited = context.invitations.find_all([one["_id"] for one in told])
    endpoints = context.endpoints.find_all({thing for one in told for thing in one["things"]})
    for meeting in told:
        guests = invited[meeting["_id"]]["guests"] if meeting["_id"] in invited else []
        if rules.are_others(guests, rules.wanted(meeting, endpoints)):
            anew = settle(meeting, {"told": rules.CHANGED}, now)
            if not context.meetings.derive(meeting["_id"], meeting["version"], anew):
                raise Stale("version_stale")


def take_calendar_reply(context: Context, request: Request, principal: Principal) -> Request:
    """Keep answers that came by mail; only those that their sender gives for themselves.

    Raises:
        Forbidden: `message_only_for_mailer`.
        Invalid: it is no answer to an invitation.
    """
    _check_mailer(principal)
    body = read_request(TakeCalendarReply, request)
    sender = body["sender"].lower()
    replies = [reply for reply in context.calendars.read_replies(body["text"]) if reply.address == sender]
    return {"kept": sum(_keep_answer(context, reply) for reply in replies)}


def _keep_answer(context: Context, reply: Reply) -> bool:
    for _ in range(ATTEMPTS):
        loaded = context.meetings.find(meeting_of(reply.uid))
        if loaded is None or reply.uid != uid_of(loaded.document["_id"], context.organizer):
            return False
        session = _session(loaded.document, reply)
        invitation = _invitation(context, loaded.document["_id"])
        occasion = occasion_for(context, CLOCKWORK, loaded.document["network"])
        decision = None
        if reply.wall is None or session is not None:
            decision = rules.answered(invitation, reply, session, occasion.now)
        if decision is None:
            return False
        written = write(INVITATION, invitation, decision, occasion, CLOCKWORK.sign(), _no_answer)
        if keep(context, INVITATION, written):
            return True
    raise Stale("version_stale")


def _session(meeting: Document, reply: Reply) -> int | None:
    zone = ZoneInfo(meeting["zone"])
    begins = {wall.replace(tzinfo=zone): number for number, wall in enumerate(series_of(meeting).walls(), start=1)}
    wall = reply.wall.replace(tzinfo=reply.wall.tzinfo or zone) if reply.wall else None
    return next((number for begin, number in begins.items() if begin == wall), None)


def read_invitations(context: Context, request: Request, principal: Principal) -> Request:
    """Who is invited to a meeting, and what they answered."""
    actor = actor_of(principal)
    meeting = load_meeting(context, request["meeting"], actor).document
    inviting = actor.agency == meeting["convener"] or sees_all(actor, context.networks.get(meeting["network"]))
    endpoints = context.endpoints.find_all(meeting["things"])
    names = ("name", "endpoint", "delegate", "invited", "sequence", "answer", "answered_at", "comment", "sessions")
    return {
        "guests": [
            {name: guest[name] for name in names}
            | {"address": guest["address"] if inviting or not guest["delegate"] else None}
            for guest in _invitation(context, meeting["_id"])["guests"]
        ],
        "without_mailbox": rules.without_mailbox(meeting, endpoints),
    }


def _check_mailer(principal: Principal) -> None:
    if principal.subject != MAILER:
        raise Forbidden("message_only_for_mailer")
