"""Notices of incidents: to those who run a network when one is opened, to two endpoints when one takes over."""

from collections.abc import Iterator, Mapping
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

_OF_ENDPOINT = {
    "vi": "Bạn nhận thư vì hộp thư này thuộc điểm cầu vào thay hoặc được thay.",
    "en": "You get it because this mailbox is of the endpoint that comes in, or of the one that it stands in for.",
}


def notices_of(incident: Document, occasion: Occasion) -> Iterator[Request]:
    """The requests for messages about a new incident."""
    for address in occasion.network.alerts:
        yield _request("notice", incident, address, {}, occasion)


def takeover_notices(context: Context, incident: Document, occasion: Occasion) -> Iterator[Request]:
    """The requests for messages to the standby endpoint that takes the place of another, and to that one."""
    standby = incident["standby"]["endpoint"]
    places = context.endpoints.find_all([standby, incident["endpoint"]]) if standby else {}
    for address in sorted({one["mailbox"] for one in places.values() if one.get("mailbox")}):
        yield _request("takeover", incident, address, {"takeover": True}, occasion)


def _request(name: str, incident: Document, address: str, more: Mapping[str, Any], occasion: Occasion) -> Request:
    """A message that is asked for, with the event that does."""
    before = new_aggregate(uuid5(NAMESPACE, f"{name} {incident['_id']} {address}").hex)
    facts = {"incident": incident["_id"], "address": address, **more}
    entry = write_entry(
        before,
        MessageRequested,
        MessageRequested.dump(about=incident["_id"], kind="conference_incident"),
        at=occasion.now,
        actor={**CLOCKWORK.sign()},
        answered={},
        after={**before, **facts},
    )
    return first_document(before, facts, entry)


def read_notice(context: Context, message: Document) -> Request | None:
    """A notice as it is to be sent now; to nobody when the incident is closed already, or the place given back."""
    loaded = context.incidents.find(message["incident"])
    if loaded is None:
        return None
    incident = loaded.document
    holds = incident["state"] != State.CLOSED
    words = _words(context, incident)
    if message.get("takeover"):
        holds, words = incident["state"] == State.ON_STANDBY, _takeover_words(context, incident)
    return {"to": message["address"] if holds else None, **words, "attachments": [], "calendar": None}


def _takeover_words(context: Context, incident: Document) -> Request:
    standby, lost = incident["standby"]["endpoint"], incident["endpoint"]
    places = {key: one["name"] for key, one in context.endpoints.find_all([standby, lost]).items()}
    loaded = context.meetings.find(incident["meeting"])
    title, since = loaded.document["title"] if loaded else "", incident["standby_at"].astimezone(VIETNAM)
    texts = {
        "vi": f"Từ {since:%H:%M ngày %d/%m/%Y}, {places[standby]['vi']} tham dự thay {places[lost]['vi']} trong cuộc "
        f"họp “{title}”; kết nối như trong thư mời.",
        "en": f"Since {since:%H:%M on %d %B %Y} {places[standby]['en']} takes the place of {places[lost]['en']} in the "
        f"meeting “{title}”; connect as the invitation says.",
    }
    subjects = {"vi": f"Thay điểm cầu: {title}", "en": f"Standby takes over: {title}"}
    return {
        language: {"subject": subjects[language], "text": texts[language], "closing": _OF_ENDPOINT[language]}
        for language in ("vi", "en")
    }


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
