"""The result on its way to the applicant, and what they say about it afterwards.

Finished, handed over and delivered are different facts: delivery has its own states
(none | requested -> handed_to_post -> in_transit -> delivered | failed), and only its end moves the status to 10.
"""

from dataclasses import replace
from typing import Any

from services.one_stop_shop.domain.actors import AGENCY_SYSTEM
from services.one_stop_shop.domain.application import Application, Changes, Decision, Occasion, check_past
from services.one_stop_shop.domain.statuses import Status
from shared.errors import Conflict, Invalid, field_error
from shared.words import same_name

HANDED_TO_POST = "handed_to_post"


def chosen_delivery(asked: dict[str, Any]) -> dict[str, Any]:
    """How the applicant wants the result, before anything has moved."""
    return {
        **asked,
        "state": start_of_delivery(asked["method"]),
        "waybill": None,
        "cod_fee": 0,
        "events": [],
    }


def start_of_delivery(method: str) -> str:
    """The state before anybody has the result."""
    return "requested" if method == "post" else "none"


def send_by_post(application: Application, occasion: Occasion, request: dict[str, Any]) -> Decision:
    """Hand the result to the public post; after a failed delivery it goes out again with a new waybill.

    Raises:
        Conflict: the waybill is that of a delivery before.
    """
    waybill, former = _compact(request["waybill"]), application.get("waybills", [])
    if waybill in former:
        raise Conflict("waybill_used", waybill=request["waybill"])
    delivery = {**application["delivery"], "waybill": request["waybill"], "cod_fee": request["cod_fee"]}
    moved = _moved(delivery, HANDED_TO_POST, {"at": occasion.now, "note": "", "waybill": request["waybill"]})
    # No other application may have any of them: the store keeps them apart.
    return replace(moved, changes={**moved.changes, "waybills": [*former, waybill]})


def record_post_event(application: Application, occasion: Occasion, request: dict[str, Any]) -> Decision:
    """What the carrier reports; a delivery closes the application as returned."""
    delivery = application["delivery"]
    if _compact(request["waybill"]) != _compact(delivery["waybill"]):
        raise Conflict("waybill_unknown", waybill=request["waybill"])
    given = [event["at"] for event in delivery["events"] if event["state"] == HANDED_TO_POST]
    check_past("at", request["at"], occasion, since=given[-1])
    moved = _moved(delivery, request["state"], {"at": request["at"], "note": request["note"]})
    if request["state"] != "delivered":
        return moved
    if not occasion.actor.has(AGENCY_SYSTEM) and not request["slip"] and not request["slip_number"].strip():
        raise Invalid("request_invalid", fields=[field_error("slip", "slip_missing")])
    returned = {
        "method": "post",
        "at": request["at"],
        "recorded_by": occasion.actor.subject,
        "receiver": {"kind": "post", "name": request["receiver_name"], "identity_number": ""},
        "signature": None,
        "slip": request["slip"],
        "slip_number": request["slip_number"],
        "originals_returned": False,
        "note": request["note"],
    }
    return _returned(returned, occasion, moved.changes)


def return_result(application: Application, occasion: Occasion, request: dict[str, Any]) -> Decision:
    """Hand the result over at the counter, or record that it was taken online."""
    _check_receiver(application, request["receiver"])
    if request["method"] == "online":
        _check_online(application, request)
    returned = {**request, "at": occasion.now, "recorded_by": occasion.actor.subject}
    return _returned(returned, occasion, {})


def _check_online(application: Application, request: dict[str, Any]) -> None:
    """There is something to download, and they chose that, or asked the officer for it since."""
    if not application["result"]["files"]:
        raise Conflict("no_electronic_result")
    if application["delivery"]["method"] != "online" and not request["asked_online"]:
        raise Invalid("request_invalid", fields=[field_error("asked_online", "online_not_asked")])


def _check_receiver(application: Application, receiver: dict[str, Any]) -> None:
    """Who takes it for themselves is the owner or the submitter, by name and number; others are authorised.

    A name that is only spelt another way is the same, and stays on record as it was given.
    """
    people = [person for person in (application["owner"], application["submitter"]) if person]
    number = _compact(receiver["identity_number"])
    names = [person["name"] for person in people if _compact(person["identity_number"]) == number]
    if receiver["kind"] == "self" and not any(same_name(receiver["name"], name) for name in names):
        raise Invalid("request_invalid", fields=[field_error("receiver", "receiver_not_a_party")])


def _compact(number: str) -> str:
    return number.replace("-", "")


def rate(application: Application, occasion: Occasion, request: dict[str, Any]) -> Decision:
    """Say how satisfied one is, once per person (D 2.9)."""
    rating = {
        "by": occasion.actor.subject,
        "at": occasion.now,
        "score": request["score"],
        "comment": request["comment"],
    }
    changes = {"ratings": [*application["ratings"], rating]}
    return Decision("application_rated", changes, {"score": request["score"]})


def _moved(delivery: dict[str, Any], state: str, event: dict[str, Any]) -> Decision:
    changes = {"delivery": {**delivery, "state": state, "events": [*delivery["events"], {"state": state, **event}]}}
    return Decision("delivery_changed", changes, {"state": state}, event["note"])


def _returned(returned: dict[str, Any], occasion: Occasion, changes: Changes) -> Decision:
    changes = {
        **changes,
        "status": int(Status.RETURNED),
        "returned": returned,
        "returned_at": returned["at"],
        "closed_at": occasion.now,
        "assignee": None,
        "assignee_name": None,
    }
    return Decision("application_returned", changes, {"method": returned["method"]}, returned["note"])
