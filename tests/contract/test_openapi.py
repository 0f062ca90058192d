"""The OpenAPI document: every route is in it with an example, and what it says is so."""

import re
from html.parser import HTMLParser
from typing import Any

import jsonschema_rs
import pytest
from werkzeug.routing import Rule

from gateway.auth.access import access_of
from gateway.openapi.parts import STATUS_KINDS
from shared.contracts.one_stop_shop.operations import OPERATIONS
from tests.support.gateway import GatewayInHand

_UNDOCUMENTED = {"/live", "/ready", "/metrics", "/scim/v2", "/scim/v2/<path:path>"}
"""For probes of our own machines; and SCIM, which describes itself to its callers (RFC 7644, 4)."""

_OF_OTHERS = ("portal.", "caldav.")
"""Pages are for people, and say themselves what they are; CalDAV (RFC 4791) is spoken with verbs OpenAPI lacks."""


def is_documented(rule: Rule) -> bool:
    """Whether a route is for programs that read the document."""
    return rule.rule not in _UNDOCUMENTED and not rule.endpoint.startswith(_OF_OTHERS)


@pytest.fixture(scope="module")
def gateway() -> GatewayInHand:
    return GatewayInHand()


@pytest.fixture(scope="module")
def document(gateway: GatewayInHand) -> dict[str, Any]:
    answer = gateway.client.get("/api/v1/openapi.json")
    assert answer.mimetype == "application/json"
    body: dict[str, Any] = answer.get_json()
    return body


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    verbs = ("get", "post", "put", "patch", "delete")
    return [(path, verb, item[verb]) for path, item in document["paths"].items() for verb in verbs if verb in item]


def resolved(document: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    found: Any = part
    while "$ref" in found:
        name = found["$ref"].removeprefix("#/").split("/")
        found = document
        for step in name:
            found = found[step]
    return dict(found)


def test_every_route_is_documented(gateway: GatewayInHand, document: dict[str, Any]) -> None:
    routes = {
        (re.sub(r"<name:(\w+)>", r"{\1}", rule.rule), verb.lower())
        for rule in gateway.app.url_map.iter_rules()
        for verb in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if is_documented(rule)
    }
    assert {(path, verb) for path, verb, _ in operations(document)} == routes
    assert len(routes) >= len(OPERATIONS) + 8


def test_every_operation_reads_well(document: dict[str, Any]) -> None:
    names = set()
    tags = {tag["name"] for tag in document["tags"]}
    for path, _, operation in operations(document):
        vietnamese, _, english = operation["summary"].partition(" · ")
        assert vietnamese, path
        assert english, path
        assert len(operation["description"]) > 20, path
        assert set(operation["tags"]) <= tags, path
        names.add(operation["operationId"])
    assert len(names) == len(operations(document))


def test_every_operation_shows_what_it_takes_and_gives(document: dict[str, Any]) -> None:
    for path, verb, operation in operations(document):
        contents = list(operation.get("requestBody", {}).get("content", {}).values())
        for status, response in operation["responses"].items():
            answer = resolved(document, response)
            assert answer["description"], (path, status)
            contents += answer.get("content", {}).values()
            if status in ("200", "201", "206"):
                assert answer["content"], (path, verb, status)
        for content in contents:
            assert content.get("example") is not None, (path, verb)
        for parameter in operation.get("parameters", ()):
            if resolved(document, parameter)["in"] == "path":
                assert "example" in resolved(document, parameter), (path, parameter)


def test_examples_satisfy_their_schemas(document: dict[str, Any]) -> None:
    judged = 0
    for path, verb, operation in operations(document):
        parts = [operation.get("requestBody", {})]
        parts += [resolved(document, response) for response in operation["responses"].values()]
        for part in parts:
            for kind, content in part.get("content", {}).items():
                if "json" in kind:
                    schema = content["schema"] | {"components": document["components"]}
                    errors = [str(error) for error in jsonschema_rs.iter_errors(schema, content["example"])]
                    assert errors == [], (path, verb)
                    judged += 1
    assert judged > 100


def test_security_says_what_the_routes_demand(gateway: GatewayInHand, document: dict[str, Any]) -> None:
    scopes = document["components"]["securitySchemes"]["oauth2"]["flows"]["clientCredentials"]["scopes"]
    for rule in gateway.app.url_map.iter_rules():
        if not is_documented(rule):
            continue
        access = access_of(gateway.app.view_functions[rule.endpoint])
        assert access is not None
        for verb in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            operation = document["paths"][re.sub(r"<name:(\w+)>", r"{\1}", rule.rule)][verb.lower()]
            assert operation["security"] == ([{"oauth2": [access.scope]}] if access.scope else [])
            assert not access.scope or access.scope in scopes


def test_every_documented_refusal_can_happen(document: dict[str, Any]) -> None:
    """A status stands at an operation only where something can lead to it, and wherever something can."""
    for path, verb, operation in operations(document):
        statuses = {int(status) for status in operation["responses"]}
        names = {resolved(document, parameter)["name"] for parameter in operation.get("parameters", ())}
        body = "requestBody" in operation
        for status, reason in {
            401: bool(operation["security"]) or path == "/oauth/token" or "X-Signature" in names,
            403: bool(operation["security"]),
            412: "If-Match" in names,
            428: "If-Match" in names,
            408: body or verb in ("post", "put"),
            413: body or verb in ("post", "put"),
        }.items():
            assert (status in statuses) == reason, (path, verb, status)
        if "Idempotency-Key" in names:
            assert 400 in statuses
        assert statuses - set(STATUS_KINDS) <= {200, 201, 204, 206, 304}


def test_a_place_is_promised_only_where_it_is_named(document: dict[str, Any]) -> None:
    promised = {
        operation["operationId"]
        for _, _, operation in operations(document)
        if "Location" in operation["responses"].get("201", {}).get("headers", {})
    }
    ours = {operation.name for operation in OPERATIONS}
    assert promised & ours == {"submit_application", "submit_draft", "create_draft", "publish_procedure"}


def test_every_post_asks_for_an_idempotency_key(document: dict[str, Any]) -> None:
    without = {
        path
        for path, verb, operation in operations(document)
        if verb == "post"
        and "Idempotency-Key" not in {resolved(document, part)["name"] for part in operation.get("parameters", ())}
    }
    assert without == {"/oauth/token", "/api/v1/payments/notices"}


class _Seen(HTMLParser):
    """Links, ids and outside assets of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.assets: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.add(tag)
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a":
            self.links.append(given["href"])
        if tag in ("link", "script", "img"):
            self.assets.append(given.get("href", given.get("src", "")))


@pytest.mark.parametrize("path", ["/api/v1/docs", "/api/v1/docs/problems"])
def test_the_pages_are_whole_and_need_nothing_from_outside(gateway: GatewayInHand, path: str) -> None:
    answer = gateway.client.get(path)
    page = _Seen()
    page.feed(answer.text)

    assert answer.mimetype == "text/html"
    assert "style-src 'self'" in answer.headers["Content-Security-Policy"]
    assert page.assets == ["/api/v1/docs/style.css"]
    assert not page.tags & {"script", "style", "iframe"}
    assert len(page.ids) == len(set(page.ids))
    for link in page.links:
        if link.startswith("#"):
            assert link[1:] in page.ids
        else:
            assert gateway.client.get(link).status_code == 200
    assert gateway.client.get("/api/v1/docs/style.css").mimetype == "text/css"


def test_the_reference_shows_every_operation(gateway: GatewayInHand, document: dict[str, Any]) -> None:
    page = gateway.client.get("/api/v1/docs").text

    for path, _, operation in operations(document):
        assert f'id="{operation["operationId"]}"' in page
        assert path in page


def test_a_problem_leads_to_its_explanation(gateway: GatewayInHand) -> None:
    problem = gateway.client.get("/api/v1/applications").get_json()
    page, _, code = problem["type"].removeprefix("http://localhost:8000").partition("#")

    assert f'id="{code}"' in gateway.client.get(page).text


def test_documents_are_not_sent_twice(gateway: GatewayInHand) -> None:
    first = gateway.client.get("/api/v1/openapi.json")
    again = gateway.client.get("/api/v1/openapi.json", headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")
