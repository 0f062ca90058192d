"""Reads the file of networks, their rules, bridges and endpoints; every mistake is named by line and path."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from string import Formatter
from typing import Any

from marshmallow import fields, validate

from services.conference_booking.domain.networks import (
    BridgeAccess,
    Dial,
    Mark,
    Network,
    Networks,
    Rank,
    TechnicianRules,
)
from services.conference_booking.domain.quality import Limits, Rules
from services.conference_booking.domain.readiness import CHECKS
from shared.contracts.base import Request
from shared.contracts.conference_booking.network_requests import RegisterEndpoint
from shared.contracts.conference_booking.values import KEY, RANK, RESOLUTIONS
from shared.contracts.email_provisioning.mail_values import address
from shared.contracts.values import AGENCY_CODE, Words
from shared.data_files import matching, read_shaped
from shared.errors import Invalid
from shared.working_time import Duration

BUNDLED = Path(__file__).parents[1] / "data" / "networks.yaml"
BRIDGES = ("generic", "janus")
DIALS = ("sip", "h323", "url")
_UNCOMMANDED: dict[str, Any] = {"kind": "generic", "dial": []}
_CLOCK = r"([01]\d|2[0-3]):[0-5][05]"
_OF_NETWORK = ("network",)
"""What an endpoint of a request says, and one of the file does not: it stands in its network."""


@dataclass(frozen=True, slots=True)
class NetworksFile:
    """What the file says: rules, which hold, and the bridges and endpoints with which the database begins."""

    networks: Networks
    bridges: list[dict[str, Any]]
    endpoints: list[dict[str, Any]]


def _whole(least: int, most: int) -> fields.Integer:
    return fields.Integer(strict=True, required=True, validate=validate.Range(least, most))


class RankShape(Request):
    """One rank."""

    key = matching(RANK, "department", required=True)
    name = fields.Nested(Words, required=True)
    preempts = fields.Boolean(truthy={True}, falsy={False})


class DialShape(Request):
    """One way to dial in."""

    kind = fields.String(required=True, validate=validate.OneOf(DIALS))
    address = fields.String(required=True, validate=validate.Length(1, 300))
    codecs = fields.List(fields.String(validate=validate.Length(1, 100)))


class AccessShape(Request):
    """How the bridge is commanded, and how one dials in."""

    kind = fields.String(required=True, validate=validate.OneOf(BRIDGES))
    url = fields.String(validate=validate.Regexp(r"(https?://[^\s/]+(/\S*)?)?$"))
    dial = fields.List(fields.Nested(DialShape), required=True, validate=validate.Length(max=20))


class BridgeShape(Request):
    """The bridge of a network."""

    ports = _whole(0, 100_000)
    reserve = _whole(0, 100)
    cost = fields.Dict(
        keys=fields.String(validate=validate.OneOf(RESOLUTIONS)),
        values=fields.Integer(strict=True, validate=validate.Range(1, 1000)),
        required=True,
    )
    recorders = _whole(0, 1000)
    access = fields.Nested(AccessShape)


class HoursShape(Request):
    """When people meet."""

    start = fields.String(
        data_key="from", required=True, validate=validate.Regexp(_CLOCK), metadata={"example": "06:30"}
    )
    to = matching(_CLOCK, "21:00", required=True)


class TechniciansShape(Request):
    """What holds for technicians."""

    exclusive = fields.Boolean(required=True, truthy={True}, falsy={False})
    required = fields.Boolean(required=True, truthy={True}, falsy={False})


class MarkShape(Request):
    """What every endpoint should have so many minutes before a session."""

    before = _whole(0, 1440)
    needs = fields.List(fields.String(validate=validate.OneOf(CHECKS)), required=True, validate=validate.Length(min=1))


def _amount(most: int) -> fields.Float:
    return fields.Float(required=True, validate=validate.Range(0, most, min_inclusive=False))


class LimitsShape(Request):
    """What a line is below in a band: per cent of loss, milliseconds of round trip and of jitter."""

    loss = _amount(100)
    rtt = _amount(60_000)
    jitter = _amount(60_000)


class QualityShape(Request):
    """When a line is good, poor or bad."""

    green = fields.Nested(LimitsShape, required=True)
    amber = fields.Nested(LimitsShape, required=True)
    share = _whole(0, 100)
    worse_after = _whole(1, 100)
    better_after = _whole(1, 100)
    silent_after = _whole(60, 86_400)  # a probe pauses almost so long when the centre was away
    keep_days = _whole(1, 3660)
    slow_after = fields.Integer(strict=True, load_default=2, validate=validate.Range(1, 100))


class EndpointShape(RegisterEndpoint):
    """One endpoint; its network is the one under which it stands."""

    class Meta(RegisterEndpoint.Meta):
        """Schema options."""

        exclude = _OF_NETWORK


class NetworkShape(Request):
    """One network."""

    key = matching(KEY, "thanh-hoa", required=True)
    name = fields.Nested(Words, required=True)
    province = matching(AGENCY_CODE, "H56", required=True)
    approver = matching(AGENCY_CODE, "H56.01", required=True)
    operator = matching(AGENCY_CODE, "H56.04", required=True)
    lead = fields.String(required=True)
    urgent_lead = fields.String(required=True)
    hold = fields.String(required=True)
    set_up = _whole(0, 1440)
    rehearsal = _whole(0, 1440)
    tear_down = _whole(0, 720)
    technicians = fields.Nested(TechniciansShape, required=True)
    readiness = fields.List(fields.Nested(MarkShape), required=True, validate=validate.Length(max=10))
    mailbox = address()
    approver_mailbox = address()
    hours = fields.Nested(HoursShape, required=True)
    quality = fields.Nested(QualityShape, required=True)
    alerts = fields.List(address(), load_default=list)
    bridge = fields.Nested(BridgeShape, required=True)
    endpoints = fields.List(fields.Nested(EndpointShape), required=True)


class FileShape(Request):
    """The whole file."""

    ranks = fields.List(fields.Nested(RankShape), required=True, validate=validate.Length(min=1))
    networks = fields.List(fields.Nested(NetworkShape), required=True, validate=validate.Length(min=1))


def read_networks(path: Path | None = None) -> NetworksFile:
    """The networks of a file, or those that come with the platform.

    Raises:
        DataFileError: naming every mistake.
    """
    return _networks(read_shaped(path or BUNDLED, FileShape(), _contradictions))


def _contradictions(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for number, network in enumerate(content["networks"]):
        for name in ("lead", "urgent_lead", "hold"):
            if not _is_duration(network[name]):
                yield f"networks.{number}.{name}", "write it such as “2 working days”"
        for name in ("set_up", "rehearsal", "tear_down"):
            if network[name] % 5:
                yield f"networks.{number}.{name}", "minutes come in steps of five"
        yield from _wrong_access(f"networks.{number}.bridge.access", network["bridge"].get("access", _UNCOMMANDED))
        marks = [mark["before"] for mark in network["readiness"]]
        if len(set(marks)) < len(marks):
            yield f"networks.{number}.readiness", "two marks are at the same minute"
        keys = [network["key"], *(endpoint["key"] for endpoint in network["endpoints"])]
        for key in keys:
            if key in seen:
                yield f"networks.{number}", f"“{key}” stands there twice"
            seen.add(key)


def _wrong_access(path: str, access: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if (access["kind"] == "generic") == bool(access.get("url")):
        yield f"{path}.url", "a bridge that is commanded has an address, and a generic one has none"
    for number, dial in enumerate(access["dial"]):
        if not _names_in(dial["address"]) <= {"number", "pin"}:
            yield f"{path}.dial.{number}.address", "only {number} and {pin} are filled in"


def _names_in(address: str) -> set[str]:
    try:
        return {name for _, name, _, _ in Formatter().parse(address) if name is not None}
    except ValueError:
        return {"malformed"}


def _is_duration(text: str) -> bool:
    try:
        Duration.parse(text)
    except Invalid:
        return False
    return True


def _networks(content: Mapping[str, Any]) -> NetworksFile:
    rows = content["networks"]
    ranks = [
        Rank(plain["key"], plain["name"], place, plain.get("preempts", False))
        for place, plain in enumerate(content["ranks"])
    ]
    return NetworksFile(
        Networks(map(_network, rows), ranks),
        bridges=[{**plain["bridge"], "network": plain["key"]} for plain in rows],
        endpoints=[
            {"mailbox": None, "probe": None, **endpoint, "network": plain["key"]}
            for plain in rows
            for endpoint in plain["endpoints"]
        ],
    )


def _network(plain: Mapping[str, Any]) -> Network:
    return Network(
        key=plain["key"],
        name=plain["name"],
        province=plain["province"],
        approver=plain["approver"],
        operator=plain["operator"],
        lead=Duration.parse(plain["lead"]),
        urgent_lead=Duration.parse(plain["urgent_lead"]),
        hold=Duration.parse(plain["hold"]),
        set_up=plain["set_up"],
        rehearsal=plain["rehearsal"],
        tear_down=plain["tear_down"],
        technicians=TechnicianRules(**plain["technicians"]),
        marks=tuple(Mark(mark["before"], tuple(mark["needs"])) for mark in plain["readiness"]),
        mailbox=plain.get("mailbox"),
        approver_mailbox=plain.get("approver_mailbox"),
        opens=time.fromisoformat(plain["hours"]["from"]),
        closes=time.fromisoformat(plain["hours"]["to"]),
        quality=_quality(plain["quality"]),
        alerts=tuple(plain.get("alerts", ())),
        bridge=_access(plain["bridge"].get("access", _UNCOMMANDED)),
    )


def _access(plain: Mapping[str, Any]) -> BridgeAccess:
    dials = (Dial(one["kind"], one["address"], tuple(one.get("codecs", ()))) for one in plain["dial"])
    return BridgeAccess(plain["kind"], plain.get("url", "").rstrip("/"), tuple(dials))


def _quality(plain: Mapping[str, Any]) -> Rules:
    limits = {band: Limits(**plain[band]) for band in ("green", "amber")}
    return Rules(**{**plain, **limits})
