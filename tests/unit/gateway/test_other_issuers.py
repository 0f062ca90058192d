"""Tokens of other issuers: their keys are fetched, remembered and exchanged."""

from collections.abc import Callable
from typing import Any

import pytest
from joserfc.jwk import ECKey, KeySet, OKPKey

from gateway.auth.clients import load_clients
from gateway.auth.issuer import BuiltInIssuer, Credentials, read_signing_keys
from gateway.auth.keys import ASK_AGAIN_SECONDS, FRESH_SECONDS, LocalKeys, RemoteKeys, fetch_json
from gateway.auth.tokens import Issuer, Verifier
from local.platform import CLIENTS_FILE
from shared.contracts.principal import Role
from shared.errors import Unauthenticated, Unavailable
from tests.support.gateway import new_signing_key
from tests.unit.gateway.signing import ISSUER, Clock, new_key, sign


def test_a_foreign_issuer_grants_its_roles_only_and_our_scopes_by_role() -> None:
    key = new_key()
    issuer = Issuer(ISSUER, LocalKeys(KeySet([key])), frozenset({Role.CITIZEN}), {"citizen": ("applications:apply",)})
    verifier = Verifier([issuer], "truc-chung", clock=Clock())

    principal, on_wire = verifier.verify(
        sign(key, realm_access={"roles": ["citizen", "operator", 5]}, scope="reports:read", identity="092090000123")
    )

    assert principal.roles == {Role.CITIZEN}
    assert principal.scopes == {"applications:apply"}
    assert principal.subject.endswith(":u1")
    assert principal.subject != "u1"
    assert on_wire["identity"] == "092090000123"
    assert not principal.verified


# --- the keys of others


class FakeSso:
    """An issuer whose keys change and which may be away."""

    def __init__(self) -> None:
        self.keys = [new_key("k1")]
        self.away = False
        self.fetched = 0

    def __call__(self, url: str) -> dict[str, Any]:
        if self.away:
            raise OSError("away")
        self.fetched += 1
        if url.endswith("openid-configuration"):
            return {"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys"}
        return {"keys": [key.as_dict(private=False) for key in self.keys]}


def test_keys_are_fetched_once_and_again_when_a_new_one_signs() -> None:
    sso, clock = FakeSso(), Clock()
    keys = RemoteKeys(ISSUER, fetch=sso, clock=clock)
    keys.find("k1")
    keys.find("k1")
    assert sso.fetched == 2  # the metadata and the keys, once

    sso.keys = [new_key("k2"), *sso.keys]
    clock.now += ASK_AGAIN_SECONDS
    keys.find("k2")
    keys.find("k1")
    assert sso.fetched == 4


def test_unknown_keys_do_not_flood_the_issuer() -> None:
    sso, clock = FakeSso(), Clock()
    keys = RemoteKeys(ISSUER, fetch=sso, clock=clock)

    for number in range(10):
        with pytest.raises(Unauthenticated, match="token_key_unknown"):
            keys.find(f"forged-{number}")

    assert sso.fetched == 2


def test_remembered_keys_survive_an_outage_of_the_issuer() -> None:
    sso, clock = FakeSso(), Clock()
    keys = RemoteKeys(ISSUER, fetch=sso, clock=clock)
    keys.find("k1")
    sso.away = True
    clock.now += FRESH_SECONDS + 1
    keys.find("k1")


def test_an_issuer_that_was_never_reached_is_unavailable_and_not_the_callers_fault() -> None:
    sso = FakeSso()
    sso.away = True

    with pytest.raises(Unavailable, match="issuer_unavailable"):
        RemoteKeys(ISSUER, fetch=sso).find("k1")


def test_an_issuer_under_another_name_is_not_believed() -> None:
    def fetch(_: str) -> dict[str, Any]:
        return {"issuer": "https://evil.example", "jwks_uri": f"{ISSUER}/keys"}

    with pytest.raises(Unavailable, match="issuer_unavailable"):
        RemoteKeys(ISSUER, fetch=fetch).find("k1")


def test_keys_do_not_come_over_plain_http() -> None:
    for url in ("http://sso.example.vn/keys", "file:///etc/passwd", "ftp://sso.example.vn/keys"):
        with pytest.raises(ValueError, match="not a trustworthy address"):
            fetch_json(url)


# --- the built-in issuer's own keys and clients


def test_several_keys_let_old_tokens_live_through_a_rotation() -> None:
    old, new = new_signing_key(), new_signing_key()
    clients = load_clients(CLIENTS_FILE)

    def issue(pem: str) -> tuple[str, KeySet]:
        keys = read_signing_keys(pem)
        issuer = BuiltInIssuer(ISSUER, "truc-chung", keys, clients)
        return issuer.grant(Credentials("operator", "demo-operator"), None, "here")["access_token"], keys

    token_before, _ = issue(old)
    token_after, keys = issue(new + "\n" + old)
    verifier = Verifier([Issuer(ISSUER, LocalKeys(keys))], "truc-chung")
    assert verifier.verify(token_before)[0].subject == verifier.verify(token_after)[0].subject == "operator"


def test_ed25519_keys_sign_too() -> None:
    keys = read_signing_keys(OKPKey.generate_key("Ed25519").as_pem(private=True).decode())
    issuer = BuiltInIssuer(ISSUER, "truc-chung", keys, load_clients(CLIENTS_FILE))
    token = issuer.grant(Credentials("operator", "demo-operator"), None, "here")["access_token"]

    assert Verifier([Issuer(ISSUER, LocalKeys(keys))], "truc-chung").verify(token)[0].subject == "operator"


@pytest.mark.parametrize("make", [lambda: "nothing", lambda: ECKey.generate_key("P-384").as_pem(private=True).decode()])
def test_other_keys_are_refused_at_the_start(make: Callable[[], str]) -> None:
    with pytest.raises(ValueError, match="ISSUER_KEY"):
        read_signing_keys(make())
