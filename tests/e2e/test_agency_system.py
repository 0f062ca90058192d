"""An agency's own system on the running platform: is told, fetches, acknowledges, answers, and sends by itself."""

import hashlib
import io
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook

from local.demo.caller import Caller, Refused
from local.demo.documents import LETTER, SIGNERS
from local.demo.papers import make_paper
from services.document_routing import evidence
from services.document_routing.adapters.edxml_reader import read_message
from services.document_routing.adapters.edxml_writer import Enclosure, write_message
from services.document_routing.adapters.evidence_file import judge
from services.document_routing.adapters.xml_signature import Trust
from services.document_routing.domain.composing import references
from services.document_routing.domain.edxml.message import (
    Business,
    Code,
    DocumentMessage,
    DocumentType,
    Header,
    Manifest,
    Organ,
    Promulgation,
    Trace,
)
from services.document_routing.usecases.evidence import findings
from tests.support.certificates import seal_of
from tests.support.receiver import Receiver, listening
from tests.support.stack import Stack, secret_of

THEIRS, WARD = "H56.17", "H13.30.01"
LOGINS = {
    "system": "system-xay-dung-thanh-hoa",
    "operator": "operator",
    "specialist": "specialist-ninh-kieu",
    "leader": "head-ninh-kieu",
    "clerk": "clerk-ninh-kieu",
}
SEAL = seal_of("Sở Xây dựng tỉnh Thanh Hóa")


@pytest.fixture(scope="module")
def people(platform: Stack) -> Iterator[dict[str, Caller]]:
    with ExitStack() as stack:
        people = {
            part: stack.enter_context(Caller(platform.base_url, login, secret_of(login)))
            for part, login in LOGINS.items()
        }
        put(people["operator"], f"/connections/{THEIRS}", {"mode": "system"})
        people["system"].wait_for("/exchange/agencies?limit=200", knows_the_connection)
        yield people
        put(people["operator"], f"/connections/{THEIRS}", {"mode": "desk"})


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with listening() as opened:
        yield opened


def knows_the_connection(page: dict[str, Any]) -> bool:
    """Whether the service has noticed how the agency is connected: it keeps that for some seconds."""
    return any(one["agency"] == THEIRS and one["mode"] == "system" for one in page["items"])


def put(caller: Caller, path: str, body: dict[str, Any]) -> Any:
    answer = caller.http.put(f"/api/v1{path}", json=body)
    if answer.is_error:
        raise Refused(answer)
    return answer.json()


def issue(people: dict[str, Caller]) -> dict[str, Any]:
    """A letter of the ward to the agency with a system of its own."""
    paper = make_paper("Công văn", "Kính gửi: Sở Xây dựng tỉnh Thanh Hóa", "Đề nghị phối hợp")
    main = people["specialist"].upload("công văn.pdf", "application/pdf", paper)
    letter = {**LETTER, "receivers": [{"agency": THEIRS}], "main": main}
    document = people["specialist"].post("/documents", letter)
    for who, action, body in (
        ("specialist", "submit", {"note": ""}),
        ("leader", "sign", {"signer": SIGNERS["ward"]}),
        ("clerk", "issue", {}),
    ):
        path = f"/documents/{document['id']}/{action}"
        document = people[who].post(path, body, version=document["version"])
    return document


@pytest.fixture(scope="module")
def told(people: dict[str, Caller], receiver: Receiver) -> dict[str, Any]:
    """What the system was told when the letter came."""
    system = people["system"]
    subscription = system.post("/exchange/subscriptions", {"url": receiver.url()})
    document = issue(people)
    system.wait_for(
        f"/exchange/subscriptions/{subscription['id']}", lambda health: health["last_success_at"] is not None
    )
    (came,) = receiver.received
    event: dict[str, Any] = Webhook(subscription["secret"]).verify(came.body, came.headers)
    return {"document": document, "event": event, "subscription": subscription}


def test_the_letter_is_fetched_acknowledged_and_answered(
    people: dict[str, Caller], told: dict[str, Any], platform: Stack
) -> None:
    system, document = people["system"], told["document"]
    package = system.get(f"/exchange/packages/{told['event']['data']['package']}")
    assert package["exchange_id"].endswith(document["code"])
    media_type, content = system.download(f"/exchange/packages/{package['id']}/content")
    assert media_type.startswith("application/xml")
    certificate = Path(platform.environment["EXCHANGE_CERTIFICATE"]).read_text("utf-8")
    message = read_message(lambda: [content], limit=10**7, trust=Trust([certificate])).message
    assert isinstance(message, DocumentMessage)
    assert message.header.subject == LETTER["subject"]

    system.post(f"/exchange/packages/{package['id']}/acknowledge", {"outcome": "done"})
    assert system.get("/exchange/packages")["items"] == []
    for status in ("01", "03"):
        system.post("/exchange/statuses", {"exchange_id": package["exchange_id"], "status": status})
    view = people["clerk"].wait_for(
        f"/documents/{document['id']}", lambda view: view["deliveries"][0]["standing"] == "03"
    )
    assert view["deliveries"][0]["transport"] == "done"


def test_a_signed_letter_of_the_system_reaches_a_desk(people: dict[str, Caller]) -> None:
    system, paper = people["system"], make_paper("Công văn", "Kính gửi: UBND phường Ninh Kiều", "Góp ý")
    body = {"certificates": [SEAL.certificate], "signature_required": True}
    put(people["operator"], f"/exchange/partners/{THEIRS}", body)
    content = letter_of_theirs(paper)
    file = system.upload("thong-diep.xml", "application/xml", content)
    receipt = system.post("/exchange/messages", {"file": file})
    assert (receipt["signed_by"], receipt["receivers"]) == ("CN=Sở Xây dựng tỉnh Thanh Hóa", [WARD])
    assert system.post("/exchange/messages", {"file": file}) == receipt, "idempotent by document id"

    arrivals = people["clerk"].wait_for("/arrivals?code=77/SXD-QH", lambda page: page["items"])
    (arrival,) = arrivals["items"]
    shown = people["clerk"].get(f"/arrivals/{arrival['id']}")
    _, arrived = people["clerk"].download(f"/arrivals/{arrival['id']}/files/{shown['files'][0]['key']}")
    assert arrived == paper
    page = system.wait_for("/exchange/packages?kind=status", lambda page: page["items"])
    assert page["items"][0]["status_code"] == "01"

    forged = content.replace("Góp ý".encode(), "Chấp thuận".encode())
    assert forged != content
    with pytest.raises(Refused) as refused:
        system.post("/exchange/messages", {"file": system.upload("thong-diep.xml", "application/xml", forged)})
    assert refused.value.code == "signature_wrong"
    newest = system.get("/exchange/refusals?limit=1")["items"][0]
    assert (newest["code"], newest["digest"]) == ("signature_wrong", hashlib.sha256(forged).hexdigest())


def letter_of_theirs(paper: bytes) -> bytes:
    """A letter as the department's own system writes and signs it."""
    file = {"sha256": _sha256(paper), "type": "application/pdf", "name": "góp ý.pdf"}
    today = date.today()
    header = Header(
        sender=Organ(THEIRS, "", "Sở Xây dựng tỉnh Thanh Hóa"),
        receivers=(Organ(WARD),),
        document=f"{THEIRS},{today:%Y/%m/%d},77/SXD-QH",
        code=Code("77", "SXD-QH"),
        promulgation=Promulgation("Thanh Hóa", today),
        type=DocumentType(name="Công văn"),
        subject="Góp ý quy hoạch",
    )
    message = DocumentMessage(header, Trace((), Business(0, "Văn bản mới")), Manifest(references([file])))
    return b"".join(write_message(message, [Enclosure(message.manifest.references[0], [paper])], SEAL))


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_the_evidence_is_exported_and_verified(
    people: dict[str, Caller],
    told: dict[str, Any],
    platform: Stack,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    document = told["document"]["id"]
    clerk = people["clerk"]
    clerk.wait_for(f"/documents/{document}/receipts?limit=100", lambda page: len(page["items"]) > 5)
    verdict = clerk.get(f"/documents/{document}/evidence/verification")
    assert verdict["findings"] == []
    assert verdict["intact"]
    media_type, content = clerk.download(f"/documents/{document}/evidence")
    assert media_type.startswith("application/zip")
    assert judge(io.BytesIO(content), findings).findings == []

    for name, value in platform.environment.items():
        monkeypatch.setenv(name, value)
    file = tmp_path / "chung-cu.zip"
    assert evidence.main(["export", document, str(file)]) == 0
    assert evidence.main(["verify", str(file)]) == 0
    damaged = bytearray(file.read_bytes())
    damaged[damaged.index(b"evidence.json") + 200] ^= 1
    file.write_bytes(damaged)
    capsys.readouterr()
    assert evidence.main(["verify", str(file)]) == 1
    assert "part evidence.json" in capsys.readouterr().out


def test_the_health_of_every_subscription_is_seen_by_operators(people: dict[str, Caller], told: dict[str, Any]) -> None:
    listed = people["operator"].get("/exchange/subscriptions")["items"]
    mine = next(one for one in listed if one["id"] == told["subscription"]["id"])
    assert (mine["agency"], mine["state"], mine["failures"]) == (THEIRS, "active", 0)
    assert datetime.fromisoformat(mine["last_success_at"]) <= datetime.now(UTC)
    assert "secret" not in mine
    with pytest.raises(Refused) as refused:
        people["clerk"].get("/exchange/subscriptions")
    assert refused.value.code == "scope_missing"
