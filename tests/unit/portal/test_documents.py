"""Pages of documents: filters reach the service, only what is allowed is offered, commands are for what was seen."""

from typing import Any

import pytest

from shared.errors import Conflict, Invalid, Stale, field_error
from tests.support.gateway import GatewayInHand
from tests.support.reader import Reader
from tests.unit.portal.document_answers import (
    ARRIVAL,
    BOOK,
    COUNTS,
    DELIVERY,
    DOCUMENT,
    FILE,
    ID,
    RECEIPT,
    REFUSED,
    asked,
)


def connection(code: str, name: str, level: str | None, kind: str | None = "people_committee") -> dict[str, Any]:
    return {"agency": code, "mode": "desk", "symbol": None, "name": name, "level": level, "kind": kind}


@pytest.fixture
def papers(gateway: GatewayInHand) -> GatewayInHand:
    gateway.bus.answers |= {
        "count_arrivals": COUNTS,
        "count_documents": COUNTS,
        "list_arrivals": {"items": [ARRIVAL], "next": None},
        "list_documents": {"items": [DOCUMENT], "next": None},
        "get_arrival": ARRIVAL,
        "get_document": DOCUMENT,
        "list_handlers": {
            "officers": [{"account": "specialist-xay-dung", "name": "Trương Văn Nam", "roles": ["specialist"]}]
        },
        "list_connections": lambda request: (
            {"items": [connection("H13.17", "Sở Xây dựng", "province", "department")], "next": None}
            if request["cursor"]
            else {"items": [connection("H13.30.02", "UBND phường Cái Khế", "commune")], "next": "H13.17"}
        ),
        "list_document_types": {"items": [{"kind": "cong_van", "name": "Công văn", "name_en": "Letter"}], "next": None},
        "assign_arrival": RECEIPT,
        "create_document": {"id": "1" * 32, "version": 1},
        "recall_document": RECEIPT,
    }
    return gateway


def test_filters_stand_in_the_address_and_reach_the_service(papers: GatewayInHand, reader: Reader) -> None:
    reader.sign_in("clerk-xay-dung").open("/van-ban/den?status=03&due=overdue&q=lay+y+kien&x=1")
    sent = asked(papers, "list_arrivals")
    assert {name: sent[name] for name in ("status", "due", "q")} == {
        "status": "03",
        "due": "overdue",
        "q": "lay y kien",
    }
    assert "số đến 128" in reader.words
    assert "Quá hạn" in reader.words
    assert reader.page.xpath("//a[@href='/van-ban/den?status=01']//span[@class='tc-queue__count']/text()") == ["3"]


def test_a_filter_that_there_is_not_is_refused_without_words_of_programs(papers: GatewayInHand, reader: Reader) -> None:
    reader.sign_in("clerk-xay-dung").open("/van-ban/den?due=zzz")
    assert reader.answer.status_code == 422
    assert "Hãy chọn một trong các giá trị cho sẵn." in reader.words
    assert "near" not in reader.words


def test_where_a_document_stands_is_seen_receiver_by_receiver(papers: GatewayInHand, reader: Reader) -> None:
    rows = reader.sign_in("clerk-ninh-kieu").open(f"/van-ban/di/{ID}").page.xpath("//tbody/tr")
    texts = [" ".join(row.text_content().split()) for row in rows]
    assert "Đã tiếp nhận 10:30 ngày 20/11/2026" in texts[0]
    assert "Sở Xây dựng thành phố Cần Thơ" in texts[0]
    assert "Đang gửi" in texts[1]
    assert "15/UBND-VP" in reader.words


def test_the_list_says_where_each_letter_stands_and_warns_of_a_refused_one(
    papers: GatewayInHand, reader: Reader
) -> None:
    refused = {"state": "02", "state_name": "Từ chối tiếp nhận", "state_name_en": "Refused", "count": 1}
    troubled = {**DOCUMENT, "troubled": True, "states": [DOCUMENT["states"][0], refused]}
    draft = {**DOCUMENT, "status": "draft", "states": []}
    papers.bus.answers["list_documents"] = {"items": [DOCUMENT, troubled, draft], "next": None}
    page = reader.sign_in("clerk-ninh-kieu").open("/van-ban/di?status=troubled").page
    assert asked(papers, "list_documents")["status"] == "troubled"
    cells = page.xpath("//tbody/tr/td[2]")
    assert ["".join(cell.itertext()) for cell in cells] == [
        "2 nơi nhận: 1 đã tiếp nhận, 1 đang gửi",
        "2 nơi nhận: 1 đã tiếp nhận, 1 từ chối tiếp nhận",
        "2 nơi nhận",
    ]
    assert [len(cell.xpath("strong[@class='tc-late']")) for cell in cells] == [0, 1, 0]
    states = page.xpath("//tbody/tr/td[3]/strong/@class")
    assert ["tc-state--done" in one for one in states] == [True, False, False]
    tile = page.xpath("//a[@href='/van-ban/di?status=troubled'][@aria-current='page']")
    assert [one.xpath("string(span[@class='tc-queue__count'])") for one in tile] == ["1"]


def test_the_sender_reads_who_refused_a_letter_when_and_why(papers: GatewayInHand, reader: Reader) -> None:
    papers.bus.answers["get_document"] = {**DOCUMENT, "troubled": True, "deliveries": [DELIVERY, REFUSED]}
    rows = reader.sign_in("clerk-ninh-kieu").open(f"/van-ban/di/{ID}").page.xpath("//tbody/tr")
    texts = [" ".join(row.text_content().split()) for row in rows]
    assert "Từ chối tiếp nhận: Gửi nhầm nơi (Trần Văn Thư, 11:00 ngày 20/11/2026)" in texts[1]
    assert ":" not in texts[0].partition("10:30")[0]


def test_a_service_of_the_version_before_tells_its_documents_too(papers: GatewayInHand, reader: Reader) -> None:
    def old(view: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in view.items() if not name.startswith(("state_", "states", "troubled"))}

    papers.bus.answers |= {
        "count_documents": old(COUNTS),
        "list_documents": {"items": [old(DOCUMENT)], "next": None},
        "get_document": {**old(DOCUMENT), "deliveries": [old(DELIVERY)]},
    }
    assert "2 nơi nhận" in reader.sign_in("clerk-ninh-kieu").open("/van-ban/di").words
    assert "Đã tiếp nhận" in reader.open(f"/van-ban/di/{ID}").words


def test_from_a_document_one_goes_back_to_the_list_as_it_was(papers: GatewayInHand, reader: Reader) -> None:
    reader.sign_in("clerk-ninh-kieu").open("/van-ban/di?status=draft")
    back = "//a[@class='govuk-back-link']/@href"
    assert reader.open(f"/van-ban/di/{ID}").page.xpath(back) == ["/van-ban/di?status=draft"]


def test_a_draft_names_its_receivers(papers: GatewayInHand, reader: Reader) -> None:
    papers.bus.answers["get_document"] = {**DOCUMENT, "receivers": ["H13.17", "H13.99"], "deliveries": []}
    reader.sign_in("clerk-ninh-kieu").open(f"/van-ban/di/{ID}")
    assert "Chưa gửi đi. Nơi nhận: Sở Xây dựng, H13.99." in reader.words, "who left the exchange has a code still"


def test_only_what_is_allowed_is_offered(papers: GatewayInHand, reader: Reader) -> None:
    reader.sign_in("head-xay-dung").open(f"/van-ban/den/{ID}")
    offered = {
        str(link).rpartition("/")[2] for link in reader.page.xpath("//div[contains(@class,'tc-actions')]//a/@href")
    }
    assert offered == {"assign_arrival", "reply"}
    assert "Nơi gửi xin lấy lại văn bản này." in reader.words
    assert reader.client.get(f"/van-ban/den/{ID}/register_arrival").status_code == 404
    assert reader.client.get(f"/van-ban/tu/{ID}").status_code == 404


def test_a_leader_assigns_somebody_from_the_directory(papers: GatewayInHand, reader: Reader) -> None:
    reader.sign_in("head-xay-dung").open(f"/van-ban/den/{ID}/assign_arrival")
    reader.send(
        unit="Phòng Quy hoạch",
        officer="specialist-xay-dung",
        co_operating="Thanh tra Sở\n\nVăn phòng",
        opinion="Tham mưu",
    )
    sent = asked(papers, "assign_arrival")
    assert sent["lead"]["unit"] == "Phòng Quy hoạch"
    assert sent["lead"]["officer"] == "specialist-xay-dung"
    assert [one["unit"] for one in sent["co_operating"]] == ["Thanh tra Sở", "Văn phòng"]
    assert sent["_version"] == 7
    assert sent["arrival"] == ID


def test_pressing_twice_is_one_command(papers: GatewayInHand, reader: Reader) -> None:
    reader.sign_in("head-xay-dung").open(f"/van-ban/den/{ID}/assign_arrival")
    form = dict(reader.forms[-1].form_values()) | {"unit": "Phòng Quy hoạch", "opinion": "Tham mưu"}
    for _time in range(2):
        assert reader.client.post(f"/van-ban/den/{ID}/assign_arrival", data=form).status_code == 303
    first, second = (one.request["_command"] for one in papers.bus.asked if one.method == "assign_arrival")
    assert first == second


def test_a_reply_is_a_draft_to_the_sender_with_its_file(papers: GatewayInHand, reader: Reader) -> None:
    reader.sign_in("specialist-xay-dung").open(f"/van-ban/den/{ID}/reply")
    assert "V/v trả lời Công văn số 15/UBND-VP" in reader.answer.text
    reader.send(follow=False, giu=FILE, **{"unit.name": "Phòng Quy hoạch", "unit.code": "QH"})
    assert reader.answer.location == f"/van-ban/di/{'1' * 32}"
    sent = asked(papers, "create_document")
    assert sent["responds_to"] == [ID]
    assert [one["agency"] for one in sent["receivers"]] == ["H13.30.01"]
    assert sent["main"] == FILE
    assert sent["unit"] == {"name": "Phòng Quy hoạch", "code": "QH"}


def test_a_reply_without_its_file_is_asked_for_it(papers: GatewayInHand, reader: Reader) -> None:
    reader.sign_in("specialist-xay-dung").open(f"/van-ban/den/{ID}/reply")
    reader.send(**{"unit.name": "Phòng Quy hoạch", "unit.code": "QH"})
    assert reader.answer.status_code == 422
    assert all(one.method != "create_document" for one in papers.bus.asked)


def test_a_document_is_recalled_from_one_or_from_all(papers: GatewayInHand, reader: Reader) -> None:
    reader.sign_in("clerk-ninh-kieu").open(f"/van-ban/di/{ID}/recall_document")
    reader.send(reason="Sai nội dung", receiver="H13.17")
    assert asked(papers, "recall_document")["receivers"] == ["H13.17"]
    reader.open(f"/van-ban/di/{ID}/recall_document").send(reason="Sai nội dung")
    assert asked(papers, "recall_document")["receivers"] == []


def test_what_the_service_refuses_stands_at_the_form(papers: GatewayInHand, reader: Reader) -> None:
    papers.bus.answers["assign_arrival"] = Invalid("request_invalid", fields=[field_error("due_on", "in_past")])
    reader.sign_in("head-xay-dung").open(f"/van-ban/den/{ID}/assign_arrival")
    reader.send(unit="Phòng Quy hoạch", opinion="Tham mưu")
    assert reader.answer.status_code == 422
    assert reader.page.xpath("//div[@class='govuk-error-summary']")


def test_the_register_of_a_period_is_shown_and_taken_along(papers: GatewayInHand, reader: Reader) -> None:
    row = {"id": ID, "arrived_on": "2026-11-20", "arrival_number": 128, "author": "Phường", "code": "15/UBND-VP",
           "kind_and_subject": "Công văn V/v lấy ý kiến", "handler": ""}  # fmt: skip
    papers.bus.answers["list_incoming_register"] = {"items": [row], "next": None}
    papers.bus.answers["verify_register"] = BOOK
    reader.sign_in("clerk-xay-dung").open("/van-ban/den/so?tu=2026-11-01&den=2026-11-30")
    sent = asked(papers, "list_incoming_register")
    assert (sent["first_day"], sent["last_day"]) == ("2026-11-01", "2026-11-30")
    assert "128" in reader.words
    assert reader.page.xpath("//a[@href='/van-ban/den/so/xlsx?tu=2026-11-01&den=2026-11-30']")


@pytest.mark.parametrize(
    ("first", "last", "said", "box"),
    [
        ("2026-11-30", "2026-11-01", "Ngày cuối không được trước ngày đầu", "#den"),
        ("2024-01-01", "2026-01-01", "cách không quá một năm", "#den"),
        ("hom-nay", "2026-01-01", "Từ ngày", "#tu"),
        ("1999-01-01", "1999-02-01", "Đến ngày", "#den"),
    ],
)
def test_a_period_that_no_register_has_is_told_beside_the_form(
    papers: GatewayInHand, reader: Reader, first: str, last: str, said: str, box: str
) -> None:
    papers.bus.answers["list_outgoing_register"] = {"items": [], "next": None}
    reader.sign_in("clerk-ninh-kieu").open(f"/van-ban/di/so?tu={first}&den={last}")
    assert reader.answer.status_code == 422
    assert said in reader.page.xpath("string(//div[contains(@class,'govuk-error-summary')])")
    assert reader.page.xpath("//div[contains(@class,'govuk-error-summary')]//a/@href") == [box]
    assert reader.page.xpath("//input[@name='tu' or @name='den']/@value") == [first, last]
    assert "Không có văn bản nào" not in reader.words


def test_numbers_that_were_left_out_are_told_to_whoever_looks_into_the_register(
    papers: GatewayInHand, reader: Reader
) -> None:
    gap = {"first": 16, "last": 215, "by": "Nguyễn Văn An", "reason": "Mất ổ đĩa", "at": "2026-11-21T02:00:00Z"}
    papers.bus.answers |= {
        "list_outgoing_register": {"items": [], "next": None},
        "verify_register": {**BOOK, "skipped": [gap]},
    }
    reader.sign_in("clerk-ninh-kieu").open("/van-ban/di/so?tu=2025-12-01&den=2026-01-31")
    sent = asked(papers, "verify_register")
    assert (sent["register"], sent["year"]) == ("outgoing", 2026)
    assert "Số 16 đến 215 được bỏ qua có chủ ý lúc 09:00 ngày 21/11/2026" in reader.words
    assert "Mất ổ đĩa (Nguyễn Văn An)" in reader.words


def test_whoever_has_no_documents_sees_none(papers: GatewayInHand, reader: Reader) -> None:
    assert reader.sign_in("citizen-an").client.get("/van-ban/den").status_code == 403
    assert not reader.open("/").page.xpath("//a[starts-with(@href,'/van-ban')]")


def test_a_new_letter_is_drafted_for_agencies_that_are_chosen(papers: GatewayInHand, reader: Reader) -> None:
    reader.sign_in("specialist-ninh-kieu").open("/van-ban/di")
    assert reader.page.xpath("//a[@href='/van-ban/di/moi']")
    reader.open("/van-ban/di/moi").send(subject="V/v mời họp")
    assert reader.answer.status_code == 422
    assert [str(link) for link in reader.page.xpath("//*[@class='govuk-error-summary']//a/@href")] == [
        "#unit.name", "#unit.code", "#receivers", "#tep",
    ]  # fmt: skip
    assert dict(reader.forms[-1].form_values())["subject"] == "V/v mời họp"
    entered = {"subject": "V/v mời họp", "unit.name": "Văn phòng", "unit.code": "VP", "giu": "a" * 24}
    reader.send(**entered, receivers=["H13.17", "H00"], informed=["H13.17", "H13.30.02"])
    sent = asked(papers, "create_document")
    assert sent["receivers"] == [
        {"agency": "H13.17", "purpose": "action"},
        {"agency": "H13.30.02", "purpose": "information"},
    ]
    assert (sent["kind"], sent["subject"], sent["main"]) == ("cong_van", "V/v mời họp", "a" * 24)
    assert sent["unit"] == {"name": "Văn phòng", "code": "VP"}
    assert reader.path == f"/van-ban/di/{'1' * 32}"


def test_receivers_stand_in_groups_by_name_in_both_lists(papers: GatewayInHand, reader: Reader) -> None:
    rows = [
        connection("A00.01", "Cơ quan ngoài danh bạ", None, None),
        connection("A13", "Thành ủy Cần Thơ", "province", "party"),
        connection("G01", "Bộ Công an", "ministry", "ministry"),
        connection("G01.92.001", "Công an phường Ninh Kiều", "commune", "police"),
        connection("H13", "Ủy ban nhân dân thành phố Cần Thơ", "province"),
        connection("H13.17", "Sở Xây dựng", "province", "department"),
        connection("H13.30.01", "Ủy ban nhân dân phường Ninh Kiều", "commune"),
        connection("H13.31.02", "Ủy ban nhân dân phường Ô Môn", "commune"),
        connection("H13.50", "Ủy ban nhân dân phường An Bình", "commune"),
        connection("H13.60", "Đài Phát thanh và Truyền hình", "province", "public_service_unit"),
        {"agency": "H99", "name": "Cơ quan do phiên bản trước trả lời"},
    ]
    papers.bus.answers["list_connections"] = {"items": rows, "next": None}
    reader.sign_in("specialist-ninh-kieu").open("/van-ban/di/moi")
    for name in ("receivers", "informed"):
        groups = reader.page.xpath(f"//div[@role='group'][.//input[@name='{name}']]")
        found = [
            (one.xpath(f"string(//*[@id='{one.get('aria-labelledby')}'])"), one.xpath(".//input/@value"))
            for one in groups
        ]
        assert found == [
            ("Ủy ban nhân dân, Hội đồng nhân dân cấp tỉnh", ["H13"]),
            ("Sở, ban, ngành", ["H13.60", "H13.17"]),
            ("Ủy ban nhân dân, Hội đồng nhân dân cấp xã", ["H13.50", "H13.30.01", "H13.31.02"]),
            ("Cơ quan khác ở cấp xã", ["G01.92.001"]),
            ("Cơ quan Đảng", ["A13"]),
            ("Cơ quan trung ương", ["G01"]),
            ("Khác", ["H99", "A00.01"]),
        ]
    assert len(set(reader.page.xpath("//@id"))) == len(reader.page.xpath("//@id"))


def test_the_box_that_narrows_the_receivers_waits_for_scripts_and_is_not_sent(
    papers: GatewayInHand, reader: Reader
) -> None:
    reader.sign_in("specialist-ninh-kieu").open("/van-ban/di/moi").send(receivers=[])
    boxes = reader.page.xpath("//fieldset//div[@hidden]/input[@type='search'][not(@name)]/@id")
    assert boxes == ["receivers-narrow", "informed-narrow"]
    (fieldset,) = reader.page.xpath("//fieldset[.//input[@id='receivers']]")
    assert "Chưa hợp lệ" in reader.page.get_element_by_id(fieldset.get("aria-describedby")).text_content()


def test_who_drafts_no_documents_writes_no_letter(papers: GatewayInHand, reader: Reader) -> None:
    assert reader.sign_in("reception-ninh-kieu").open("/van-ban/di/moi").answer.status_code == 403


def test_receivers_are_counted_by_where_the_document_stands(papers: GatewayInHand, reader: Reader) -> None:
    reader.sign_in("clerk-ninh-kieu").open(f"/van-ban/di/{ID}")
    assert "2 nơi nhận: 1 đã tiếp nhận, 1 đang gửi." in reader.words


ASSIGNED = {"unit": "Phòng Quản lý đô thị", "opinion": "Góp ý trước thứ sáu"}


def test_who_was_overtaken_keeps_what_was_typed_and_goes_over_what_is_there_now(
    papers: GatewayInHand, reader: Reader
) -> None:
    def judge(request: dict[str, Any]) -> Any:
        if request["_version"] != 8:
            raise Stale("version_stale", version=8)
        return {"id": ID, "version": 9}

    papers.bus.answers["assign_arrival"] = judge
    reader.sign_in("head-xay-dung").open(f"/van-ban/den/{ID}/assign_arrival")
    papers.bus.answers["get_arrival"] = ARRIVAL | {"version": 8, "status_name": "Đã phân công"}
    reader.send(**ASSIGNED)
    assert reader.answer.status_code == 412
    assert "Văn bản đã thay đổi sau khi bạn mở trang này. Nay là: Đã phân công." in reader.words
    assert "Góp ý trước thứ sáu" in reader.answer.text
    reader.send(follow=False)
    sent = next(one.request for one in reversed(papers.bus.asked) if one.method == "assign_arrival")
    assert (sent["opinion"], sent["_version"]) == ("Góp ý trước thứ sáu", 8)
    assert reader.answer.location == f"/van-ban/den/{ID}"


def test_what_may_not_be_done_any_more_keeps_what_was_typed(papers: GatewayInHand, reader: Reader) -> None:
    reader.sign_in("head-xay-dung").open(f"/van-ban/den/{ID}/assign_arrival")
    papers.bus.answers["get_arrival"] = ARRIVAL | {"version": 8, "allowed_actions": []}
    papers.bus.answers["assign_arrival"] = Conflict("action_not_allowed", action="assign_arrival", status="06")
    reader.send(**ASSIGNED)
    assert reader.answer.status_code == 409
    assert "không còn làm được lúc này" in reader.words
    assert "Góp ý trước thứ sáu" in reader.answer.text
    assert not reader.page.xpath("//main//button[@type='submit']")
    assert reader.open(f"/van-ban/den/{ID}/assign_arrival").answer.status_code == 404
    assert "Xem lại văn bản" in reader.words
    assert reader.page.xpath(f"//main//a[@href='/van-ban/den/{ID}']")
