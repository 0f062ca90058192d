"""A bundle of procedures (liên thông): handed in once, on one form; each agency works on a part of its own."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.one_stop_shop.domain.application import Application, Decision, Occasion
from services.one_stop_shop.domain.procedure import ProcedureVersion
from services.one_stop_shop.domain.registration import Agencies, Content, hand_in

_DELIVERY = ("method", "receiver", "phone", "address")


def content_of_part(bundle: Application, procedure: ProcedureVersion) -> Content:
    """What the bundle holds for one of its procedures: the answers and papers that this procedure knows too."""
    questions = {question.key for question in procedure.questions}
    components = {component.key for component in procedure.components}
    return {
        "procedure": procedure.code,
        "case": None,
        "agency": bundle["received_agency"],
        "province": bundle.get("province", ""),
        "channel": bundle["channel"],
        "national_code": None,
        "owner": _person(bundle["owner"]),
        "submitter": _person(bundle["submitter"]) if bundle["submitter"] else None,
        "content": bundle["content"],
        "answers": {key: value for key, value in bundle["answers"].items() if key in questions},
        "quantities": {},
        "components": [
            {**record, "reused_from": "component"}
            for record in bundle["components"]
            if record["component"] in components
        ],
        "delivery": {name: bundle["delivery"].get(name) for name in _DELIVERY},
        "notify_by_email": bundle["notify_by_email"],
    }


def open_part(bundle: Application, content: Content, agencies: Agencies, occasion: Occasion) -> Decision:
    """The part on its first day: it waits for reception, belongs to the bundle's people, and is not counted again."""
    handed_in = hand_in(content, agencies, occasion)
    tie = {"application": bundle["_id"], "code": bundle["code"], "kind": "bundle", "status": bundle["status"]}
    inherited = {name: bundle[name] for name in ("parties", "applicant", "applicant_verified")}
    changes = {**handed_in.changes, **inherited, "counted": False, "links": [tie]}
    return Decision(handed_in.event, changes, handed_in.data)


def _person(person: Mapping[str, Any]) -> dict[str, Any]:
    born = person["birth_date"]
    return {**person, "birth_date": date.fromisoformat(born) if born else None}
