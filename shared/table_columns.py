"""The columns of a table of officers or agencies: what people call them, what stands in them, which must be there.

The service reads tables by them, the pages tell them and offer an empty table with them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its `heading` in an empty table, `also` other names, each written in any case and without marks.

    `choices` gives the values of a closed list by the words for them; of several words for one the first is shown.
    """

    name: str
    heading: str
    also: tuple[str, ...]
    example: str
    required: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)


_LEVELS = {"trung ương": "ministry", "bộ": "ministry", "tỉnh": "province", "huyện": "district", "xã": "commune"}
_KINDS = {
    "bộ": "ministry",
    "UBND": "people_committee",
    "ủy ban nhân dân": "people_committee",
    "HĐND": "people_council",
    "văn phòng": "office",
    "sở": "department",
    "ban quản lý": "zone_board",
    "trung tâm": "centre",
    "công an": "police",
    "bảo hiểm xã hội": "social_insurance",
    "đảng": "party",
    "đơn vị sự nghiệp": "public_service_unit",
}
_ROLES = {
    "văn thư": "clerk",
    "chuyên viên": "specialist",
    "tiếp nhận": "reception_officer",
    "lãnh đạo": "head_of_unit",
    "trưởng đơn vị": "head_of_unit",
    "quản trị danh bạ": "directory_administrator",
}

_OFFICERS = (
    Column("number", "Mã cán bộ", ("số hiệu", "mã số", "mã cbccvc"), "CT-000123", required=True),
    Column("name", "Họ tên", ("họ và tên",), "Phạm Thu Hà", required=True),
    Column(
        *("agency", "Mã định danh cơ quan", ("cơ quan", "mã cơ quan", "mã định danh"), "H13.30.01"),
        required=True,
    ),
    Column("unit", "Đơn vị", ("phòng ban", "mã đơn vị"), "vanphong"),
    Column("title", "Chức vụ", ("chức danh", "vị trí việc làm"), "Chuyên viên", required=True),
    Column("roles", "Vai trò", ("quyền",), "chuyên viên; tiếp nhận", choices=_ROLES),
    Column("starts_on", "Từ ngày", ("ngày bổ nhiệm",), "01/10/2026"),
    Column("ends_on", "Đến ngày", (), "31/12/2027"),
    Column("account", "Tài khoản", (), "phamthuha"),
    Column("phone", "Điện thoại", ("số điện thoại",), "0912345678"),
    Column("birth_date", "Ngày sinh", (), "17/05/1990"),
)
_AGENCIES = (
    Column("code", "Mã định danh", ("mã cơ quan", "mã"), "H13.30.01", required=True),
    Column("legacy_codes", "Mã cũ", ("mã định danh cũ", "mã QCVN 102"), "001.30.00.H13"),
    Column("name", "Tên cơ quan", ("tên", "tên tiếng Việt"), "UBND phường Ninh Kiều", required=True),
    Column("name_en", "Tên tiếng Anh", (), "Ninh Kieu Ward People's Committee"),
    Column("level", "Cấp", (), "xã", required=True, choices=_LEVELS),
    Column("kind", "Loại", ("loại cơ quan",), "UBND", required=True, choices=_KINDS),
    Column("parent", "Cấp trên", ("cơ quan cấp trên",), "H13"),
    Column("province", "Tỉnh, thành phố", ("tỉnh",), "H13"),
    Column("timetable", "Giờ làm việc", (), "office-hours"),
    Column("address", "Địa chỉ", (), "Số 1 đường Hòa Bình"),
    Column("phone", "Điện thoại", ("số điện thoại",), "02923812345"),
    Column("opened_on", "Ngày thành lập", (), "01/07/2025"),
    Column("closed_on", "Ngày kết thúc", ("ngày giải thể",), "31/12/2026"),
    Column("successors", "Cơ quan kế thừa", ("kế thừa",), "H13.30.02"),
)
COLUMNS: Mapping[str, tuple[Column, ...]] = {"officers": _OFFICERS, "agencies": _AGENCIES}
"""By the kind of the table."""
