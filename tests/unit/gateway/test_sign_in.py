"""Clients that ask for a token: who gets one."""

import base64
from typing import Any

import pytest

from shared.contracts.one_stop_shop.application_operations import SUBMIT_EXAMPLE
from tests.support.gateway import GatewayInHand

# --- the token endpoint


def test_a_client_gets_a_token_by_basic_or_in_the_form(gateway: GatewayInHand) -> None:
    form = {"grant_type": "client_credentials"}
    basic = gateway.client.post("/oauth/token", data=form, auth=("citizen-an", "demo-an"))
    posted = gateway.client.post("/oauth/token", data=form | {"client_id": "citizen-an", "client_secret": "demo-an"})

    for answer in (basic, posted):
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.get_json()["token_type"] == "Bearer"
        assert answer.get_json()["scope"] == "applications:apply applications:read files:write"


@pytest.mark.parametrize(
    ("form", "auth", "status", "error"),
    [
        ({}, ("citizen-an", "demo-an"), 400, "invalid_request"),
        ({"grant_type": "password"}, ("citizen-an", "demo-an"), 400, "unsupported_grant_type"),
        ({"grant_type": "client_credentials"}, ("citizen-an", "wrong"), 401, "invalid_client"),
        ({"grant_type": "client_credentials"}, ("nobody", "demo-an"), 401, "invalid_client"),
        ({"grant_type": "client_credentials"}, None, 401, "invalid_client"),
        (
            {"grant_type": "client_credentials", "scope": "applications:decide"},
            ("citizen-an", "demo-an"),
            400,
            "invalid_scope",
        ),
        (
            {"grant_type": ["client_credentials", "client_credentials"]},
            ("citizen-an", "demo-an"),
            400,
            "invalid_request",
        ),
    ],
)
def test_other_requests_are_refused_in_the_words_of_rfc_6749(
    gateway: GatewayInHand, form: dict[str, Any], auth: tuple[str, str] | None, status: int, error: str
) -> None:
    answer = gateway.client.post("/oauth/token", data=form, auth=auth)

    assert (answer.status_code, answer.get_json()["error"]) == (status, error)
    assert ("WWW-Authenticate" in answer.headers) == (status == 401)


def test_malformed_basic_credentials_are_refused(gateway: GatewayInHand) -> None:
    for broken in ("Basic ???", "Basic " + base64.b64encode(b"\xff\xfe:x").decode()):
        answer = gateway.client.post(
            "/oauth/token", data={"grant_type": "client_credentials"}, headers={"Authorization": broken}
        )
        assert (answer.status_code, answer.get_json()["error"]) == (401, "invalid_client")


def test_a_form_of_another_kind_is_refused(gateway: GatewayInHand) -> None:
    answer = gateway.client.post("/oauth/token", json={"grant_type": "client_credentials"})

    assert (answer.status_code, answer.get_json()["error"]) == (400, "invalid_request")


def test_guessing_secrets_is_slowed_down_and_does_not_lock_others_out() -> None:
    gateway = GatewayInHand()

    def ask(login: str, secret: str) -> tuple[int, str | None]:
        answer = gateway.client.post("/oauth/token", data={"grant_type": "client_credentials"}, auth=(login, secret))
        return answer.status_code, answer.headers.get("Retry-After")

    assert [ask("citizen-an", "guess")[0] for _ in range(5)] == [401] * 5
    status, wait = ask("citizen-an", "demo-an")
    assert status == 429
    assert wait is not None
    assert 1 <= int(wait) <= 10
    assert ask("citizen-binh", "demo-binh")[0] == 200


def test_a_client_may_ask_for_less(gateway: GatewayInHand) -> None:
    token = gateway.token("reception-ninh-kieu", scope="applications:read")

    answer = gateway.client.post(
        "/api/v1/applications",
        json=SUBMIT_EXAMPLE,
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "12345678"},
    )

    assert (answer.status_code, answer.get_json()["code"]) == (403, "scope_missing")
    assert 'scope="applications:apply"' in answer.headers["WWW-Authenticate"]
