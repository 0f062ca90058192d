"""What a caller sends, checked against the contract; whatever is wrong is named field by field."""

import json
import re
import unicodedata
from typing import Any, NoReturn

import gevent
import orjson
from flask import Request as FlaskRequest
from flask import current_app, request
from marshmallow import Schema, ValidationError
from webargs.flaskparser import FlaskParser

from gateway.http.refusals import BadRequest, TooSlow
from shared.contracts.faults import field_errors
from shared.contracts.loading import load
from shared.errors import Invalid, Unsupported, field_error

_JSON = re.compile(r"application/(json|[\w.+-]+\+json)", re.IGNORECASE)


class QueryParser(FlaskParser):
    """webargs with our refusals."""

    def handle_error(self, error: ValidationError, *_: Any, **__: Any) -> NoReturn:
        """Name every wrong parameter; webargs files them under the place that was read."""
        raise _invalid(error.messages_dict.get("query", error.messages)) from error


_parser = QueryParser(unknown=None)


def read_json(req: FlaskRequest) -> Any:
    """The body as JSON, read within the time that the settings give, every text in it composed (Unicode NFC).

    What looks alike must be alike: keyboards of some phones send `e` and its accents one after the other.
    """
    data = read_body(req)
    if not data:
        return {}
    if not _JSON.fullmatch(req.mimetype):
        raise Unsupported("content_type_unsupported", expected="application/json")
    try:
        body = orjson.loads(data)
        json.loads(data, object_pairs_hook=_each_once)
    except orjson.JSONDecodeError as error:
        raise BadRequest("malformed_json", line=error.lineno, column=error.colno) from error
    except RecursionError as error:
        raise BadRequest("request_malformed") from error
    return body if data.isascii() and b"\\u" not in data else _composed(body)


def _each_once(pairs: list[tuple[str, Any]]) -> None:
    """Refuse a name that stands twice in one object: which value is meant, every reader would guess for himself."""
    if len({name for name, _ in pairs}) != len(pairs):
        repeated = next(name for n, (name, _) in enumerate(pairs) if name in {former for former, _ in pairs[:n]})
        raise BadRequest("name_repeated", name=repeated)


def _composed(body: Any) -> Any:
    """The same with every text composed; nothing that stands between JSON's texts has another form."""
    text = orjson.dumps(body).decode()
    if unicodedata.is_normalized("NFC", text):
        return body
    return orjson.loads(unicodedata.normalize("NFC", text))


def read_body(req: FlaskRequest) -> bytes:
    """The body, uncompressed, or `TooSlow` when it does not arrive in time."""
    refuse_compressed(req)
    if not req.content_length and "Transfer-Encoding" not in req.headers:
        return b""
    with gevent.Timeout(current_app.config["READ_SECONDS"], TooSlow("body_too_slow")):
        return req.get_data(parse_form_data=False)


def refuse_compressed(req: FlaskRequest) -> None:
    """Nothing is unpacked here: a small body could become a very large one."""
    if req.content_encoding not in (None, "", "identity"):
        raise Unsupported("content_encoding_unsupported", encoding=req.content_encoding)


def check_body(contract: type[Schema]) -> dict[str, Any]:
    """The JSON body, as sent, once it satisfies the contract."""
    body: dict[str, Any] = read_json(request)
    checked(contract, body)
    return body


def checked(contract: type[Schema], data: dict[str, Any]) -> dict[str, Any]:
    """The data as typed values, once they satisfy the contract.

    Raises:
        Invalid: naming every wrong field.
    """
    try:
        return load(contract, data)
    except ValidationError as error:
        raise _invalid(error.messages) from error


def check_query(schema: Schema) -> dict[str, Any]:
    """The query in JSON form, with defaults, once it satisfies the contract; each filter stands there once."""
    repeated = [name for name, values in request.args.lists() if len(values) > 1]
    if repeated:
        raise Invalid("request_invalid", fields=[field_error(name, "repeated") for name in repeated])
    query: dict[str, Any] = schema.dump(_parser.parse(schema, request, location="query"))
    return query


def _invalid(messages: Any) -> Invalid:
    return Invalid("request_invalid", fields=field_errors(messages))
