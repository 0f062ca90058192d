"""Outgoing messages: kept when they are asked for, read and sent as due work, tried for a day, then failed.

A message is sent, then marked. Whoever is killed in between leaves it to be sent once more with the same Message-ID.
What a server took and returned later is found in the sender's mailbox, and noted on the message.
"""

import uuid
from datetime import timedelta
from typing import Any

from services.email_provisioning.domain.actors import CLOCKWORK, OPERATOR, Actor
from services.email_provisioning.domain.mail.failed_letters import NOT_WANTED
from services.email_provisioning.ports import Document
from services.email_provisioning.ports_mail import Answered, BringAnswer, Courier, NotTaken, Returned, TakeReturned
from services.email_provisioning.usecases.context import Context, actor_of
from services.email_provisioning.usecases.mail.loading import EDIT_MAIL, READ_MAIL
from shared.commands import command_of, new_aggregate, repeated_answer, write_entry
from shared.contracts.base import Event, ReceivedEvent
from shared.contracts.email_provisioning.mail_requests import OnGround
from shared.contracts.email_provisioning.message_events import (
    MessageFailed,
    MessageResent,
    MessageReturned,
    MessageSent,
)
from shared.contracts.email_provisioning.message_operations import MessageQuery
from shared.contracts.principal import Principal
from shared.errors import Conflict, Error, Forbidden, NotFound, Stale, TimedOut, Unavailable
from shared.history import Command
from shared.observability import logger
from shared.requests import answer_page, page_of, read_query, read_request

log = logger(__name__)

LASTING = timedelta(hours=24)
"""How long sending is tried; a request that comes later than that is not news any more and is left."""

BUSY = timedelta(minutes=5)
"""How long one attempt may take before another process makes the next."""

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 120, 240))


def request_message(context: Context, event: ReceivedEvent) -> None:
    """Keep that a message is wanted, once however often this is heard."""
    now = context.now()
    if event.time + LASTING <= now:
        log.warning("message_request_too_old", source=event.event.owner, request=event.subject)
        return
    key = uuid.uuid5(uuid.NAMESPACE_URL, f"{event.event.owner}/{event.subject}").hex
    message = {
        **new_aggregate(key),
        "source": event.event.owner,
        "request": event.subject,
        "about": event.data["about"],
        "kind": event.data["kind"],
        "state": "queued",
        "recipient": "",
        "attempts": 0,
        "requested_at": now,
        "try_until": now + LASTING,
        "busy_until": now,
        "next_due_at": now,
        "last_error": "",
    }
    context.mail.messages.request(message)


def fire_message(context: Context, courier: Courier, key: str) -> None:
    """Make one attempt to send a message."""
    now = context.now()
    message = context.mail.messages.begin(key, now, now + BUSY)
    if message is None:
        return
    try:
        asked = courier.ask(message["source"], message["request"])
        if asked["to"] is None:
            raise NotTaken(NOT_WANTED, for_good=True)
        message["recipient"] = _masked(asked["to"])
        courier.send(key, asked)
    except NotTaken as refusal:
        _not_sent(context, message, refusal.words, for_good=refusal.for_good)
    except Error as error:
        _not_sent(context, message, str(error), for_good=not isinstance(error, Unavailable | TimedOut))
    else:
        _settle(context, message, MessageSent, "sent", "")


def fire_returned(context: Context, take: TakeReturned, bring: BringAnswer, _: str) -> None:
    """Note on each message that came back that it did, bring answers to who asked; the lease looks again."""

    def note(came: Returned | Answered) -> None:
        if isinstance(came, Returned):
            note_returned(context, came)
        else:
            _bring(bring, came)

    try:
        count = take(note)
    except (Unavailable, TimedOut) as error:
        log.warning("returned_mail_not_read", reason=str(error))
        return
    if count:
        log.info("returned_mail_read", notifications=count)


def _bring(bring: BringAnswer, answered: Answered) -> None:
    """An answer that the service refuses would be refused ever again, so it is only noted in the log."""
    try:
        bring(answered)
    except (Unavailable, TimedOut):
        raise
    except Error as error:
        log.warning("calendar_reply_refused", reason=str(error))


def note_returned(context: Context, returned: Returned) -> None:
    """A message that was sent was returned; what is not known, or stands elsewhere by now, is left."""
    loaded = context.mail.messages.find(returned.message)
    if loaded is not None and loaded.document["state"] == "sent":
        _settle(context, loaded.document, MessageReturned, "returned", returned.words)


def find_messages(context: Context, request: dict[str, Any], principal: Principal) -> dict[str, Any]:
    """Messages in one state, newest first."""
    _check_operator(actor_of(principal), READ_MAIL)
    query = read_query(MessageQuery, request)
    limit, after = page_of(request)
    rows, following = context.mail.messages.newest(query["state"], after=after, limit=limit)
    return answer_page([message_row(row) for row in rows], following)


def resend_message(context: Context, request: dict[str, Any], principal: Principal) -> dict[str, Any]:
    """Put a message that failed or came back into the queue for another day."""
    actor, command = actor_of(principal), command_of(request)
    _check_operator(actor, EDIT_MAIL)
    body = read_request(OnGround, request, path=("message",))
    loaded = context.mail.messages.find(request["message"], command["key"])
    if loaded is None:
        raise NotFound("message_not_here")
    if loaded.repeated is not None:
        return repeated_answer(loaded.repeated, command)
    message, now = loaded.document, context.now()
    if message["state"] not in ("failed", "returned"):
        raise Conflict("message_not_failed")
    again = {"state": "queued", "attempts": 0, "try_until": now + LASTING, "busy_until": now, "next_due_at": now}
    return _record(context, message, again, MessageResent, actor, body["reason"], command)


def message_row(message: Document) -> dict[str, Any]:
    """A message as operators see it."""
    shown = ("source", "about", "kind", "state", "recipient", "attempts", "last_error")
    return {
        "id": message["_id"],
        **{name: message[name] for name in shown},
        "requested_at": message["requested_at"].isoformat(),
        "next_try_at": message["next_due_at"].isoformat() if message["next_due_at"] else None,
    }


def _not_sent(context: Context, message: Document, words: str, *, for_good: bool) -> None:
    now = context.now()
    again_at = now + PAUSES[min(message["attempts"], len(PAUSES)) - 1]
    if for_good or again_at > message["try_until"]:
        _settle(context, message, MessageFailed, "failed", words)
        return
    waits = {"recipient": message["recipient"], "last_error": words, "busy_until": again_at, "next_due_at": again_at}
    if not context.mail.messages.derive(message["_id"], message["version"], waits):
        raise Stale("version_stale")


def _settle(context: Context, message: Document, event: type[Event], state: str, words: str) -> None:
    changes = {"state": state, "recipient": message["recipient"], "last_error": words, "next_due_at": None}
    _record(context, message, changes, event, CLOCKWORK)


def _record(
    context: Context,
    message: Document,
    changes: dict[str, Any],
    event: type[Event],
    actor: Actor,
    reason: str = "",
    command: Command | None = None,
) -> dict[str, Any]:
    """One change, with its entry and event.

    Raises:
        Stale: somebody else changed it at this moment.
    """
    after = {**message, **changes, "version": message["version"] + 1}
    row = message_row(after)
    entry = write_entry(
        message,
        event,
        event.dump(**{name: after[name] for name in ("source", "request", "kind", "attempts", "state")}),
        at=context.now(),
        actor={**actor.sign()},
        reason=reason,
        command=command,
        answered=row,
        after=after,
    )
    if not context.mail.messages.save(message["_id"], message["version"], changes, entry):
        raise Stale("version_stale")
    return row


def _check_operator(actor: Actor, action: str) -> None:
    if not actor.has(OPERATOR):
        raise Forbidden("role_not_allowed", action=action)


def _masked(address: str) -> str:
    """Enough of an address to tell callers apart, and no more."""
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}***@{domain}"
