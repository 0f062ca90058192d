"""Which adapter stands behind which port, for the service and for its set-up job; it knows no bus."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial

from pymongo import MongoClient
from pymongo.collection import Collection
from pymongo.database import Database

from services.conference_booking.adapters.agencies import MongoAgencies
from services.conference_booking.adapters.aggregates import (
    FEED_INDEX,
    MEETING_INDEX,
    NETWORK_INDEX,
    MongoFeeds,
    MongoMeetings,
    MongoOfNetworks,
)
from services.conference_booking.adapters.calendars import ICalendar
from services.conference_booking.adapters.charts import SvgCharts
from services.conference_booking.adapters.claims import MongoClaims
from services.conference_booking.adapters.lines import MongoLines
from services.conference_booking.adapters.networks_file import NetworksFile
from services.conference_booking.adapters.papers import TypstPapers
from services.conference_booking.ports import Bridge
from services.conference_booking.usecases.context import Context
from shared.aggregates import Aggregates
from shared.contracts.conference_booking.operations import SERVICE
from shared.file_bucket import MongoBucket
from shared.files import FileStore
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
    return context_of(client, settings, file, lambda _, __: _tell_later, {})


def ensure_indexes(store: Database[Document]) -> None:
    """Create what writing and all questions stand on."""
    MongoMeetings(store["meetings"], _tell_later).ensure_indexes(MEETING_INDEX)
    for of_networks in ("endpoints", "technicians", "courses"):
        MongoOfNetworks(store[of_networks], _tell_later).ensure_indexes(NETWORK_INDEX)
    for plain in ("bridges", "invitations", "scripts", "runs", "readiness", "rooms"):
        Aggregates(store[plain], _tell_later).ensure_indexes()
    MongoFeeds(store["feeds"], _tell_later).ensure_indexes(FEED_INDEX)
    MongoMeetings(store["incidents"], _tell_later).ensure_indexes(MEETING_INDEX)
    MongoMeetings(store["trainings"], _tell_later).ensure_indexes(MEETING_INDEX)
    MongoLines(store).ensure_indexes()
    MongoMessageRequests(store, _tell_later).ensure_indexes()
    MongoOfficerCopies(store).ensure_indexes()


def _tell_later(_: str, __: Sequence[Entry]) -> None:
    """The running service finds what was written and announces it."""


def context_of(
    client: MongoClient[Document],
    settings: Settings,
    file: NetworksFile,
    announces: Announces,
    bridges: Mapping[str, Bridge],
) -> Context:
    """All ports over one database client; `announces` says whom the repositories tell of new entries.

    `bridges` are those of networks by their keys; a job beside the service commands none.
    """
    store = database(client, settings, SERVICE)
    meetings, endpoints, sizes = store["meetings"], store["endpoints"], store["bridges"]
    invitations, technicians = store["invitations"], store["technicians"]
    return Context(
        now=current_moment,
        began=current_moment(),
        networks=file.networks,
        meetings=MongoMeetings(meetings, announces("meeting", meetings)),
        endpoints=MongoOfNetworks(endpoints, announces("endpoint", endpoints)),
        technicians=MongoOfNetworks(technicians, announces("technician", technicians)),
        bridges=Aggregates(sizes, announces("bridge", sizes)),
        invitations=Aggregates(invitations, announces("invitation", invitations)),
        scripts=Aggregates(store["scripts"], announces("script", store["scripts"])),
        runs=Aggregates(store["runs"], announces("run", store["runs"])),
        readiness=Aggregates(store["readiness"], announces("readiness", store["readiness"])),
        rooms=Aggregates(store["rooms"], announces("room", store["rooms"])),
        bridge_of=bridges,
        feeds=MongoFeeds(store["feeds"], announces("feed", store["feeds"])),
        incidents=MongoMeetings(store["incidents"], announces("incident", store["incidents"])),
        courses=MongoOfNetworks(store["courses"], announces("course", store["courses"])),
        trainings=MongoMeetings(store["trainings"], announces("training", store["trainings"])),
        lines=MongoLines(store),
        messages=MongoMessageRequests(store, announces("message", store["messages"])),
        calendars=ICalendar(),
        papers=TypstPapers(),
        charts=SvgCharts(),
        files=FileStore(MongoBucket(database(client, settings, "files")), allowed=settings.allowed_file_types),
        organizer=settings.smtp_sender,
        calendar_past=timedelta(days=settings.calendar_days_past),
        calendar_ahead=timedelta(days=settings.calendar_days_ahead),
        claims=MongoClaims(store),
        together=partial(in_transaction, client),
        agencies=MongoAgencies(store),
        officers=MongoOfficerCopies(store),
        working_time=WorkingTime(),
    )
