"""Counts for reports: one pass over the applications that were alive in the period, found by one index."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from pymongo import ASCENDING, IndexModel
from pymongo.database import Database

from services.one_stop_shop.domain.indicators import Facts
from services.one_stop_shop.domain.report_06a import Cell
from services.one_stop_shop.domain.situation import Channel
from services.one_stop_shop.domain.statuses import Status
from services.one_stop_shop.ports_read import Span
from shared.persistence import Document, ensure_indexes, session, unavailable_when_away

PROCESSING_INDEX = IndexModel(
    [("competent_agency", ASCENDING), ("ended_at", ASCENDING), ("received_at", ASCENDING)], name="processing"
)


class Reports:
    """Counts applications; declared in `ports_read`."""

    def __init__(self, database: Database[Document]) -> None:
        self._applications = database["applications"]

    def ensure_indexes(self) -> None:
        """Create what the reports stand on."""
        ensure_indexes(self._applications, [PROCESSING_INDEX])

    @unavailable_when_away()
    def processing(self, agencies: Sequence[str], span: Span) -> list[Cell]:
        """What was alive in the period, by field, channel, carried over or not, and state."""
        state = _if(_solved(span), "$outcome", _if(_late(span.judged_at), "overdue", "in_time"))
        key = {
            "sector": "$procedure.sector",
            "channel": "$channel",
            "carried": {"$lt": ["$received_at", span.first]},
            "state": state,
        }
        group = {"$group": {"_id": key, "count": {"$sum": 1}}}
        rows = self._applications.aggregate([{"$match": _alive(agencies, span)}, group], session=session())
        return [Cell(count=row["count"], channel=row["_id"].pop("channel", None), **row["_id"]) for row in rows]

    @unavailable_when_away()
    def facts(self, agencies: Sequence[str], span: Span) -> Facts:
        """The sums behind the indicators."""
        sums: Document = {name: {"$sum": _if(condition, 1, 0)} for name, condition in _conditions(span).items()}
        sums["hours"] = {"$sum": _if(_solved(span), {"$divide": [_worked_milliseconds(), 3_600_000]}, 0)}
        sums["online_procedures"] = {"$addToSet": _if(_received_online(span), "$procedure.code", "$$REMOVE")}
        pipeline = [{"$match": _alive(agencies, span)}, {"$group": {"_id": None, **sums}}]
        found = list(self._applications.aggregate(pipeline, session=session()))
        if not found:
            return Facts()
        row = found[0] | {"online_procedures": frozenset(found[0]["online_procedures"])}
        return Facts(**{field.name: row[field.name] for field in fields(Facts)})


def _alive(agencies: Sequence[str], span: Span) -> Document:
    """Received before the end of the period and not ended before its beginning; parts of bundles left out."""
    common = {"competent_agency": {"$in": list(agencies)}, "received_at": {"$lt": span.end}, "counted": {"$ne": False}}
    return {"$or": [{**common, "ended_at": None}, {**common, "ended_at": {"$gte": span.first}}]}


def _conditions(span: Span) -> dict[str, Any]:
    received, solved = _received(span), _solved(span)
    finished = {"$and": [solved, {"$in": ["$status", [int(Status.FINISHED), int(Status.RETURNED)]]}]}
    electronic = {"$gt": [{"$size": {"$ifNull": ["$result.files", []]}}, 0]}
    late = _if(solved, {"$eq": ["$outcome", "late"]}, _late(span.judged_at))
    asked_again = {"$gt": [{"$size": "$supplements"}, 1]}
    costs = {"$and": [received, {"$gt": ["$payment.amount", 0]}, {"$ne": ["$payment.state", "exempt"]}]}
    return {
        "handled": True,
        "in_limit": {"$not": {"$or": [late, asked_again]}},
        "received": received,
        "synchronised": {"$and": [received, {"$eq": ["$synchronisation.state", "done"]}]},
        "online": {"$and": [_received_online(span), _if(solved, electronic, True)]},
        "with_fee": costs,
        "paid_online": {"$and": [costs, {"$eq": ["$payment.state", "paid"]}, {"$eq": ["$payment.method", "online"]}]},
        "reused": {"$and": [received, _any_component("reused_from")]},
        "processed": solved,
        "finished": finished,
        "finished_late": {"$and": [finished, {"$or": [late, asked_again]}]},
        "electronic_result": {"$and": [finished, electronic]},
        "digitised": {"$and": [finished, electronic, _any_component("file")]},
        "dissatisfied": {"$and": [finished, {"$in": ["dissatisfied", "$ratings.score"]}]},
    }


def _received(span: Span) -> Document:
    return {"$gte": ["$received_at", span.first]}


def _received_online(span: Span) -> Document:
    return {"$and": [_received(span), {"$eq": ["$channel", int(Channel.ONLINE)]}]}


def _solved(span: Span) -> Document:
    return {"$and": [{"$ne": [_present("$ended_at"), None]}, {"$lt": ["$ended_at", span.end]}]}


def _late(at: datetime) -> Document:
    return {"$and": [{"$ne": [_present("$late_from"), None]}, {"$lt": ["$late_from", at]}]}


def _worked_milliseconds() -> Document:
    """From reception to the end without the intervals in which the clock stood for the applicant."""
    waited = {
        "$sum": {
            "$map": {
                "input": {"$ifNull": ["$clock.intervals", []]},
                "in": {"$subtract": [{"$ifNull": ["$$this.paused_to", "$ended_at"]}, "$$this.paused_from"]},
            }
        }
    }
    return {"$max": [0, {"$subtract": [{"$subtract": ["$ended_at", "$received_at"]}, waited]}]}


def _any_component(name: str) -> Document:
    return {"$anyElementTrue": {"$map": {"input": "$components", "in": {"$ne": [_present(f"$$this.{name}"), None]}}}}


def _present(path: str) -> Document:
    return {"$ifNull": [path, None]}


def _if(condition: Any, then: Any, otherwise: Any) -> Document:
    return {"$cond": [condition, then, otherwise]}
