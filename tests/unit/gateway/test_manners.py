"""What holds for every answer, and what stops the application from starting."""

import re
from types import SimpleNamespace
from typing import Any

import orjson
import pytest

from gateway.app import Gateway
from gateway.auth.access import access_of, public, refuse_undeclared, requires
from gateway.auth.scopes import scopes_by_role
from gateway.http.limits import Buckets
from shared.contracts.principal import Role
from shared.errors import TooMany, Unavailable
from tests.support.gateway import GatewayInHand
from tests.support.offers import all_operations

OPERATIONS = all_operations()

# --- access


def test_every_route_says_who_may_use_it(gateway: GatewayInHand) -> None:
    accesses = [access_of(gateway.app.view_functions[rule.endpoint]) for rule in gateway.app.url_map.iter_rules()]

    assert len(accesses) > 60
    assert None not in accesses


def test_a_route_that_does_not_say_stops_the_start() -> None:
    app = Gateway("silent", static_folder=None)
    app.add_url_rule("/open", "open", public("everybody knows")(lambda: "yes"))
    refuse_undeclared(app)
    app.add_url_rule("/silent", "silent", lambda: "yes")

    with pytest.raises(RuntimeError, match="/silent"):
        refuse_undeclared(app)


def test_a_route_added_later_is_closed(gateway: GatewayInHand) -> None:
    hand = GatewayInHand()
    hand.app.add_url_rule("/api/v1/late", "late", lambda: "yes")

    answer = hand.send("GET", "/late", login="operator")

    assert (answer.status_code, answer.get_json()["code"]) == (403, "access_undeclared")


@pytest.mark.parametrize("declare", [lambda: requires(""), lambda: public("")])
def test_saying_nothing_is_no_declaration(declare: Any) -> None:
    with pytest.raises(ValueError, match="needs a scope or the reason"):
        declare()


@pytest.mark.parametrize("operation", [one for one in OPERATIONS if one.scope], ids=lambda one: one.name)
def test_every_operation_is_closed_to_strangers_and_to_other_scopes(gateway: GatewayInHand, operation: Any) -> None:
    path = re.sub(r"\{\w+\}", "x1", operation.path)
    stranger = gateway.send(operation.verb, path)
    outsiders = [role for role, scopes in scopes_by_role().items() if operation.scope not in scopes]
    login = {
        "citizen": "citizen-an",
        "reception_officer": "reception-ninh-kieu",
        "clerk": "clerk-ninh-kieu",
        "specialist": "specialist-ninh-kieu",
        "head_of_unit": "head-ninh-kieu",
        "catalogue_editor": "catalogue-can-tho",
        "agency_system": "system-xay-dung-thanh-hoa",
        "identity_provider": "identity-can-tho",
        "line_probe": "probe-th-05",
        "directory_administrator": "directory-can-tho",
        "operator": "operator",
    }
    assert stranger.status_code == 401
    assert outsiders
    for role in outsiders:
        assert gateway.send(operation.verb, path, login=login[role]).status_code == 403
    assert gateway.bus.asked == []


def test_every_scope_is_granted_to_somebody_and_every_grant_opens_something() -> None:
    needed = {operation.scope for operation in OPERATIONS if operation.scope} | {"files:write", "scim:write"}
    granted = {scope for scopes in scopes_by_role().values() for scope in scopes}

    assert needed == granted
    assert set(scopes_by_role()) == set(Role)


# --- limits


def test_public_routes_are_limited_by_address() -> None:
    hand = GatewayInHand(environment={"PUBLIC_AT_ONCE": "3", "PUBLIC_PER_MINUTE": "1"})
    hand.bus.answers["follow_application"] = {}

    def follow(address: str) -> int:
        return hand.send("GET", "/follow/x", environ_overrides={"REMOTE_ADDR": address}).status_code

    assert [follow("10.0.0.1") for _ in range(4)] == [200, 200, 200, 429]
    assert follow("10.0.0.2") == 200
    late = hand.send("GET", "/follow/x", environ_overrides={"REMOTE_ADDR": "10.0.0.1"})
    assert 55 <= int(late.headers["Retry-After"]) <= 60
    assert hand.send("GET", "/drafts", environ_overrides={"REMOTE_ADDR": "10.0.0.1"}).status_code == 401


def test_the_address_behind_a_proxy_is_believed_only_where_there_is_one() -> None:
    for proxies, statuses in (("0", [200, 429]), ("1", [200, 200])):
        hand = GatewayInHand(environment={"PUBLIC_AT_ONCE": "1", "PUBLIC_PER_MINUTE": "1", "TRUSTED_PROXIES": proxies})
        hand.bus.answers["follow_application"] = {}
        answers = [
            hand.send("GET", "/follow/x", headers={"X-Forwarded-For": f"203.0.113.{number}"}) for number in (1, 2)
        ]
        assert [answer.status_code for answer in answers] == statuses


def test_a_bucket_refills_and_forgets_the_least_recent() -> None:
    now = [0.0]
    buckets = Buckets(per_minute=60, burst=1, keys=2, clock=lambda: now[0])
    buckets.take("a")
    with pytest.raises(TooMany):
        buckets.take("a")
    now[0] = 1.0
    buckets.take("a")
    buckets.take("b")
    buckets.take("c")
    buckets.take("a")  # forgotten, so full again


# --- headers, health, logs


def test_every_answer_is_hardened(gateway: GatewayInHand) -> None:
    for answer in (gateway.send("GET", "/applications"), gateway.send("GET", "/nothing"), gateway.client.get("/live")):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Request-Id"]
        assert "Strict-Transport-Security" not in answer.headers
        assert "Server" not in answer.headers


def test_https_is_asked_for_only_over_https(gateway: GatewayInHand) -> None:
    answer = gateway.client.get("/live", base_url="https://dichvu.example.vn")

    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")


def test_probes_and_figures(gateway: GatewayInHand) -> None:
    assert gateway.client.get("/live").data == b"ok\n"
    gateway.away.append(Unavailable("service_unavailable"))
    assert gateway.client.get("/ready").status_code == 503
    assert gateway.client.get("/live").status_code == 200

    assert gateway.client.get("/metrics").status_code == 404
    figures = gateway.client.get("/metrics", environ_overrides={"SERVER_PORT": "9100"})
    assert b"trucchung_gateway_requests_total" in figures.data


def test_readiness_is_found_out_once_in_two_seconds(gateway: GatewayInHand, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("gateway.api.health.time", SimpleNamespace(monotonic=lambda: now))
    before = gateway.probed
    assert {gateway.client.get("/ready").status_code for _ in range(50)} == {200}
    assert gateway.probed == before + 1
    gateway.away.append(Unavailable("service_unavailable"))
    now += 1.9
    assert gateway.client.get("/ready").status_code == 200
    now += 0.2
    assert {gateway.client.get("/ready").status_code for _ in range(50)} == {503}
    assert gateway.probed == before + 2
    gateway.away.clear()
    now += 2.1
    assert gateway.client.get("/ready").status_code == 200


def test_the_host_header_does_not_open_the_internal_port(gateway: GatewayInHand) -> None:
    assert gateway.client.get("/metrics", headers={"Host": "localhost:9100"}).status_code == 404


def test_the_log_tells_what_happened_and_to_nobody_who(
    gateway: GatewayInHand, capfd: pytest.CaptureFixture[str]
) -> None:
    gateway.bus.answers["get_application"] = {"id": "x", "version": 1, "owner_name": "Nguyễn Văn An"}
    gateway.token("citizen-an")
    capfd.readouterr()

    gateway.send("GET", "/applications/0f8fad5bd9cb469fa16570867728950e", login="citizen-an")
    gateway.send("GET", "/applications?q=Nguy%E1%BB%85n", login="citizen-an", headers={"Authorization": "Bearer x.y.z"})
    gateway.client.get("/live")

    lines = [orjson.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert [(line["route"], line["status"]) for line in lines if line["route"] != "/oauth/token"] == [
        ("/api/v1/applications/<name:application>", 200),
        ("/api/v1/applications", 401),
    ]
    assert lines[-1]["code"] == "token_invalid"
    text = str(lines)
    for secret in ("Nguy", "092090000123", "citizen-an", "0f8fad5b", "x.y.z", "127.0.0.1"):
        assert secret not in text
