"""What a service offers: one row per question or command, from which the bus call and the REST route follow."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from marshmallow import fields

from shared.contracts.base import Request, View


class FileTicket(View):
    """Leave to download one stored file: where it lies and under which name it goes out."""

    file = fields.String(metadata={"example": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"})
    name = fields.String(metadata={"example": "mau-01.pdf"})
    type = fields.String(metadata={"example": "application/pdf"})
    size = fields.Integer(metadata={"example": 48213})


@dataclass(frozen=True, slots=True)
class Operation:
    """One offer of a service.

    `name` is the RPC method. `verb` and `path` are its place under `/api/v1`; names in braces are handed to the
    service inside the request beside the body. `body` and `query` are what the caller sends, `view` one answer,
    or one row where `paged`. `scope` is what the caller's token must carry; `public` instead gives the reason
    why nobody need be known. `if_match` marks a change that needs the version that the caller saw.
    `secret` says that the path opens the answer, so that nobody on the way may keep it.
    `text` is the media type as which the answer's `text` is sent, where it is no JSON.
    A `view` of `FileTicket` makes the gateway send the stored file itself.
    """

    name: str
    verb: str
    path: str
    summary: str
    summary_vi: str
    view: type[View] | None = None
    body: type[Request] | None = None
    query: type[Request] | None = None
    scope: str = ""
    public: str = ""
    status: int = 200
    paged: bool = False
    if_match: bool = False
    example: Mapping[str, Any] = field(default_factory=dict)
    tag: str = ""
    text: str = ""
    secret: bool = False


def get(name: str, path: str, summary: str, summary_vi: str, view: type[View], **rest: Any) -> Operation:
    """A question: nothing changes by it."""
    return Operation(name, "GET", path, summary, summary_vi, view=view, **rest)
