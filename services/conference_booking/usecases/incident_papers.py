"""The report of an incident, printed."""

import io
from datetime import date
from typing import Any

from services.conference_booking.domain import incidents as rules
from services.conference_booking.domain.decisions import Document
from services.conference_booking.ports import Paper
from services.conference_booking.usecases.context import Context
from services.conference_booking.usecases.incidents import load_incident
from shared.contracts.principal import Principal
from shared.working_time import VIETNAM

Request = dict[str, Any]

PDF = "application/pdf"
MOST_BYTES = 10 * 1024 * 1024


def print_incident(context: Context, request: Request, principal: Principal) -> Request:
    """The report as PDF."""
    incident = load_incident(context, request, principal).document
    paper = Paper("incident_report", _printed(context, incident), context.now())
    name = f"bao-cao-su-co-{incident['_id'][:8]}.pdf"
    stream = io.BytesIO(context.papers.print(paper))
    stored = context.files.put(stream, limit=MOST_BYTES, name=name, declared_type=PDF, owner="printer")
    return {"file": stored.id, "name": stored.name, "type": stored.type, "size": stored.size}


_LINES = {"primary": "Đường truyền chính", "backup": "Đường truyền dự phòng"}


def _printed(context: Context, incident: Document) -> Request:
    network = context.networks.get(incident["network"])
    operator = context.agencies.names([network.operator]).get(network.operator, {})
    places = context.endpoints.of_network(network.key)
    loaded = context.meetings.find(incident["meeting"]) if incident["meeting"] else None

    def place(key: str | None) -> str:
        return str(places[key]["name"]["vi"]) if key in places else key or ""

    standby = incident["standby"]
    moments = ("began_at", "opened_at", "acknowledged_at", "standby_at", "restored_at", "closed_at")
    return {
        "agency": operator.get("vi", network.operator),
        "title": rules.SYMPTOM_NAMES[incident["symptom"]]["vi"],
        "number": incident["_id"][:8],
        "state": rules.STATE_NAMES[rules.State(incident["state"])],
        "severity": incident["severity"],
        "origin": incident["origin"],
        "endpoint": place(incident["endpoint"]),
        "line": incident["line"],
        "meeting": loaded.document["title"] if loaded else "",
        "session": incident["session"],
        "what": incident["what"],
        "moments": {name: _moment(incident[name]) for name in moments},
        "standby": "" if standby is None else place(standby["endpoint"]) or _LINES[standby.get("line") or "backup"],
        "impact_minutes": incident["impact_minutes"],
        **{name: incident[name] for name in ("cause", "action", "report")},
        "follow_ups": [
            {
                **{name: one[name] for name in ("n", "what", "who")},
                "due": f"{date.fromisoformat(one['due']):%d/%m/%Y}" if one["due"] else "",
                "done": _moment(one["done_at"]),
            }
            for one in incident["follow_ups"]
        ],
    }


def _moment(moment: Any) -> str:
    return f"{moment.astimezone(VIETNAM):%H:%M:%S ngày %d/%m/%Y}" if moment else ""
