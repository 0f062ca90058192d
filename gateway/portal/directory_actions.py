"""What an administrator may do to a mailbox or an officer's posts: what each action asks, how it is commanded."""

from collections.abc import Callable
from typing import Any

from gateway.portal.actions import Action, Application, nested, reason_field
from gateway.portal.agencies import agency_choices
from gateway.portal.calls import look_all
from gateway.portal.directory_words import POST_ROLES, mailbox_kind_words, role_words
from gateway.portal.forms import Choices, Field, Values
from gateway.portal.language import gettext as _
from gateway.portal.language import said

KINDS = ("personal", "unit", "role")
SUSPENSIONS = {
    "receive": said("Vẫn nhận và giữ thư"),
    "bounce": said("Trả thư lại người gửi"),
    "hold": said("Để thư chờ ở máy chủ gửi"),
}
"""What becomes of mail for a suspended mailbox."""


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
        Field("agency", _("Cơ quan"), "select", choices=_agencies()),
        Field("quota", _("Dung lượng (MB)"), "number", _("Để trống nếu giữ nguyên"), required=False),
        *_ground(mailbox, definition),
    )


def _agencies() -> Choices:
    return tuple((one["value"], one["text"]) for one in agency_choices() if one["value"])


def _owner(mailbox: Application, definition: dict[str, Any]) -> tuple[Field, ...]:
    rows = look_all("find_officers", {"agency": mailbox["agency"]})
    choices = tuple((one["id"], _known_as(one)) for one in rows if one["id"] != mailbox["owner"])
    hint = _("Mật khẩu của người trước không dùng được nữa")
    return (Field("owner", _("Ai chịu trách nhiệm?"), "select", hint, choices), *_ground(mailbox, definition))


def _known_as(officer: Application) -> str:
    return ", ".join([officer["name"], *(post["title"] for post in officer["posts"][:1])])


def _alias(mailbox: Application, definition: dict[str, Any]) -> tuple[Field, ...]:
    return (
        _mail_box("address", _("Địa chỉ phụ")),
        Field("until", _("Dùng đến hết ngày nào?"), "date"),
        *_ground(mailbox, definition),
    )


def _one_alias(mailbox: Application, definition: dict[str, Any]) -> tuple[Field, ...]:
    there = tuple((one["address"], one["address"]) for one in mailbox["aliases"])
    return (Field("address", _("Địa chỉ phụ"), "select", choices=there), *_ground(mailbox, definition))


def _given(_subject: Application, values: Values) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


MAILBOX: dict[str, Action] = {
    "approve": Action(said("Duyệt cấp hộp thư"), "approve_mailbox", _ground, _given, weight="first"),
    "restore": Action(said("Mở lại hộp thư"), "restore_mailbox", _ground, _given, weight="first"),
    "cancel_revocation": Action(said("Hủy lịch thu hồi"), "cancel_revocation", _ground, _given, weight="first"),
    "rename": Action(said("Đổi địa chỉ"), "rename_mailbox", _address, _given),
    "change_quota": Action(said("Đổi dung lượng"), "change_quota", _quota, _given),
    "add_alias": Action(said("Thêm địa chỉ phụ"), "add_alias", _alias, _given),
    "remove_alias": Action(said("Bỏ địa chỉ phụ"), "remove_alias", _one_alias, _given),
    "hand_over": Action(said("Bàn giao hộp thư"), "hand_over_mailbox", _owner, _given),
    "transfer": Action(said("Chuyển sang cơ quan khác"), "transfer_mailbox", _agency, _given),
    "hold": Action(said("Lưu giữ theo yêu cầu pháp lý"), "hold_mailbox", _must_ground, _given),
    "release_hold": Action(said("Kết thúc lưu giữ"), "release_hold", _must_ground, _given),
    "reinstate": Action(said("Khôi phục hộp thư đã thu hồi"), "reinstate_mailbox", _must_ground, _given),
    "suspend": Action(
        said("Tạm khóa hộp thư"), "suspend_mailbox", _suspension, _given, weight="grave",
        hint=said("Mọi phiên đăng nhập kết thúc ngay, mật khẩu ứng dụng không dùng được nữa."),
    ),
    "schedule_revocation": Action(
        said("Hẹn ngày thu hồi"), "schedule_revocation", _revocation, _given, weight="grave"
    ),
    "refuse": Action(said("Từ chối cấp hộp thư"), "refuse_mailbox", _must_ground, _given, weight="grave"),
    "revoke": Action(
        said("Thu hồi hộp thư"), "revoke_mailbox", _must_ground, _given, weight="grave",
        hint=said("Thư được chuyển vào lưu trữ."),
    ),
}  # fmt: skip
"""Actions on a mailbox; who is in a group is changed over REST, and an archive is destroyed there."""


_POINTLESS: dict[str, Callable[[Application], bool]] = {
    "remove_alias": lambda box: not box["aliases"],
    "hand_over": lambda box: box["kind"] == "personal",
    "change_quota": lambda box: box["kind"] == "group",
    "hold": lambda box: bool(box["hold"]),
    "release_hold": lambda box: not box["hold"],
}
"""When the service would refuse an action that the state allows."""


def mailbox_offered(mailbox: Application) -> list[str]:
    """What may be done to a mailbox now."""
    return [
        name
        for name in MAILBOX
        if name in mailbox["allowed"] and not (name in _POINTLESS and _POINTLESS[name](mailbox))
    ]


def _post(officer: Application, definition: dict[str, Any]) -> tuple[Field, ...]:
    return (
        Field("post.agency", _("Cơ quan"), "select", choices=_agencies()),
        Field("post.title", _("Chức vụ")),
        Field("post.roles", _("Vai trò trên nền tảng"), "many", choices=_roles(), required=False),
        Field("post.starts_on", _("Từ ngày"), "date", _("Để trống nếu từ hôm nay"), required=False),
        Field("post.ends_on", _("Đến ngày"), "date", _("Để trống nếu không có thời hạn"), required=False),
        *reason_field(officer, definition),
    )


def _roles() -> Choices:
    return tuple((role, role_words(role)) for role in POST_ROLES)


def _end(officer: Application, definition: dict[str, Any]) -> tuple[Field, ...]:
    held = tuple((str(one["number"]), one["title"]) for one in officer["posts"] if one["holds"])
    return (
        Field("post", _("Chức vụ"), "select", choices=held),
        Field("last_day", _("Ngày cuối cùng giữ chức vụ"), "date"),
        *reason_field(officer, definition),
    )


def _ended(_officer: Application, values: Values) -> dict[str, Any]:
    return {**values, "post": int(values["post"])}


POSTS: dict[str, Action] = {
    "give_post": Action(said("Giao thêm chức vụ"), "give_post", _post, nested),
    "move_officer": Action(
        said("Điều động"), "move_officer", _post, nested,
        hint=said("Các chức vụ đang giữ kết thúc vào ngày trước đó; hộp thư đi theo người."),
    ),
    "end_post": Action(said("Thôi giữ một chức vụ"), "end_post", _end, _ended, weight="grave"),
}  # fmt: skip
"""Changes of an officer's posts; leaving, and who takes over the open work, go over REST."""


def posts_offered(officer: Application) -> list[str]:
    """What may be done: only one of several posts is ended, the last one by leaving."""
    held = sum(post["holds"] for post in officer["posts"])
    return [name for name in POSTS if (name != "end_post" or held > 1) and (name != "move_officer" or held)]


def request_fields(officer: Application) -> list[Field]:
    """What a mailbox needs that this officer will answer for."""
    own = tuple(dict.fromkeys(post["agency"] for post in officer["posts"] if post["holds"]))
    names = {one["value"]: one["text"] for one in agency_choices()}
    agencies = tuple((code, names.get(code, code)) for code in own)
    return [
        Field("kind", _("Loại hộp thư"), "choice", choices=tuple((kind, mailbox_kind_words(kind)) for kind in KINDS)),
        Field(
            "name", _("Tên hộp thư"), hint=_("Chỉ với hộp thư đơn vị, chức danh; ví dụ Văn thư Sở Y tế"), required=False
        ),
        _mail_box("address", _("Địa chỉ"), _("Hộp thư cá nhân: để trống, địa chỉ theo họ tên"), required=False),
        Field("agency", _("Cơ quan"), "select", choices=agencies, required=len(agencies) > 1),
        Field("quota", _("Dung lượng (MB)"), "number", _("Để trống nếu theo mức thông thường"), required=False),
        *_ground(officer, {}),
    ]


def request_body(officer: str, values: Values) -> dict[str, Any]:
    """The command that the form makes."""
    return {"owner": officer, **{name: value for name, value in values.items() if value is not None}}
