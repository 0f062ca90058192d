"""Forms are looked at before they go out: as they would be, marked as drafts, and nothing is changed."""

import base64
from dataclasses import replace
from typing import Any

import pytest

from services.one_stop_shop.adapters.form_printer import FormPrinter
from services.one_stop_shop.usecases.preview import preview_form
from shared.contracts.one_stop_shop.requests import PREVIEWED
from shared.contracts.principal import Principal
from shared.errors import Conflict, Forbidden, Invalid, NotFound
from tests.support.shop_in_memory import stored
from tests.support.world import CITIZEN, COMMUNE, ELSEWHERE, HEAD, RECEPTION, World
from tests.unit.one_stop_shop.application.journeys import act, in_process, submitted
from tests.unit.one_stop_shop.forms.reading import pages_of

SUPPLEMENT = {"reason": "Thiếu chữ ký", "items": [{"component": "to_khai", "requirement": "Ký vào tờ khai"}]}


@pytest.fixture(scope="module")
def printer() -> FormPrinter:
    return FormPrinter()


def seen(world: World, printer: Any, application: str, who: Principal, action: str, **command: Any) -> dict[str, Any]:
    context = replace(world.context, printer=printer)
    return preview_form(context, {"application": application, "action": action, "command": command}, who)


@pytest.mark.parametrize(
    ("action", "who", "command", "said"),
    [
        ("receive", RECEPTION, {}, "GIẤY TIẾP NHẬN HỒ SƠ"),
        ("refuse", RECEPTION, {"reason": "Không thuộc thẩm quyền của phường"}, "Không thuộc thẩm quyền của phường"),
        ("request_supplement", RECEPTION, SUPPLEMENT, "Ký vào tờ khai"),
    ],
)
def test_a_form_is_shown_as_a_draft_and_nothing_changes(
    printer: FormPrinter, action: str, who: Principal, command: dict[str, Any], said: str
) -> None:
    world = World()
    application = submitted(world)
    before = stored(world.applications.documents)
    shown = seen(world, printer, application, who, action, **command)
    pages = pages_of(base64.b64decode(shown["content"]))
    assert all("BẢN NHÁP" in page for page in pages)
    assert said in " ".join(" ".join(pages).split())
    assert shown["name"].startswith("ban-nhap-mau-0")
    assert world.applications.documents == before


def test_an_apology_is_shown_before_it_is_sent(printer: FormPrinter) -> None:
    world = World()
    application = in_process(world)
    command = {"reason": "Chờ xác minh", "agency_at_fault": COMMUNE, "working_days": 2}
    shown = seen(world, printer, application, HEAD, "extend", **command)
    assert "XIN LỖI" in " ".join(pages_of(base64.b64decode(shown["content"])))
    assert not world[application]["clock"]["extensions"]


def test_what_sends_no_form_shows_none(printer: FormPrinter) -> None:
    world = World()
    application = in_process(world)
    act(world, "request_withdrawal", application, CITIZEN, reason="Không còn nhu cầu")
    decision = {"reason": "Chưa có kết quả"}
    assert seen(world, printer, application, HEAD, "decide_withdrawal", accept=True, **decision)["title"]
    with pytest.raises(NotFound, match="form_unknown"):
        seen(world, printer, application, HEAD, "decide_withdrawal", accept=False, **decision)


def test_the_same_is_refused_as_when_it_is_meant() -> None:
    world = World()
    application = submitted(world)
    with pytest.raises(Invalid) as refusal:
        seen(world, None, application, RECEPTION, "refuse")
    assert [field["path"] for field in refusal.value.fields] == ["command.reason"]
    with pytest.raises(Invalid) as refusal:
        seen(world, None, application, RECEPTION, "finish")
    assert [field["path"] for field in refusal.value.fields] == ["action"]
    with pytest.raises(Conflict):
        seen(world, None, application, HEAD, "extend", reason="x y", agency_at_fault=COMMUNE, working_days=2)
    with pytest.raises(Forbidden):
        seen(world, None, application, CITIZEN, "receive")
    with pytest.raises(NotFound, match="application_unknown"):
        seen(world, None, application, ELSEWHERE, "receive")


def test_what_is_previewed_names_no_files() -> None:
    assert not {"finish", "supply_supplement", "return_result"} & set(PREVIEWED)
