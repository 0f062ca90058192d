"""What a token must carry for document routing's offers, and the form of its questions."""

from typing import Any

from shared.contracts.base import View
from shared.contracts.operations import Operation

READ, DRAFT = "documents:read", "documents:draft"
SIGN, CLERK, WORK = "documents:sign", "documents:register", "documents:work"
REPORT, CONNECT = "reports:read", "connections:write"


def get(name: str, path: str, said: str, vi: str, view: type[View], tag: str, **rest: Any) -> Operation:
    """A question, of whoever may read documents unless another `scope` is given."""
    return Operation(name, "GET", path, said, vi, view=view, tag=tag, **({"scope": READ} | rest))
