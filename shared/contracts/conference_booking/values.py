"""Words and shapes that requests, views and events of conference booking share."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from marshmallow import ValidationError, fields, validate

from shared.contracts.shapes import FIRST_YEAR, LAST_YEAR, Shape

KEY = r"^[a-z][a-z0-9-]{0,39}$"
"""A network or an endpoint: `thanh-hoa`, `th-01`."""

MEETING_STATES = (
    "submitted",
    "needs_info",
    "approved",
    "rejected",
    "expired",
    "cancelled",
    "preempted",
    "ended",
)
SESSION_STATES = ("planned", "live", "ended", "cancelled", "preempted")
ENDPOINT_STATES = ("ready", "degraded", "down")
LEVELS = ("province", "commune")
LINES = ("primary", "backup")
RESOLUTIONS = ("480p", "720p", "1080p")
RANK = r"^[a-z][a-z_]{0,39}$"
"""A rank of meetings; which there are, the file of networks says."""

STEP = 5
"""Minutes; everything begins and ends on such a step, because the bridge's ports are counted in them."""

LONGEST_MEETING = 24 * 60
_WORDS = {"vi": "Điểm cầu Ủy ban nhân dân phường Hạc Thành", "en": "Endpoint Hac Thanh ward"}
_WALL = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}"


def key_of(example: str, *, required: bool = True, **options: Any) -> fields.String:
    """The key of a network or an endpoint."""
    return fields.String(required=required, validate=Shape(KEY, example), metadata={"example": example}, **options)


def wall_clock(example: str = "2026-12-07T08:00", *, required: bool = False, **options: Any) -> fields.String:
    """A day and an hour as the clock on the wall shows them, without a zone, on a step of five minutes."""
    rules: list[Any] = [Shape(_WALL, "2026-12-07T08:00"), _check_wall]
    return fields.String(required=required, validate=rules, metadata={"example": example}, **options)


def _check_wall(value: str) -> None:
    if not re.fullmatch(_WALL, value, re.ASCII):
        return  # told already
    try:
        wall = datetime.fromisoformat(value)
    except ValueError as error:
        raise ValidationError("not_a_moment") from error
    if not FIRST_YEAR <= wall.year < LAST_YEAR:
        raise ValidationError("year_out_of_range")
    if wall.minute % STEP:
        raise ValidationError("not_on_a_step")


def duration(least: int, most: int, example: int, *, required: bool = False, **options: Any) -> fields.Integer:
    """A length in minutes, on a step of five."""
    rules: list[Any] = [validate.Range(least, most), _check_step]
    metadata = {"example": example}
    return fields.Integer(strict=True, required=required, validate=rules, metadata=metadata, **options)


def _check_step(value: int) -> None:
    if value % STEP:
        raise ValidationError("not_on_a_step")


def words_like(example: Mapping[str, str] = _WORDS) -> fields.Dict:
    """A name in both languages in an answer."""
    return fields.Dict(metadata={"example": example})
