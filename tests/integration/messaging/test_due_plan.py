"""Looking for due work reads nothing but what is due, however much is stored."""

from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo import MongoClient

from shared.indexes import DUE_INDEX, due_by
from shared.persistence import ensure_indexes

NOW = datetime(2026, 10, 5, 1, 0, tzinfo=UTC)


def test_the_due_loop_stands_on_its_index(mongo_uri: str, mongo_prefix: str) -> None:
    with MongoClient[dict[str, Any]](mongo_uri, tz_aware=True) as client:
        collection = client[f"{mongo_prefix}due"]["things"]
        ensure_indexes(collection, [DUE_INDEX])
        due: list[dict[str, Any]] = [{"next_due_at": NOW + timedelta(hours=number)} for number in range(-3, 500)]
        collection.insert_many([*due, *({} for _ in range(500)), {"next_due_at": None}])
        plan = collection.find(due_by(NOW)).sort("next_due_at").limit(1).explain()
        assert "'indexName': 'next_due'" in str(plan["queryPlanner"]["winningPlan"])
        assert "SORT" not in str(plan["queryPlanner"]["winningPlan"])
        assert plan["executionStats"]["totalDocsExamined"] == 1
        client.drop_database(f"{mongo_prefix}due")
