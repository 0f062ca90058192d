"""Applications as they are answered: rows of lists and the whole view."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from services.one_stop_shop.domain.corrections import people_since
from services.one_stop_shop.domain.form_sets import FormKind
from services.one_stop_shop.domain.read_model import is_closed
from services.one_stop_shop.domain.statuses import RUNNING, Status, named

_WHOLE = (
    "channel",
    "supported_agency",
    "received_agency",
    "competent_agency",
    "answers",
    "quantities",
    "components",
    "delivery",
    "payment",
    "synchronisation",
    "clock",
    "supplements",
    "withdrawal",
    "result",
    "returned",
    "ratings",
    "steps",
)
_PERSON = ("applicant_class", "name", "identity_kind", "identity_number", "birth_date", "phone", "email", "address")


def application_row(document: Mapping[str, Any], now: datetime, actions: Collection[str]) -> dict[str, Any]:
    """One row of a list (`ApplicationRow`); overdue is reckoned now and never stored.

    Of the `actions` that its reader may do it tells those that are done to several at once.
    """
    deadline = document["deadline_at"]
    return {
        "id": document["_id"],
        "code": document["code"],
        "procedure": document["procedure"]["code"],
        "procedure_name": document["procedure"]["name"],
        "content": document["content"],
        "owner_name": document["owner"]["name"],
        "agency": document["competent_agency"],
        **named(document["status"]),
        "step": document["step"],
        "assignee": document["assignee"],
        "assignee_name": document["assignee_name"],
        "submitted_at": document["submitted_at"],
        "received_at": document["received_at"],
        "due_at": document["due_at"],
        "deadline_at": deadline,
        "overdue": document["status"] in RUNNING and deadline is not None and deadline < now,
        "withdrawn": document["status"] == Status.WITHDRAWN and is_closed(document),
        "claimable": "claim" in actions,
        "assignable": "assign" in actions,
        "version": document["version"],
    }


def application_view(
    document: Mapping[str, Any],
    now: datetime,
    *,
    actions: Sequence[str],
    duplicates: Sequence[Mapping[str, Any]],
    statuses: Mapping[str, int],
    officer: bool,
) -> dict[str, Any]:
    """One application (`ApplicationView`) with what its reader may do, and with the ties whose `statuses` are given.

    What stood there before a correction, somebody else's name perhaps, is for officers.
    """
    return {
        **application_row(document, now, actions),
        **{name: document.get(name) for name in _WHOLE},
        "opinions": list(document.get("opinions", ())),
        "procedure_version": document["procedure"]["version"],
        "case": document["procedure"]["case"],
        "national_code": document.get("national_code"),
        "owner": _person(document["owner"]),
        "submitter": _person(document["submitter"]) if document["submitter"] else None,
        "clock": document["clock"] or {},
        "links": [
            {**tie, **named(statuses[tie["application"]])}
            for tie in document["links"]
            if tie["application"] in statuses
        ],
        "possible_duplicates": [
            {
                "application": other["_id"],
                "code": other["code"],
                **named(other["status"]),
                "submitted_at": other["submitted_at"],
                "agency": other["competent_agency"],
            }
            for other in duplicates
        ],
        "forms": [
            {name: form[name] for name in ("id", "form", "form_set", "title", "issued_at")}
            for form in forms_for(document, officer=officer)
        ],
        "corrections": [
            {
                "at": one["at"],
                "reason": one["reason"],
                "corrected": sorted(one["former"]),
                **({"by": one["by"], "former": one["former"]} if officer else {}),
            }
            for one in document.get("corrections", ())
        ],
        "allowed_actions": list(actions),
    }


def forms_for(document: Mapping[str, Any], *, officer: bool) -> list[Mapping[str, Any]]:
    """The forms that a reader may have; officers alone have the control slip, which goes from desk to desk, and one
    with the name of somebody else, taken down wrongly.
    """
    if officer:
        return list(document["forms"])
    since = people_since(document)
    return [form for form in document["forms"] if form["seq"] >= since and form["kind"] != FormKind.CONTROL_SHEET]


def _person(person: Mapping[str, Any]) -> dict[str, Any]:
    return {name: person.get(name) for name in _PERSON}
