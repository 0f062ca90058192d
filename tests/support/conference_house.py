"""Conference booking over a real database: the adapters of the service, a clock that is set, no bus."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import accumulate, pairwise
from typing import Any

from pymongo import MongoClient
from pymongo.database import Database

from services.conference_booking.adapters.aggregates import MongoFeeds, MongoMeetings, MongoOfNetworks
from services.conference_booking.adapters.claims import MongoClaims
from services.conference_booking.adapters.lines import MongoLines
from services.conference_booking.assembly import ensure_indexes
from services.conference_booking.domain.endpoints import maintenance_claims
from services.conference_booking.domain.holdings import claims_of
from services.conference_booking.domain.networks import capacity_of
from services.conference_booking.domain.occupancy import STEP, Claim, bins
from services.conference_booking.domain.technicians import absence_claims
from services.conference_booking.usecases.seeding import seed
from shared.aggregates import Aggregates
from shared.message_store import MongoMessageRequests
from shared.persistence import in_transaction
from tests.support.conference_world import FILE, OPERATOR, ConferenceWorld

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
            endpoints=MongoOfNetworks(self.database["endpoints"], _nobody),
            technicians=MongoOfNetworks(self.database["technicians"], _nobody),
            scripts=Aggregates(self.database["scripts"], _nobody),
            runs=Aggregates(self.database["runs"], _nobody),
            readiness=Aggregates(self.database["readiness"], _nobody),
            rooms=Aggregates(self.database["rooms"], _nobody),
            bridges=Aggregates(self.database["bridges"], _nobody),
            invitations=Aggregates(self.database["invitations"], _nobody),
            feeds=MongoFeeds(self.database["feeds"], _nobody),
            messages=MongoMessageRequests(self.database, _nobody),
            claims=MongoClaims(self.database),
            lines=MongoLines(self.database),
            incidents=MongoMeetings(self.database["incidents"], _nobody),
            courses=MongoOfNetworks(self.database["courses"], _nobody),
            trainings=MongoMeetings(self.database["trainings"], _nobody),
            together=partial(in_transaction, self.client),
        )
        seed(self.context, FILE.bridges, FILE.endpoints)
        for key in ("kt-1", "kt-2", "kt-3"):
            person = {"network": "thanh-hoa", "agency": "H56.04", "name": "Trần Kỹ", "phone": "0912000001"}
            self.ask("register_technician", OPERATOR, **person, key=key, endpoints=[], key_=key)

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
    """The oracle: from meetings, maintenance and absences alone, nothing is held twice or beyond the bridge, and the
    documents of days hold and count exactly that. Answers how many claims there are.
    """
    _judge_plainly(store)
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


def _judge_plainly(store: Database[Document]) -> None:
    """From what meetings say, not from what the service derives of it: no endpoint twice, no minute over the ports."""
    places: dict[str, list[tuple[datetime, datetime]]] = {}
    ports: dict[str, Counter[datetime]] = {}
    costs = {bridge["_id"]: bridge["cost"] for bridge in store["bridges"].find()}
    for meeting in store["meetings"].find({"state": {"$nin": ["cancelled", "rejected", "expired", "preempted"]}}):
        for session in meeting["sessions"]:
            if session["state"] in ("cancelled", "preempted"):
                continue
            start = session["start"] - timedelta(minutes=meeting["set_up"])
            planned = session["end"] + timedelta(minutes=meeting["tear_down"])
            end = session["until"] if session["state"] == "ended" else planned  # given back early
            then = session.get("held", {}).get("things")  # of sessions that are over, before the endpoints were others
            there = {meeting["chair"], *meeting["endpoints"], *meeting["standby"]}
            there = {thing for thing in then if ":" not in thing} if then else there
            for place in there:
                places.setdefault(place, []).append((start, end))
            cost = costs[meeting["network"]][meeting["resolution"]] * len(there)
            changes = ports.setdefault(meeting["network"], Counter())
            changes[start] += session["held"]["counts"]["ports"] if then else cost
            changes[end] -= session["held"]["counts"]["ports"] if then else cost
    for place, spans in places.items():
        assert all(before[1] <= after[0] for before, after in pairwise(sorted(spans))), f"{place} twice at a time"
    for bridge in store["bridges"].find():
        changes = ports.get(bridge["_id"], Counter())
        most = max(accumulate(changes[moment] for moment in sorted(changes)), default=0)
        assert most <= bridge["ports"] * (100 - bridge["reserve"]) // 100, "over the ports of the bridge"


def _claims(store: Database[Document]) -> Iterator[tuple[str, Claim]]:
    for meeting in store["meetings"].find():
        yield from ((meeting["network"], claim) for claim in claims_of(meeting))
    for endpoint in store["endpoints"].find():
        yield from ((endpoint["network"], claim) for claim in maintenance_claims(endpoint))
    for technician in store["technicians"].find():
        yield from ((technician["network"], claim) for claim in absence_claims(technician))


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
