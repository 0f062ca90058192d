"""The document as a page for people: made here, once, from the same JSON; no script, nothing from outside."""

from pathlib import Path
from typing import Any

import orjson
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from gateway.http.problems import MEDIA_TYPE
from gateway.http.refusals import STATUS
from gateway.http.sentences import sentences, titles

FOLDER = Path(__file__).parent.parent / "templates"
_LIMITS = ("enum", "pattern", "format", "minimum", "maximum", "minLength", "maxLength")
_VERBS = ("get", "post", "put", "delete")


def render_reference(document: dict[str, Any]) -> str:
    """All operations, by tag, with what they take and give."""
    operations = [
        _operation(document, path, verb, item[verb])
        for path, item in document["paths"].items()
        for verb in _VERBS
        if verb in item
    ]
    groups = [
        {"tag": tag, "operations": [one for one in operations if tag["name"] in one["tags"]]}
        for tag in document["tags"]
    ]
    return (
        _environment()
        .get_template("docs.html")
        .render(
            info=document["info"],
            url=document["servers"][0]["url"],
            groups=[group for group in groups if group["operations"]],
        )
    )


def render_problems() -> str:
    """Every code with its sentence in both languages: where the `type` of a problem leads."""
    return _environment().get_template("problems.html").render(sentences=sentences(), titles=titles(), status=STATUS)


def style() -> str:
    """The style sheet of both pages."""
    return (FOLDER / "docs.css").read_text(encoding="utf-8")


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["pretty"] = _pretty
    environment.filters["prose"] = _prose
    return environment


def _operation(document: dict[str, Any], path: str, verb: str, operation: dict[str, Any]) -> dict[str, Any]:
    """One operation with its references resolved as far as the page shows them."""
    body = operation.get("requestBody", {}).get("content", {})
    return {
        "id": operation["operationId"],
        "path": path,
        "verb": verb,
        "summary": operation["summary"],
        "description": operation.get("description", ""),
        "tags": operation["tags"],
        "scopes": [scope for need in operation.get("security", ()) for scope in need.get("oauth2", ())],
        "parameters": [_resolved(document, one) for one in operation.get("parameters", ())],
        "bodies": [
            {"type": kind, "fields": _fields(document, content.get("schema", {})), "example": content.get("example")}
            for kind, content in body.items()
        ],
        "responses": [
            {"status": status, **_response(_resolved(document, answer))}
            for status, answer in sorted(operation["responses"].items())
        ],
    }


def _response(answer: dict[str, Any]) -> dict[str, Any]:
    contents = list(answer.get("content", {}).items())
    kind, content = contents[0] if contents else ("", {})
    example = None if kind == MEDIA_TYPE else content.get("example")  # refusals have a page of their own
    return {"description": answer["description"], "example": example}


def _fields(document: dict[str, Any], schema: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields of an object with type, whether they are needed, and what is allowed."""
    resolved = _resolved(document, schema)
    required = resolved.get("required", ())
    return [
        {"name": name, "required": name in required, **_shape(document, field)}
        for name, field in resolved.get("properties", {}).items()
    ]


def _shape(document: dict[str, Any], field: dict[str, Any]) -> dict[str, Any]:
    field = next((one for one in field.get("anyOf", ()) if "$ref" in one), field)
    name = field.get("$ref", "").rpartition("/")[2]
    field = _resolved(document, field)
    kinds = field.get("type", "any")
    kind = name or " | ".join([kinds] if isinstance(kinds, str) else kinds)
    if kind == "array":
        kind = f"[{_shape(document, field.get('items', {}))['type']}]"
    return {"type": kind, "limits": {key: field[key] for key in _LIMITS if key in field}}


def _resolved(document: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    reference = part.get("$ref")
    if not reference:
        return part
    found: Any = document
    for name in reference.removeprefix("#/").split("/"):
        found = found[name]
    return dict(found)


def _pretty(value: Any) -> str:
    if isinstance(value, str):
        return value
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()


def _prose(text: str) -> Markup:
    """Paragraphs, and code between back-ticks; all the rest escaped."""
    paragraphs = []
    for paragraph in text.split("\n\n"):
        parts = paragraph.split("`")
        paragraphs.append(
            "".join(f"<code>{escape(part)}</code>" if i % 2 else str(escape(part)) for i, part in enumerate(parts))
        )
    return Markup("".join(f"<p>{paragraph}</p>" for paragraph in paragraphs))
