"""Applications in the field names of the National Portal: DongBoHoSoMC and CapNhatTienDoHoSoMC (D 2.8).

Moments are strings yyyyMMddHHmmss of Vietnam's time; a field that has no value is an empty string.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from services.one_stop_shop.domain.agencies import Directory
from services.one_stop_shop.domain.situation import Channel
from services.one_stop_shop.domain.statuses import status_name
from shared.working_time import VIETNAM

_APPLICANT_KINDS = {"citizen": "1", "organisation": "2", "household_business": "2"}
_IDENTITY_KINDS = {"cccd": "1", "cmnd": "2", "passport": "3", "tax_code": "4"}
_COLLECTED = {"reception": "1", "supplement": "2", "return": "4"}
_DIGITISED = {None: "1", "component": "2", "result": "3"}
_FROM_PORTAL, _FROM_PROVINCE = "1", "2"


def portal_moment(moment: datetime | None) -> str:
    """A moment as the portal writes it; nothing for one that has not come."""
    return moment.astimezone(VIETNAM).strftime("%Y%m%d%H%M%S") if moment else ""


def dossier(application: Mapping[str, Any], directory: Directory, sectors: Mapping[str, str]) -> dict[str, Any]:
    """One application as `DongBoHoSoMC` sends it; what was submitted on the portal keeps the portal's code."""
    owner, procedure, result = application["owner"], application["procedure"], application["result"] or {}
    national = application.get("national_code")
    return {
        "MaHoSo": national or application["code"],
        "MaHoSoKhac": application["code"] if national else "",
        "MaTTHC": procedure["code"],
        "TenTTHC": procedure["name"],
        "MaLinhVuc": procedure["sector"],
        "TenLinhVuc": sectors.get(procedure["sector"], procedure["sector"]),
        "KenhThucHien": str(application["channel"] or int(Channel.COUNTER)),
        "NoiNopHoSo": _FROM_PORTAL if national else _FROM_PROVINCE,
        "ChuHoSo": owner["name"],
        "LoaiDoiTuong": _APPLICANT_KINDS[owner["applicant_class"]],
        "MaDoiTuong": application["applicant"] or "",
        "DinhDanhCHS": [
            {"LoaiDinhDanh": _IDENTITY_KINDS[owner["identity_kind"]], "SoDinhDanh": owner["identity_number"]}
        ],
        "SoGiayToChuHoSo": owner["identity_number"],
        "Email": owner.get("email") or "",
        "Fax": "",
        "SoDienThoai": owner.get("phone") or "",
        "TaiKhoanDuocXacThucVoiVNeID": "1" if application.get("applicant_verified") else "0",
        **_life(application, directory),
        "TaiLieuNop": [_component(component, bool(result.get("files"))) for component in application["components"]],
        "DanhSachLePhi": [_fee(line) for line in application["payment"]["lines"]],
        "DanhSachTepDinhKemKhac": [],
        "DanhSachHoSoBoSung": [_supplement(asked, application) for asked in application["supplements"]],
        "DanhSachGiayToKetQua": [
            {
                "TenGiayTo": file["name"],
                "MaThanhPhanHoSo": "",
                "GiayToId": file["id"],
                "DuongDanTepTinKetQua": file["id"],
                "MaGiayToKetQua": result.get("number", ""),
            }
            for file in result.get("files", ())
        ],
        "DSKetNoiCSDL": [],
        "HoSoCoThanhPhanSoHoa": "1" if any(component["file"] for component in application["components"]) else "0",
        "DuocThanhToanTrucTuyen": "2" if application["payment"]["amount"] else "0",
    }


def progress(application: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What `CapNhatTienDoHoSoMC` sends: every change of status, and every internal step with its time."""
    code = application.get("national_code") or application["code"]
    reached = list(_statuses(application))
    changes = [_moved(code, at, status, status_name(status), "", "") for at, status in reached]
    steps = [
        _moved(
            code,
            step["started_at"],
            next((status for at, status in reversed(reached) if at <= step["started_at"]), application["status"]),
            step["name"],
            step.get("officer_name") or "",
            portal_moment(step["due_at"]),
        )
        for step in application["steps"]
        if step["started_at"]
    ]
    return sorted([*changes, *steps], key=lambda row: str(row["ThoiDiemXuLy"]))


def _statuses(application: Mapping[str, Any]) -> Iterator[tuple[datetime, int]]:
    """When the application came to each of its statuses, in order."""
    before = None
    for entry in application["history"]:
        status = entry["data"].get("status")
        if status and status != before:
            yield entry["at"], status
            before = status


def _life(application: Mapping[str, Any], directory: Directory) -> dict[str, Any]:
    return {
        "NgayNopHoSo": portal_moment(application["submitted_at"]),
        "NgayTiepNhan": portal_moment(application["received_at"]),
        "NgayHenTra": portal_moment(application["due_at"]),
        "NgayKetThucXuLy": portal_moment(application["finished_at"]),
        "NgayTra": portal_moment(application["returned_at"]),
        "NgayTuChoi": portal_moment(application["refused_at"]),
        "TrangThaiHoSo": str(application["status"]),
        "HinhThuc": "1" if application["delivery"]["method"] == "post" else "0",
        "ThongTinTra": (application["returned"] or {}).get("note", ""),
        "DonViXuLy": directory.get(application["competent_agency"]).name.vi,
        "TrichYeuHoSo": application["content"],
        "GhiChu": "",
    }


def _component(component: Mapping[str, Any], electronic_result: bool) -> dict[str, Any]:
    file = component["file"]
    return {
        "TepDinhKemId": file["id"] if file else "",
        "TenTepDinhKem": file["name"] if file else "",
        "MaThanhPhanHoSo": component["component"],
        "TenThanhPhanHoSo": component["name"],
        "LoaiBan": _copy_kind(component),
        "DuocSoHoa": _DIGITISED.get(component["reused_from"], "1") if file else "0",
        "DuocTaiSuDung": "1" if component["reused_from"] else "0",
        "DuocLayTuKhoDMQG": "1" if component["reused_from"] == "result" else "0",
        "MaKetQuaThayThe": "",
    }


def _copy_kind(component: Mapping[str, Any]) -> str:
    """0 original, 1 copy, 2 electronic."""
    if component["file"] or component.get("electronic_form"):
        return "2"
    return "0" if component["originals"] else "1"


def _fee(line: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "TenPhiLePhi": line["name"]["vi"],
        "MaPhiLePhi": line["key"],
        "HinhThucThu": _COLLECTED[line["collected"]],
        "Gia": str(line["amount"]),
        "LoaiPhiLePhi": "1",
    }


def _supplement(asked: Mapping[str, Any], application: Mapping[str, Any]) -> dict[str, Any]:
    former = (application["clock"] or {}).get("former_due", ())
    moved = next((n for n, due in enumerate(former) if due["replaced_at"] == asked["supplied_at"]), None)
    promised = [*(due["due_at"] for due in former), application["due_at"]]
    return {
        "HoSoBoSungId": str(asked["times"]),
        "NguoiYeuCauBoSung": asked["asked_by"],
        "NoiDungBoSung": asked["reason"],
        "NgayBoSung": portal_moment(asked["asked_at"]),
        "NguoiTiepNhanBoSung": asked["asked_by"] if asked["supplied_at"] else "",
        "ThongTinTiepNhan": "",
        "NgayTiepNhanBoSung": portal_moment(asked["supplied_at"]),
        "TrangThaiBoSung": "1" if asked["supplied_at"] else "0",
        "DanhSachGiayToBoSung": [
            {"MaThanhPhanHoSo": item["component"], "NoiDung": item["requirement"]} for item in asked["items"]
        ],
        "DanhSachLePhiBoSung": [],
        "NgayHenTraTruoc": "" if moved is None else portal_moment(promised[moved]),
        "NgayHenTraMoi": "" if moved is None else portal_moment(promised[moved + 1]),
    }


def _moved(code: str, at: datetime, status: int, content: str, officer: str, until: str) -> dict[str, Any]:
    return {
        "MaHoSo": code,
        "NguoiXuLy": officer,
        "ChucDanh": "",
        "ThoiDiemXuLy": portal_moment(at),
        "PhongBanXuLy": "",
        "NoiDungXuLy": content,
        "TrangThai": str(status),
        "NgayBatDau": portal_moment(at),
        "NgayKetThucTheoQuyDinh": until,
    }
