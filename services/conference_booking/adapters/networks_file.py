"""Reads the file of networks, their rules, bridges and endpoints; every mistake is named by line and path."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Any

from marshmallow import fields, validate

from services.conference_booking.domain.networks import Network, Networks, Rank
from shared.contracts.base import Request
from shared.contracts.conference_booking.requests import RegisterEndpoint
from shared.contracts.conference_booking.values import KEY, RANK, RESOLUTIONS
from shared.contracts.values import AGENCY_CODE, Words
from shared.data_files import matching, read_shaped
from shared.errors import Invalid
from shared.working_time import Duration

BUNDLED = Path(__file__).parents[1] / "data" / "networks.yaml"
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


class HoursShape(Request):
    """When people meet."""

    start = fields.String(
        data_key="from", required=True, validate=validate.Regexp(_CLOCK), metadata={"example": "06:30"}
    )
    to = matching(_CLOCK, "21:00", required=True)


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
    hours = fields.Nested(HoursShape, required=True)
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
        keys = [network["key"], *(endpoint["key"] for endpoint in network["endpoints"])]
        for key in keys:
            if key in seen:
                yield f"networks.{number}", f"“{key}” stands there twice"
            seen.add(key)


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
            {"mailbox": None, **endpoint, "network": plain["key"]} for plain in rows for endpoint in plain["endpoints"]
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
        opens=time.fromisoformat(plain["hours"]["from"]),
        closes=time.fromisoformat(plain["hours"]["to"]),
    )
