"""What ended stays ended for what began before, under each of its names, and is forgotten by the database itself."""

from datetime import UTC, datetime, timedelta

from pymongo import MongoClient

from shared.ended_sessions import MongoEndedSessions
from shared.persistence import Document, database
from shared.settings import Settings


def test_what_began_before_has_ended_and_what_begins_after_has_not(
    client: MongoClient[Document], settings: Settings
) -> None:
    store = database(client, settings, "pages")
    ended = MongoEndedSessions(store)
    before, later = datetime.now(UTC) - timedelta(seconds=1), datetime.now(UTC) + timedelta(hours=1)
    assert not ended.has_ended(["session", "person"], before)
    ended.add("person", later)
    assert ended.has_ended(["session", "person"], before)
    assert not ended.has_ended(["session", "person"], datetime.now(UTC) + timedelta(seconds=1))
    assert not ended.has_ended(["session", "another"], before)
    ended.add("person", later)
    assert store["ended_sessions"].count_documents({}) == 1
    (expiry,) = (one for one in store["ended_sessions"].list_indexes() if "expireAfterSeconds" in one)
    assert dict(expiry["key"]) == {"until": 1}
