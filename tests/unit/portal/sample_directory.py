"""What the directory answers to pages: an officer with a post and a mailbox, an import of which a row was refused."""

from typing import Any

from tests.support.gateway import GatewayInHand

ID = "0f8fad5bd9cb469fa16570867728950e"
FILE = "9f86d081884c7d65"
POST: dict[str, Any] = {
    "number": 0,
    "agency": "H13.30.01",
    "unit": None,
    "title": "Chuyên viên",
    "roles": ["specialist", "clerk"],
    "starts_on": "2026-10-01",
    "ends_on": None,
    "holds": True,
}
OFFICER: dict[str, Any] = {
    "id": ID, "name": "Nguyễn Thị Minh Khai", "number": "CT-000123", "posts": [POST], "serving": True,
    "account": "ntmkhai", "left": None, "version": 6,
}  # fmt: skip
BOX: dict[str, Any] = {
    "id": ID, "kind": "personal", "state": "scheduled_for_revocation", "address": "ntmkhai@cantho.gov.vn",
    "name": "Nguyễn Thị Minh Khai", "agency": "H13.30.01", "quota": 2048, "revoke_on": "2027-06-30", "aliases": [],
    "owner": ID, "suspension": None, "unit": None, "version": 4,
    "allowed": ["suspend", "rename", "change_quota", "hand_over", "remove_alias", "purge", "issue_password_link"],
    "hold": "", "members": None, "posters": None, "targets": 0, "has_password": False,
    "usage": {"bytes": 1 << 20, "last_login": None},
    "hosts": [{"host": "mail-1", "waiting": True, "error": "", "at": None},
              {"host": "mail-2", "waiting": False, "error": "no space", "at": "2026-11-22T01:00:00Z"}],
}  # fmt: skip
JOB: dict[str, Any] = {
    "id": ID, "kind": "officers", "file_name": "can-bo.csv", "dry_run": True, "state": "done", "problem": None,
    "rows": 4, "done": 4, "created": 1, "changed": 1, "unchanged": 1, "refused": 1,
    "started_at": "2026-11-22T01:00:00Z", "finished_at": "2026-11-22T01:00:02Z",
}  # fmt: skip
REFUSED = {
    "line": 4, "key": "CT-9", "name": "Người Khác", "outcome": "refused", "subject": None,
    "changes": [], "warnings": [], "problems": [
        {"path": "post.agency", "code": "agency_unknown", "params": {"code": "H99.99"}},
        {"path": "", "code": "row_repeated", "params": {"line": 2}},
    ],
}  # fmt: skip
CHANGED = {
    "line": 2, "key": "CT-2", "name": "Trùng Mã", "outcome": "changed", "subject": ID, "problems": [],
    "changes": [
        {"path": "name", "old": "Phạm Thu Hà", "new": "Trùng Mã"},
        {"path": "agency", "old": "H13.30.01", "new": "H13.99"},
        {"path": "roles", "old": ["reception_officer", "specialist"], "new": None},
        {"path": "starts_on", "old": "2026-10-01", "new": "2026-11-23"},
    ],
    "warnings": [
        {"path": "name", "code": "number_of_another", "params": {"name": "Phạm Thu Hà"}},
        {"path": "roles", "code": "roles_will_end",
         "params": {"roles": ["reception_officer"], "agency": "H13.30.01", "ends_on": "2026-11-22"}},
    ],
}  # fmt: skip
CREATED = {
    "line": 3, "key": "CT-3", "name": "Lê Văn Cường", "outcome": "created", "subject": ID, "problems": [],
    "changes": [{"path": "title", "old": None, "new": "Chuyên viên"}], "warnings": [],
}  # fmt: skip
ROWS = {"refused": REFUSED, "changed": CHANGED, "created": CREATED}


NAMES = {"H13.30.01": "UBND phường Ninh Kiều", "H13": "UBND thành phố Cần Thơ"}
AGENCIES = [{"code": code, "name": {"vi": name, "en": f"{name} (en)"}} for code, name in NAMES.items()]


def agencies(asked: dict[str, Any]) -> dict[str, Any]:
    """What the directory answers: an identifier finds that very agency."""
    found = [one for one in AGENCIES if asked.get("q") in (None, one["code"])]
    return {"items": found, "next": None}


UNITS = [
    {"code": "van_phong", "name": {"vi": "Văn phòng", "en": "Office"}, "closed_on": None},
    {"code": "phong_cu", "name": {"vi": "Phòng cũ", "en": "Old unit"}, "closed_on": "2026-01-01"},
]
DIRECTORY: dict[str, Any] = {
    "read_agency": {"units": UNITS},
    "find_agencies": agencies,
    "find_officers": {"items": [OFFICER], "next": None},
    "read_officer": OFFICER,
    "find_mailboxes": {"items": [BOX], "next": None},
    "read_mailbox": BOX,
    "list_imports": {"items": [JOB], "next": None},
    "read_import": JOB,
    "list_import_rows": lambda asked: {"items": [ROWS[asked["outcome"]]], "next": None},
    "start_import": JOB,
}


def asked(gateway: GatewayInHand, method: str) -> list[dict[str, Any]]:
    """What was asked of the service."""
    return [one.request for one in gateway.bus.asked if one.method == method]
