"""Conference booking over a real database: the adapters of the service, a clock that is set, no bus."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import Any

from pymongo import MongoClient
from pymongo.database import Database

from services.conference_booking.adapters.aggregates import MongoEndpoints, MongoFeeds, MongoMeetings
from services.conference_booking.adapters.claims import MongoClaims
from services.conference_booking.assembly import ensure_indexes
from services.conference_booking.domain.endpoints import maintenance_claims
from services.conference_booking.domain.holdings import claims_of
from services.conference_booking.domain.networks import capacity_of
from services.conference_booking.domain.occupancy import STEP, Claim, bins
from services.conference_booking.usecases.seeding import seed
from shared.aggregates import Aggregates
from shared.message_store import MongoMessageRequests
from shared.persistence import in_transaction
from tests.support.conference_world import FILE, ConferenceWorld

Document = dict[str, Any]


@dataclass
class ConferenceHouse(ConferenceWorld):
    """The use cases over MongoDB."""

    database: Database[Document] | None = None
    client: MongoClient[Document] | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        assert self.database is not None
        assert self.client is not None
        ensure_indexes(self.database)
        self.context = replace(
            self.context,
            meetings=MongoMeetings(self.database["meetings"], _nobody),
            endpoints=MongoEndpoints(self.database["endpoints"], _nobody),
            bridges=Aggregates(self.database["bridges"], _nobody),
            invitations=Aggregates(self.database["invitations"], _nobody),
            feeds=MongoFeeds(self.database["feeds"], _nobody),
            messages=MongoMessageRequests(self.database, _nobody),
            claims=MongoClaims(self.database),
            together=partial(in_transaction, self.client),
        )
        seed(self.context, FILE.bridges, FILE.endpoints)

    @property
    def store(self) -> Database[Document]:
        """The service's database."""
        assert self.database is not None
        return self.database

    def meeting(self, identifier: str) -> Document:
        """A meeting as it is stored."""
        found = self.store["meetings"].find_one({"_id": identifier})
        assert found is not None
        return found


def _nobody(_: str, __: Any) -> None:
    """Nobody is told."""


def sweep(store: Database[Document]) -> int:
    """The oracle: from meetings and maintenance alone, nothing is held twice or beyond the bridge, and the documents
    of days hold and count exactly that. Answers how many claims there are.
    """
    claims = list(_claims(store))
    held: dict[tuple[str, str], list[tuple[int, int, str, int]]] = {}
    used: dict[tuple[str, str], list[int]] = {}
    for network, claim in claims:
        for piece in claim.want.span.pieces():
            day = f"{network}:{piece.day.isoformat()}"
            for thing in claim.want.things:
                held.setdefault((day, thing), []).append((piece.start, piece.end, claim.meeting, claim.session))
            for name, count in claim.want.counts.items():
                steps = used.setdefault((day, name), [0] * (1440 // STEP))
                for step in bins(piece):
                    steps[step] += count
    for spans in held.values():
        assert all(before[1] <= after[0] for before, after in pairwise(sorted(spans))), "booked twice"
    capacities = {bridge["_id"]: capacity_of(bridge) for bridge in store["bridges"].find()}
    for (day, name), steps in used.items():
        assert max(steps) <= capacities[day.partition(":")[0]][name], "over capacity"
    _compare(store, held, used)
    return len(claims)


def _claims(store: Database[Document]) -> Iterator[tuple[str, Claim]]:
    for meeting in store["meetings"].find():
        yield from ((meeting["network"], claim) for claim in claims_of(meeting))
    for endpoint in store["endpoints"].find():
        yield from ((endpoint["network"], claim) for claim in maintenance_claims(endpoint))


def _compare(store: Database[Document], held: dict[Any, list[Any]], used: dict[Any, list[int]]) -> None:
    stored: dict[tuple[str, str], list[tuple[int, int, str, int]]] = {}
    for day in store["days"].find():
        for thing, holds in day["holds"].items():
            if holds:
                stored[day["_id"], thing] = _joined((hold["s"], hold["e"], hold["b"], hold["n"]) for hold in holds)
        for name, steps in day["used"].items():
            assert steps == used.get((day["_id"], name), [0] * (1440 // STEP)), "counters are not those of the claims"
    assert stored == {key: sorted(spans) for key, spans in held.items()}, "holds are not those of the claims"


def _joined(holds: Any) -> list[tuple[int, int, str, int]]:
    """What an extension added is one with what was held before."""
    joined: list[tuple[int, int, str, int]] = []
    for start, end, meeting, session in sorted(holds):
        if joined and (joined[-1][1], *joined[-1][2:]) == (start, meeting, session):
            start = joined.pop()[0]
        joined.append((start, end, meeting, session))
    return joined
