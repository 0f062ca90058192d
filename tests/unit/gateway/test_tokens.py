"""Tokens of the built-in issuer: what they claim, and which are believed."""

import base64
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from gateway.auth.keys import LocalKeys
from gateway.auth.tokens import Issuer, Verifier
from shared.errors import Unauthenticated
from tests.support.gateway import GatewayInHand
from tests.unit.gateway.signing import ISSUER, Clock, new_key, sign


def test_discovery_names_the_keys_that_verify(gateway: GatewayInHand) -> None:
    about = gateway.client.get("/.well-known/openid-configuration").get_json()
    keys = gateway.client.get(about["jwks_uri"]).get_json()

    assert about["issuer"] == "http://localhost:8000"
    assert all("d" not in key for key in keys["keys"])
    token = gateway.token("citizen-an")
    assert jwt.decode(token, KeySet.import_key_set(keys), algorithms=["ES256"]).claims["sub"] == "citizen-an"


# --- what is believed


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "token_missing"),
        ("Basic eDp5", "token_missing"),
        ("Bearer", "token_missing"),
        ("Bearer  ", "token_missing"),
        ("Bearer nonsense", "token_invalid"),
        ("Bearer a.b.c", "token_invalid"),
        ("Bearer " + "x" * 20_000, "token_invalid"),
    ],
)
def test_without_a_good_token_nothing_opens(gateway: GatewayInHand, header: str, code: str) -> None:
    answer = gateway.send("GET", "/applications", headers={"Authorization": header})

    assert (answer.status_code, answer.get_json()["code"]) == (401, code)
    assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="truc-chung"')
    assert ("invalid_token" in answer.headers["WWW-Authenticate"]) == (code != "token_missing")
    assert gateway.bus.asked == []


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"iss": "https://evil.example"}, "token_issuer_unknown"),
        ({"aud": "another"}, "token_audience_wrong"),
        ({"aud": None}, "token_audience_wrong"),
        ({"aud": 5}, "token_audience_wrong"),
        ({"exp": 999_939}, "token_expired"),
        ({"exp": None}, "token_invalid"),
        ({"nbf": 1_000_061}, "token_not_yet_valid"),
        ({"sub": ""}, "token_invalid"),
    ],
)
def test_claims_that_do_not_fit_are_refused(claims: dict[str, Any], code: str) -> None:
    key = new_key()
    verifier = Verifier([Issuer(ISSUER, LocalKeys(KeySet([key])))], "truc-chung", clock=Clock())

    with pytest.raises(Unauthenticated, match=code):
        verifier.verify(sign(key, **claims))


def test_a_clock_that_is_a_minute_off_is_forgiven() -> None:
    key = new_key()
    verifier = Verifier([Issuer(ISSUER, LocalKeys(KeySet([key])))], "truc-chung", clock=Clock())

    verifier.verify(sign(key, exp=999_950, nbf=1_000_050, aud=["other", "truc-chung"]))


def test_odd_claims_grant_nothing() -> None:
    key = new_key()
    verifier = Verifier([Issuer(ISSUER, LocalKeys(KeySet([key])))], "truc-chung", clock=Clock())

    principal, _ = verifier.verify(sign(key, roles=7, realm_access="operator", scope=["a"], name=None))

    assert principal.roles == frozenset()


def test_forged_tokens_are_refused() -> None:
    key, other = new_key(), new_key()
    verifier = Verifier([Issuer(ISSUER, LocalKeys(KeySet([key])))], "truc-chung", clock=Clock())
    header, _, signature = sign(key).split(".")
    payload = sign(key, roles=["operator"]).split(".")[1]
    unsigned = base64.urlsafe_b64encode(b'{"alg":"none","kid":"k1"}').rstrip(b"=").decode()
    secret = base64.urlsafe_b64encode(b'{"alg":"HS256","kid":"k1"}').rstrip(b"=").decode()

    for forged in (
        sign(other),
        f"{header}.{payload}.{signature}",
        f"{unsigned}.{payload}.",
        f"{secret}.{payload}.{signature}",
    ):
        with pytest.raises(Unauthenticated, match="token_invalid"):
            verifier.verify(forged)
    with pytest.raises(Unauthenticated, match="token_key_unknown"):
        verifier.verify(sign(new_key("k2")))


def test_a_checked_token_is_remembered_only_until_it_expires() -> None:
    key, clock = new_key(), Clock()
    asked: list[str | None] = []

    class Counting(LocalKeys):
        def find(self, kid: str | None) -> Any:
            asked.append(kid)
            return super().find(kid)

    verifier = Verifier([Issuer(ISSUER, Counting(KeySet([key])))], "truc-chung", clock=clock, remembered=2)
    token = sign(key)
    for _ in range(3):
        verifier.verify(token)
    assert len(asked) == 1
    verifier.verify(sign(key, sub="u2"))
    verifier.verify(sign(key, sub="u3"))
    verifier.verify(token)
    assert len(asked) == 4  # pushed out by the two others
    clock.now = 1_000_661
    with pytest.raises(Unauthenticated, match="token_expired"):
        verifier.verify(token)
