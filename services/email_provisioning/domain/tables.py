"""How the columns of a table of agencies or officers become the body of a command, whatever people call them."""

import re
from collections.abc import Callable, Mapping
from datetime import date

from services.email_provisioning.domain.decisions import Changes
from shared.errors import Invalid
from shared.words import words

Cells = Mapping[str, str]
"""A row: its texts by the folded names of the columns; empty cells are left out."""

IGNORED = frozenset({"stt", "tt", "so_thu_tu", "ghi_chu", "note", "notes"})

_OFFICER_COLUMNS = {
    "number": ("number", "ma_can_bo", "so_hieu", "ma_so", "ma_cbccvc"),
    "name": ("name", "ho_va_ten", "ho_ten"),
    "agency": ("agency", "co_quan", "ma_co_quan", "ma_dinh_danh", "ma_dinh_danh_co_quan"),
    "unit": ("unit", "don_vi", "phong_ban", "ma_don_vi"),
    "title": ("title", "chuc_vu", "chuc_danh", "vi_tri_viec_lam"),
    "roles": ("roles", "vai_tro", "quyen"),
    "starts_on": ("starts_on", "tu_ngay", "ngay_bo_nhiem"),
    "ends_on": ("ends_on", "den_ngay"),
    "account": ("account", "tai_khoan"),
    "phone": ("phone", "dien_thoai", "so_dien_thoai"),
    "birth_date": ("birth_date", "ngay_sinh"),
}
_AGENCY_COLUMNS = {
    "code": ("code", "ma_dinh_danh", "ma_co_quan", "ma"),
    "legacy_codes": ("legacy_codes", "ma_cu", "ma_dinh_danh_cu", "ma_qcvn_102"),
    "name": ("name", "ten_co_quan", "ten", "ten_tieng_viet"),
    "name_en": ("name_en", "ten_tieng_anh"),
    "level": ("level", "cap"),
    "kind": ("kind", "loai", "loai_co_quan"),
    "parent": ("parent", "cap_tren", "co_quan_cap_tren"),
    "province": ("province", "tinh", "tinh_thanh_pho"),
    "timetable": ("timetable", "gio_lam_viec"),
    "address": ("address", "dia_chi"),
    "phone": ("phone", "dien_thoai", "so_dien_thoai"),
    "opened_on": ("opened_on", "ngay_thanh_lap"),
    "closed_on": ("closed_on", "ngay_ket_thuc", "ngay_giai_the"),
    "successors": ("successors", "co_quan_ke_thua", "ke_thua"),
}
_REQUIRED = {"officers": ("number", "name", "agency", "title"), "agencies": ("code", "name", "level", "kind")}
_COLUMNS = {"officers": _OFFICER_COLUMNS, "agencies": _AGENCY_COLUMNS}
_WORDS = {
    "level": {"trung_uong": "ministry", "bo": "ministry", "tinh": "province", "huyen": "district", "xa": "commune"},
    "kind": {
        "bo": "ministry",
        "ubnd": "people_committee",
        "uy_ban_nhan_dan": "people_committee",
        "hdnd": "people_council",
        "van_phong": "office",
        "so": "department",
        "ban_quan_ly": "zone_board",
        "trung_tam": "centre",
        "cong_an": "police",
        "bao_hiem_xa_hoi": "social_insurance",
        "dang": "party",
        "don_vi_su_nghiep": "public_service_unit",
    },
    "roles": {
        "lanh_dao": "head_of_unit",
        "van_thu": "clerk",
        "chuyen_vien": "specialist",
        "tiep_nhan": "reception_officer",
        "truong_don_vi": "head_of_unit",
        "quan_tri_danh_ba": "directory_administrator",
    },
}
"""What people write in Vietnamese in these columns; anything else is taken as the word of the contract."""

_LIST = re.compile(r"[;,|\n]")
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


def folded(text: str) -> str:
    """The name of a column, or a word of a closed list, however it is written: "Họ và tên" is `ho_va_ten`."""
    return "_".join(words(text))


def name_columns(kind: str, header: Mapping[str, str]) -> dict[str, str]:
    """Which column holds what; `header` gives each folded name as it stands in the table.

    Raises:
        Invalid: `columns_missing` or `columns_unknown`, naming them.
    """
    known = {alias: name for name, aliases in _COLUMNS[kind].items() for alias in aliases}
    unknown = [text for name, text in header.items() if name not in known and name not in IGNORED]
    if unknown:
        raise Invalid("columns_unknown", columns=", ".join(unknown))
    named = {name: known[name] for name in header if name in known}
    missing = [name for name in _REQUIRED[kind] if name not in named.values()]
    if missing:
        raise Invalid("columns_missing", columns=", ".join(missing))
    return named


def key_of(kind: str, values: Cells) -> str:
    """By what a row is the same row when the table is imported again."""
    return values.get("number" if kind == "officers" else "code", "").strip()


def order_of(kind: str, values: Cells, line: int) -> str:
    """In which order rows are worked on: what others need comes before them, closed agencies last."""
    if kind == "officers":
        return f"{line:07d}"
    return f"{int('closed_on' in values)}{values.get('code', '').count('.')}{line:07d}"


def officer_body(values: Cells) -> Changes:
    """The body of `AppointOfficer` without the reason."""
    post: Changes = {name: values[name] for name in ("agency", "unit", "title") if name in values}
    post |= {name: _day(values[name]) for name in ("starts_on", "ends_on") if name in values}
    if "roles" in values:
        post["roles"] = [_word("roles", text) for text in _listed(values["roles"])]
    body: Changes = {name: values[name] for name in ("name", "number", "account", "phone") if name in values}
    if "birth_date" in values:
        body["birth_date"] = _day(values["birth_date"])
    return {**body, "post": post}


def agency_body(values: Cells) -> Changes:
    """The body of `RegisterAgency`; a table without English names repeats the Vietnamese ones."""
    plain = ("code", "parent", "province", "timetable", "address", "phone")
    body: Changes = {name: values[name] for name in plain if name in values}
    body |= {name: _word(name, values[name]) for name in ("level", "kind") if name in values}
    body |= {name: _listed(values[name]) for name in ("legacy_codes", "successors") if name in values}
    body |= {name: _day(values[name]) for name in ("opened_on", "closed_on") if name in values}
    if "name" in values:
        body["name"] = {"vi": values["name"], "en": values.get("name_en", values["name"])}
    return body


def _listed(text: str) -> list[str]:
    return [part.strip() for part in _LIST.split(text) if part.strip()]


def _word(column: str, text: str) -> str:
    return _WORDS[column].get(folded(text), text.strip())


def _day(text: str) -> str:
    """A day as people write it, 30/11/2026, in the form of the contract, which judges anything else."""
    found = _DAY.fullmatch(text.strip())
    if not found:
        return text.strip()
    try:
        return date(int(found[3]), int(found[2]), int(found[1])).isoformat()
    except ValueError:
        return text.strip()


Body = Callable[[Cells], Changes]
BODIES: Mapping[str, Body] = {"officers": officer_body, "agencies": agency_body}
