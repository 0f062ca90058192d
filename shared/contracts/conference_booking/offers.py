"""The form that conference booking's offers have in common, and what a token must carry for them."""

from typing import Any

from shared.contracts.base import Request, View
from shared.contracts.operations import Operation

READ, ASK, APPROVE = "conferences:read", "conferences:request", "conferences:approve"
OPERATE, MEASURE = "conferences:operate", "conferences:measure"
TAG = "conferences"


def get(name: str, path: str, summary: str, summary_vi: str, view: type[View], **rest: Any) -> Operation:
    """A question of whoever may read; `path` stands below `/conferences`."""
    return Operation(name, "GET", f"/conferences{path}", summary, summary_vi, view, scope=READ, tag=TAG, **rest)


def post(
    name: str, path: str, summary: str, summary_vi: str, body: type[Request], view: type[View], scope: str, **rest: Any
) -> Operation:
    """A command; `path` stands below `/conferences`."""
    path = f"/conferences{path}"
    return Operation(name, "POST", path, summary, summary_vi, view, body, scope=scope, tag=TAG, **rest)
