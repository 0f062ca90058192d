"""Every question stands on an index and reads no more as meetings pile up."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from pymongo import MongoClient, monitoring

from services.conference_booking.domain.finding import settle
from services.conference_booking.usecases.due import fire_bridge, fire_endpoint, fire_meeting
from tests.support.conference_house import ConferenceHouse
from tests.support.conference_world import APPROVER, CLERK, NEIGHBOUR, OPERATOR

Document = dict[str, Any]
MANY, LIMIT = 3000, 20
DELEGATE = {"name": "Trần Văn Bình", "address": "binh@thanhhoa.gov.vn"}
_ASKED = ("find", "filter", "projection", "sort", "limit", "hint")


class Overheard(monitoring.CommandListener):
    """The questions put to the database."""

    def __init__(self) -> None:
        self.commands: list[Document] = []

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if event.command_name == "find":
            self.commands.append(dict(event.command))

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        """Of no interest."""

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        """Of no interest."""


@pytest.fixture(scope="module")
def overheard() -> Overheard:
    return Overheard()


@pytest.fixture(scope="module")
def full(mongo_uri: str, mongo_prefix: str, overheard: Overheard) -> Iterator[ConferenceHouse]:
    """A house with one meeting that is known, among thousands that are over, and hundreds of days."""
    name = f"{mongo_prefix}conference_plans"
    with MongoClient[Document](mongo_uri, tz_aware=True, w="majority", event_listeners=[overheard]) as client:
        house = ConferenceHouse(database=client[name], client=client)
        known = house.meeting(house.request())
        past = []
        for number in range(MANY):
            moved = timedelta(days=-30 - number // 8)
            sessions = [
                {**one, **{at: one[at] + moved for at in ("start", "end", "from", "until")}}
                for one in known["sessions"]
            ]
            other = {**known, "_id": f"{number:032x}", "state": "approved", "sessions": sessions, "outbox": []}
            past.append(other | settle(other, {}, house.now) | {"next_due_at": None})
        house.store["meetings"].insert_many({k: v for k, v in one.items() if k != "next_due_at"} for one in past)
        days = ({"_id": f"thanh-hoa:{2020 + n // 336}-{n // 28 % 12 + 1:02d}-{n % 28 + 1:02d}"} for n in range(1000))
        house.store["days"].insert_many({**day, "holds": {}, "used": {"ports": [0] * 288}} for day in days)
        yield house
        client.drop_database(name)


@pytest.mark.parametrize(
    ("operation", "who", "query"),
    [
        ("list_meetings", CLERK, {}),
        ("list_meetings", NEIGHBOUR, {"network": "thanh-hoa", "state": "submitted"}),
        ("list_meetings", APPROVER, {"network": "thanh-hoa"}),
        ("list_meetings", APPROVER, {"network": "thanh-hoa", "until": "2026-12-31", "limit": LIMIT}),
        ("list_meetings", OPERATOR, {"network": "thanh-hoa", "agency": "H56.31.01", "at_risk": True}),
        ("list_endpoints", CLERK, {"network": "can-tho"}),
        ("list_endpoints", CLERK, {}),
        ("read_network_day", CLERK, {"network": "thanh-hoa", "day": "2026-12-07"}),
        ("read_roster", CLERK, {"network": "thanh-hoa", "day": "2026-12-07"}),
        ("list_technicians", CLERK, {"network": "thanh-hoa", "endpoint": "th-05"}),
        ("list_feeds", CLERK, {}),
        (
            "read_conference_figures",
            OPERATOR,
            {"network": "thanh-hoa", "first_day": "2026-12-01", "last_day": "2026-12-31"},
        ),
        ("read_bridge", CLERK, {"network": "thanh-hoa"}),
    ],
)
def test_every_question_stands_on_an_index(
    full: ConferenceHouse, overheard: Overheard, operation: str, who: Any, query: Document
) -> None:
    overheard.commands.clear()
    full.ask(operation, who, **query)
    check(full, overheard)


def test_what_is_looked_at_when_something_is_lost(full: ConferenceHouse, overheard: Overheard) -> None:
    for look, key in ((fire_endpoint, "th-05"), (fire_bridge, "thanh-hoa")):
        overheard.commands.clear()
        look(full.context, key)
        check(full, overheard)


@pytest.mark.parametrize("endpoint", ["th-05", None])
def test_what_a_calendar_reads(full: ConferenceHouse, overheard: Overheard, endpoint: str | None) -> None:
    opened = full.ask("open_feed", CLERK, network="thanh-hoa", endpoint=endpoint)
    for question in ("read_calendar", "read_free_busy"):
        overheard.commands.clear()
        full.ask(question, None, calendar=opened["calendar"].rpartition("/")[2])
        check(full, overheard)


def test_what_a_screen_reads(full: ConferenceHouse, overheard: Overheard) -> None:
    opened = full.ask("open_feed", CLERK, network="thanh-hoa", endpoint="th-05", detail="screen")
    overheard.commands.clear()
    full.ask("read_screen", None, screen=opened["screen"].rpartition("/")[2])
    check(full, overheard)


def test_what_is_looked_at_when_mailboxes_are_told(full: ConferenceHouse, overheard: Overheard) -> None:
    meeting = full.approved(starts="2026-12-11T08:00", delegates=[DELEGATE])
    overheard.commands.clear()
    fire_meeting(full.context, meeting)
    assert full.store["messages"].count_documents({"meeting": meeting}) == 1
    check(full, overheard)


def check(full: ConferenceHouse, overheard: Overheard) -> None:
    """None of the questions overheard scans a collection, sorts in memory, or reads more than it could answer."""
    asked = [command for command in overheard.commands if command["find"] != "officers"]
    assert asked
    for command in asked:
        question = {name: command[name] for name in _ASKED if name in command}
        plan = full.store.command("explain", question, verbosity="executionStats")
        text = str(plan["queryPlanner"]["winningPlan"])
        assert "COLLSCAN" not in text, question
        assert "'SORT'" not in text, question
        assert plan["executionStats"]["totalDocsExamined"] <= 60, question
