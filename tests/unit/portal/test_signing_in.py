"""Coming in by an issuer's door: nobody gets in with an answer that was not asked for, or a word that is not its."""

import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from gateway.auth.sign_in import LOGOUT_EVENT
from tests.support.gateway import PUBLIC_URL, GatewayInHand
from tests.support.issuers import Issuers, started_issuers
from tests.support.reader import Reader

NOTHING = {"items": [], "next": None}


@pytest.fixture
def issuers() -> Issuers:
    return started_issuers(PUBLIC_URL)


def answer_of(reader: Reader, issuers: Issuers, login: str = "citizen-an", door: str = "cong-dan") -> dict[str, str]:
    """What the issuer sends back with somebody who chose a login there."""
    back = issuers.choose(reader.client.get(f"/dang-nhap/{door}").location, login)
    return {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}


def test_what_is_asked_of_the_issuer_proves_itself(reader: Reader, issuers: Issuers) -> None:
    asked = urlsplit(reader.client.get("/dang-nhap/cong-dan").location)
    sent = {name: values[0] for name, values in parse_qs(asked.query).items()}
    assert sent["response_type"] == "code"
    assert sent["code_challenge_method"] == "S256"
    assert sent["redirect_uri"] == f"{PUBLIC_URL}/dang-nhap/cong-dan/ve"
    assert {"state", "nonce", "code_challenge"} <= sent.keys()
    again = urlsplit(reader.client.get("/dang-nhap/cong-dan").location)
    assert parse_qs(again.query).keys() == parse_qs(asked.query).keys()
    fresh = {name: parse_qs(again.query)[name][0] for name in ("state", "nonce", "code_challenge")}
    assert all(sent[name] != value for name, value in fresh.items())


def test_an_answer_is_good_once_and_for_the_browser_that_asked(gateway: GatewayInHand, issuers: Issuers) -> None:
    reader, other = Reader(gateway.app), Reader(gateway.app)
    answer = answer_of(reader, issuers)
    other.client.get("/dang-nhap/cong-dan")
    assert other.client.get("/dang-nhap/cong-dan/ve", query_string=answer).status_code == 403
    assert reader.client.get("/dang-nhap/cong-dan/ve", query_string=answer).status_code == 303
    assert reader.client.get("/dang-nhap/cong-dan/ve", query_string=answer).status_code == 403


@pytest.mark.parametrize(
    "changes",
    [{"state": "another"}, {"code": "another"}, {"code": ""}, {"iss": "https://another.example"},
     {"error": "server_error", "code": ""}],
)  # fmt: skip
def test_an_altered_answer_admits_nobody(reader: Reader, issuers: Issuers, changes: dict[str, str]) -> None:
    answer = {name: value for name, value in (answer_of(reader, issuers) | changes).items() if value}
    refused = reader.client.get("/dang-nhap/cong-dan/ve", query_string=answer)
    assert refused.status_code == 403
    assert "Đăng nhập chưa thành công" in refused.text
    assert reader.client.get("/ho-so").status_code == 303


def test_whoever_changes_their_mind_may_choose_again(reader: Reader) -> None:
    reader.client.get("/dang-nhap/cong-dan")
    answer = reader.client.get("/dang-nhap/cong-dan/ve", query_string={"error": "access_denied"})
    assert answer.location == "/dang-nhap"


def test_one_doors_answer_does_not_open_the_other(reader: Reader, issuers: Issuers) -> None:
    answer = answer_of(reader, issuers, "specialist-ninh-kieu", "can-bo")
    assert reader.client.get("/dang-nhap/cong-dan/ve", query_string=answer).status_code == 403


def test_a_citizens_issuer_makes_no_officers(
    gateway: GatewayInHand, issuers: Issuers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local.demo.issuer.UserInfo", lambda **told: told | {"roles": ["operator"], "agency": "H13"})
    gateway.bus.answers |= {"list_applications": NOTHING, "list_drafts": NOTHING}
    reader = Reader(gateway.app).sign_in("citizen-an")
    reader.open("/ho-so")
    (asked,) = (one for one in gateway.bus.asked if one.method == "list_drafts")
    assert asked.principal is not None
    assert asked.principal["roles"] == ["citizen"]


@pytest.mark.parametrize("told", [{"nonce": "another"}, {"aud": "another"}, {"iss": "https://another.example"},
                                  {"exp": 1}, {"sub": ""}])  # fmt: skip
def test_an_id_token_for_another_is_refused(
    gateway: GatewayInHand, issuers: Issuers, monkeypatch: pytest.MonkeyPatch, told: dict[str, Any]
) -> None:
    monkeypatch.setattr("local.demo.issuer.UserInfo", lambda **others: others | told)
    reader = Reader(gateway.app).sign_in("citizen-an")
    assert reader.answer.status_code in (403, 303, 401)
    assert reader.client.get("/ho-so").status_code == 303


OFFICES = "http://desk.localhost:8000"


@pytest.fixture
def two_hosts(issuers: Issuers) -> Reader:
    """A browser before a gateway that officers reach under an address of their own."""
    environment = issuers.settings() | {"OFFICERS_URL": OFFICES}
    return Reader(GatewayInHand(environment=environment, web=issuers.web()).app)


@pytest.mark.parametrize(("door", "home"), [("can-bo", OFFICES), ("cong-dan", PUBLIC_URL)])
def test_people_come_back_to_the_host_where_they_began(two_hosts: Reader, door: str, home: str) -> None:
    asked = urlsplit(two_hosts.client.get(f"/dang-nhap/{door}", base_url=home).location)
    assert parse_qs(asked.query)["redirect_uri"] == [f"{home}/dang-nhap/{door}/ve"]


@pytest.mark.parametrize(
    ("door", "home", "elsewhere"), [("can-bo", OFFICES, PUBLIC_URL), ("cong-dan", PUBLIC_URL, OFFICES)]
)
def test_who_is_at_the_other_host_begins_at_the_doors_own(
    two_hosts: Reader, door: str, home: str, elsewhere: str
) -> None:
    answer = two_hosts.client.get(f"/dang-nhap/{door}?tiep=/ho-so", base_url=elsewhere)
    assert answer.location == f"{home}/dang-nhap/{door}?tiep=%2Fho-so"
    assert "Set-Cookie" not in answer.headers, "what is asked is remembered where they come back"


def test_under_an_unknown_name_nobody_is_sent_in_circles(two_hosts: Reader, issuers: Issuers) -> None:
    answer = two_hosts.client.get("/dang-nhap/can-bo", base_url="http://behind-a-proxy:8000")
    assert answer.location.startswith(issuers.urls["can-bo"])


def test_an_issuer_that_is_away_is_told_so() -> None:
    alone = GatewayInHand(environment={"SIGN_IN_CITIZENS": "http://127.0.0.1:9/cong-dan"})
    answer = Reader(alone.app).client.get("/dang-nhap/cong-dan")
    assert answer.status_code == 503
    assert "Retry-After" in answer.headers or answer.text


def logout_token(issuers: Issuers, key: ECKey | None = None, **changes: Any) -> str:
    """An issuer's word that somebody signed out there."""
    claims = {
        "iss": issuers.urls["cong-dan"],
        "aud": "truc-chung",
        "iat": int(time.time()),
        "jti": "1",
        "sub": "citizen-an",
        "events": {LOGOUT_EVENT: {}},
    }
    told = {name: value for name, value in (claims | changes).items() if value is not None}
    return jwt.encode({"alg": "ES256", "kid": issuers.key.kid}, told, key or issuers.key, algorithms=["ES256"])


def test_an_issuer_ends_the_sessions_of_its_people(gateway: GatewayInHand, issuers: Issuers) -> None:
    gateway.bus.answers |= {"list_applications": NOTHING, "list_drafts": NOTHING}
    an, binh = Reader(gateway.app).sign_in("citizen-an"), Reader(gateway.app).sign_in("citizen-binh")
    told = an.client.post("/dang-nhap/cong-dan/ket-thuc", data={"logout_token": logout_token(issuers)})
    assert told.status_code == 200
    assert told.headers["Cache-Control"] == "no-store"
    assert an.client.get("/ho-so").status_code == 303
    assert binh.client.get("/ho-so").status_code == 200
    assert an.sign_in("citizen-an").client.get("/ho-so").status_code == 200, "they may come again"


@pytest.mark.parametrize(
    "changes",
    [{"aud": "another"}, {"iss": "https://another.example"}, {"events": {}}, {"nonce": "x"}, {"sub": None}, {"iat": 1},
     {"key": ECKey.generate_key("P-256", {"kid": "of the demonstration"})}],
)  # fmt: skip
def test_nobody_else_ends_sessions(gateway: GatewayInHand, issuers: Issuers, changes: dict[str, Any]) -> None:
    reader = Reader(gateway.app).sign_in("citizen-an")
    gateway.bus.answers |= {"list_applications": NOTHING, "list_drafts": NOTHING}
    token = logout_token(issuers, **changes)
    assert reader.client.post("/dang-nhap/cong-dan/ket-thuc", data={"logout_token": token}).status_code == 403
    assert reader.client.post("/dang-nhap/cong-dan/ket-thuc", data={}).status_code == 403
    assert reader.client.get("/ho-so").status_code == 200
