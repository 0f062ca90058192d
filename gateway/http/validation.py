"""What a caller sends, checked against the contract; whatever is wrong is named field by field.

marshmallow reports sentences; people and programs need stable codes, so every known sentence has one here.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

import gevent
import orjson
from flask import Request as FlaskRequest
from flask import current_app, request
from marshmallow import Schema, ValidationError
from webargs.flaskparser import FlaskParser

from gateway.http.refusals import BadRequest, TooSlow
from shared.contracts.loading import load
from shared.errors import FieldError, Invalid, Unsupported, field_error

_JSON = re.compile(r"application/(json|[\w.+-]+\+json)", re.IGNORECASE)
_CODE = re.compile(r"[a-z][a-z0-9_]*")

_ABOVE = "(?:greater than|greater than or equal to)"
_BELOW = "(?:less than|less than or equal to)"

MESSAGES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), code)
    for pattern, code in (
        (r"Missing data for required field\.", "required"),
        (r"Field may not be null\.", "null_not_allowed"),
        (r"Unknown field\.", "unknown_field"),
        (r"Invalid (input )?type\.", "wrong_type"),
        (r"Not a valid string\.", "not_a_text"),
        (r"Not a valid utf-8 string\.", "not_a_text"),
        (r"Not a valid (integer|number)\.", "not_a_number"),
        (r"Number too large\.", "number_too_large"),
        (r"Special numeric values \(nan or infinity\) are not permitted\.", "not_a_number"),
        (r"Not a valid boolean\.", "not_true_or_false"),
        (r"Not a valid list\.", "not_a_list"),
        (r"Not a valid tuple\.", "not_a_list"),
        (r"Not a valid mapping type\.", "not_an_object"),
        (r"Not a valid date\.", "not_a_date"),
        (r"Not a valid time\.", "not_a_time"),
        (r"Not a valid (naive |aware )?datetime\.", "not_a_moment"),
        (r".* cannot be formatted as a (date|time|datetime)\.", "not_a_moment"),
        (r"Not a valid period of time\.", "not_a_duration"),
        (r".* cannot be interpreted as a valid period of time\.", "not_a_duration"),
        (r"Not a valid email address\.", "not_an_email"),
        (r"Not a valid URL\.", "not_a_url"),
        (r"Not a valid UUID\.", "not_a_uuid"),
        (r"Not a valid IP(v4|v6)? (address|interface)\.", "not_an_address"),
        (r"Must be one of: (?P<choices>.*)\.", "not_a_choice"),
        (r"One or more of the choices you made was not in: (?P<choices>.*)\.", "not_a_choice"),
        (r"One or more of the choices you made was in: (?P<choices>.*)\.", "forbidden_choice"),
        (r"String does not match expected pattern\.", "wrong_shape"),
        (r"Shorter than minimum length (?P<min>\S+)\.", "too_short"),
        (r"Longer than maximum length (?P<max>\S+)\.", "too_long"),
        (r"Length must be between (?P<min>\S+) and (?P<max>\S+)\.", "wrong_length"),
        (r"Length must be (?P<equal>\S+)\.", "wrong_exact_length"),
        (rf"Must be {_ABOVE} (?P<min>\S+)\.", "too_small"),
        (rf"Must be {_BELOW} (?P<max>\S+)\.", "too_great"),
        (rf"Must be {_ABOVE} (?P<min>\S+) and {_BELOW} (?P<max>\S+)\.", "out_of_range"),
        (r"Must be equal to (?P<other>.*)\.", "not_equal"),
        (r"Found a duplicate value: .*\.", "repeated"),
        (r"Invalid (input|value|data)\.", "invalid_value"),
    )
)
"""marshmallow's sentences and their codes; named groups become figures of our sentence."""


class QueryParser(FlaskParser):
    """webargs with our refusals."""

    def handle_error(self, error: ValidationError, *_: Any, **__: Any) -> NoReturn:
        """Name every wrong parameter; webargs files them under the place that was read."""
        raise _invalid(error.messages_dict.get("query", error.messages)) from error


_parser = QueryParser(unknown=None)


def read_json(req: FlaskRequest) -> Any:
    """The body as JSON, read within the time that the settings give."""
    data = read_body(req)
    if not data:
        return {}
    if not _JSON.fullmatch(req.mimetype):
        raise Unsupported("content_type_unsupported", expected="application/json")
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise BadRequest("malformed_json", line=error.lineno, column=error.colno) from error


def read_body(req: FlaskRequest) -> bytes:
    """The body, or `TooSlow` when it does not arrive in time."""
    if not req.content_length and "Transfer-Encoding" not in req.headers:
        return b""
    with gevent.Timeout(current_app.config["READ_SECONDS"], TooSlow("body_too_slow")):
        return req.get_data(parse_form_data=False)


def check_body(contract: type[Schema]) -> dict[str, Any]:
    """The JSON body, as sent, once it satisfies the contract."""
    body: dict[str, Any] = read_json(request)
    try:
        load(contract, body)
    except ValidationError as error:
        raise _invalid(error.messages) from error
    return body


def check_query(schema: Schema) -> dict[str, Any]:
    """The query in JSON form, with defaults, once it satisfies the contract."""
    query: dict[str, Any] = schema.dump(_parser.parse(schema, request, location="query"))
    return query


def _invalid(messages: Any) -> Invalid:
    return Invalid("request_invalid", fields=field_errors(messages))


def field_errors(messages: Any, path: str = "") -> list[FieldError]:
    """marshmallow's nested messages as a flat list, in the order of the fields."""
    return list(_walk(messages, path))


def _walk(messages: Any, path: str) -> Iterator[FieldError]:
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            yield from _walk(inner, path if name == "_schema" else f"{path}.{name}".lstrip("."))
    elif isinstance(messages, list):
        for inner in messages:
            yield from _walk(inner, path)
    else:
        yield _name(path, str(messages))


def _name(path: str, message: str) -> FieldError:
    if _CODE.fullmatch(message):
        return field_error(path, message)
    for pattern, code in MESSAGES:
        match = pattern.fullmatch(message)
        if match:
            return field_error(path, code, **match.groupdict())
    return field_error(path, "invalid_value")
