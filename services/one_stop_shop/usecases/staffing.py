"""The copy of the officers: who comes in with which roles, who is given work, and what becomes of it when they go."""

from datetime import date
from functools import partial
from typing import Any

from services.one_stop_shop.domain import staffing
from services.one_stop_shop.domain.actors import CLOCKWORK, OFFICERS, SYSTEM, Actor
from services.one_stop_shop.usecases.changes import record
from services.one_stop_shop.usecases.context import Context, occasion_on
from shared.commands import ATTEMPTS
from shared.contracts.base import ReceivedEvent
from shared.contracts.principal import Principal
from shared.errors import Stale
from shared.officer_copies import entitled, in_post, keep_officer, look_after_work, officer_named, own_record
from shared.officers import Officer
from shared.working_time import VIETNAM

BATCH = 200
"""How many applications are looked for at a time."""


def admit(context: Context, principal: Principal | None) -> Principal | None:
    """The caller with the roles that the directory still gives them."""

    def same_office(agency: str, day: date) -> frozenset[str]:
        return staffing.same_office(context.offices.directory(), agency, day)

    return entitled(principal, context.officers, same_office, context.now())


def with_officer(context: Context, action: str, actor: Actor, body: dict[str, Any]) -> dict[str, Any]:
    """The body with the directory's record of the `officer` who gets the application, where one does."""
    if action == "claim":
        return {**body, "officer": own_record(context.officers, actor.subject, context.now())}
    if body.get("assignee"):
        return {**body, "officer": officer_named(context.officers, body["assignee"], context.now())}
    return body


def list_assignees(context: Context, _request: dict[str, Any], principal: Principal) -> dict[str, Any]:
    """The officers of the caller's agency who may be given applications."""
    agencies = staffing.same_office(
        context.offices.directory(), principal.agency, context.now().astimezone(VIETNAM).date()
    )
    return {"officers": in_post(context.officers, agencies, OFFICERS, context.now())}


def copy_officer(context: Context, event: ReceivedEvent) -> None:
    """Keep what the event says of an officer."""
    keep_officer(context.officers, event, context.now())


def hand_on_applications(context: Context, officer: str) -> None:
    """Take the applications that an officer may no longer have to the successor, or back to the queue."""
    look_after_work(context.officers, officer, context.now(), partial(_hand_on_all, context))


def _hand_on_all(context: Context, account: str, officer: Officer, successor: Officer | None) -> None:
    after = ""
    while found := context.applications.assigned_to(account, after=after, limit=BATCH):
        for application in found:
            _hand_on(context, application, account, officer, successor)
        after = found[-1]


def _hand_on(context: Context, application: str, account: str, officer: Officer, successor: Officer | None) -> None:
    for _ in range(ATTEMPTS):
        loaded = context.applications.find(application)
        if loaded is None:
            return
        document = loaded.document
        occasion = occasion_on(context, CLOCKWORK, document)
        decision = staffing.hand_on(document, occasion, account, officer, successor)
        if decision is None:
            return
        changes, entry, _answer = record(document, decision, occasion, CLOCKWORK.sign((SYSTEM,)))
        if context.applications.save(application, document["version"], changes, entry):
            return
    raise Stale("version_stale")
