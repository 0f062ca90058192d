"""Which adapter stands behind which port, for the service and for its set-up job; it knows no bus."""

from collections.abc import Callable, Sequence
from functools import partial

from pymongo import MongoClient
from pymongo.collection import Collection
from pymongo.database import Database

from services.conference_booking.adapters.agencies import MongoAgencies
from services.conference_booking.adapters.aggregates import (
    ENDPOINT_INDEX,
    FEED_INDEX,
    MEETING_INDEX,
    MongoEndpoints,
    MongoFeeds,
    MongoMeetings,
)
from services.conference_booking.adapters.calendars import ICalendar
from services.conference_booking.adapters.claims import MongoClaims
from services.conference_booking.adapters.networks_file import NetworksFile
from services.conference_booking.usecases.context import Context
from shared.aggregates import Aggregates
from shared.contracts.conference_booking.operations import SERVICE
from shared.history import Entry
from shared.message_store import MongoMessageRequests
from shared.officer_store import MongoOfficerCopies
from shared.persistence import Document, database, in_transaction
from shared.settings import Settings
from shared.wall_clock import current_moment
from shared.working_time import WorkingTime

Announces = Callable[[str, Collection[Document]], Callable[[str, Sequence[Entry]], None]]


def standalone(client: MongoClient[Document], settings: Settings, file: NetworksFile) -> Context:
    """The context of a job beside the service, which announces what the job has written; with all indexes."""
    store = database(client, settings, SERVICE)
    ensure_indexes(store)
    return context_of(client, settings, file, lambda _, __: _tell_later)


def ensure_indexes(store: Database[Document]) -> None:
    """Create what writing and all questions stand on."""
    MongoMeetings(store["meetings"], _tell_later).ensure_indexes(MEETING_INDEX)
    MongoEndpoints(store["endpoints"], _tell_later).ensure_indexes(ENDPOINT_INDEX)
    Aggregates(store["bridges"], _tell_later).ensure_indexes()
    Aggregates(store["invitations"], _tell_later).ensure_indexes()
    MongoFeeds(store["feeds"], _tell_later).ensure_indexes(FEED_INDEX)
    MongoMessageRequests(store, _tell_later).ensure_indexes()
    MongoOfficerCopies(store).ensure_indexes()


def _tell_later(_: str, __: Sequence[Entry]) -> None:
    """The running service finds what was written and announces it."""


def context_of(client: MongoClient[Document], settings: Settings, file: NetworksFile, announces: Announces) -> Context:
    """All ports over one database client; `announces` says whom the repositories tell of new entries."""
    store = database(client, settings, SERVICE)
    meetings, endpoints, bridges = store["meetings"], store["endpoints"], store["bridges"]
    invitations = store["invitations"]
    return Context(
        now=current_moment,
        networks=file.networks,
        meetings=MongoMeetings(meetings, announces("meeting", meetings)),
        endpoints=MongoEndpoints(endpoints, announces("endpoint", endpoints)),
        bridges=Aggregates(bridges, announces("bridge", bridges)),
        invitations=Aggregates(invitations, announces("invitation", invitations)),
        feeds=MongoFeeds(store["feeds"], announces("feed", store["feeds"])),
        messages=MongoMessageRequests(store, announces("message", store["messages"])),
        calendars=ICalendar(),
        organizer=settings.smtp_sender,
        claims=MongoClaims(store),
        together=partial(in_transaction, client),
        agencies=MongoAgencies(store),
        officers=MongoOfficerCopies(store),
        working_time=WorkingTime(),
    )
