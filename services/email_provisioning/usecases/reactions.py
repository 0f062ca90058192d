"""What follows by itself: officers follow an agency that closes or moves, and posts begin and end on their days."""

from services.email_provisioning.domain import officers as rules
from services.email_provisioning.domain.actors import CLOCKWORK
from services.email_provisioning.ports import Document
from services.email_provisioning.usecases.context import Context
from services.email_provisioning.usecases.loading import agencies_of_posts
from services.email_provisioning.usecases.officers import change
from shared.contracts.base import ReceivedEvent
from shared.errors import Stale

BATCH = 200
"""How many officers are read at a time."""


def follow_closed_agency(context: Context, event: ReceivedEvent) -> None:
    """Take the officers whose posts outlive an agency to its first successor; without one their posts end.

    It decides on what is so when it runs, so running it again changes nothing more.
    """
    loaded = context.agencies.find(event.subject)
    if loaded is None or not loaded.document["closed_on"]:
        return
    closed = loaded.document
    after = ""
    while officers := context.officers.holding(event.subject, after=after, limit=BATCH):
        for officer in officers:
            _follow(context, officer, closed)
        after = officers[-1]["_id"]


def place_officers_anew(context: Context, event: ReceivedEvent) -> None:
    """Set anew under which agencies the officers stand who belong to one that was moved."""
    before = context.agencies.history(event.subject, after=event.sequence - 2, limit=1)
    if before and before[0]["data"]["parent"] == event.data["parent"]:
        return
    after = ""
    while officers := context.officers.within(event.subject, after=after, limit=BATCH):
        for officer in officers:
            place_anew(context, officer)
        after = officers[-1]["_id"]


def fire_due_officer(context: Context, officer: str) -> None:
    """A day has come on which one of an officer's posts begins to count or no longer does."""
    loaded = context.officers.find(officer)
    if loaded is not None:
        place_anew(context, loaded.document, due=True)


def place_anew(context: Context, officer: Document, *, due: bool = False) -> None:
    """Bring what follows from the posts up to the day; nothing is announced, the posts carry their days."""
    agencies = agencies_of_posts(context, officer["posts"])
    derived = rules.settle(officer, agencies, context.today())
    if not due and all(officer.get(name) == derived[name] for name in ("places", "serving", "position")):
        return
    if not context.officers.derive(officer["_id"], officer["version"], derived):
        raise Stale("version_stale")


def _follow(context: Context, officer: Document, closed: Document) -> None:
    agencies = agencies_of_posts(context, officer["posts"])
    successor = None
    if closed["successors"]:
        agencies |= context.agencies.known(closed["successors"][:1])
        successor = agencies.get(closed["successors"][0])
    decision = rules.follow_successor(officer, closed, successor)
    if decision is not None and change(context, officer, decision, agencies, CLOCKWORK) is None:
        raise Stale("version_stale")
