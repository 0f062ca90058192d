"""Applications in the National Portal's own field names and shapes (D 2.8)."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.one_stop_shop.domain.statuses import Status
from services.one_stop_shop.domain.synchronisation import dossier, portal_moment, progress
from shared.contracts.principal import Principal
from tests.support.shop_in_memory import FILE, catalogue
from tests.support.world import CITIZEN, HEAD, RECEPTION, SPECIALIST, SYSTEM, World
from tests.unit.one_stop_shop.application.journeys import act, received, world_in

SECTORS = {"ho_tich": "Hộ tịch"}
ORIGINAL = [{"component": "ban_chinh", "originals": 1}]


def sent(status: Status) -> tuple[dict[str, Any], dict[str, Any]]:
    world, application = world_in(status)
    return world[application], dossier(world[application], catalogue().directory, SECTORS)


def test_moments_are_strings_of_vietnam_s_time() -> None:
    assert portal_moment(datetime(2026, 10, 5, 18, 30, 5, tzinfo=UTC)) == "20261006013005"
    assert portal_moment(None) == ""


@pytest.mark.parametrize("status", list(Status))
def test_every_status_is_sent_with_its_moments(status: Status) -> None:
    application, message = sent(status)
    assert message["TrangThaiHoSo"] == str(int(status))
    moments = {"NgayTiepNhan": "received_at", "NgayKetThucXuLy": "finished_at", "NgayTra": "returned_at"}
    for name, field in moments.items():
        assert bool(message[name]) == (application[field] is not None)
        assert re.fullmatch(r"(\d{14})?", message[name])


def test_people_and_procedure_are_named_as_the_portal_names_them() -> None:
    application, message = sent(Status.RETURNED)
    assert message["MaTTHC"] == "2.000635"
    assert (message["MaLinhVuc"], message["TenLinhVuc"]) == ("ho_tich", "Hộ tịch")
    assert (message["KenhThucHien"], message["NoiNopHoSo"], message["LoaiDoiTuong"]) == ("2", "2", "1")
    assert message["DinhDanhCHS"] == [{"LoaiDinhDanh": "1", "SoDinhDanh": "092090000123"}]
    assert message["MaHoSo"] == application["code"]
    assert message["HinhThuc"] == "1"
    (paper,) = [paper for paper in message["TaiLieuNop"] if paper["MaThanhPhanHoSo"] == "to_khai"]
    assert (paper["LoaiBan"], paper["DuocSoHoa"], paper["DuocTaiSuDung"]) == ("2", "0", "0")
    (fee,) = message["DanhSachLePhi"]
    assert (fee["Gia"], fee["HinhThucThu"]) == ("16000", "1")
    assert len(message["DanhSachGiayToKetQua"]) == 1


def test_what_was_submitted_on_the_portal_keeps_the_portal_s_code() -> None:
    world = World()
    application = world.submit(SYSTEM, national_code="G09.20-20260609-0092637")
    message = dossier(world[application], catalogue().directory, SECTORS)
    assert message["MaHoSo"] == "G09.20-20260609-0092637"
    assert message["MaHoSoKhac"] == world[application]["code"]
    assert message["NoiNopHoSo"] == "1"


def test_a_supplement_tells_the_former_and_the_new_due_moment() -> None:
    world, application = world_in(Status.SUPPLEMENT)
    (asked,) = dossier(world[application], catalogue().directory, SECTORS)["DanhSachHoSoBoSung"]
    assert (asked["TrangThaiBoSung"], asked["NgayHenTraMoi"]) == ("0", "")
    world.now = datetime(2026, 10, 7, 2, 0, tzinfo=UTC)
    world.act("supply_supplement", application, CITIZEN, components=[{"component": "to_khai", "file": FILE}])
    (asked,) = dossier(world[application], catalogue().directory, SECTORS)["DanhSachHoSoBoSung"]
    assert asked["TrangThaiBoSung"] == "1"
    assert asked["NgayHenTraTruoc"] < asked["NgayHenTraMoi"] == portal_moment(world[application]["due_at"])


def test_an_earlier_supplement_keeps_the_due_moment_that_was_set_then() -> None:
    world, application = world_in(Status.SUPPLEMENT)
    due = []
    for day in (7, 9):
        world.now = datetime(2026, 10, day, 2, 0, tzinfo=UTC)
        world.act("supply_supplement", application, CITIZEN, components=[{"component": "to_khai", "file": FILE}])
        due.append(portal_moment(world[application]["due_at"]))
        act(world, "request_supplement", application, SPECIALIST)
    first, second, third = dossier(world[application], catalogue().directory, SECTORS)["DanhSachHoSoBoSung"]
    assert [first["NgayHenTraMoi"], second["NgayHenTraMoi"]] == due
    assert (second["NgayHenTraTruoc"], third["NgayHenTraMoi"]) == (due[0], "")
    assert due[0] < due[1]


@pytest.mark.parametrize(
    ("who", "channel", "said"),
    [(CITIZEN, 2, "1"), (replace(CITIZEN, verified=False), 2, "0"), (RECEPTION, 1, "0"), (SYSTEM, 2, "0")],
)
def test_an_account_counts_as_verified_only_when_it_was(who: Principal, channel: int, said: str) -> None:
    world = World()
    handed_in = [{**ORIGINAL[0], "file": FILE}] if channel == 2 else ORIGINAL
    application = world.submit(who, procedure="2.000815", channel=channel, components=handed_in)
    assert dossier(world[application], catalogue().directory, SECTORS)["TaiKhoanDuocXacThucVoiVNeID"] == said


def test_a_step_of_the_past_carries_the_status_of_its_time() -> None:
    world = World()
    application = received(world)
    for action, who in (("hand_over", RECEPTION), ("finish", HEAD), ("record_payment", RECEPTION)):
        world.now += timedelta(hours=1)
        act(world, action, application, who)
    rows = [(row["NoiDungXuLy"], row["TrangThai"]) for row in progress(world[application])]
    assert ("Tiếp nhận hồ sơ", "2") in rows
    assert ("Thẩm định hồ sơ", "4") in rows


def test_progress_names_every_change_of_status_and_every_step_in_order() -> None:
    world, application = world_in(Status.RETURNED)
    rows = progress(world[application])
    assert [row["ThoiDiemXuLy"] for row in rows] == sorted(row["ThoiDiemXuLy"] for row in rows)
    changes = [row["TrangThai"] for row in rows if row["NguoiXuLy"] == "" and not row["NgayKetThucTheoQuyDinh"]]
    assert changes == ["1", "2", "4", "9", "10"]
    assert {row["NoiDungXuLy"] for row in rows} >= {"Tiếp nhận hồ sơ", "Đã trả kết quả"}
    assert RECEPTION.name in {row["NguoiXuLy"] for row in rows}
