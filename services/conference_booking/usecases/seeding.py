"""Brings the bridges and endpoints of the file in, as often as one likes; what is there already is left alone."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from services.conference_booking.domain.actors import CLOCKWORK
from services.conference_booking.usecases.context import Context
from services.conference_booking.usecases.resources import register, register_bridge
from shared.history import Command


def seed(context: Context, bridges: Iterable[Mapping[str, Any]], endpoints: Iterable[Mapping[str, Any]]) -> list[str]:
    """One sentence for everything that was brought in."""
    made = [
        f"MCU {plain['network']}"
        for plain in bridges
        if register_bridge(context, dict(plain), CLOCKWORK, _command(f"bridge {plain['network']}"))
    ]
    known = context.endpoints.of_network(None)
    for plain in endpoints:
        if plain["key"] not in known:
            register(context, dict(plain), CLOCKWORK, _command(f"endpoint {plain['key']}"))
            made.append(f"Điểm cầu · Endpoint {plain['key']}")
    return made


def _command(about: str) -> Command:
    """The set-up job repeats itself: its keys are the things that it brings in."""
    return {"key": f"setup:{about}", "digest": hashlib.sha256(about.encode()).hexdigest(), "answer": {}}
