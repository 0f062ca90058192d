"""Signatures are made as Debian's xmlsec1 understands them, and a wrong or foreign one is refused with the reason."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.signer import XMLSigner

from services.document_routing.adapters.edxml_reader import is_bound, read_message
from services.document_routing.adapters.edxml_writer import write_message
from services.document_routing.adapters.exchange_settings import Seal
from services.document_routing.adapters.xml_signature import Trust
from services.document_routing.domain.edxml.message import Manifest, Message
from shared.errors import Invalid
from tests.support.certificates import authority, seal_by_authority, seal_of
from tests.unit.document_routing.edxml.messages import PDF, a_document, a_status, enclosures, of_type

LIMIT = 1_000_000
OURS = seal_of("UBND phường Ninh Kiều")
MISSING = "xmlsec1 is missing; install it: sudo apt-get install --no-install-recommends -y xmlsec1"
KINDS: list[Message] = [*(of_type(number) for number in range(4)), *(a_status(code, "lý do") for code in ("01", "02"))]


def signed(message: Message, seal: Seal = OURS) -> bytes:
    contents = enclosures(message, [PDF]) if message.header.sender and hasattr(message, "manifest") else []
    return b"".join(write_message(message, contents, seal))


def refusal(data: bytes, trust: Trust) -> str:
    with pytest.raises(Invalid) as refused:
        read_message(lambda: [data], limit=LIMIT, trust=trust)
    return refused.value.code


def judge(data: bytes, seal: Seal, folder: Path) -> subprocess.CompletedProcess[bytes]:
    """What xmlsec1 says of a file, given the certificate of the signer."""
    program = shutil.which("xmlsec1")
    assert program, MISSING
    (folder / "message.xml").write_bytes(data)
    (folder / "certificate.pem").write_text(seal.certificate)
    return subprocess.run(
        [program, "--verify", "--id-attr:Id", "edXMLEnvelope", "--enabled-reference-uris", "same-doc",
         "--trusted-pem", "certificate.pem", "message.xml"],
        cwd=folder, capture_output=True, timeout=60, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("curve", [False, True], ids=["rsa", "ecdsa"])
@pytest.mark.parametrize("message", KINDS, ids=["new", "recall", "update", "replacement", "arrived", "refused"])
def test_an_outside_judge_accepts_what_we_sign(message: Message, curve: bool, tmp_path: Path) -> None:
    seal = seal_of("UBND phường Ninh Kiều", curve=curve)
    data = signed(message, seal)
    verdict = judge(data, seal, tmp_path)
    assert verdict.returncode == 0, verdict.stderr.decode()
    assert read_message(lambda: [data], limit=LIMIT, trust=Trust([seal.certificate])).message == message


def test_the_outside_judge_notices_a_change(tmp_path: Path) -> None:
    verdict = judge(signed(a_document()).replace("kiểm thử".encode(), "kiểm thứ".encode()), OURS, tmp_path)
    assert verdict.returncode != 0


def test_a_signature_tells_whose_it_is() -> None:
    found = read_message(lambda: [signed(a_document())], limit=LIMIT, trust=Trust([OURS.certificate]))
    assert found.signature is not None
    assert found.signature.subject == "CN=UBND phường Ninh Kiều"
    assert found.signature.covers == "envelope"
    assert found.signature.method == "rsa-sha256"
    assert found.signature.valid_from < found.signature.valid_until
    assert all(map(is_bound, found.attachments))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Về việc kiểm thử", "Về việc khác"),
        ("<edXML:OrganId>H56.30.01", "<edXML:OrganId>H56.30.02"),
        ("quyet-dinh-15.pdf</edXML", "quyet-dinh-16.pdf</edXML"),
    ],
)
def test_any_change_of_what_was_signed_is_refused(before: str, after: str) -> None:
    data = signed(a_document())
    assert before.encode() in data
    assert refusal(data.replace(before.encode(), after.encode()), Trust([OURS.certificate])) == "signature_wrong"


@pytest.mark.parametrize("seal", [OURS, None], ids=["signed", "unsigned"])
def test_an_attachment_that_was_exchanged_no_longer_fits_its_hash(seal: Seal | None) -> None:
    data = b"".join(write_message(a_document(), enclosures(a_document(), [b"%PDF-1.7 khac"]), seal))
    assert refusal(data, Trust([OURS.certificate])) == "message_invalid"


def test_an_attachment_without_a_hash_is_not_vouched_for_by_the_manifest() -> None:
    document = a_document()
    named = replace(document.manifest.references[0], content="8a1f0c52-vb-1")
    document = replace(document, manifest=Manifest((named,)))
    data = b"".join(write_message(document, enclosures(document, [PDF]), OURS))
    found = read_message(lambda: [data], limit=LIMIT, trust=Trust([OURS.certificate]))
    assert not any(map(is_bound, found.attachments))


def test_an_attachment_that_was_slipped_in_is_refused() -> None:
    slipped = b"<Attachment><ContentId>x</ContentId><AttachmentName>x.pdf</AttachmentName><ContentTransferEncoded>eA=="
    slipped += b"</ContentTransferEncoded></Attachment>"
    data = signed(a_document()).replace(b"<AttachmentEncoded>", b"<AttachmentEncoded>" + slipped)
    assert refusal(data, Trust([OURS.certificate])) == "message_invalid"


def test_a_stranger_is_not_trusted() -> None:
    stranger = seal_of("người lạ")
    assert refusal(signed(a_document(), stranger), Trust([OURS.certificate])) == "signature_not_trusted"
    assert refusal(signed(a_document(), stranger), Trust()) == "signature_not_trusted"


def test_an_expired_certificate_is_not_trusted() -> None:
    expired = seal_of("hết hạn", days=-1)
    assert refusal(signed(a_document(), expired), Trust([expired.certificate])) == "signature_not_trusted"


def test_a_signature_that_was_moved_onto_another_message_is_refused() -> None:
    one, other = signed(a_document()), signed(a_document(subject="khác"))
    start, stop = b"<ds:SignatureValue>", b"</ds:SignatureValue>"
    value = one[one.index(start) : one.index(stop)]
    moved = other[: other.index(start)] + value + other[other.index(stop) :]
    assert refusal(moved, Trust([OURS.certificate])) == "signature_wrong"


def test_two_signatures_are_ambiguous() -> None:
    data = signed(a_document())
    start, stop = data.index(b"<ds:Signature "), data.index(b"</ds:Signature>") + len(b"</ds:Signature>")
    assert refusal(data[:stop] + data[start:stop] + data[stop:], Trust([OURS.certificate])) == "signature_wrong"


def whole_file_signature(message: Message, method: SignatureMethod, digest: DigestAlgorithm) -> bytes:
    """A message signed as some partners do: the whole file, attachments included."""
    signer = XMLSigner(signature_algorithm=SignatureMethod.RSA_SHA256)
    signer.sign_alg, signer.digest_alg = method, digest
    root = etree.fromstring(b"".join(write_message(message, enclosures(message, [PDF]))))  # type: ignore[arg-type]
    header = root[0][0]
    header.remove(header[-1])
    place = etree.SubElement(header, "{http://www.w3.org/2000/09/xmldsig#}Signature")
    place.set("Id", "placeholder")
    return etree.tostring(signer.sign(root, key=OURS.key, cert=OURS.certificate))


def test_a_signature_over_the_whole_file_is_checked_with_its_attachments() -> None:
    data = whole_file_signature(a_document(), SignatureMethod.RSA_SHA256, DigestAlgorithm.SHA256)
    trust = Trust([OURS.certificate])
    found = read_message(lambda: [data], limit=LIMIT, trust=trust)
    assert found.message == a_document()
    assert found.signature is not None
    assert found.signature.covers == "file"
    assert refusal(data.replace(b"<AttachmentName>quyet", b"<AttachmentName>quyen"), trust) == "signature_wrong"


def test_sha1_of_old_partners_is_a_matter_of_settings() -> None:
    data = whole_file_signature(a_document(), SignatureMethod.RSA_SHA1, DigestAlgorithm.SHA1)
    trust = Trust([OURS.certificate])
    assert refusal(data, trust) == "signature_wrong"
    assert read_message(lambda: [data], limit=LIMIT, trust=replace(trust, allow_sha1=True)).signature is not None


def test_a_certificate_of_an_authority_must_be_the_senders_own() -> None:
    names = ("H13.17", "000.00.17.H13", "Sở Xây dựng thành phố Cần Thơ")
    trust = Trust(authorities=authority().certificate, names=names)
    for good in (seal_by_authority("Sở  xây dựng thành phố Cần Thơ"), seal_by_authority("H13.17")):
        data = signed(a_document(), good)
        assert read_message(lambda data=data: [data], limit=LIMIT, trust=trust).signature is not None  # type: ignore[misc]
    of_another = seal_by_authority("Sở Y tế thành phố Cần Thơ")
    of_a_person = seal_by_authority("Nguyễn Văn An", organisation="Sở Xây dựng thành phố Cần Thơ")
    self_made = seal_of("Sở Xây dựng thành phố Cần Thơ")
    for wrong in (of_another, of_a_person, self_made):
        assert refusal(signed(a_document(), wrong), trust) == "signature_not_trusted"
    registered = Trust([of_another.certificate], authority().certificate, names)
    data = signed(a_document(), of_another)
    assert read_message(lambda: [data], limit=LIMIT, trust=registered).signature is not None, (
        "an operator registered it"
    )
