"""The slips of an application: the hands it passed through (form 06), the numbers of forms 02 and 04."""

from datetime import timedelta

import pytest

from services.one_stop_shop.domain.form_sets import FormKind
from services.one_stop_shop.domain.form_snapshot import restore
from services.one_stop_shop.domain.form_words import Outcome
from services.one_stop_shop.domain.forms import ControlSheet, HandOver
from services.one_stop_shop.usecases.application_views import forms_for
from services.one_stop_shop.usecases.queries_files import print_form
from shared.errors import NotFound
from tests.support.world import CITIZEN, HEAD, MONDAY, RECEPTION, SPECIALIST, World
from tests.unit.one_stop_shop.application.journeys import act, finished, in_process, received

DAY = timedelta(days=1)
POINT = "Trung tâm Phục vụ hành chính công phường Ninh Kiều"
WARD = "Ủy ban nhân dân phường Ninh Kiều"


def hands_of(world: World, application: str) -> tuple[HandOver, ...]:
    """The rows of the one control slip."""
    (slip,) = [form for form in world[application]["forms"] if form["form"] == 6]
    sheet = restore(FormKind(slip["kind"]), slip["data"])
    assert isinstance(sheet, ControlSheet)
    return sheet.hand_overs


def slip_numbers(world: World, application: str, form: int) -> list[str]:
    """The numbers that the forms of one kind carry."""
    forms = [known for known in world[application]["forms"] if known["form"] == form]
    return [known["data"]["letterhead"]["number"] for known in forms]


def test_a_receiver_is_a_person_or_a_role_that_has_yet_to_sign() -> None:
    world = World()
    application = received(world)
    act(world, "hand_over", application, RECEPTION, assignee="chuyen-vien", assignee_name="Lê Văn Cường")
    act(world, "complete_step", application, SPECIALIST, outcome="Đủ điều kiện")
    first, second = hands_of(world, application)
    assert (first.from_agency, first.to_agency) == (POINT, WARD)
    assert (second.from_agency, second.to_agency) == (WARD, WARD)
    assert (first.deliverer, first.receiver, first.receiver_role) == (
        "Trần Thị Bình",
        "Lê Văn Cường",
        "chuyên viên thụ lý",
    )
    assert (second.deliverer, second.receiver, second.receiver_role) == ("Lê Văn Cường", "", "lãnh đạo đơn vị")
    assert [row.step for row in (first, second)] == ["Tiếp nhận hồ sơ", "Thẩm định hồ sơ"]
    assert second.note == "Đủ điều kiện"


@pytest.mark.parametrize(
    ("days", "outcome", "compared"), [(0, Outcome.ON_TIME, "trước hạn"), (3, Outcome.LATE, "quá hạn")]
)
def test_the_last_row_is_the_way_back_to_reception(days: int, outcome: Outcome, compared: str) -> None:
    world = World()
    application = in_process(world)
    for document in (world[application], world[application]["clock"]):
        document["due_at"] += DAY
    act(world, "complete_step", application, SPECIALIST)
    act(world, "complete_step", application, HEAD)
    world.now += days * DAY
    act(world, "finish", application, SPECIALIST)
    *before, last = hands_of(world, application)
    assert len(before) == 3
    assert (last.from_agency, last.to_agency) == (WARD, POINT)
    assert (last.deliverer, last.receiver, last.receiver_role) == ("Lê Văn Cường", "", "cán bộ tiếp nhận")
    assert (last.at, last.step, last.outcome) == (world.now, "Vào sổ, đóng dấu, chuyển kết quả", outcome)
    assert last.note == f"Chuyển kết quả về Bộ phận Một cửa; so với hẹn trả: {compared}"


def test_a_recalled_result_is_given_back() -> None:
    world = World()
    application = finished(world)
    act(world, "recall_result", application, HEAD, reason="Sai số giấy tờ")
    last = hands_of(world, application)[-1]
    assert (last.from_agency, last.to_agency) == (POINT, WARD)
    assert (last.deliverer, last.outcome, last.note) == ("", None, "Thu hồi kết quả: Sai số giấy tờ")


def test_no_two_slips_of_an_office_have_the_same_number() -> None:
    numbers = []
    for day in (MONDAY, MONDAY + DAY):
        world = World(day)
        application = in_process(world)
        act(world, "request_supplement", application, SPECIALIST)
        act(world, "supply_supplement", application, CITIZEN)
        act(world, "extend", application, HEAD)
        act(world, "request_supplement", application, SPECIALIST)
        numbers += slip_numbers(world, application, 2) + slip_numbers(world, application, 4)
    assert len(set(numbers)) == len(numbers) == 6
    assert numbers[:3] == [f"H13.30.01-261005-0001-{slip}" for slip in ("1/HDHS", "2/HDHS", "1/PXL")]


def test_the_control_slip_goes_from_desk_to_desk_and_not_to_the_applicant() -> None:
    """The notes on it are for whoever goes on with the application."""
    world = World()
    application = in_process(world)
    (slip,) = [form for form in world[application]["forms"] if form["form"] == 6]
    assert slip not in forms_for(world[application], officer=False)
    assert slip in forms_for(world[application], officer=True)
    with pytest.raises(NotFound, match="form_unknown"):
        print_form(world.context, {"application": application, "form": slip["id"]}, CITIZEN)
