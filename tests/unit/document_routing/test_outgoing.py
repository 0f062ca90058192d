"""From the draft to the issue: who may, in what order, under which number, and what is refused by name."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.document_routing.domain.agencies import Connection
from services.document_routing.usecases import documents
from shared.errors import Conflict, Error, Forbidden, Invalid, NotFound
from shared.history import verify
from tests.support.document_world import CLERK, DRAFT, LEADER, SIGNER, SPECIALIST, STRANGER, SYSTEM, DocumentWorld
from tests.support.documents_in_memory import DEPARTMENT, FILE, WARD


@pytest.fixture
def world() -> DocumentWorld:
    return DocumentWorld()


def test_a_document_goes_from_draft_to_issue(world: DocumentWorld) -> None:
    document = world.draft()
    world.on_document("submit_document", document, SPECIALIST)
    world.on_document("return_document", document, LEADER, reason="Bổ sung căn cứ")
    world.on_document("revise_document", document, SPECIALIST, **DRAFT | {"subject": "V/v góp ý"})
    world.on_document("submit_document", document, SPECIALIST)
    world.on_document("sign_document", document, LEADER, signer=SIGNER)
    receipt = world.on_document("issue_document", document, CLERK)

    assert receipt["code"] == "01/UBND-VP"
    assert receipt["issued_on"] == "2026-10-05"
    kept = world.documents.documents[document]
    assert kept["exchange_id"] == "H13.30.01,2026/10/05,01/UBND-VP"
    assert [version["subject"] for version in kept["versions"]] == [DRAFT["subject"], "V/v góp ý"]
    assert [file["role"] for file in kept["files"]] == ["main", "attachment"]
    assert verify(document, kept["history"], version=kept["version"], head=kept["head"]) is None
    assert world.events(document) == [
        "document_drafted",
        "document_submitted",
        "document_returned",
        "document_revised",
        "document_submitted",
        "document_signed",
        "document_issued",
    ]


@pytest.mark.parametrize(
    ("kind", "unit", "code"),
    [
        ("quyet_dinh", None, "01/QĐ-UBND"),
        ("quy_dinh", None, "01/QyĐ-UBND"),
        ("cong_van", {"code": "KT", "name": "Phòng Kinh tế"}, "01/UBND-KT"),
        ("thu_cong", {"code": "VP", "name": "Văn phòng"}, "01/UBND-VP"),
    ],
)
def test_number_and_symbol_follow_the_kind(world: DocumentWorld, kind: str, unit: Any, code: str) -> None:
    document = world.issued(kind=kind, unit=unit)
    assert world.documents.documents[document]["code"] == code


def test_an_agency_may_have_a_symbol_of_its_own(world: DocumentWorld) -> None:
    world.offices.connect(Connection(WARD, symbol="UBNDNK"))
    assert world.documents.documents[world.issued(kind="thong_bao")]["code"] == "01/TB-UBNDNK"


def test_one_series_for_all_kinds_paper_included_begins_anew_each_year(world: DocumentWorld) -> None:
    codes = [
        world.documents.documents[world.issued(kind=kind, medium=medium)]["code"]
        for kind, medium in (("quyet_dinh", "electronic"), ("thong_bao", "paper"), ("bao_cao", "electronic"))
    ]
    assert codes == ["01/QĐ-UBND", "02/TB-UBND", "03/BC-UBND"]
    world.now = datetime(2026, 12, 31, 16, 59, tzinfo=UTC)
    assert world.documents.documents[world.issued(kind="bao_cao")]["code"] == "04/BC-UBND"
    world.now = datetime(2026, 12, 31, 17, 1, tzinfo=UTC)  # a minute past midnight in Vietnam
    assert world.documents.documents[world.issued(kind="bao_cao")]["code"] == "01/BC-UBND"


@pytest.mark.parametrize(("secrecy", "said"), [("mat", "Mật"), ("toi_mat", "Tối mật"), ("tuyet_mat", "Tuyệt mật")])
def test_a_secret_document_is_refused_before_anything_is_kept(world: DocumentWorld, secrecy: str, said: str) -> None:
    with pytest.raises(Forbidden, match="secret_document_refused") as refused:
        world.draft(secrecy=secrecy)
    assert refused.value.params == {"secrecy": said}
    document = world.draft()
    claimed = list(world.files.claimed)
    with pytest.raises(Forbidden, match="secret_document_refused"):
        world.on_document("revise_document", document, SPECIALIST, **DRAFT | {"secrecy": secrecy})
    assert len(world.documents.documents) == 1
    assert world.files.claimed == claimed


@pytest.mark.parametrize(
    ("receivers", "wrong"),
    [
        (["H99.01"], ("receivers.0.agency", "agency_unknown")),
        ([DEPARTMENT, "H13.99"], ("receivers.1.agency", "agency_closed")),
        ([WARD], ("receivers.0.agency", "receiver_is_sender")),
        (["H13.30"], ("receivers.0.agency", "receiver_is_sender")),  # the district whose place the ward took
    ],
)
def test_receivers_that_are_not_reached_are_refused_by_name(
    world: DocumentWorld, receivers: list[str], wrong: tuple[str, str]
) -> None:
    with pytest.raises(Invalid) as refused:
        world.draft(receivers=[{"agency": code} for code in receivers])
    assert [(one["path"], one["code"]) for one in refused.value.fields] == [wrong]


def test_a_closed_receiver_is_reached_at_its_successor_and_once(world: DocumentWorld) -> None:
    named = [{"agency": "H13.19"}, {"agency": "000.00.17.H13"}, {"agency": DEPARTMENT, "purpose": "information"}]
    document = world.issued(receivers=named)
    (delivery,) = world.documents.documents[document]["deliveries"]
    assert (delivery["receiver"], delivery["asked_for"]) == (DEPARTMENT, "H13.19")
    assert list(world.arrivals.documents) == [world.arrival_of(document)]


def test_an_official_letter_needs_its_unit_before_it_takes_a_number(world: DocumentWorld) -> None:
    document = world.signed(unit=None)
    with pytest.raises(Invalid):
        world.on_document("issue_document", document, CLERK)
    assert world.documents.documents[world.issued()]["number"] == 1


def test_an_electronic_document_without_its_text_is_not_submitted(world: DocumentWorld) -> None:
    document = world.draft(main=None)
    with pytest.raises(Conflict, match="main_file_missing"):
        world.on_document("submit_document", document, SPECIALIST)
    world.on_document("submit_document", world.draft(main=None, medium="paper"), SPECIALIST)


def test_files_of_others_and_unknown_ties_are_named(world: DocumentWorld) -> None:
    for changes, path in (
        ({"main": "00" * 32}, "main"),
        ({"attachments": [FILE, "00" * 32]}, "attachments.1"),
        ({"kind": "hoa_don"}, "kind"),
        ({"responds_to": ["0" * 32]}, "responds_to.0"),
        ({"references": ["0" * 32]}, "references.0"),
        ({"replaces": "0" * 32}, "replaces"),
    ):
        with pytest.raises(Invalid) as refused:
            world.draft(**changes)
        assert [one["path"] for one in refused.value.fields] == [path]


@pytest.mark.parametrize(
    ("signer", "path"),
    [
        ({**SIGNER, "form": "KT.", "behalf": ""}, "signer.behalf"),
        ({**SIGNER, "form": "TUQ."}, "signer.mandate"),
        ({**SIGNER, "form": "XX."}, "signer.form"),
    ],
)
def test_signing_forms_need_what_the_decree_demands(world: DocumentWorld, signer: Any, path: str) -> None:
    document = world.draft()
    world.on_document("submit_document", document, SPECIALIST)
    with pytest.raises(Invalid) as refused:
        world.on_document("sign_document", document, LEADER, signer=signer)
    assert [one["path"] for one in refused.value.fields] == [path]


def test_the_signed_file_takes_the_place_of_the_draft(world: DocumentWorld) -> None:
    document = world.draft(main="cd" * 32, attachments=[])
    world.on_document("submit_document", document, SPECIALIST)
    world.on_document("sign_document", document, LEADER, signer=SIGNER, signed_file=FILE)
    assert [file["id"] for file in world.documents.documents[document]["files"]] == [FILE]


@pytest.mark.parametrize(
    ("urgency", "signed_at", "issue_by"),
    [
        (None, datetime(2026, 10, 5, 3, tzinfo=UTC), datetime(2026, 10, 6, 10, tzinfo=UTC)),
        (0, datetime(2026, 10, 9, 3, tzinfo=UTC), datetime(2026, 10, 12, 10, tzinfo=UTC)),  # Friday: until Monday
        (2, datetime(2026, 10, 5, 3, tzinfo=UTC), datetime(2026, 10, 5, 4, tzinfo=UTC)),
    ],
)
def test_issue_is_due_on_the_next_working_day_and_at_once_when_urgent(
    world: DocumentWorld, urgency: int | None, signed_at: datetime, issue_by: datetime
) -> None:
    world.now = signed_at
    assert world.documents.documents[world.signed(urgency=urgency)]["issue_by"] == issue_by


@pytest.mark.parametrize(
    ("action", "actor"),
    [
        ("submit_document", SYSTEM),
        ("sign_document", CLERK),
        ("sign_document", SPECIALIST),
        ("issue_document", SPECIALIST),
        ("issue_document", LEADER),
        ("recall_document", SPECIALIST),
        ("return_document", SPECIALIST),
    ],
)
def test_only_the_right_role_acts(world: DocumentWorld, action: str, actor: Any) -> None:
    body = {"sign_document": {"signer": SIGNER}}.get(action, {"reason": "x"} if action[:3] == "rec" else {})
    body |= {"reason": "x"} if action == "return_document" else {}
    with pytest.raises(Forbidden, match="role_not_allowed"):
        world.on_document(action, world.draft(), actor, **body)


def test_another_agency_does_not_even_learn_that_it_exists(world: DocumentWorld) -> None:
    with pytest.raises(NotFound, match="document_unknown"):
        world.on_document("submit_document", world.draft(), STRANGER)


def test_a_repeated_command_gets_the_first_answer_and_another_request_under_its_key_none(
    world: DocumentWorld,
) -> None:
    document = world.draft(key="k-1")
    assert world.draft(key="k-1") == document
    with pytest.raises(Invalid, match="idempotency_key_reused"):
        documents.create_document(world.context, {**DRAFT, "_command": world.command("k-1", "other")}, SPECIALIST)
    signed = world.signed()
    request = {"document": signed, "_version": 3, "_command": world.command("k-2")}
    first = documents.issue_document(world.context, request, CLERK)
    assert documents.issue_document(world.context, request, CLERK) == first
    assert world.documents.documents[world.issued()]["number"] == 2


def test_whoever_saw_an_older_version_is_told(world: DocumentWorld) -> None:
    document = world.draft()
    world.on_document("submit_document", document, SPECIALIST)
    stale = {"document": document, "_version": 1, "note": "", "_command": world.command()}
    with pytest.raises(Error, match="version_stale"):
        documents.submit_document(world.context, stale, SPECIALIST)


@pytest.mark.parametrize(("words", "whole"), [(2_000, True), (2_001, False)])
def test_a_document_says_whether_all_words_of_its_text_are_kept(world: DocumentWorld, words: int, whole: bool) -> None:
    world.reader.text = " ".join(f"tu{number}" for number in range(words))
    document = world.issued(attachments=[])
    world.fire()
    stored = world.documents.documents[document]
    assert (len(stored["text_words"]), stored["text_whole"]) == (2_000, whole)


def test_an_issued_document_is_found_by_its_text_once_it_was_read(world: DocumentWorld) -> None:
    document = world.issued()
    assert "quy" not in world.documents.documents[document]["search"]
    world.fire()
    kept = world.documents.documents[document]
    assert {"quy", "hoach", "phan", "khu", "xay", "dung", "=01/ubnd-vp", "#cong_van", f"@{DEPARTMENT}"} <= set(
        kept["search"]
    )
    assert [(one["signer"], one["verdict"]) for one in kept["signatures"]] == [
        ("Nguyễn Văn An", "unaltered"),
        ("Ủy ban nhân dân", "unaltered"),
    ]
    assert kept["due_work"] == []
    assert "hoach" in world.arrivals.documents[world.arrival_of(document)]["search"]


def test_a_paper_document_takes_a_number_and_goes_by_post(world: DocumentWorld) -> None:
    document = world.issued(medium="paper")
    assert (world.delivery(document)["mode"], world.delivery(document)["transport"]) == ("paper", "done")
    assert world.arrivals.documents == {}


def test_the_date_is_the_day_of_the_issue_in_vietnam(world: DocumentWorld) -> None:
    world.now = datetime(2026, 10, 5, 16, 59, tzinfo=UTC)
    assert world.documents.documents[world.issued()]["issued_on"] == "2026-10-05"
    world.now += timedelta(minutes=1)
    assert world.documents.documents[world.issued()]["issued_on"] == "2026-10-06"
