"""What ties an application to others and to the National Portal, beside its own way."""

from dataclasses import replace
from typing import Any

from services.one_stop_shop.domain.actors import CLOCKWORK
from services.one_stop_shop.domain.application import Application, Changes, Decision, Occasion
from services.one_stop_shop.domain.guards import ended_without_result
from shared.errors import Conflict, Invalid

MIRRORED = {"part": "bundle", "bundle": "part", "related": "related"}
"""How a tie looks from the other end."""


def link(application: Application, occasion: Occasion, request: dict[str, Any]) -> Decision:
    """Tie another application to this one, from both ends at once, so that no two can be parts of each other.

    A part counts with its bundle and not a second time (D 2.1).
    """
    other, kind = request["other"], request["kind"]
    if other["_id"] == application["_id"]:
        raise Invalid("linked_to_itself")
    if is_tied(application, other["_id"]):
        raise Conflict("already_linked", application=other["code"])
    if kind == "part" and (_is_part(other) or _is_part(application)):
        raise Conflict("already_a_part", application=other["code"])
    if kind == "part" and any(tie["kind"] == "part" for tie in other["links"]):
        raise Conflict("has_parts_itself", application=other["code"])
    return replace(_tied(application, other, kind), beside=((other, _tied(other, application, MIRRORED[kind])),))


def unlink(application: Application, occasion: Occasion, request: dict[str, Any]) -> Decision:
    """Undo a tie that was a mistake, at both ends; what was a part counts again.

    A part that the platform opened is no mistake: its procedure belongs to the bundle's, as long as there is one.
    """
    other, reason = request["other"], request["reason"]
    if other is None or not is_tied(application, other["_id"]):
        raise Conflict("not_linked")
    bound = opened_for(application, other) or opened_for(other, application)
    if bound and not ended_without_result(application):
        raise Conflict("part_of_the_procedure", application=other["code"])
    beside = ((other, _untied(other, application, reason)),) if is_tied(other, application["_id"]) else ()
    return replace(_untied(application, other, reason), beside=beside)


def tie_part(application: Application, part: Application) -> Decision:
    """Let a bundle know of the part that was opened for it."""
    return _tied(application, part, "part", opened=True)


def _tied(application: Application, other: Application, kind: str, *, opened: bool = False) -> Decision:
    tie = {"application": other["_id"], "code": other["code"], "kind": kind, "status": other["status"]}
    tie |= {"opened": True} if opened else {}
    changes: Changes = {"links": [*application["links"], tie]}
    if kind == "bundle":
        changes["counted"] = False
    return Decision("application_linked", changes, {"other": other["_id"], "kind": kind})


def _untied(application: Application, other: Application, reason: str) -> Decision:
    kind = next(tie["kind"] for tie in application["links"] if tie["application"] == other["_id"])
    links = [tie for tie in application["links"] if tie["application"] != other["_id"]]
    changes: Changes = {"links": links, "counted": not any(tie["kind"] == "bundle" for tie in links)}
    return Decision("application_unlinked", changes, {"other": other["_id"], "kind": kind}, reason)


def _is_part(application: Application) -> bool:
    return any(tie["kind"] == "bundle" for tie in application["links"])


def opened_for(bundle: Application, part: Application) -> bool:
    """Whether the platform opened a part for this bundle."""
    tied = any((tie["application"], tie["kind"]) == (bundle["_id"], "bundle") for tie in part["links"])
    return tied and bool(part["submitted_by"]["sub"] == CLOCKWORK.subject)


def is_tied(application: Application, other: str) -> bool:
    """Whether the application already knows of the other one."""
    return any(tie["application"] == other for tie in application["links"])


def record_part(application: Application, part: str, status: int) -> Decision:
    """A part of this bundle moved on elsewhere."""
    links = [{**tie, "status": status} if tie["application"] == part else tie for tie in application["links"]]
    return Decision("part_progressed", {"links": links}, {"part": part, "part_status": status})


def record_synchronisation(application: Application, occasion: Occasion, request: dict[str, Any]) -> Decision:
    """The National Portal's answer; what changed after the version that it answers for waits to be sent still."""
    if request["version"] > application["version"]:
        raise Invalid("version_unknown", version=request["version"])
    current = request["version"] == application["version"]
    synchronisation = {
        "state": request["outcome"] if current else "pending",
        "version": request["version"],
        "error": request["error"],
        "at": occasion.now,
    }
    data = {"version": request["version"], "outcome": request["outcome"]}
    return Decision("application_synchronised", {"synchronisation": synchronisation}, data, request["error"])
