"""What the watch answers operators: one function per question or command of its contract."""

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import amqp
from pymongo import MongoClient
from pymongo.database import Database

from ops import audit, parts, queues, waiting
from ops.databases import service_names, stores
from shared.contracts.principal import Principal, Role
from shared.contracts.watch import AuditQuery, DecideParkedEvent, WhichParkedEvent
from shared.errors import Forbidden, NotFound, Unavailable
from shared.job_runs import runs
from shared.messaging import parked
from shared.observability import logger
from shared.persistence import Document, database, unavailable_when_away
from shared.requests import read_query, read_request
from shared.settings import Settings

log = logger(__name__)
Request = dict[str, Any]
CHAINS = "chains"
_TOLD = ("key", "exchange", "subject", "seq", "since", "attempts", "error", "held_behind")
_DECIDED = ("action", "by", "at", "reason")


class Context:
    """What answers are made of; closed when the process ends."""

    def __init__(self, settings: Settings, client: MongoClient[Document]) -> None:
        self.settings, self.client = settings, client
        self._verifying: subprocess.Popen[bytes] | None = None

    def store(self, service: str, key: str) -> Database[Document]:
        """The database of the service for which an event with this key may be parked.

        Raises:
            NotFound: there is no such service, so there is no such event.
        """
        if service not in service_names():
            raise NotFound("parked_event_unknown", key=key)
        return database(self.client, self.settings, service)

    @property
    def verifying(self) -> bool:
        """Whether all histories are being read."""
        return self._verifying is not None and self._verifying.poll() is None

    def verify(self) -> None:
        """Read all histories in a process of its own, which computes for long; one at a time."""
        if not self.verifying:
            self._verifying = subprocess.Popen(
                [sys.executable, "-m", "ops.chains"], stdout=subprocess.DEVNULL, start_new_session=True
            )

    def close(self, until: float) -> None:
        """End a reading that goes on, at this monotonic moment at the latest, and the connection."""
        if self._verifying is not None and self.verifying:
            self._verifying.terminate()
            while self.verifying and time.monotonic() < until:
                time.sleep(0.05)
        self.client.close()


def admit(_: Context, principal: Principal | None) -> Principal:
    """Only operators come in.

    Raises:
        Forbidden: the caller is none.
    """
    if principal is None or not principal.has(Role.OPERATOR):
        raise Forbidden("role_not_allowed", action="operate")
    return principal


def read_parts(context: Context, _: Request, __: Principal) -> Request:
    """Every part; what is away is told of, and no fault of this answer."""
    found = parts.report(context.settings).rows
    told = [
        {**{name: row[name] for name in ("part", "standing", "about")}, "kind": row["kind"].replace(" ", "_"),
         "well": not row["problem"]}
        for row in found
    ]  # fmt: skip
    return {"seen_at": datetime.now(UTC), "parts": told}


def read_queues(context: Context, _: Request, __: Principal) -> Request:
    """Every declared queue.

    Raises:
        Unavailable: the broker does not answer.
    """
    try:
        seen = list(queues.look(context.settings.amqp_uri))
    except (OSError, amqp.AMQPError) as error:
        raise Unavailable("service_unavailable") from error
    told = [
        {"queue": one.queue, "waiting": max(one.waiting, 0), "readers": one.readers, "standing": one.standing}
        for one in seen
    ]
    return {"seen_at": datetime.now(UTC), "queues": told}


@unavailable_when_away()
def read_waiting(context: Context, _: Request, __: Principal) -> Request:
    """What waits, and the work that fails."""
    found = waiting.report(context.client, context.settings).rows
    told = [
        {**{name: row[name] for name in ("service", "where", "count", "oldest_seconds")},
         "what": row["what"].replace(" ", "_"), "well": not row["problem"]}
        for row in found
    ]  # fmt: skip
    failed = list(waiting.failed(context.client, context.settings))
    return {"seen_at": datetime.now(UTC), "waiting": told, "failed": failed}


@unavailable_when_away()
def list_parked_events(context: Context, _: Request, __: Principal) -> Request:
    """All parked events."""
    return {"seen_at": datetime.now(UTC), "events": sorted(_all_parked(context), key=lambda one: one["since"])}


def _all_parked(context: Context) -> Iterator[Request]:
    for service, store in stores(context.client, context.settings):
        yield from (_told(service, row) for row in parked.list_parked(store))


@unavailable_when_away()
def read_parked_event(context: Context, request: Request, _: Principal) -> Request:
    """One parked event.

    Raises:
        NotFound: no such event is parked.
    """
    which = read_query(WhichParkedEvent, request)
    store = context.store(which["service"], which["key"])
    return _told(which["service"], parked.read_parked(store, which["key"]))


def _told(service: str, row: Document) -> Request:
    decisions = [{name: decision[name] for name in _DECIDED} for decision in row.get("decisions", ())]
    told = {name: row.get(name) for name in _TOLD} | {"key": row["_id"]}
    return {"service": service, "type": row["body"].get("type"), "decisions": decisions, **told}


@unavailable_when_away()
def replay_parked_event(context: Context, request: Request, principal: Principal) -> Request:
    """Have an event tried again.

    Raises:
        NotFound: no such event is parked.
    """
    return _decide(context, request, principal, "replayed")


@unavailable_when_away()
def discard_parked_event(context: Context, request: Request, principal: Principal) -> Request:
    """Leave an event out for good.

    Raises:
        NotFound: no such event is parked.
    """
    return _decide(context, request, principal, "discarded")


def _decide(context: Context, request: Request, principal: Principal, action: str) -> Request:
    body, command = read_request(DecideParkedEvent, request), request["_command"]
    key = body["key"]
    store = context.store(body["service"], key)
    if not parked.decided_before(store, key, command):
        if action == "replayed":
            parked.replay_parked(store, key, by=principal.subject, reason=body["reason"], command=command)
        else:
            parked.discard_parked(
                context.client, store, key, by=principal.subject, reason=body["reason"], command=command
            )
        log.info("parked_event_decided", action=action, listener=body["service"], key=key, by=principal.subject)
    return {"service": body["service"], "key": key, "action": action}


@unavailable_when_away()
def read_chains(context: Context, _: Request, __: Principal) -> Request:
    """What the last reading of all histories found."""
    run = runs(context.client, context.settings).find_one({"_id": CHAINS}) or {}
    shown = ("service", "what", "checked", "altered", "first")
    found = [{name: row[name] for name in shown} for row in run.get("found", ())]
    return {"running": context.verifying, "found": found} | {name: run.get(name) for name in ("at", "seconds", "well")}


def verify_chains(context: Context, request: Request, principal: Principal) -> Request:
    """Begin to read all histories, unless that goes on already."""
    context.verify()
    log.info("chains_asked_for", by=principal.subject)
    return read_chains(context, request, principal)


@unavailable_when_away()
def search_audit(context: Context, request: Request, _: Principal) -> Request:
    """The histories of whatever bears a name."""
    asked = read_query(AuditQuery, request)
    found = audit.search(context.client, context.settings, asked["q"], asked.get("by") or "", asked.get("type") or "")
    return {"found": list(found)}
