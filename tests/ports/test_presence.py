"""The promises of the port `Presence`, asked of the fake and of MongoDB alike."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from pymongo import MongoClient

from services.one_stop_shop.adapters.presence import Presence
from tests.support.shop_in_memory import MemoryPresence
from tests.support.world import MONDAY

LATER = MONDAY + timedelta(seconds=60)
STAYS = timedelta(seconds=90)


@pytest.fixture(params=["memory", "mongodb"])
def presence(request: pytest.FixtureRequest) -> Iterator[Any]:
    if request.param == "memory":
        yield MemoryPresence()
        return
    uri, prefix = request.getfixturevalue("mongo_uri"), request.getfixturevalue("mongo_prefix")
    with MongoClient[dict[str, Any]](uri, tz_aware=True) as client:
        database = client[f"{prefix}presence"]
        made = Presence(database)
        made.ensure_indexes()
        yield made
        client.drop_database(database.name)


def test_others_are_named_first_come_first(presence: Any) -> None:
    presence.note("a", "hai", "Hai", now=LATER, until=LATER + STAYS)
    presence.note("a", "mot", "$Một", now=MONDAY, until=MONDAY + STAYS)
    presence.note("b", "ba", "Ba", now=MONDAY, until=MONDAY + STAYS)
    assert presence.others("a", "ba", LATER) == [{"name": "$Một", "since": MONDAY}, {"name": "Hai", "since": LATER}]
    assert presence.others("a", "hai", LATER) == [{"name": "$Một", "since": MONDAY}]


def test_who_stays_has_been_there_since_the_first_time_and_who_returns_comes_anew(presence: Any) -> None:
    for now in (MONDAY, LATER):
        presence.note("a", "mot", "Một", now=now, until=now + STAYS)
    assert presence.others("a", "hai", LATER) == [{"name": "Một", "since": MONDAY}]
    gone = LATER + STAYS
    assert presence.others("a", "hai", gone) == []
    presence.note("a", "mot", "Một", now=gone, until=gone + STAYS)
    assert presence.others("a", "hai", gone) == [{"name": "Một", "since": gone}]
