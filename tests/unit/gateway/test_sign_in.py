"""Tokens: who gets one, who is believed, what they open."""

import base64
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OKPKey

from gateway.auth.clients import ClientsFileError, hash_secret, load_clients, secret_matches
from gateway.auth.issuer import BuiltInIssuer, Credentials, read_signing_keys
from gateway.auth.keys import ASK_AGAIN_SECONDS, FRESH_SECONDS, LocalKeys, RemoteKeys, fetch_json
from gateway.auth.tokens import Issuer, Verifier
from local.platform import CLIENTS_FILE
from shared.contracts.one_stop_shop.application_operations import SUBMIT_EXAMPLE
from shared.contracts.principal import Role
from shared.errors import Unauthenticated, Unavailable
from tests.support.gateway import GatewayInHand, new_signing_key

ISSUER = "https://sso.example.vn"


class Clock:
    def __init__(self, now: float = 1_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def sign(key: ECKey, **claims: Any) -> str:
    base = {"iss": ISSUER, "sub": "u1", "aud": "truc-chung", "exp": 1_000_600, "name": "Lê Văn Cường"}
    header = {"alg": "ES256", "kid": key.kid}
    return jwt.encode(header, base | claims, key, algorithms=["ES256"])


def new_key(kid: str = "k1") -> ECKey:
    return ECKey.generate_key("P-256", {"kid": kid})


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


def test_a_secret_is_kept_as_a_hash() -> None:
    stored = hash_secret("mật khẩu")

    assert "mật khẩu" not in stored
    assert secret_matches("mật khẩu", stored)
    assert not secret_matches("mat khau", stored)


def test_mistakes_in_the_file_of_clients_are_all_named(tmp_path: Path) -> None:
    path = tmp_path / "clients.yaml"
    path.write_text(
        yaml.safe_dump(
            {
                "clients": [
                    {"id": "a", "name": "A", "roles": ["king"], "secret": "clear", "colour": "red"},
                    {"id": "b", "roles": ["citizen"]},
                ]
            }
        )
    )

    with pytest.raises(ClientsFileError) as caught:
        load_clients(path)

    said = str(caught.value)
    for part in (
        "a: unknown role king",
        "a: unknown field colour",
        "a secret in clear is for files that say",
        "b: name is missing",
        "b: needs either secret_scrypt",
    ):
        assert part in said


def test_made_up_people_are_refused_where_real_ones_are_served() -> None:
    with pytest.raises(ClientsFileError, match="demo: true"):
        load_clients(CLIENTS_FILE, made_up=False)


def test_a_real_file_of_clients_holds_hashes(tmp_path: Path) -> None:
    path = tmp_path / "clients.yaml"
    entry = {
        "id": "agency-7",
        "name": "Hệ thống Sở Tư pháp",
        "roles": ["agency_system"],
        "agency": "H13.7",
        "secret_scrypt": hash_secret("s3cret"),
    }
    path.write_text(yaml.safe_dump({"clients": [entry]}))
    gateway = GatewayInHand(environment={"CLIENTS_FILE": str(path)})

    def ask(secret: str) -> int:
        return gateway.client.post(
            "/oauth/token", data={"grant_type": "client_credentials"}, auth=("agency-7", secret)
        ).status_code

    assert (ask("s3cret"), ask("S3cret")) == (200, 401)


def test_the_demo_people_expire_like_everybody(gateway: GatewayInHand) -> None:
    claims = jwt.decode(
        gateway.token("head-ninh-kieu"),
        KeySet.import_key_set(gateway.client.get("/oauth/jwks.json").get_json()),
        algorithms=["ES256"],
    ).claims

    assert claims["agency"] == "H13.30.01"
    assert claims["roles"] == ["head_of_unit"]
    assert 3500 < claims["exp"] - time.time() <= 3600
