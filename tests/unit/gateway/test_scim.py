"""`/scim/v2`: requests go to the service as they came, refusals have the protocol's own form."""

from typing import Any

import orjson
import pytest
from werkzeug.test import TestResponse

from shared.errors import Internal, TimedOut, Unavailable
from tests.support.gateway import PUBLIC_URL, GatewayInHand

ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
OFFICER = "urn:ietf:params:scim:schemas:extension:trucchung:2.0:User"
MADE = {"status": 201, "headers": {"ETag": 'W/"1"', "Content-Type": "application/scim+json"}, "body": {"id": "1"}}


@pytest.fixture
def scim(gateway: GatewayInHand) -> GatewayInHand:
    gateway.bus.answers["serve_scim"] = MADE
    return gateway


def send(scim: GatewayInHand, method: str, path: str, *, login: str = "identity-can-tho", **rest: Any) -> TestResponse:
    headers = rest.pop("headers", {}) | ({"Authorization": f"Bearer {scim.token(login)}"} if login else {})
    return scim.client.open(f"/scim/v2{path}", method=method, headers=headers, **rest)


def test_a_request_goes_as_it_came_and_the_answer_comes_as_it_is(scim: GatewayInHand) -> None:
    body = '{"userName": "Lê"}'
    headers = {"If-Match": 'W/"7"', "Content-Type": "application/scim+json", "X-Other": "no"}
    answer = send(scim, "PUT", "/Users/1?attributes=id&attributes=x&filter=a%20b", data=body, headers=headers)
    assert scim.bus.last.request == {
        "method": "PUT",
        "base_url": f"{PUBLIC_URL}/scim/v2",
        "path": "/Users/1",
        "query": {"attributes": "id", "filter": "a b"},
        "headers": {"If-Match": 'W/"7"', "Content-Type": "application/scim+json"},
        "body": '{"userName":"Lê"}',
    }
    assert scim.bus.last.principal is not None
    assert (scim.bus.last.principal["agency"], scim.bus.last.principal["roles"]) == ("H13", ["identity_provider"])
    assert (answer.status_code, answer.headers["ETag"], answer.get_json()) == (201, 'W/"1"', {"id": "1"})
    assert answer.headers["Content-Type"] == "application/scim+json"


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["", "/", "/Users", "/Users/1", "/.search"])
def test_every_method_and_path_is_the_services_to_judge(scim: GatewayInHand, method: str, path: str) -> None:
    assert send(scim, method, path).status_code == 201
    assert scim.bus.last.request["method"] == method
    assert scim.bus.last.request["path"] == (path or "/")


def test_an_answer_without_a_body_has_none(scim: GatewayInHand) -> None:
    scim.bus.answers["serve_scim"] = {"status": 204, "headers": {"Content-Type": "application/scim+json"}, "body": None}
    answer = send(scim, "DELETE", "/Users/1")
    assert (answer.status_code, answer.data, "Content-Type" in answer.headers) == (204, b"", False)
    scim.bus.answers["serve_scim"] = MADE
    head = send(scim, "HEAD", "/Users/1")
    assert (scim.bus.last.request["method"], head.data) == ("GET", b"")


def test_texts_are_composed(scim: GatewayInHand) -> None:
    send(scim, "POST", "/Users", data='{"displayName": "Le\\u0302 Va\u0306n"}')
    assert orjson.loads(scim.bus.last.request["body"]) == {"displayName": "Lê Văn"}


@pytest.mark.parametrize(
    ("tongue", "words"), [("en", "agency: There is no agency"), ("vi", "agency: Không có cơ quan")]
)
def test_problems_are_told_in_words(scim: GatewayInHand, tongue: str, words: str) -> None:
    told = {"code": "agency_unknown", "params": {"agency": "H13.99"}, "path": "agency"}
    user = {"id": "1", OFFICER: {"mailbox": {"problem": orjson.dumps(told).decode()}}}
    scim.bus.answers["serve_scim"] = {"status": 200, "headers": {}, "body": {"Resources": [user]}}
    found = send(scim, "GET", "/Users", headers={"Accept-Language": tongue}).get_json()["Resources"][0]
    assert found[OFFICER]["mailbox"]["problem"].startswith(words)


def test_whatever_else_is_called_problem_stays(scim: GatewayInHand) -> None:
    scim.bus.answers["serve_scim"] = {"status": 200, "headers": {}, "body": {"problem": "headache", "x": [1, None]}}
    assert send(scim, "GET", "/Users/1").get_json() == {"problem": "headache", "x": [1, None]}


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (Unavailable("service_unavailable"), 503),
        (TimedOut("service_timed_out", service="email_provisioning"), 504),
        (Internal("internal_error"), 500),
    ],
)
def test_refusals_have_the_form_of_the_protocol(scim: GatewayInHand, refusal: Exception, status: int) -> None:
    scim.bus.answers["serve_scim"] = refusal
    answer = send(scim, "GET", "/Users", headers={"Accept-Language": "en"})
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/scim+json"
    assert (answer.get_json()["schemas"], answer.get_json()["status"]) == ([ERROR], str(status))
    assert ("Retry-After" in answer.headers) == (status == 503)


def test_who_may_not_is_refused_in_that_form_too(scim: GatewayInHand) -> None:
    nobody = send(scim, "GET", "/Users", login="")
    assert (nobody.status_code, nobody.get_json()["schemas"]) == (401, [ERROR])
    assert nobody.headers["WWW-Authenticate"].startswith("Bearer")
    citizen = send(scim, "GET", "/Users", login="citizen-an")
    assert (citizen.status_code, citizen.get_json()["status"]) == (403, "403")
    assert scim.bus.asked == []


def test_a_body_that_is_too_large_or_no_json_goes_nowhere(scim: GatewayInHand) -> None:
    large = send(scim, "POST", "/Users", data=b'"' + b"x" * 30_000 + b'"')
    assert (large.status_code, large.get_json()["schemas"]) == (413, [ERROR])
    broken = send(scim, "POST", "/Users", data=b'{"userName":')
    assert (broken.status_code, broken.get_json()["scimType"]) == (400, "invalidSyntax")
    assert scim.bus.asked == []


def test_other_paths_keep_their_form(scim: GatewayInHand) -> None:
    answer = scim.client.get("/scim/v3/Users")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
