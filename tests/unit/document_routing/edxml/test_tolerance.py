"""What partners write otherwise is understood; what is wrong is named by the code under which they know it."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from services.document_routing.adapters.edxml_reader import ReadMessage, read_message
from services.document_routing.adapters.edxml_writer import write_message
from services.document_routing.domain.edxml.check import faults, strict_faults
from services.document_routing.domain.edxml.formats import VIETNAM
from services.document_routing.domain.edxml.message import (
    Business,
    Code,
    DocumentMessage,
    DocumentType,
    Manifest,
    Organ,
    OtherInfo,
    ResponseFor,
    StatusMessage,
    Trace,
)
from shared.errors import Invalid
from tests.unit.document_routing.edxml.messages import PDF, a_document, a_status, enclosures, of_type

LIMIT = 1_000_000


def text_of(message: DocumentMessage | StatusMessage) -> str:
    contents = [PDF] if isinstance(message, DocumentMessage) else []
    enclosed = enclosures(message, contents) if isinstance(message, DocumentMessage) else []
    return b"".join(write_message(message, enclosed)).decode()


def read(text: str) -> ReadMessage:
    return read_message(lambda: [text.encode()], limit=LIMIT)


def codes(text: str) -> list[str]:
    """The codes of all faults of a file."""
    with pytest.raises(Invalid) as refused:
        read(text)
    assert refused.value.code == "message_invalid"
    return [field["params"]["exchange_code"] for field in refused.value.fields]


def _about(business: Business) -> DocumentMessage:
    return replace(a_document(), trace=Trace((), business))


def document(text: str) -> DocumentMessage:
    message = read(text).message
    assert isinstance(message, DocumentMessage)
    return message


def test_prefixes_and_namespaces_may_be_missing() -> None:
    text = text_of(a_document()).replace("edXML:", "").replace(' xmlns:edXML="', ' xmlns:x="')
    assert document(text) == a_document()
    assert (
        document(text.replace("http://www.mic.gov.vn/TBT/QCVN_102_2016", "http://www.e-doc.vn/Schema/")) == a_document()
    )


def test_the_order_of_elements_does_not_matter() -> None:
    text = text_of(a_document())
    subject = "<edXML:Subject>Về việc kiểm thử</edXML:Subject>"
    moved = text.replace(subject, "").replace("<edXML:MessageHeader>", f"<edXML:MessageHeader>{subject}")
    assert moved != text
    assert document(moved) == a_document()


def test_content_ids_may_lack_their_prefix_or_have_it_twice() -> None:
    text = text_of(a_document())
    assert document(text.replace("cid:", "")) == a_document()
    attachment = "<Attachment><ContentId>"
    assert document(text.replace(attachment, f"{attachment}cid:")) == a_document()


def test_a_reference_may_name_its_content_by_a_link() -> None:
    text = text_of(a_document())
    content = a_document().manifest.references[0].content
    linked = text.replace(f"<edXML:ContentId>cid:{content}</edXML:ContentId>", "").replace(
        "<edXML:Reference>", f'<edXML:Reference xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="cid:{content}">'
    )
    assert document(linked) == a_document()


def test_attachments_without_a_manifest_are_taken() -> None:
    text = text_of(a_document())
    start, stop = text.index("<edXML:edXMLBody>"), text.index("</edXML:edXMLEnvelope>")
    assert document(text[:start] + text[stop:]).manifest == a_document().manifest


def test_base64_may_be_broken_into_lines() -> None:
    text = text_of(a_document())
    start = text.index("<ContentTransferEncoded>") + len("<ContentTransferEncoded>")
    broken = text[:start] + "\r\n  " + text[start : start + 5] + "\n" + text[start + 5 :]
    assert read(broken).attachments[0].content.size == len(PDF)


@pytest.mark.parametrize("written", ["2026-11-21", "21/11/2026", "2026/11/21 00:00:00", "2026-11-21T08:00:00+07:00"])
def test_days_are_understood_as_partners_write_them(written: str) -> None:
    text = text_of(a_document()).replace(">2026/11/21</edXML:PromulgationDate>", f">{written}</edXML:PromulgationDate>")
    assert document(text).header.promulgation.day == date(2026, 11, 21)


def test_a_moment_without_a_zone_is_vietnams() -> None:
    message = read(text_of(a_status()).replace("2026/11/21 10:30:05", "2026-11-21T10:30:05")).message
    assert isinstance(message, StatusMessage)
    assert message.header.at == datetime(2026, 11, 21, 10, 30, 5, tzinfo=VIETNAM)


def test_ordinary_urgency_written_as_five_is_zero() -> None:
    text = text_of(a_document(other=OtherInfo(priority=4))).replace("<edXML:Priority>4<", "<edXML:Priority>5<")
    assert document(text).header.other == OtherInfo(priority=0)


def test_a_missing_identifier_follows_from_agency_day_and_symbol() -> None:
    text = text_of(a_document())
    identifier = "<edXML:DocumentId>H13.30.01,2026/11/21,15/QĐ-UBND</edXML:DocumentId>"
    assert document(text.replace(identifier, "", 1)).header.document == a_document().header.document


def test_the_corrected_spelling_is_understood() -> None:
    assert document(text_of(of_type(1)).replace("Bussiness", "Business")).trace == of_type(1).trace


def test_letters_are_read_in_one_form() -> None:
    text = text_of(a_document(subject="Về"))
    assert document(text.replace("Về", "Vê\u0300")).header.subject == "Về"


def test_unknown_elements_are_left_alone() -> None:
    text = text_of(a_document()).replace(
        "<edXML:Subject>", "<edXML:Mới><edXML:x>1</edXML:x></edXML:Mới><edXML:Subject>"
    )
    assert document(text) == a_document()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"subject": "á" * 501}, "R.MessageHeader.Subject"),
        ({"places": ("x" * 151,)}, "R.MessageHeader.ToPlace.Place"),
        ({"code": Code("1" * 12, "QĐ")}, "R.MessageHeader.Code.CodeNumber"),
        ({"code": Code("1", "Q" * 31)}, "R.MessageHeader.Code.CodeNotation"),
        ({"receivers": (Organ("H56", telephone="0" * 21),)}, "R.MessageHeader.To.Telephone"),
        ({"type": DocumentType(name="x" * 101)}, "R.MessageHeader.DocumentType.TypeName"),
        ({"other": OtherInfo(typist="x" * 11)}, "R.MessageHeader.OtherInfo.TyperNotation"),
        ({"other": OtherInfo(priority=9)}, "T.MessageHeader.OtherInfo.Priority"),
        ({"receivers": (Organ("H56"), Organ("H56"))}, "M.MessageHeader.To.OrganId"),
        ({"receivers": ()}, "N.MessageHeader.To"),
        ({"subject": ""}, "N.MessageHeader.Subject"),
        ({"code": Code("", "QĐ")}, "N.MessageHeader.Code.CodeNumber"),
        ({"code": Code()}, "N.MessageHeader.Code"),
        ({"type": DocumentType(2)}, "N.MessageHeader.DocumentType.TypeName"),
        ({"sender": Organ("", "", "x")}, "N.MessageHeader.From.OrganId"),
        ({"sender": Organ("H13")}, "N.MessageHeader.From.OrganName"),
        ({"document": ""}, "N.MessageHeader.DocumentId"),
        ({"content": "a\x00b"}, "M.MessageHeader.Content"),
        ({"answers": (ResponseFor(""),)}, "N.MessageHeader.ResponseFor.OrganId"),
        ({"steering": -1}, "T.MessageHeader.SteeringType"),
    ],
)
def test_our_own_messages_keep_every_limit(changes: dict[str, object], code: str) -> None:
    assert [fault.code for fault in strict_faults(a_document(**changes))] == [code]


@pytest.mark.parametrize(
    ("business", "code"),
    [
        (Business(), "N.TraceHeaderList.Bussiness.BussinessDocType"),
        (Business(7), "T.TraceHeaderList.Bussiness.BussinessDocType"),
        (Business(1, "", "x"), "N.TraceHeaderList.Bussiness.BussinessDocReason"),
        (Business(1, "x"), "N.TraceHeaderList.Bussiness.DocumentId"),
        (Business(2, "x", "x"), "N.TraceHeaderList.Bussiness.BussinessDocumentInfo"),
        (Business(3, "x", "x"), "N.TraceHeaderList.Bussiness.ReplacementInfoList.ReplacementInfo"),
    ],
)
def test_every_business_type_says_what_it_has_to(business: Business, code: str) -> None:
    assert [fault.code for fault in strict_faults(replace(a_document(), trace=Trace((), business)))] == [code]


@pytest.mark.parametrize(
    ("wrong", "right", "code"),
    [
        (">2026/11/21</edXML:Prom", ">2026/13/45</edXML:Prom", "M.MessageHeader.PromulgationInfo.PromulgationDate"),
        (">2</edXML:Type>", ">hai</edXML:Type>", "T.MessageHeader.DocumentType.Type"),
        ("2026/11/21 09:00:00", "hôm qua", "M.TraceHeaderList.TraceHeader.Timestamp"),
        (">0</edXML:BussinessDocType>", ">8</edXML:BussinessDocType>", "T.TraceHeaderList.Bussiness.BussinessDocType"),
        (
            "<ContentTransferEncoded>",
            "<ContentTransferEncoded>=",
            "M.AttachmentEncoded.Attachment.ContentTransferEncoded",
        ),
        ("<edXML:AttachmentName>quyet-dinh-15.pdf</edXML:AttachmentName>", "", ""),
    ],
)
def test_what_cannot_be_understood_is_named(wrong: str, right: str, code: str) -> None:
    text = text_of(a_document())
    assert wrong in text
    changed = text.replace(wrong, right, 1)
    if code:
        assert code in codes(changed)
    else:
        assert document(changed) == a_document(), "the attachment itself knows its name"


def test_all_faults_are_named_at_once() -> None:
    text = (
        text_of(a_document()).replace(">15<", "><").replace(">quyet-dinh-15.pdf<", "><").replace(">Quyết định<", "><")
    )
    assert codes(text) == [
        "N.MessageHeader.Code.CodeNumber",
        "N.MessageHeader.DocumentType.TypeName",
        "N.edXMLManifest.Reference.AttachmentName",
    ]


def test_a_reference_without_its_attachment_is_named() -> None:
    text = text_of(a_document())
    start, stop = text.index("<AttachmentEncoded>"), text.index("</edXML>")
    assert codes(text[:start] + text[stop:]) == [
        "N.AttachmentEncoded.Attachment.ContentTransferEncoded",
        "N.edXMLManifest.Reference",
    ]


def test_a_status_outside_the_nine_is_refused() -> None:
    assert codes(text_of(a_status()).replace(">03<", ">07<")) == ["T.MessageHeader.StatusCode"]


def test_a_status_must_say_what_it_answers() -> None:
    text = text_of(a_status()).replace("<edXML:DocumentId>H13.30.01,2026/11/21,15/QĐ-UBND</edXML:DocumentId>", "")
    assert read(text).message.header.answers.document == ""  # type: ignore[union-attr]
    assert codes(text.replace(">15<", "><"))[-1] == "N.MessageHeader.ResponseFor.DocumentId"


@pytest.mark.parametrize("status", ["02", "13"])
def test_a_refusal_and_a_recall_give_their_reason(status: str) -> None:
    assert [fault.code for fault in faults(a_status(status))] == ["N.MessageHeader.Description"]
    assert faults(a_status(status, "không đúng thẩm quyền")) == []


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (a_document(sender=Organ("H13")), "N.MessageHeader.From.OrganName"),
        (_about(Business(1, "", "x")), "N.TraceHeaderList.Bussiness.BussinessDocReason"),
        (_about(Business(3, "x")), "N.TraceHeaderList.Bussiness.ReplacementInfoList.ReplacementInfo"),
        (replace(a_document(), manifest=Manifest()), "N.edXMLManifest.Reference"),
    ],
)
def test_what_nobody_could_act_upon_is_refused_of_partners_too(message: DocumentMessage, code: str) -> None:
    assert [fault.code for fault in faults(message)] == [code]
