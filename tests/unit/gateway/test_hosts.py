"""The citizens' host, which is on the Internet, offers nothing that no citizen may use."""

import re

import pytest
from werkzeug.routing import Rule

from gateway.auth.access import access_of
from gateway.auth.scopes import scopes_by_role
from tests.support.gateway import PUBLIC_URL, GatewayInHand

OFFICES = "http://desk.localhost:8000"
FOR_CITIZENS = {*scopes_by_role()["citizen"], ""}


@pytest.fixture(scope="module")
def apart() -> GatewayInHand:
    return GatewayInHand(environment={"OFFICERS_URL": OFFICES})


def rules(gateway: GatewayInHand) -> list[tuple[Rule, str]]:
    found = []
    for rule in gateway.app.url_map.iter_rules():
        access = access_of(gateway.app.view_functions[rule.endpoint])
        assert access is not None
        found.append((rule, access.scope))
    return found


def answer(gateway: GatewayInHand, rule: Rule, base: str, verb: str | None = None) -> tuple[int, str]:
    """Status and code, as a program is told them that shows no token."""
    path = re.sub(r"<[^>]+>", "x", rule.rule)
    verb = verb or next(one for one in sorted(rule.methods or ()) if one not in ("HEAD", "OPTIONS"))
    told = gateway.client.open(path, method=verb, base_url=base, headers={"Accept": "application/json"})
    body = told.get_json(silent=True)
    return told.status_code, (body or {}).get("code", "") if isinstance(body, dict) else ""


def test_each_route_is_where_its_callers_are(apart: GatewayInHand) -> None:
    hidden = [rule for rule, scope in rules(apart) if scope not in FOR_CITIZENS]
    assert len(hidden) > 150
    for rule in hidden:
        assert answer(apart, rule, PUBLIC_URL)[0] == 404, rule.rule
        assert answer(apart, rule, OFFICES)[0] != 404, rule.rule
    for rule in hidden[::20]:
        assert answer(apart, rule, PUBLIC_URL, "OPTIONS")[0] == 404, rule.rule


def test_what_citizens_use_is_on_both(apart: GatewayInHand) -> None:
    shared = [rule for rule, scope in rules(apart) if scope and scope in FOR_CITIZENS]
    assert len(shared) > 15
    for rule in shared:
        for base in (PUBLIC_URL, OFFICES):
            assert answer(apart, rule, base)[1] != "route_unknown", rule.rule


@pytest.mark.parametrize(
    "path", ["/van-hanh", "/scim/v2/Users", "/api/v1/operations/parts", "/api/v1/exchange/packages"]
)
def test_the_host_may_be_written_in_other_ways(apart: GatewayInHand, path: str) -> None:
    for host in ("localhost", "LOCALHOST:8000", "localhost.:8000"):
        assert apart.client.get(path, headers={"Host": host}).status_code == 404
    assert apart.client.get("/api/v1/openapi.json", headers={"Host": "localhost"}).status_code == 200


def test_one_host_serves_all(gateway: GatewayInHand) -> None:
    for rule, _ in rules(gateway):
        assert answer(gateway, rule, PUBLIC_URL)[1] != "route_unknown" or rule.rule == "/metrics", rule.rule


def test_systems_are_told_the_host_that_serves_them(apart: GatewayInHand) -> None:
    told = apart.client.get("/api/v1/openapi.json", base_url=OFFICES).get_json()
    assert [server["url"] for server in told["servers"]] == [PUBLIC_URL, OFFICES]
    apart.bus.answers["serve_scim"] = {"status": 200, "headers": {}, "body": {}}
    token = apart.token("identity-can-tho")
    apart.client.get("/scim/v2/Users", base_url=OFFICES, headers={"Authorization": f"Bearer {token}"})
    assert apart.bus.asked[-1].request["base_url"] == f"{OFFICES}/scim/v2"
