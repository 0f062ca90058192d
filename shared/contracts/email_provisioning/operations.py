"""The directory's offers, as the gateway shows them and the service answers them.

Everybody sees their own agency and those below it; its administrators change what they see. Commands on something
that exists carry the version that the caller saw.
"""

from typing import Any

from shared.contracts.base import Request, View
from shared.contracts.email_provisioning import requests as r
from shared.contracts.email_provisioning import views as v
from shared.contracts.email_provisioning.mail_operations import MAIL_OPERATIONS
from shared.contracts.email_provisioning.message_operations import MESSAGE_OPERATIONS
from shared.contracts.operations import Operation
from shared.contracts.values import Page

SERVICE = "email_provisioning"
READ, WRITE = "directory:read", "directory:write"

NAME_EXAMPLE = {"vi": "Ủy ban nhân dân phường Thới Lai", "en": "People's Committee of Thoi Lai ward"}
POST_EXAMPLE = {
    "agency": "H13.30.01",
    "title": "Chuyên viên Văn phòng",
    "roles": ["specialist"],
    "starts_on": "2026-12-01",
}
REASON = "Quyết định số 12/QĐ-UBND ngày 20/11/2026"


def _get(name: str, path: str, summary: str, summary_vi: str, view: type[View], **rest: Any) -> Operation:
    return Operation(
        name, "GET", f"/directory{path}", summary, summary_vi, view=view, scope=READ, tag="directory", **rest
    )


def _post(
    name: str, path: str, summary: str, summary_vi: str, body: type[Request], view: type[View], **rest: Any
) -> Operation:
    return Operation(
        name,
        "POST",
        f"/directory{path}",
        summary,
        summary_vi,
        body=body,
        view=view,
        scope=WRITE,
        tag="directory",
        **rest,
    )


def _on_agency(
    name: str, path: str, summary: str, summary_vi: str, body: type[Request], example: dict[str, Any]
) -> Operation:
    path = f"/agencies/{{agency}}/{path}"
    return _post(name, path, summary, summary_vi, body, v.AgencyReceipt, if_match=True, example=example)


def _on_officer(
    name: str, path: str, summary: str, summary_vi: str, body: type[Request], example: dict[str, Any]
) -> Operation:
    path = f"/officers/{{officer}}/{path}"
    return _post(name, path, summary, summary_vi, body, v.OfficerReceipt, if_match=True, example=example)


AGENCIES = [
    _get(
        "find_agencies",
        "/agencies",
        "Agencies",
        "Danh bạ cơ quan",
        v.DirectoryAgencyRow,
        query=r.AgencyQuery,
        paged=True,
    ),
    _post(
        "register_agency",
        "/agencies",
        "Register an agency",
        "Đăng ký cơ quan",
        r.RegisterAgency,
        v.AgencyReceipt,
        status=201,
        example={"code": "H13.33.01", "name": NAME_EXAMPLE, "level": "commune", "kind": "people_committee"},
    ),
    _get("read_agency", "/agencies/{agency}", "One agency", "Một cơ quan", v.DirectoryAgencyView),
    _get(
        "resolve_agency",
        "/agencies/{agency}/acting",
        "Who acts under an identifier on a day",
        "Cơ quan kế thừa theo mã định danh",
        v.AgencyResolution,
        query=r.ResolveQuery,
    ),
    _get(
        "read_agency_history",
        "/agencies/{agency}/history",
        "An agency's append-only history",
        "Lịch sử thay đổi của cơ quan",
        v.DirectoryHistoryEntry,
        query=Page,
        paged=True,
    ),
    _get(
        "verify_agency_history",
        "/agencies/{agency}/history/verification",
        "Verify an agency's history",
        "Kiểm tra tính toàn vẹn lịch sử cơ quan",
        v.DirectoryHistoryVerification,
    ),
    _on_agency(
        "change_agency",
        "change",
        "Change facts about an agency, or move it in the hierarchy",
        "Sửa thông tin cơ quan",
        r.ChangeAgency,
        {"reason": REASON, "phone": "02923812345"},
    ),
    _on_agency(
        "close_agency",
        "close",
        "Close an agency and name its successors",
        "Kết thúc hoạt động, hợp nhất cơ quan",
        r.CloseAgency,
        {"reason": REASON, "closed_on": "2026-12-31", "successors": ["H13.30.01"]},
    ),
    _on_agency(
        "open_unit",
        "units",
        "Open a unit",
        "Thêm đơn vị trực thuộc",
        r.OpenUnit,
        {"code": "van_phong", "name": {"vi": "Văn phòng", "en": "Office"}},
    ),
    _on_agency(
        "change_unit",
        "units/{unit}/change",
        "Rename, move or close a unit",
        "Sửa, kết thúc đơn vị trực thuộc",
        r.ChangeUnit,
        {"reason": REASON, "closed_on": "2026-12-31"},
    ),
]

OFFICERS = [
    _get(
        "find_officers",
        "/officers",
        "Officers",
        "Danh bạ cán bộ",
        v.OfficerRow,
        query=r.OfficerQuery,
        paged=True,
    ),
    _post(
        "appoint_officer",
        "/officers",
        "Appoint an officer",
        "Bổ nhiệm, tiếp nhận cán bộ",
        r.AppointOfficer,
        v.OfficerReceipt,
        status=201,
        example={"reason": REASON, "name": "Nguyễn Thị Minh Khai", "number": "CT-000123", "post": POST_EXAMPLE},
    ),
    _get("read_officer", "/officers/{officer}", "One officer", "Một cán bộ", v.OfficerView),
    _get(
        "read_officer_history",
        "/officers/{officer}/history",
        "An officer's append-only history",
        "Lịch sử công tác trên hệ thống",
        v.DirectoryHistoryEntry,
        query=Page,
        paged=True,
    ),
    _get(
        "verify_officer_history",
        "/officers/{officer}/history/verification",
        "Verify an officer's history",
        "Kiểm tra tính toàn vẹn lịch sử cán bộ",
        v.DirectoryHistoryVerification,
    ),
    _on_officer(
        "give_post",
        "posts",
        "Give a further post",
        "Giao thêm chức vụ, kiêm nhiệm",
        r.GivePost,
        {"reason": REASON, "post": POST_EXAMPLE},
    ),
    _on_officer(
        "move_officer",
        "move",
        "Move to another post; the old roles end the day before",
        "Điều động, luân chuyển",
        r.MoveOfficer,
        {"reason": REASON, "post": POST_EXAMPLE},
    ),
    _on_officer(
        "end_post",
        "end-post",
        "End one of several posts",
        "Thôi kiêm nhiệm",
        r.EndPost,
        {"reason": REASON, "post": 1, "last_day": "2026-12-31"},
    ),
    _on_officer(
        "record_leaving",
        "leave",
        "Record that an officer leaves",
        "Nghỉ hưu, thôi việc, chuyển đi",
        r.RecordLeaving,
        {"reason": REASON, "cause": "retired", "last_day": "2026-12-31"},
    ),
    _on_officer(
        "change_officer",
        "change",
        "Change an officer's name or account",
        "Sửa thông tin cán bộ",
        r.ChangeOfficer,
        {"reason": REASON, "phone": "0912345678"},
    ),
]

IMPORTS = [
    _post(
        "start_import",
        "/imports",
        "Import a table, or try it without storing anything",
        "Nhập danh sách từ tệp CSV, XLSX",
        r.StartImport,
        v.ImportView,
        status=201,
        example={
            "kind": "officers",
            "file": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "dry_run": True,
        },
    ),
    _get(
        "list_imports",
        "/imports",
        "One's own imports",
        "Các lần nhập dữ liệu",
        v.ImportView,
        query=Page,
        paged=True,
    ),
    _get("read_import", "/imports/{import}", "How far an import has come", "Tiến độ nhập dữ liệu", v.ImportView),
    _get(
        "list_import_rows",
        "/imports/{import}/rows",
        "What became of each row",
        "Kết quả từng dòng",
        v.ImportRowView,
        query=r.ImportRowsQuery,
        paged=True,
    ),
]

OPERATIONS = [*AGENCIES, *OFFICERS, *IMPORTS, *MAIL_OPERATIONS, *MESSAGE_OPERATIONS]
