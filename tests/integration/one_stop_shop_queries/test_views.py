"""What one application shows, its files and forms, its history, notices, and what a synchronising system fetches."""

import io
import itertools
from datetime import timedelta
from typing import Any

import orjson
import pytest
from marshmallow import RAISE
from pypdf import PdfReader

from services.one_stop_shop.usecases.queries_files import print_form
from shared.contracts.one_stop_shop.operations import OPERATIONS
from shared.errors import NotFound
from tests.support.house import House
from tests.support.shop_in_memory import FILE
from tests.support.world import CITIZEN, HEAD, MONDAY, OWNER, POST, RECEPTION, SPECIALIST, STRANGER, SYSTEM
from tests.unit.one_stop_shop.application import journeys

Document = dict[str, Any]
VIEWS = {operation.name: operation.view for operation in OPERATIONS}


@pytest.fixture
def returned(house: House) -> str:
    house.now = MONDAY
    application = house.submit(CITIZEN, delivery=POST, components=[{"component": "to_khai", "file": FILE}])
    for action, who in (
        ("receive", RECEPTION),
        ("hand_over", RECEPTION),
        ("request_supplement", SPECIALIST),
        ("supply_supplement", CITIZEN),
        ("finish", HEAD),
        ("record_payment", RECEPTION),
    ):
        house.now += timedelta(minutes=10)
        journeys.act(house, action, application, who)
    house.now += timedelta(minutes=10)
    waybill = f"EH{int(application, 16) % 10**9:09d}VN"  # of this application alone
    journeys.act(house, "send_by_post", application, RECEPTION, waybill=waybill)
    delivered = {"waybill": waybill, "state": "delivered", "receiver_name": "Nguyễn Văn An"}
    journeys.act(house, "record_post_event", application, SYSTEM, **delivered)
    return application


def keeps_contract(operation: str, answer: Document) -> None:
    """On the wire the answer has the fields of its view, no more and no less, with values that the view reads."""
    view = VIEWS[operation]
    assert view is not None
    schema = view(unknown=RAISE)
    assert set(answer) == set(schema.fields)
    assert schema.validate(orjson.loads(orjson.dumps(answer))) == {}, operation


def test_every_answer_keeps_its_contract(house: House, returned: str) -> None:
    period = {"first_day": "2026-10-01", "last_day": "2026-10-31"}
    for operation, principal, request in (
        ("get_application", HEAD, {"application": returned}),
        ("verify_history", HEAD, {"application": returned}),
        ("count_applications", HEAD, {}),
        ("follow_application", None, {"code": house[returned]["code"]}),
        ("authorise_attachment", HEAD, {"application": returned, "attachment": "1"}),
        ("authorise_result", HEAD, {"application": returned, "attachment": "1"}),
        ("print_form", HEAD, {"application": returned, "form": "1"}),
        ("get_procedure", None, {"code": "1.001193"}),
        ("preview_procedure", None, {"code": "1.001193", "agency": "H13.30.01"}),
        ("get_calendar", None, {"year": "2026"}),
        ("report_indicators", HEAD, period),
        ("report_06a", HEAD, period),
    ):
        keeps_contract(operation, house.ask(operation, principal, **request))
    for operation, principal, request in (
        ("list_applications", HEAD, {}),
        ("get_history", HEAD, {"application": returned}),
        ("list_changes", SYSTEM, {}),
        ("list_procedures", None, {}),
        ("list_procedure_versions", None, {"code": "1.001193"}),
        ("list_agencies", None, {}),
        ("list_register", HEAD, period),
    ):
        page = house.ask(operation, principal, **request)
        assert set(page) == {"items", "next"}
        for item in page["items"]:
            keeps_contract(operation, item)


def test_an_application_shows_what_its_reader_may_do_next(house: House) -> None:
    house.now = MONDAY
    application = journeys.submitted(house)
    officers = house.ask("get_application", RECEPTION, application=application)["allowed_actions"]
    assert {"receive", "refuse"} <= set(officers)
    own = house.ask("get_application", CITIZEN, application=application)["allowed_actions"]
    assert own == ["start_payment", "request_withdrawal"]
    assert house.ask("get_application", SPECIALIST, application=application)["status_name"] == "Mới đăng ký"


def test_a_withdrawal_is_told_from_the_wish_for_one(house: House) -> None:
    house.now = MONDAY
    asked, agreed = journeys.withdrawal_asked(house), journeys.withdrawn(house)
    shown = [house.ask("get_application", CITIZEN, application=one)["withdrawn"] for one in (asked, agreed)]
    assert shown == [False, True]


def test_links_show_the_present_status_of_the_other(house: House) -> None:
    house.now = MONDAY
    one, other = journeys.submitted(house), journeys.submitted(house)
    house.act("link", one, RECEPTION, other=other, kind="related")
    journeys.act(house, "receive", other, RECEPTION)
    (tie,) = house.ask("get_application", RECEPTION, application=one)["links"]
    assert (tie["application"], tie["status"], tie["status_name"]) == (other, 2, "Được tiếp nhận")
    assert [tie["application"] for tie in house.ask("get_application", CITIZEN, application=one)["links"]] == [other]


def test_a_tie_shows_nobody_an_application_that_is_not_theirs(house: House) -> None:
    house.now = MONDAY
    own = journeys.submitted(house)
    strangers = house.submit(STRANGER, owner={**OWNER, "name": "Trần Lạ", "identity_number": STRANGER.identity})
    house.act("link", own, RECEPTION, other=strangers, kind="related")
    for reader, shown in ((CITIZEN, []), (RECEPTION, [strangers])):
        view = house.ask("get_application", reader, application=own)
        assert [tie["application"] for tie in view["links"]] == shown


def test_files_are_handed_out_under_their_own_names(house: House, returned: str) -> None:
    ticket = {"file": FILE, "name": "to-khai.pdf", "type": "application/pdf", "size": 1000}
    assert house.ask("authorise_attachment", CITIZEN, application=returned, attachment="1") == ticket
    assert house.ask("authorise_result", CITIZEN, application=returned, attachment="1") == ticket
    refusals = {"authorise_attachment": "attachment_unknown", "authorise_result": "result_file_unknown"}
    for operation, code in refusals.items():
        for number in ("0", "99", "x", "²"):
            with pytest.raises(NotFound, match=code):
                house.ask(operation, CITIZEN, application=returned, attachment=number)


def test_a_file_that_gave_way_to_a_supplement_stays_on_file(house: House, returned: str) -> None:
    (former,) = house[returned]["supplements"][0]["replaced"]
    assert former["attachment"] == "1"
    assert house.ask("get_application", HEAD, application=returned)["components"][0]["attachment"] == "2"
    assert house.ask("authorise_attachment", HEAD, application=returned, attachment="1")["file"] == FILE


def test_every_form_is_printed_from_its_own_picture_and_only_once(
    house: House, returned: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    forms = house.ask("get_application", HEAD, application=returned)["forms"]
    assert [form["form"] for form in forms] == [1, 6, 2]
    tickets = [house.ask("print_form", HEAD, application=returned, form=form["id"]) for form in forms]
    for form, ticket in zip(forms, tickets, strict=True):
        content = b"".join(house.context.files.store.open(ticket["file"]).chunks)  # type: ignore[attr-defined]  # the test's
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
        assert house[returned]["code"] in text.replace("\n", "")
        assert ticket["name"] == f"mau-{form['form']:02d}-{house[returned]['code']}.pdf"
        assert ticket["size"] == len(content)
    monkeypatch.setattr(type(house.context.printer), "print", lambda *_: pytest.fail("printed twice"))
    assert [print_form(house.context, {"application": returned, "form": f["id"]}, HEAD) for f in forms] == tickets
    with pytest.raises(NotFound, match="form_unknown"):
        house.ask("print_form", CITIZEN, application=returned, form="99")


def test_a_print_that_was_cleared_away_is_printed_again(house: House, returned: str) -> None:
    request = {"application": returned, "form": "1"}
    ticket = house.ask("print_form", CITIZEN, **request)
    store = house.context.files.store  # type: ignore[attr-defined]  # the test's own store
    store._bucket.remove(ticket["file"], MONDAY + timedelta(days=99999))
    assert not store.exists(ticket["file"])
    assert house.ask("print_form", CITIZEN, **request) == ticket
    assert store.exists(ticket["file"])


def test_history_comes_entry_by_entry_and_is_verified(house: House, returned: str) -> None:
    entries = house.pages("get_history", CITIZEN, limit=3, application=returned)
    assert [entry["seq"] for entry in entries] == list(range(1, house[returned]["version"] + 1))
    assert all(entry["prev"] == before["hash"] for before, entry in itertools.pairwise(entries))
    assert "command" not in entries[0]
    whole = {"intact": True, "entries": len(entries), "first_altered": None}
    assert house.ask("verify_history", CITIZEN, application=returned) == whole
    assert house.database is not None
    house.database["applications"].update_one({"_id": returned}, {"$set": {"history.2.reason": "khác"}})
    assert house.ask("verify_history", HEAD, application=returned) == whole | {"intact": False, "first_altered": 3}


def test_colleagues_read_who_did_what_and_applicants_do_not(house: House, returned: str) -> None:
    told = {one["officer"] for one in house.pages("get_history", HEAD, limit=50, application=returned)}
    assert {"Trần Thị Bình", "Lê Văn Cường", "Phạm Thị Dung"} < told
    assert None in told, "the applicant, who is no officer"
    assert {one["officer"] for one in house.pages("get_history", CITIZEN, limit=50, application=returned)} == {None}


def test_what_is_altered_beside_the_history_shows_then_and_after_the_next_change(house: House, returned: str) -> None:
    assert house.database is not None
    last = house[returned]["version"]
    name = house[returned]["owner"]["name"]
    house.database["applications"].update_one({"_id": returned}, {"$set": {"owner.name": "Người khác"}})
    verdict = house.ask("verify_history", HEAD, application=returned)
    assert (verdict["intact"], verdict["first_altered"]) == (False, last)
    journeys.act(house, "rate", returned, CITIZEN)
    verdict = house.ask("verify_history", HEAD, application=returned)
    assert (verdict["intact"], verdict["first_altered"]) == (False, last + 1), "who wrote next found it altered"
    house.database["applications"].update_one({"_id": returned}, {"$set": {"owner.name": name}})
    assert not house.ask("verify_history", HEAD, application=returned)["intact"], "it cannot be undone unseen either"


def test_notices_come_newest_first_page_by_page(house: House, returned: str) -> None:
    for number in range(7):
        house.context.notices.add(
            {
                "_id": f"{returned}:{number}",
                "application": returned,
                "code": "c",
                "type": "t",
                "title": str(number),
                "text": "x",
                "at": MONDAY + timedelta(minutes=number // 2),
                "parties": house[returned]["parties"],
            }
        )
    titles = [notice["title"] for notice in house.pages("list_notices", CITIZEN, limit=2)]
    assert titles == ["6", "5", "4", "3", "2", "1", "0"]
    assert set(house.ask("list_notices", CITIZEN)["items"][0]) == set(VIEWS["list_notices"]().fields)  # type: ignore[misc]


def test_a_version_is_fetched_until_the_portal_has_confirmed_it(house: House, returned: str) -> None:
    (item,) = [item for item in house.pages("list_changes", SYSTEM, limit=2) if item["application"] == returned]
    assert item["version"] == house[returned]["version"]
    assert not item["updating"]
    dossier = item["dossier"]
    assert (dossier["MaHoSo"], dossier["TrangThaiHoSo"]) == (house[returned]["code"], "10")
    assert dossier["NgayNopHoSo"] == "20261005080000"
    assert [row["TrangThai"] for row in item["progress"] if not row["NgayKetThucTheoQuyDinh"]][:2] == ["1", "2"]
    journeys.act(house, "record_synchronisation", returned, SYSTEM, version=item["version"])
    assert returned not in {item["application"] for item in house.pages("list_changes", SYSTEM)}
    journeys.act(house, "rate", returned, CITIZEN)
    (again,) = [item for item in house.pages("list_changes", SYSTEM) if item["application"] == returned]
    assert again["updating"]
