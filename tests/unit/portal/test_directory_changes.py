"""Changes in the directory: only what is allowed is offered, in the version that was seen; a link is shown once."""

import pytest

from shared.errors import Conflict, Invalid, NotFound, Stale, field_error
from tests.support.gateway import GatewayInHand
from tests.support.reader import Reader
from tests.unit.portal.sample_directory import BOX, DIRECTORY, ID, NAMES, OFFICER, POST, asked


@pytest.fixture
def managed(gateway: GatewayInHand) -> GatewayInHand:
    done = {"id": ID, "version": 5}
    names = ("suspend_mailbox", "restore_mailbox", "rename_mailbox", "change_quota", "hand_over_mailbox",
             "request_mailbox", "give_post", "move_officer", "end_post", "record_leaving", "change_group")  # fmt: skip
    gateway.bus.answers |= DIRECTORY | dict.fromkeys(names, done)
    return gateway


def offered(reader: Reader) -> set[str]:
    """The actions that a page leads to."""
    return {str(link).rpartition("/")[2] for link in reader.page.xpath("//div[contains(@class,'tc-actions')]//a/@href")}


def test_only_what_can_be_done_to_a_mailbox_is_offered(managed: GatewayInHand, reader: Reader) -> None:
    reader.sign_in("directory-can-tho").open(f"/danh-ba/hop-thu/{ID}")
    may = {"issue_password_link", "suspend", "rename", "change_quota"}
    assert offered(reader) == may, "no alias to remove, a person's is not handed over"
    assert "Người chịu trách nhiệm Nguyễn Thị Minh Khai" in reader.words
    for action in ("restore", "hand_over", "purge", "nothing"):
        assert reader.client.get(f"/danh-ba/hop-thu/{ID}/{action}").status_code == 404
    assert reader.sign_in("head-ninh-kieu").client.get(f"/danh-ba/hop-thu/{ID}/suspend").status_code == 403


def test_a_mailbox_is_suspended_on_a_ground_in_the_version_seen(managed: GatewayInHand, reader: Reader) -> None:
    reader.sign_in("directory-can-tho").open(f"/danh-ba/hop-thu/{ID}/suspend").send(suspension="bounce")
    assert reader.answer.status_code == 422
    assert "suspend_mailbox" not in {one.method for one in managed.bus.asked}
    reader.send(follow=False, reason="Công văn 45/VP")
    (sent,) = asked(managed, "suspend_mailbox")
    assert {name: sent[name] for name in ("suspension", "reason", "_version", "mailbox")} == {
        "suspension": "bounce", "reason": "Công văn 45/VP", "_version": 4, "mailbox": ID,
    }  # fmt: skip
    assert reader.answer.location == f"/danh-ba/hop-thu/{ID}"
    managed.bus.answers["read_mailbox"] = BOX | {"state": "suspended", "suspension": "bounce", "allowed": ["restore"]}
    assert "Trả thư lại người gửi" in reader.open(f"/danh-ba/hop-thu/{ID}").words
    reader.open(f"/danh-ba/hop-thu/{ID}/restore").send(follow=False)
    assert "reason" not in asked(managed, "restore_mailbox")[-1]


def test_an_address_and_a_size_are_changed_and_what_is_refused_stays_typed(
    managed: GatewayInHand, reader: Reader
) -> None:
    reader.sign_in("directory-can-tho").open(f"/danh-ba/hop-thu/{ID}/change_quota")
    assert dict(reader.forms[-1].form_values())["quota"] == "2048"
    managed.bus.answers["change_quota"] = Conflict("mail_pool_full", left=100)
    reader.send(quota="9000")
    assert reader.answer.status_code == 409
    assert dict(reader.forms[-1].form_values())["quota"] == "9000"
    managed.bus.answers["rename_mailbox"] = Stale("version_stale", version=5)
    reader.open(f"/danh-ba/hop-thu/{ID}/rename").send(address="khai@cantho.gov.vn")
    assert reader.answer.status_code == 412
    assert dict(reader.forms[-1].form_values())["address"] == "khai@cantho.gov.vn"
    assert "Hộp thư đã thay đổi sau khi bạn mở trang này" in reader.words


def test_a_unit_gets_a_mailbox_that_an_officer_answers_for_and_hands_over(
    managed: GatewayInHand, reader: Reader
) -> None:
    reader.sign_in("directory-can-tho").open(f"/danh-ba/can-bo/{ID}/hop-thu")
    assert NAMES["H13.30.01"] in reader.words
    unit = {"kind": "unit", "name": "Văn thư phường Ninh Kiều", "address": "vanthu.ninhkieu@cantho.gov.vn"}
    managed.bus.answers["request_mailbox"] = Conflict("mailbox_address_taken", address=unit["address"])
    reader.send(**unit)
    assert reader.answer.status_code == 422
    managed.bus.answers["request_mailbox"] = {"id": ID, "version": 1}
    reader.send(follow=False)
    sent = asked(managed, "request_mailbox")[-1]
    assert {name: sent[name] for name in unit} == unit
    assert sent["owner"] == ID
    assert reader.answer.location == f"/danh-ba/hop-thu/{ID}"
    managed.bus.answers["read_mailbox"] = BOX | {"kind": "unit"}
    managed.bus.answers["find_officers"] = {
        "items": [OFFICER, OFFICER | {"id": "f" * 32, "name": "Lê Lan"}],
        "next": None,
    }
    reader.open(f"/danh-ba/hop-thu/{ID}/hand_over").send(follow=False, owner="f" * 32)
    assert asked(managed, "hand_over_mailbox")[-1]["owner"] == "f" * 32
    assert asked(managed, "find_officers")[-1]["agency"] == "H13.30.01"


def test_posts_are_given_moved_and_ended(managed: GatewayInHand, reader: Reader) -> None:
    reader.sign_in("directory-can-tho").open(f"/danh-ba/can-bo/{ID}")
    assert offered(reader) == {"give_post", "move_officer", "record_leaving"}, "the last post ends by leaving"
    post = {"post.agency": "H13.30.01", "post.title": "Văn thư", "post.roles": ["clerk"], "reason": "Quyết định 12"}
    for action in ("give_post", "move_officer"):
        reader.open(f"/danh-ba/can-bo/{ID}/{action}").send(follow=False, **post)
        sent = asked(managed, action)[-1]
        assert (sent["_version"], sent["officer"], sent["reason"]) == (6, ID, "Quyết định 12")
        assert sent["post"] == {"agency": "H13.30.01", "title": "Văn thư", "roles": ["clerk"]}
    managed.bus.answers["read_officer"] = OFFICER | {"posts": [POST, POST | {"number": 1, "title": "Tổ trưởng"}]}
    day = {"last_day-day": "31", "last_day-month": "12", "last_day-year": "2026"}
    reader.open(f"/danh-ba/can-bo/{ID}/end_post").send(follow=False, post="1", reason="Thôi kiêm nhiệm", **day)
    sent = asked(managed, "end_post")[-1]
    assert (sent["post"], str(sent["last_day"])) == (1, "2026-12-31")
    assert reader.sign_in("head-ninh-kieu").client.get(f"/danh-ba/can-bo/{ID}/give_post").status_code == 403


def test_who_leaves_hands_the_open_work_on(managed: GatewayInHand, reader: Reader) -> None:
    other = OFFICER | {"id": "f" * 32, "name": "Lê Lan"}
    managed.bus.answers["find_officers"] = {"items": [OFFICER, other], "next": None}
    reader.sign_in("directory-can-tho").open(f"/danh-ba/can-bo/{ID}/record_leaving")
    assert reader.page.xpath("//select[@name='successor']/option/@value") == ["", "f" * 32], (
        "nobody succeeds themselves"
    )
    reader.send(reason="Quyết định 15")
    assert reader.answer.status_code == 422
    day = {"last_day-day": "31", "last_day-month": "12", "last_day-year": "2026"}
    reader.send(follow=False, cause="retired", successor="f" * 32, **day)
    (sent,) = asked(managed, "record_leaving")
    assert (sent["cause"], str(sent["last_day"]), sent["successor"]) == ("retired", "2026-12-31", "f" * 32)
    managed.bus.answers["read_officer"] = OFFICER | {"left": {"cause": "retired", "on": "2026-12-31"}}
    assert "Nghỉ sau ngày 31/12/2026: nghỉ hưu" in reader.open(f"/danh-ba/can-bo/{ID}").words
    assert "record_leaving" not in offered(reader)


GROUP = BOX | {
    "kind": "group", "allowed": ["change_group", "issue_password_link", "change_quota"], "targets": 3, "owner": None,
    "members": {"agency": "H13.30.01", "below": True, "unit": "van_phong", "role": None, "officers": [ID]},
    "posters": {"who": "listed", "addresses": ["vanthu@cantho.gov.vn"]},
}  # fmt: skip


def test_a_group_says_whom_it_holds_and_gets_other_members(managed: GatewayInHand, reader: Reader) -> None:
    managed.bus.answers["read_mailbox"] = GROUP
    reader.sign_in("directory-can-tho").open(f"/danh-ba/hop-thu/{ID}")
    assert offered(reader) == {"change_group"}
    for said in ("UBND phường Ninh Kiều và các cơ quan bên dưới", "đơn vị Văn phòng", "1 người được chọn",
                 "3 hộp thư", "vanthu@cantho.gov.vn"):  # fmt: skip
        assert said in reader.words
    reader.open(f"/danh-ba/hop-thu/{ID}/change_group")
    assert reader.page.xpath("//input[@name='members.officers'][@checked]/@value") == [ID]
    units = reader.page.xpath("//select[@name='members.unit']/option")
    assert [one.text_content().strip() for one in units] == ["Hãy chọn", "Văn phòng"]
    addresses = " vanthu@cantho.gov.vn \r\n\r\nsyt@cantho.gov.vn"
    reader.send(follow=False, **{"members.officers": [], "members.role": "clerk", "posters.addresses": addresses})
    (sent,) = asked(managed, "change_group")
    assert sent["members"] == {"agency": "H13.30.01", "below": True, "unit": "van_phong", "role": "clerk"}
    assert sent["posters"] == {"who": "listed", "addresses": ["vanthu@cantho.gov.vn", "syt@cantho.gov.vn"]}


@pytest.mark.parametrize("seen", [True, False])
def test_a_unit_that_was_closed_or_cannot_be_seen_stays_chosen(
    managed: GatewayInHand, reader: Reader, seen: bool
) -> None:
    managed.bus.answers["read_mailbox"] = GROUP | {"members": GROUP["members"] | {"unit": "phong_cu"}}
    if not seen:
        managed.bus.answers["read_agency"] = NotFound("agency_unknown")
    assert "đơn vị phong_cu" in reader.sign_in("directory-can-tho").open(f"/danh-ba/hop-thu/{ID}").words
    reader.open(f"/danh-ba/hop-thu/{ID}/change_group").send(follow=False)
    assert asked(managed, "change_group")[-1]["members"]["unit"] == "phong_cu"


def test_a_group_begins_with_everybody_at_its_agency(managed: GatewayInHand, reader: Reader) -> None:
    reader.sign_in("directory-can-tho").open(f"/danh-ba/can-bo/{ID}/hop-thu")
    reader.send(follow=False, kind="group", name="Cả phường", address="tatca.ninhkieu@cantho.gov.vn")
    assert asked(managed, "request_mailbox")[-1]["members"] == {"agency": "H13.30.01"}


LINK = {"id": ID, "address": BOX["address"], "state": "active", "version": 5, "expires_at": "2026-11-26T01:00:00Z"}


def test_a_password_link_is_shown_once(managed: GatewayInHand, reader: Reader) -> None:
    managed.bus.answers["issue_password_link"] = LINK | {"token": f"{ID}.5pZx0-_a"}
    reader.sign_in("directory-can-tho").open(f"/danh-ba/hop-thu/{ID}/issue_password_link").send()
    (link,) = reader.page.xpath("//dd[@class='tc-keep__link']/text()")
    assert str(link).endswith(f"/mat-khau/{ID}/5pZx0-_a")
    assert "08:00 ngày 26/11/2026" in reader.words
    assert reader.answer.headers["Cache-Control"] == "no-store"
    managed.bus.answers["issue_password_link"] = LINK | {"token": None}
    reader.open(f"/danh-ba/hop-thu/{ID}/issue_password_link").send()
    assert not reader.page.xpath("//dd[@class='tc-keep__link']")
    assert "không hiện lại" in reader.words


def test_a_password_is_chosen_by_whoever_has_the_link(managed: GatewayInHand, reader: Reader) -> None:
    managed.bus.answers["set_password"] = {"address": BOX["address"]}
    place = f"/mat-khau/{ID}/5pZx0-_a"
    reader.open(place).send(password=" bốn con trâu gặm cỏ", again="bốn con trâu gặm cỏ")
    assert reader.answer.status_code == 422
    assert "Hai lần nhập không giống nhau" in reader.words
    assert "bốn con trâu" not in reader.answer.text, "no password stands in a page"
    reader.send(password=" bốn con trâu gặm cỏ", again=" bốn con trâu gặm cỏ")
    assert BOX["address"] in reader.words
    (sent,) = asked(managed, "set_password")
    assert (sent["token"], sent["password"]) == (f"{ID}.5pZx0-_a", " bốn con trâu gặm cỏ")


def test_a_password_that_is_refused_says_why(managed: GatewayInHand, reader: Reader) -> None:
    both = {"password": "ngắn", "again": "ngắn"}
    wrong = field_error("password", "password_too_short", limit=12)
    managed.bus.answers["set_password"] = Invalid("request_invalid", fields=[wrong])
    reader.open(f"/mat-khau/{ID}/5pZx0-_a").send(**both)
    assert reader.answer.status_code == 422
    assert reader.page.xpath("//a[@href='#password']")
    managed.bus.answers["set_password"] = Conflict("password_link_useless")
    reader.open(f"/mat-khau/{ID}/5pZx0-_a").send(**both)
    assert reader.answer.status_code == 409
