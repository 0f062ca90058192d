"""What a token must carry for the offers about mail, and the form that they have in common."""

from typing import Any

from shared.contracts.base import Request, View
from shared.contracts.operations import Operation

READ, WRITE, USE = "mail:read", "mail:write", "mail:use"


def get(name: str, path: str, summary: str, summary_vi: str, view: type[View], **rest: Any) -> Operation:
    """A question, of whoever may read unless another `scope` is given; `path` stands below `/mail`."""
    given: dict[str, Any] = {"scope": READ, "tag": "mail"} | rest
    return Operation(name, "GET", f"/mail{path}", summary, summary_vi, view, **given)


def post(
    name: str, path: str, summary: str, summary_vi: str, body: type[Request] | None, view: type[View], **rest: Any
) -> Operation:
    """A command, of administrators unless another `scope` is given; `path` stands below `/mail`."""
    given: dict[str, Any] = {"scope": WRITE, "tag": "mail"} | rest
    return Operation(name, "POST", f"/mail{path}", summary, summary_vi, view, body, **given)
