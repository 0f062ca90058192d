"""What an administrator may do to a mailbox, or asks for one: what each action asks, how it is commanded."""

from collections.abc import Callable
from typing import Any

from gateway.portal.actions import Action, Application, nested
from gateway.portal.agencies import agency_choices, names_of
from gateway.portal.directory_choices import agencies, agencies_of, given, officers_at, roles, units_of
from gateway.portal.directory_words import mailbox_kind_words
from gateway.portal.forms import Field, Values
from gateway.portal.language import gettext as _
from gateway.portal.language import said

KINDS = ("personal", "unit", "role", "group")
SUSPENSIONS = {
    "receive": said("Vẫn nhận và giữ thư"),
    "bounce": said("Trả thư lại người gửi"),
    "hold": said("Để thư chờ ở máy chủ gửi"),
}
"""What becomes of mail for a suspended mailbox."""

POSTERS = {
    "anybody": said("Bất kỳ ai"),
    "members": said("Thành viên của nhóm"),
    "listed": said("Chỉ các địa chỉ được ghi"),
}
"""Who may write to a group."""


def _ground(_mailbox: Application, _definition: dict[str, Any]) -> tuple[Field, ...]:
    return (
        Field("reason", _("Căn cứ"), "long", _("Ví dụ: Công văn số 45/VP ngày 20/11/2026"), required=False, limit=1000),
    )


def _must_ground(_mailbox: Application, _definition: dict[str, Any]) -> tuple[Field, ...]:
    return (Field("reason", _("Căn cứ"), "long", _("Ví dụ: Công văn số 45/VP ngày 20/11/2026"), limit=1000),)


def _suspension(mailbox: Application, definition: dict[str, Any]) -> tuple[Field, ...]:
    choices = tuple((key, _(name)) for key, name in SUSPENSIONS.items())
    return (
        Field("suspension", _("Thư gửi đến thì sao?"), "choice", choices=choices),
        *_must_ground(mailbox, definition),
    )


def _revocation(mailbox: Application, definition: dict[str, Any]) -> tuple[Field, ...]:
    return (Field("revoke_on", _("Thu hồi vào ngày nào?"), "date"), *_must_ground(mailbox, definition))


def _address(mailbox: Application, definition: dict[str, Any]) -> tuple[Field, ...]:
    hint = _("Địa chỉ cũ còn dẫn đến hộp thư này một thời gian")
    return (_mail_box("address", _("Địa chỉ mới"), hint), *_ground(mailbox, definition))


def _mail_box(name: str, label: str, hint: str = "", *, required: bool = True) -> Field:
    return Field(name, label, hint=hint, required=required, inputmode="email", autocomplete="off")


def _quota(mailbox: Application, definition: dict[str, Any]) -> tuple[Field, ...]:
    return (Field("quota", _("Dung lượng (MB)"), "number"), *_ground(mailbox, definition))


def _agency(mailbox: Application, definition: dict[str, Any]) -> tuple[Field, ...]:
    return (
        Field("agency", _("Cơ quan"), "select", choices=agencies()),
        Field("quota", _("Dung lượng (MB)"), "number", _("Để trống nếu giữ nguyên"), required=False),
        *_ground(mailbox, definition),
    )


def _owner(mailbox: Application, definition: dict[str, Any]) -> tuple[Field, ...]:
    choices = officers_at([mailbox["agency"]], mailbox["owner"])
    hint = _("Mật khẩu của người trước không dùng được nữa")
    return (Field("owner", _("Ai chịu trách nhiệm?"), "select", hint, choices), *_ground(mailbox, definition))


def _alias(mailbox: Application, definition: dict[str, Any]) -> tuple[Field, ...]:
    return (
        _mail_box("address", _("Địa chỉ phụ")),
        Field("until", _("Dùng đến hết ngày nào?"), "date"),
        *_ground(mailbox, definition),
    )


def _one_alias(mailbox: Application, definition: dict[str, Any]) -> tuple[Field, ...]:
    there = tuple((one["address"], one["address"]) for one in mailbox["aliases"])
    return (Field("address", _("Địa chỉ phụ"), "select", choices=there), *_ground(mailbox, definition))


def _members(mailbox: Application, definition: dict[str, Any]) -> tuple[Field, ...]:
    agency, unit = mailbox["members"]["agency"], mailbox["members"]["unit"]
    officers = officers_at([agency])
    units = ({unit: unit} if unit else {}) | units_of(agency)  # what was closed since can be kept
    posters = tuple((key, _(name)) for key, name in POSTERS.items())
    return (
        Field("members.agency", _("Ai giữ chức vụ ở cơ quan này"), "select", choices=agencies()),
        Field("members.below", _("Gồm cả các cơ quan bên dưới"), "tick"),
        Field("members.unit", _("Chỉ đơn vị này"), "select",
              _("Đơn vị của %(agency)s; nếu đổi cơ quan, hãy lưu trước rồi chọn đơn vị",
                agency=names_of([agency])[agency]),
              tuple(units.items()), required=False),
        Field("members.role", _("Chỉ vai trò này"), "select", choices=roles(), required=False),
        Field("members.officers", _("Chỉ những người này"), "many", _("Không chọn ai nếu tất cả"), officers,
              required=False),
        Field("posters.who", _("Ai được gửi thư vào nhóm?"), "choice", choices=posters),
        Field("posters.addresses", _("Địa chỉ được gửi trong mọi trường hợp"), "long", _("Mỗi dòng một địa chỉ"),
              required=False, limit=20_000),
        *_ground(mailbox, definition),
    )  # fmt: skip


def _membership(_mailbox: Application, values: Values) -> dict[str, Any]:
    lines = (values["posters.addresses"] or "").splitlines()
    return nested(
        _mailbox,
        values
        | {
            "members.officers": values["members.officers"] or None,
            "posters.addresses": [line.strip() for line in lines if line.strip()],
        },
    )


def mailbox_known(action: str, mailbox: Application) -> Values:
    """What the form of an action begins with: what is so now."""
    if action == "change_quota":
        return {"quota": mailbox["quota"]}
    if action != "change_group":
        return {}
    members = {f"members.{name}": value for name, value in mailbox["members"].items()}
    posters = mailbox["posters"]
    return members | {"posters.who": posters["who"], "posters.addresses": "\n".join(posters["addresses"])}


MAILBOX: dict[str, Action] = {
    "approve": Action(said("Duyệt cấp hộp thư"), "approve_mailbox", _ground, given, weight="first"),
    "restore": Action(said("Mở lại hộp thư"), "restore_mailbox", _ground, given, weight="first"),
    "cancel_revocation": Action(said("Hủy lịch thu hồi"), "cancel_revocation", _ground, given, weight="first"),
    "issue_password_link": Action(
        said("Cấp liên kết đặt mật khẩu"), "issue_password_link", _ground, given,
        hint=said("Người giữ hộp thư tự chọn mật khẩu bằng liên kết này. Liên kết cấp trước đó hết tác dụng."),
    ),
    "change_group": Action(said("Sửa thành viên nhóm"), "change_group", _members, _membership),
    "rename": Action(said("Đổi địa chỉ"), "rename_mailbox", _address, given),
    "change_quota": Action(said("Đổi dung lượng"), "change_quota", _quota, given),
    "add_alias": Action(said("Thêm địa chỉ phụ"), "add_alias", _alias, given),
    "remove_alias": Action(said("Bỏ địa chỉ phụ"), "remove_alias", _one_alias, given),
    "hand_over": Action(said("Bàn giao hộp thư"), "hand_over_mailbox", _owner, given),
    "transfer": Action(said("Chuyển sang cơ quan khác"), "transfer_mailbox", _agency, given),
    "hold": Action(said("Lưu giữ theo yêu cầu pháp lý"), "hold_mailbox", _must_ground, given),
    "release_hold": Action(said("Kết thúc lưu giữ"), "release_hold", _must_ground, given),
    "reinstate": Action(said("Khôi phục hộp thư đã thu hồi"), "reinstate_mailbox", _must_ground, given),
    "suspend": Action(
        said("Tạm khóa hộp thư"), "suspend_mailbox", _suspension, given, weight="grave",
        hint=said("Mọi phiên đăng nhập kết thúc ngay, mật khẩu ứng dụng không dùng được nữa."),
    ),
    "schedule_revocation": Action(
        said("Hẹn ngày thu hồi"), "schedule_revocation", _revocation, given, weight="grave"
    ),
    "refuse": Action(said("Từ chối cấp hộp thư"), "refuse_mailbox", _must_ground, given, weight="grave"),
    "revoke": Action(
        said("Thu hồi hộp thư"), "revoke_mailbox", _must_ground, given, weight="grave",
        hint=said("Thư được chuyển vào lưu trữ."),
    ),
}  # fmt: skip
"""Actions on a mailbox; an archive is destroyed over REST."""


_POINTLESS: dict[str, Callable[[Application], bool]] = {
    "remove_alias": lambda box: not box["aliases"],
    "hand_over": lambda box: box["kind"] == "personal",
    "change_quota": lambda box: box["kind"] == "group",
    "hold": lambda box: bool(box["hold"]),
    "release_hold": lambda box: not box["hold"],
    "issue_password_link": lambda box: box["kind"] == "group",
    "change_group": lambda box: box["kind"] != "group",
}
"""When the service would refuse an action that the state allows."""


def mailbox_offered(mailbox: Application) -> list[str]:
    """What may be done to a mailbox now."""
    return [
        name
        for name in MAILBOX
        if name in mailbox["allowed"] and not (name in _POINTLESS and _POINTLESS[name](mailbox))
    ]


def request_fields(officer: Application) -> list[Field]:
    """What a mailbox needs that this officer will answer for."""
    own = agencies_of(officer)
    names = {one["value"]: one["text"] for one in agency_choices()}
    where = tuple((code, names.get(code, code)) for code in own)
    return [
        Field("kind", _("Loại hộp thư"), "choice", choices=tuple((kind, mailbox_kind_words(kind)) for kind in KINDS)),
        Field(
            "name",
            _("Tên hộp thư"),
            hint=_("Chỉ với hộp thư đơn vị, chức danh, nhóm; ví dụ Văn thư Sở Y tế"),
            required=False,
        ),
        _mail_box("address", _("Địa chỉ"), _("Hộp thư cá nhân: để trống, địa chỉ theo họ tên"), required=False),
        Field("agency", _("Cơ quan"), "select", choices=where, required=len(where) > 1),
        Field("quota", _("Dung lượng (MB)"), "number", _("Để trống nếu theo mức thông thường"), required=False),
        *_ground(officer, {}),
    ]


def request_body(officer: Application, values: Values) -> dict[str, Any]:
    """The command that the form makes; a group begins with everybody at the agency."""
    body = {"owner": officer["id"], **given(officer, values)}
    if body["kind"] == "group":
        body["members"] = {"agency": body.get("agency") or next(iter(agencies_of(officer)), "")}
    return body
