"""How one row of a service's contract reads in the document."""

import re
from typing import Any

from gateway.openapi.examples import example_of
from gateway.openapi.parts import NAME, headers, refusals
from shared.contracts.operations import FileTicket, Operation

JSON = "application/json"


def describe_operation(operation: Operation, *, located: bool = False) -> dict[str, Any]:
    """The operation as OpenAPI has it; schemas stay classes, which apispec replaces by references.

    `located` says that the answer names the place of what was created.
    """
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": f"{operation.summary_vi} · {operation.summary}",
        "description": _description(operation),
        "tags": [operation.tag],
        "security": [] if operation.public else [{"oauth2": [operation.scope]}],
        "parameters": _parameters(operation),
        "responses": _success(operation, located) | refusals(*_refusals(operation)),
    }
    if operation.body is not None:
        described["requestBody"] = _request_body(operation)
    return described


def _description(operation: Operation) -> str:
    said = (operation.body or operation.query or operation.view or Operation).__doc__ or ""
    who = f"Open to everybody: {operation.public}" if operation.public else f"Needs the scope `{operation.scope}`."
    return f"{' '.join(said.split())}\n\n{who}"


def _parameters(operation: Operation) -> list[Any]:
    listed: list[Any] = [
        {
            "in": "path",
            "name": name,
            "required": True,
            "schema": {"type": "string", "pattern": NAME},
            "example": _PATH_EXAMPLES.get(name, "1"),
        }
        for name in re.findall(r"\{(\w+)\}", operation.path)
    ]
    if operation.query is not None:
        listed.append({"in": "query", "schema": operation.query})
    if operation.verb == "POST":
        listed.append("Signature" if operation.name in SIGNED else "IdempotencyKey")
    if operation.if_match:
        listed.append("IfMatch")
    return [*listed, "RequestTimeout", "AcceptLanguage"]


SIGNED = {"record_payment_notice"}
"""Operations whose caller signs the body instead of sending a token and a key."""

_PATH_EXAMPLES = {
    "agency": "H13.30.01",
    "unit": "van_phong",
    "officer": "0f8fad5bd9cb469fa16570867728950e",
    "mailbox": "0f8fad5bd9cb469fa16570867728950e",
    "import": "0f8fad5bd9cb469fa16570867728950e",
    "application": "0f8fad5bd9cb469fa16570867728950e",
    "document": "0f8fad5bd9cb469fa16570867728950e",
    "arrival": "0f8fad5bd9cb469fa16570867728950e",
    "draft": "0f8fad5bd9cb469fa16570867728950e",
    "code": "1.001193",
    "year": "2026",
    "version": "1",
    "format": "pdf",
    "domain": "cantho.gov.vn",
    "calendar": "0f8fad5bd9cb469fa16570867728950e.Jx2mV8c0QeW1rT5yU9oPaA",
    "screen": "0f8fad5bd9cb469fa16570867728950e.Jx2mV8c0QeW1rT5yU9oPaA",
}


def _request_body(operation: Operation) -> dict[str, Any]:
    assert operation.body is not None
    example = dict(operation.example) or example_of(operation.body)
    return {
        "required": any(field.required for field in operation.body().fields.values()),
        "content": {JSON: {"schema": operation.body, "example": example}},
    }


def _success(operation: Operation, located: bool) -> dict[str, Any]:
    if operation.view is FileTicket:
        return _file_responses()
    if operation.text:
        return _text_responses(operation)
    if operation.view is None:
        return {"204": {"description": "Done · Đã xong", "headers": headers()}}
    if operation.paged:
        return {"200": _page(operation)}
    named = [name for name, given in (("ETag", _versioned(operation)), ("Location", located)) if given]
    answer = {
        "description": f"{operation.summary_vi} · {operation.summary}",
        "headers": headers(*named),
        "content": {JSON: {"schema": operation.view, "example": example_of(operation.view)}},
    }
    unchanged = {"304": {"description": "Not changed · Không thay đổi", "headers": headers("ETag")}}
    conditional = operation.verb == "GET" and _versioned(operation)
    return {str(operation.status): answer} | (unchanged if conditional else {})


def _versioned(operation: Operation) -> bool:
    return operation.view is not None and "version" in operation.view().fields


def _page(operation: Operation) -> dict[str, Any]:
    assert operation.view is not None
    cursor = {"type": ["string", "null"], "description": "Leads to the next page · Dẫn tới trang sau"}
    schema = {
        "type": "object",
        "required": ["items", "next_cursor"],
        "properties": {"items": {"type": "array", "items": operation.view}, "next_cursor": cursor},
    }
    example = {"items": [example_of(operation.view)], "next_cursor": None}
    return {
        "description": f"{operation.summary_vi} · {operation.summary}",
        "headers": headers("Link"),
        "content": {JSON: {"schema": schema, "example": example}},
    }


def _text_responses(operation: Operation) -> dict[str, Any]:
    content = {operation.text: {"schema": {"type": "string"}, "example": "…"}}
    said = f"{operation.summary_vi} · {operation.summary}"
    return {
        "200": {"description": said, "headers": headers("ETag"), "content": content},
        "304": {"description": "Not changed · Không thay đổi", "headers": headers("ETag")},
    }


def _file_responses() -> dict[str, Any]:
    content = {"*/*": {"schema": {"type": "string", "format": "binary"}, "example": "%PDF-1.7 …"}}
    return {
        "200": {"description": "The file · Tệp tin", "headers": headers("ETag"), "content": content},
        "206": {
            "description": "The part asked for · Phần tệp được yêu cầu",
            "headers": headers("ETag"),
            "content": content,
        },
        "304": {"description": "Not changed · Không thay đổi", "headers": headers("ETag")},
    }


_NAMED = {"agency", "key", "network"}
"""What a question names that has to be there, elsewhere than in its path."""


def _refusals(operation: Operation) -> set[int]:
    """The statuses that this operation can refuse with, no more and no less."""
    possible = {400, 422, 500, 503, 504}
    possible |= {429} if operation.public else {401, 403}
    possible |= {404, 416} if operation.view is FileTicket else {406}
    if operation.name in SIGNED:
        possible.add(401)
    if "{" in operation.path or (operation.query and _NAMED & operation.query().fields.keys()):
        possible.add(404)
    if operation.verb in ("POST", "PUT"):
        possible |= {404, 408, 409, 413, 415}
    if operation.if_match:
        possible |= {412, 428}
    return possible
