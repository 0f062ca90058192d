"""The copy of the officers: who comes in with which roles, who is given work, and what becomes of it when they go."""

from datetime import date
from functools import partial
from typing import Any

from services.document_routing.domain import staffing
from services.document_routing.domain.actors import CLOCKWORK, STAFF
from services.document_routing.domain.aggregate import Aggregate, Occasion
from services.document_routing.usecases.changes import ARRIVAL, follow
from services.document_routing.usecases.context import Context, occasion_for
from shared.commands import ATTEMPTS
from shared.contracts.base import ReceivedEvent
from shared.contracts.principal import Principal
from shared.errors import Stale
from shared.officer_copies import entitled, in_post, keep_officer, look_after_work, officer_named
from shared.officers import Officer
from shared.working_time import VIETNAM

BATCH = 200
"""How many arrivals are looked for at a time."""


def admit(context: Context, principal: Principal | None) -> Principal | None:
    """The caller with the roles that the directory still gives them."""

    def same_office(agency: str, day: date) -> frozenset[str]:
        return staffing.same_office(context.offices.directory(), agency, day)

    return entitled(principal, context.officers, same_office, context.now())


def with_names(context: Context, arrival: Aggregate, occasion: Occasion, body: dict[str, Any]) -> dict[str, Any]:
    """The assignment with the names of the directory, if everybody in it may have the document."""
    officers = {account: officer_named(context.officers, account, occasion.now) for account in staffing.accounts(body)}
    return staffing.named(arrival, occasion, body, officers)


def list_handlers(context: Context, _request: dict[str, Any], principal: Principal) -> dict[str, Any]:
    """The officers of the caller's agency who may be given incoming documents."""
    agencies = staffing.same_office(
        context.offices.directory(), principal.agency, context.now().astimezone(VIETNAM).date()
    )
    return {"officers": in_post(context.officers, agencies, STAFF, context.now())}


def copy_officer(context: Context, event: ReceivedEvent) -> None:
    """Keep what the event says of an officer."""
    keep_officer(context.officers, event, context.now())


def hand_on_arrivals(context: Context, officer: str) -> None:
    """Take the open arrivals that an officer may no longer have to the successor, or back to the agency."""
    look_after_work(context.officers, officer, context.now(), partial(_hand_on_all, context))


def _hand_on_all(context: Context, account: str, officer: Officer, successor: Officer | None) -> None:
    after = ""
    while found := context.incoming.handled_by(account, after=after, limit=BATCH):
        for arrival in found:
            _hand_on(context, arrival, account, officer, successor)
        after = found[-1]


def _hand_on(context: Context, identifier: str, account: str, officer: Officer, successor: Officer | None) -> None:
    for attempt in range(ATTEMPTS):
        loaded = context.arrivals.find(identifier)
        if loaded is None:
            return
        arrival = loaded.document
        occasion = occasion_for(context, CLOCKWORK, arrival["agency"])
        try:
            follow(context, ARRIVAL, arrival, staffing.hand_on(arrival, occasion, account, officer, successor))
        except Stale:
            if attempt + 1 == ATTEMPTS:
                raise
        else:
            return
