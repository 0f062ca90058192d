"""What people read of posts, mailboxes and imports."""

from gateway.portal.language import look_up, said

MAILBOX_STATES = {
    "requested": said("Chờ duyệt"),
    "refused": said("Bị từ chối"),
    "approved": said("Đã duyệt, đang tạo"),
    "active": said("Đang dùng"),
    "suspended": said("Tạm khóa"),
    "scheduled_for_revocation": said("Sắp thu hồi"),
    "revoked": said("Đã thu hồi"),
    "purged": said("Đã hủy"),
}
_TONES = {"active": "done", "requested": "act", "scheduled_for_revocation": "act", "approved": "act"}
_MAILBOX_KINDS = {
    "personal": said("Cá nhân"),
    "unit": said("Đơn vị"),
    "role": said("Chức danh"),
    "group": said("Nhóm"),
}
POST_ROLES = {
    "clerk": said("Văn thư"),
    "specialist": said("Chuyên viên"),
    "reception_officer": said("Tiếp nhận hồ sơ"),
    "head_of_unit": said("Lãnh đạo đơn vị"),
    "directory_administrator": said("Quản trị danh bạ"),
    "catalogue_editor": said("Biên tập danh mục thủ tục"),
}
LEAVING_CAUSES = {
    "retired": said("Nghỉ hưu"),
    "resigned": said("Thôi việc theo nguyện vọng"),
    "transferred_out": said("Chuyển đi cơ quan khác"),
    "dismissed": said("Bị buộc thôi việc"),
    "end_of_contract": said("Hết hợp đồng"),
    "deceased": said("Từ trần"),
}
"""Why somebody leaves, as administrators record it."""

_CAUSES = {**LEAVING_CAUSES, "agency_closed": said("Cơ quan kết thúc hoạt động")}

_OUTCOMES = {
    "created": said("Thêm mới"),
    "changed": said("Thay đổi"),
    "unchanged": said("Không đổi"),
    "refused": said("Không nhận"),
}
_ROWS = {
    "refused": said("Hàng không được nhận"),
    "changed": said("Hàng thay đổi"),
    "created": said("Hàng thêm mới"),
}
IMPORT_KINDS = {"officers": said("Cán bộ"), "agencies": said("Cơ quan")}
"""What tables are of."""


def mailbox_state_words(state: str) -> str:
    """Where a mailbox stands."""
    return look_up(MAILBOX_STATES, state)


def tone_of(state: str) -> str:
    """How a state of a mailbox is coloured."""
    return _TONES.get(state, "shut")


def mailbox_kind_words(kind: str) -> str:
    """Whose a mailbox is."""
    return look_up(_MAILBOX_KINDS, kind)


def role_words(role: str) -> str:
    """What a post lets its holder do."""
    return look_up(POST_ROLES, role)


def leaving_words(cause: str) -> str:
    """Why somebody left."""
    return look_up(_CAUSES, cause)


def outcome_words(outcome: str) -> str:
    """What became of rows of a table."""
    return look_up(_OUTCOMES, outcome)


def import_kind_words(kind: str) -> str:
    """What a table is of."""
    return look_up(IMPORT_KINDS, kind)


def import_rows_words(outcome: str) -> str:
    """What rows of a table are called by what becomes of them."""
    return look_up(_ROWS, outcome)
