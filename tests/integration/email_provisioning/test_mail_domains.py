"""The check of a mail domain, against a name server in the test's own hands: every fault is told in words."""

import base64
from collections.abc import Iterator
from functools import cache

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from services.email_provisioning.adapters import name_servers
from services.email_provisioning.adapters.name_servers import NameServers, key_bits
from services.email_provisioning.domain.mail.domain_check import Expected, Verdict, check_domain, gravest
from services.email_provisioning.domain.mail.domain_words import WORDS
from tests.support.name_server import SILENT, NameServer, Zone, name_server

DOMAIN = "cantho.gov.vn"
KEY, DMARC = f"default._domainkey.{DOMAIN}", f"_dmarc.{DOMAIN}"
EXPECTED = Expected(DOMAIN, ("mx1.cantho.gov.vn",), ("default",))


@cache
def key(bits: int) -> str:
    """A public RSA key as a TXT record has it, cut into parts as long ones are."""
    made = rsa.generate_private_key(65537, bits).public_key()
    text = base64.b64encode(made.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
    return f'"v=DKIM1; k=rsa; p={text[:200]}" "{text[200:]}"'


@cache
def other_key() -> str:
    made = ed25519.Ed25519PrivateKey.generate().public_key()
    return f'"v=DKIM1; k=ed25519; p={base64.b64encode(made.public_bytes_raw()).decode()}"'


def good_zone() -> Zone:
    return {
        DOMAIN: {"MX": ["20 mx2.cantho.gov.vn.", "10 mx1.cantho.gov.vn."], "TXT": ['"v=spf1 mx -all"', '"other"']},
        "mx1.cantho.gov.vn": {"A": ["192.0.2.1"]},
        "mx2.cantho.gov.vn": {"AAAA": ["2001:db8::2"]},
        KEY: {"TXT": [key(2048)]},
        DMARC: {"TXT": ['"v=DMARC1; p=reject; rua=mailto:dmarc@cantho.gov.vn"']},
    }


@pytest.fixture
def server() -> Iterator[NameServer]:
    with name_server(good_zone()) as serving:
        yield serving


def found(server: NameServer, expected: Expected = EXPECTED) -> dict[str, list[tuple[str, str]]]:
    """The codes of what was found by kind, each with what it names."""
    asking = NameServers(server.place).asking()
    result = check_domain(expected, asking, key_bits)
    return {kind: [(one.code, one.found) for one in findings] for kind, findings in result.items()}


def test_a_good_domain_is_good(server: NameServer) -> None:
    result = check_domain(EXPECTED, NameServers(server.place).asking(), key_bits)
    assert {kind: gravest(findings) for kind, findings in result.items()} == dict.fromkeys(result, Verdict.GOOD)
    assert found(server)["mx"] == [("mx_good", "mx1.cantho.gov.vn, mx2.cantho.gov.vn")], "in the order of preference"


FAULTS: list[tuple[str, str, dict[str, dict[str, list[str]]], str, str]] = [
    ("mx", "mx_missing", {DOMAIN: {}}, "bad", ""),
    ("mx", "mx_null", {DOMAIN: {"MX": ["0 ."]}}, "bad", ""),
    ("mx", "mx_elsewhere", {DOMAIN: {"MX": ["10 mx.example.com."]}}, "bad", "mx.example.com"),
    ("mx", "mx_without_address", {"mx2.cantho.gov.vn": {}}, "bad", "mx2.cantho.gov.vn"),
    ("spf", "spf_missing", {DOMAIN: {"TXT": ['"v=spf10 -all"']}}, "bad", ""),
    ("spf", "spf_several", {DOMAIN: {"TXT": ['"v=spf1 -all"', '"v=spf1 mx -all"']}}, "bad", "2"),
    ("spf", "spf_soft", {DOMAIN: {"TXT": ['"v=spf1 mx ~all"']}}, "warning", ""),
    ("spf", "spf_open", {DOMAIN: {"TXT": ['"v=spf1 mx"']}}, "bad", "?all"),
    ("spf", "spf_open", {DOMAIN: {"TXT": ['"v=spf1 all"']}}, "bad", "+all"),
    ("spf", "spf_unreadable", {DOMAIN: {"TXT": ['"v=spf1 ipv4:192.0.2.1 -all"']}}, "bad", "ipv4:192.0.2.1"),
    ("spf", "spf_include_missing", {DOMAIN: {"TXT": ['"v=spf1 include:no.example -all"']}}, "bad", "no.example"),
    ("spf", "spf_too_many_lookups", {DOMAIN: {"TXT": [f'"v=spf1 {"a " * 11}-all"']}}, "bad", "11"),
    ("dkim", "dkim_missing", {KEY: {"TXT": ['"other"']}}, "bad", KEY),
    ("dkim", "dkim_revoked", {KEY: {"TXT": ['"v=DKIM1; p="']}}, "bad", KEY),
    ("dkim", "dkim_unreadable", {KEY: {"TXT": ['"v=DKIM1; p=AAAA"']}}, "bad", KEY),
    ("dkim", "dkim_short", {KEY: {"TXT": [key(1024)]}}, "warning", "1024"),
    ("dkim", "dkim_testing", {KEY: {"TXT": [key(2048).replace("k=rsa;", "k=rsa; t=y;")]}}, "warning", KEY),
    ("dkim", "dkim_good", {KEY: {"TXT": [other_key()]}}, "good", KEY),
    ("dmarc", "dmarc_missing", {DMARC: {}}, "bad", DMARC),
    ("dmarc", "dmarc_several", {DMARC: {"TXT": ['"v=DMARC1; p=none"', '"v=DMARC1; p=reject"']}}, "bad", "2"),
    ("dmarc", "dmarc_unreadable", {DMARC: {"TXT": ['"v=DMARC1; p=maybe"']}}, "bad", "v=DMARC1; p=maybe"),
    ("dmarc", "dmarc_watches_only", {DMARC: {"TXT": ['"v=DMARC1; p=none; rua=mailto:a@b.vn"']}}, "warning", ""),
    ("dmarc", "dmarc_in_part", {DMARC: {"TXT": ['"v=DMARC1; p=reject; pct=20; rua=x"']}}, "warning", "20"),
    ("dmarc", "dmarc_without_reports", {DMARC: {"TXT": ['"v=DMARC1;p=quarantine"']}}, "warning", ""),
]


@pytest.mark.parametrize(("kind", "code", "changed", "verdict", "named"), FAULTS)
def test_a_fault_is_told_in_words(
    server: NameServer, kind: str, code: str, changed: dict[str, dict[str, list[str]]], verdict: str, named: str
) -> None:
    server.zone |= changed  # type: ignore[arg-type]
    result = check_domain(EXPECTED, NameServers(server.place).asking(), key_bits)[kind]
    [finding] = [one for one in result if one.code == code]
    assert (finding.verdict, finding.found, gravest(result)) == (verdict, named, verdict)
    assert named in finding.words["vi"] or code in ("spf_open",)
    assert named in finding.words["en"]
    assert finding.words["vi"] != finding.words["en"]


def test_a_domain_that_is_not_there_says_so(server: NameServer) -> None:
    server.zone.clear()
    told = {kind: codes[0][0] for kind, codes in found(server).items()}
    assert told == {"mx": "domain_missing", "spf": "spf_missing", "dkim": "dkim_missing", "dmarc": "dmarc_missing"}


def test_a_policy_is_followed_where_it_leads(server: NameServer) -> None:
    server.zone |= {
        DOMAIN: {"TXT": ['"v=spf1 include:a.example redirect=b.example"']},
        "a.example": {"TXT": ['"v=spf1 include:cantho.gov.vn ~all"']},
        "b.example": {"TXT": ['"v=spf1 ip4:192.0.2.0/24 -all"']},
    }
    assert found(server)["spf"] == [("spf_good", "")], "an included ending says nothing, a circle ends"


def test_without_selectors_dkim_is_not_known(server: NameServer) -> None:
    assert found(server, Expected(DOMAIN))["dkim"] == [("dkim_unknown", "")]


def test_silence_is_told_and_ends_in_time(server: NameServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(name_servers, "SECONDS_EACH", 0.2)
    monkeypatch.setattr(name_servers, "SECONDS_TOGETHER", 0.5)
    server.zone = {name: {SILENT: []} for name in (*good_zone(), "mx1.cantho.gov.vn")}
    told = found(server)
    assert {codes[0][0] for codes in told.values()} == {"dns_unanswered"}
    assert told["mx"][0][1] == f"{DOMAIN} MX: LifetimeTimeout"
    assert len(server.asked) < 20


def test_every_sentence_is_used_and_there() -> None:
    tried = {code for _, code, *_ in FAULTS} | {"dns_unanswered", "domain_missing", "dkim_unknown"}
    assert set(WORDS) - tried == {"mx_good", "spf_good", "dmarc_good"}
