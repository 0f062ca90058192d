"""The run-of-show is written on a page: rows move without scripts, nothing typed is lost or overwritten unseen."""

from typing import Any

import pytest

from shared.errors import Conflict, Invalid, Stale, field_error
from tests.support.gateway import GatewayInHand
from tests.support.reader import Reader
from tests.unit.portal.conference_answers import ENDPOINTS, ID, ITEM, MEETING, NETWORK, asked

PLACE = f"/hop/cuoc/{ID}/kich-ban"
WRITER = "clerk-hac-thanh"
SHEET = 1
"""The form with the rows; the one before it signs out."""

MAY = MEETING | {"actions": ["write_script", "release_script", "copy_script"]}
SAVED = {"at": "2026-12-01T01:00:00Z", "by": "van-thu", "name": "Trần Minh Linh"}
SCRIPT = {
    "items": [ITEM, ITEM | {"number": 2, "what": "Thảo luận", "minutes": 30, "audio": "listed", "open": ["th-06"]}],
    "state": "draft", "minutes": 50, "minutes_over": -70, "saved": SAVED, "version": 7,
    "releases": [{"number": 1, "at": SAVED["at"], "by": "van-thu", "name": "Lê Thị Nga"}],
}  # fmt: skip
MOMENT = {"start": "2026-11-07T01:00:00Z"}
EMPTY = SCRIPT | {"items": [], "minutes": 0, "releases": [], "saved": None, "version": 0}


@pytest.fixture
def stage(gateway: GatewayInHand) -> GatewayInHand:
    gateway.bus.answers |= {
        "list_networks": {"items": [NETWORK], "next": None},
        "list_endpoints": {"items": ENDPOINTS, "next": None},
        "list_meetings": {
            "items": [{"id": "a" * 32, "title": "Giao ban tháng 11", "next_session": MOMENT}, {"id": ID}],
            "next": None,
        },
        "read_meeting": MAY,
        "read_script": SCRIPT,
        "read_script_release": {**SCRIPT["releases"][0], "items": SCRIPT["items"]},  # type: ignore[index]
        "write_script": {"version": 8},
        "release_script": {"version": 8},
        "copy_script": {"version": 1},
    }
    return gateway


def boxes(reader: Reader, name: str) -> list[str]:
    """What stands in one column, row by row."""
    return [
        str(value)
        for value in reader.page.xpath(f"//input[starts-with(@name,'muc-')][contains(@name,'-{name}')]/@value")
    ]


def test_what_is_saved_is_what_the_rows_say(stage: GatewayInHand, reader: Reader) -> None:
    reader.sign_in(WRITER).open(PLACE)
    assert boxes(reader, "what") == ["Báo cáo", "Thảo luận"]
    assert "Mục 2 · 08:20 – 08:50" in reader.words
    assert "Trần Minh Linh" in reader.words
    reader.send(SHEET, follow=False, lam="ghi", **{"muc-1-minutes": "25", "muc-1-speaker": "Ông An"})
    sent = asked(stage, "write_script")
    assert (sent["_version"], sent["meeting"]) == (7, ID)
    blank = {"speaker": "", "content": "", "note": "", "open": []}
    first = blank | {"what": "Báo cáo", "minutes": 25, "speaker": "Ông An", "on_screen": "th-05"}
    assert sent["items"][0] == first | {"layout": "lecture", "audio": "all"}
    assert (sent["items"][1]["audio"], sent["items"][1]["open"]) == ("listed", ["th-06"])
    assert reader.answer.location == PLACE


@pytest.mark.parametrize(
    ("pressed", "expected"),
    [
        ("them", ["Báo cáo", "Hỏi đáp", ""]),
        ("len-2", ["Hỏi đáp", "Báo cáo"]),
        ("xuong-1", ["Hỏi đáp", "Báo cáo"]),
        ("len-1", ["Báo cáo", "Hỏi đáp"]),
        ("xuong-2", ["Báo cáo", "Hỏi đáp"]),
        ("bo-1", ["Hỏi đáp"]),
        ("bo-9", ["Báo cáo", "Hỏi đáp"]),
        ("bo-x", ["Báo cáo", "Hỏi đáp"]),
    ],
)
def test_rows_are_rearranged_and_nothing_is_kept_yet(
    stage: GatewayInHand, reader: Reader, pressed: str, expected: list[str]
) -> None:
    stage.bus.answers["read_script"] = SCRIPT | {"version": 9}
    reader.sign_in(WRITER).open(PLACE)
    reader.send(SHEET, lam=pressed, version="7", **{"muc-2-what": "Hỏi đáp", "muc-2-minutes": "lâu"})
    assert reader.answer.status_code == 200
    assert boxes(reader, "what")[: len(expected)] == expected
    assert dict(reader.forms[SHEET].form_values())["version"] == "7", "it goes over the version that it began from"
    assert "write_script" not in {one.method for one in stage.bus.asked}
    ticked = reader.page.xpath("//input[contains(@name,'-open')][@checked]/@name")
    assert [str(name) for name in ticked] == [f"muc-{expected.index('Hỏi đáp') + 1}-open"]


def test_what_is_wrong_is_told_at_its_box(stage: GatewayInHand, reader: Reader) -> None:
    reader.sign_in(WRITER).open(PLACE)
    reader.send(SHEET, lam="ghi", **{"muc-1-minutes": "lâu", "muc-2-open": []})
    assert reader.answer.status_code == 422
    assert boxes(reader, "minutes") == ["lâu", "30"]
    assert reader.page.xpath("//p[@id='muc-1-minutes-error']")
    assert reader.page.xpath("//p[@id='muc-2-open-error']")
    stage.bus.answers["write_script"] = Invalid(
        "request_invalid", fields=[field_error("items.1.on_screen", "endpoint_not_in_meeting", endpoint="th-09")]
    )
    reader.open(PLACE).send(SHEET, lam="ghi")
    assert reader.page.xpath("//p[@id='muc-2-on_screen-error']")
    stage.bus.answers["write_script"] = Conflict("script_unchanged")
    reader.open(PLACE).send(SHEET, lam="ghi")
    assert "Kịch bản không có gì thay đổi" in reader.words


def test_an_overtaken_version_is_refused_and_what_was_typed_is_kept(stage: GatewayInHand, reader: Reader) -> None:
    def judge(request: dict[str, Any]) -> Any:
        if request["_version"] != 8:
            raise Stale("version_stale", version=8)
        return {"version": 9}

    reader.sign_in(WRITER).open(PLACE)
    theirs = [ITEM | {"what": "Khai mạc của người khác"}]
    stage.bus.answers |= {"read_script": SCRIPT | {"items": theirs, "version": 8}, "write_script": judge}
    reader.send(SHEET, lam="ghi", **{"muc-1-what": "Chào cờ"})
    assert reader.answer.status_code == 412
    assert boxes(reader, "what") == ["Chào cờ", "Thảo luận"]
    assert "Kịch bản đã được người khác ghi" in reader.words
    assert "Trần Minh Linh" in reader.words
    assert "Khai mạc của người khác" in reader.words
    reader.send(SHEET, follow=False, lam="ghi")
    assert asked(stage, "write_script")["_version"] == 8
    assert reader.answer.location == PLACE


def test_a_draft_is_released_and_releases_are_kept(stage: GatewayInHand, reader: Reader) -> None:
    reader.sign_in(WRITER).open(PLACE)
    assert str(reader.page.xpath("//a[contains(@href,'/ban/')]/@href")[0]) == f"{PLACE}/ban/1"
    reader.send(-1, follow=False)
    assert asked(stage, "release_script")["_version"] == 7
    assert "Thảo luận" in reader.open(f"{PLACE}/ban/1").words
    stage.bus.answers["read_script"] = SCRIPT | {"state": "released"}
    assert "/chot" not in reader.open(PLACE).answer.text


def test_an_empty_one_begins_with_another_meetings(stage: GatewayInHand, reader: Reader) -> None:
    stage.bus.answers["read_script"] = EMPTY
    reader.sign_in(WRITER).open(PLACE)
    assert len(boxes(reader, "minutes")) == 1
    reader.send(-1, follow=False)
    assert (asked(stage, "copy_script")["source"], asked(stage, "copy_script")["_version"]) == ("a" * 32, 0)


def test_who_may_not_write_reads(stage: GatewayInHand, reader: Reader) -> None:
    stage.bus.answers["read_meeting"] = MAY | {"actions": []}
    reader.sign_in(WRITER).open(PLACE)
    assert "Thảo luận" in reader.words
    assert not reader.page.xpath("//main//form")


def test_no_more_rows_than_a_run_of_show_holds(stage: GatewayInHand, reader: Reader) -> None:
    stage.bus.answers["read_script"] = SCRIPT | {"items": [ITEM] * 100}
    reader.sign_in(WRITER).open(PLACE)
    assert not reader.page.xpath("//button[@value='them']")
    reader.send(SHEET, lam="them")
    assert len(boxes(reader, "minutes")) == 100
