"""Who reads: cookies that nobody can make or read, forms that only our pages make, and no way around."""

import time
from urllib.parse import urlsplit

import pytest
from cryptography.fernet import Fernet
from werkzeug.test import Client

from tests.support.gateway import PUBLIC_URL, GatewayInHand
from tests.support.issuers import started_issuers
from tests.support.reader import Reader

FORGET = "Clear-Site-Data"
NOTHING = {"items": [], "next": None}


def cookie_of(reader: Reader) -> str:
    return "; ".join(value for name, value in reader.answer.headers if name == "Set-Cookie")


def test_signing_in_makes_the_chosen_person_the_caller(gateway: GatewayInHand, reader: Reader) -> None:
    gateway.bus.answers |= {"list_applications": NOTHING, "list_drafts": NOTHING}
    reader.sign_in("citizen-an").open("/ho-so")
    assert reader.answer.status_code == 200
    assert "Nguyễn Văn An" in reader.words
    asked = next(one for one in gateway.bus.asked if one.method == "list_applications")
    assert asked.principal is not None
    assert asked.principal["identity"] == "092090000123"


def test_a_page_for_people_sends_the_others_to_sign_in_and_back(gateway: GatewayInHand, reader: Reader) -> None:
    gateway.bus.answers |= {"list_applications": NOTHING, "list_drafts": NOTHING}
    answer = reader.client.get("/ho-so?cursor=x")
    assert answer.status_code == 303
    assert answer.location == "/dang-nhap?tiep=/ho-so%3Fcursor%3Dx"
    reader.open("/ho-so")
    (away,) = (str(link) for link in reader.page.xpath("//main//a/@href") if "cong-dan" in link)
    reader.come_back(reader.client.get(away).location, "citizen-an")
    assert reader.path == "/ho-so"


def test_signing_out_ends_it(gateway: GatewayInHand, reader: Reader) -> None:
    reader.sign_in("citizen-an").open("/")
    issuers = started_issuers(PUBLIC_URL)
    kept = reader.client.get_cookie("phien")
    left = reader.send(0, follow=False).answer.location
    assert left.startswith(issuers.urls["cong-dan"])
    assert Client(issuers.app).get(left).headers["Location"] == f"{PUBLIC_URL}/"
    assert "Nguyễn Văn An" not in reader.open("/").words
    assert reader.client.get("/ho-so").status_code == 303
    assert kept is not None
    reader.client.set_cookie("phien", kept.value)
    assert reader.client.get("/ho-so").status_code == 303, "a cookie that was copied is worth nothing either"


def test_a_browser_forgets_the_pages_of_whoever_left(
    gateway: GatewayInHand, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader.sign_in("citizen-an").open("/")
    assert FORGET not in reader.answer.headers
    assert reader.send(0, follow=False).answer.headers[FORGET] == '"cache"', "they signed out"
    assert FORGET not in reader.sign_in("citizen-an").open("/").answer.headers
    later = time.time() + 9 * 3600
    monkeypatch.setattr("gateway.portal.sessions.time.time", lambda: later)
    assert reader.open("/").answer.headers[FORGET] == '"cache"', "their session is over"
    assert FORGET not in reader.open("/").answer.headers


def test_a_browser_forgets_the_pages_of_whoever_another_takes_the_place_of(reader: Reader) -> None:
    issuers = started_issuers(PUBLIC_URL)
    for login, forgets in (("citizen-an", False), ("citizen-binh", True)):
        back = urlsplit(issuers.choose(reader.client.get("/dang-nhap/cong-dan").location, login))
        assert (FORGET in reader.client.get(f"{back.path}?{back.query}").headers) == forgets


@pytest.mark.parametrize("elsewhere", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:1"])
def test_nobody_is_led_elsewhere_after_signing_in(reader: Reader, elsewhere: str) -> None:
    issuer = reader.client.get("/dang-nhap/cong-dan", query_string={"tiep": elsewhere}).location
    assert reader.come_back(issuer, "citizen-an").path == "/"
    chosen = reader.client.get("/ngon-ngu", query_string={"ngon_ngu": "en", "tiep": elsewhere})
    assert chosen.location == "/"


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(reader: Reader) -> None:
    reader.open("/tra-cuu")
    reader.answer = reader.client.get("/dang-nhap/cong-dan")
    cookie = cookie_of(reader)
    assert cookie.startswith("phien=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_under_https_the_cookie_goes_to_this_host_only() -> None:
    issuers = started_issuers(PUBLIC_URL)
    https = {"PUBLIC_URL": "https://dichvucong.example.vn"}
    secure = GatewayInHand(environment=issuers.settings() | https, web=issuers.web())
    reader = Reader(secure.app)
    reader.answer = reader.client.get("/dang-nhap/cong-dan", base_url="https://dichvucong.example.vn")
    cookie = cookie_of(reader)
    assert cookie.startswith("__Host-phien=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
    assert "Domain" not in cookie


def test_signing_in_makes_a_new_secret(reader: Reader) -> None:
    before = reader.sign_in("specialist-ninh-kieu").proof
    reader.sign_in("citizen-an")
    refused = reader.client.post("/dang-xuat", data={"form_token": before})
    assert refused.status_code == 403


@pytest.mark.parametrize("token", ["", "00", "zz", "00" * 64])
def test_a_form_without_its_proof_is_refused(gateway: GatewayInHand, reader: Reader, token: str) -> None:
    reader.sign_in("citizen-an")
    answer = reader.client.post("/dang-xuat", data={"form_token": token})
    assert answer.status_code == 403
    assert "Hãy mở lại trang" in answer.text
    assert "Nguyễn Văn An" in reader.open("/").words


def test_another_browsers_proof_is_none(gateway: GatewayInHand, reader: Reader) -> None:
    foreign = Reader(gateway.app).sign_in("citizen-binh").proof
    reader.sign_in("citizen-an")
    assert reader.client.post("/dang-xuat", data={"form_token": foreign}).status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_form_that_another_site_sends_is_refused_even_with_the_proof(reader: Reader, site: str) -> None:
    reader.sign_in("citizen-an").open("/")
    fields = dict(reader.forms[0].form_values())
    assert reader.client.post("/dang-xuat", data=fields, headers={"Sec-Fetch-Site": site}).status_code == 403


def test_the_proof_never_looks_the_same_twice(reader: Reader) -> None:
    reader.sign_in("citizen-an")
    assert len({reader.open("/").proof for _ in range(5)}) == 5


def test_made_up_expired_and_foreign_cookies_are_nobody(
    gateway: GatewayInHand, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader.sign_in("citizen-an")
    assert "Nguyễn Văn An" in reader.open("/").words
    later = time.time() + 9 * 3600
    monkeypatch.setattr("gateway.portal.sessions.time.time", lambda: later)
    assert "Nguyễn Văn An" not in reader.open("/").words
    for value in ("", "made-up", Fernet(Fernet.generate_key()).encrypt(b"{}").decode()):
        reader.client.set_cookie("phien", value)
        assert reader.client.get("/ho-so").status_code == 303


def test_a_token_of_the_interface_opens_no_page(gateway: GatewayInHand, reader: Reader) -> None:
    token = gateway.token("citizen-an")
    assert reader.client.get("/ho-so", headers={"Authorization": f"Bearer {token}"}).status_code == 303


def test_a_session_opens_no_route_of_the_interface(gateway: GatewayInHand, reader: Reader) -> None:
    reader.sign_in("citizen-an")
    assert reader.client.get("/api/v1/applications").status_code == 401


def test_whoever_may_not_is_told_so(gateway: GatewayInHand, reader: Reader) -> None:
    reader.sign_in("specialist-ninh-kieu")
    assert reader.client.get("/ho-so").status_code == 403


def test_where_no_issuer_is_named_nobody_signs_in() -> None:
    plain = GatewayInHand()
    reader = Reader(plain.app).open("/dang-nhap")
    assert "Chưa có cách đăng nhập" in reader.words
    assert reader.forms == []
    for path in ("/dang-nhap/cong-dan", "/dang-nhap/can-bo", "/dang-nhap/cong-dan/ve?code=x&state=x"):
        assert reader.client.get(path).status_code in (403, 404)
    assert reader.client.post("/dang-nhap", data={"person": "citizen-an"}).status_code in (403, 404, 405)
    assert reader.client.get("/ho-so").status_code == 303
