"""Notices to those who run a network: a message to each of its alert addresses when an incident is opened."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid5

from services.conference_booking.domain.actors import CLOCKWORK
from services.conference_booking.domain.decisions import Document, Occasion
from services.conference_booking.domain.incidents import SYMPTOM_NAMES, State
from services.conference_booking.usecases.context import Context
from services.conference_booking.usecases.meetings import NAMESPACE
from shared.commands import first_document, new_aggregate, write_entry
from shared.contracts.conference_booking.invitations import MessageRequested
from shared.working_time import VIETNAM

Request = dict[str, Any]

_CLOSING = {
    "vi": "Bạn nhận thư vì hộp thư này được báo sự cố của mạng hội nghị truyền hình.",
    "en": "You get it because this mailbox is told of incidents of the video-conference network.",
}


def notices_of(incident: Document, occasion: Occasion) -> Iterator[Request]:
    """The requests for messages about a new incident, each with the event that asks for it."""
    for address in occasion.network.alerts:
        before = new_aggregate(uuid5(NAMESPACE, f"notice {incident['_id']} {address}").hex)
        facts = {"incident": incident["_id"], "address": address}
        entry = write_entry(
            before,
            MessageRequested,
            MessageRequested.dump(about=incident["_id"], kind="conference_incident"),
            at=occasion.now,
            actor={**CLOCKWORK.sign()},
            answered={},
            after={**before, **facts},
        )
        yield first_document(before, facts, entry)


def read_notice(context: Context, message: Document) -> Request | None:
    """A notice as it is to be sent now; to nobody when the incident is closed already."""
    loaded = context.incidents.find(message["incident"])
    if loaded is None:
        return None
    incident = loaded.document
    to = message["address"] if incident["state"] != State.CLOSED else None
    return {"to": to, **_words(context, incident), "attachments": [], "calendar": None}


def _words(context: Context, incident: Document) -> Request:
    network = context.networks.get(incident["network"])
    place = context.endpoints.find(incident["endpoint"]) if incident["endpoint"] else None
    where = place.document["name"] if place else network.name
    loaded = context.meetings.find(incident["meeting"]) if incident["meeting"] else None
    title = loaded.document["title"] if loaded else ""
    began = incident["began_at"].astimezone(VIETNAM)
    symptom, severity = SYMPTOM_NAMES[incident["symptom"]], incident["severity"]
    lines = {
        "primary": {"vi": "đường chính", "en": "primary line"},
        "backup": {"vi": "đường dự phòng", "en": "backup line"},
    }
    line = lines.get(incident["line"] or "", {"vi": "", "en": ""})
    texts = {
        "vi": f"{where['vi']}{', ' if line['vi'] else ''}{line['vi']}: {symptom['vi']} từ {began:%H:%M ngày %d/%m/%Y}"
        + (f", trong cuộc họp “{title}”" if title else "")
        + (f". {incident['what']}." if incident["what"] else "."),
        "en": f"{where['en']}{', ' if line['en'] else ''}{line['en']}: {symptom['en']} since {began:%H:%M on %d %B %Y}"
        + (f", during the meeting “{title}”." if title else "."),
    }
    subjects = {
        "vi": f"Sự cố mức {severity}: {symptom['vi']}",
        "en": f"Incident of severity {severity}: {symptom['en']}",
    }
    return {
        language: {"subject": subjects[language], "text": texts[language], "closing": _CLOSING[language]}
        for language in ("vi", "en")
    }
