"""What an administrator may do to an officer's posts: what each action asks, how it is commanded."""

from typing import Any

from gateway.portal.actions import Action, Application, nested, reason_field
from gateway.portal.directory_choices import agencies, agencies_of, given, officers_at, roles
from gateway.portal.directory_words import LEAVING_CAUSES, leaving_words
from gateway.portal.forms import Field, Values
from gateway.portal.language import gettext as _
from gateway.portal.language import said


def _post(officer: Application, definition: dict[str, Any]) -> tuple[Field, ...]:
    return (
        Field("post.agency", _("Cơ quan"), "select", choices=agencies()),
        Field("post.title", _("Chức vụ")),
        Field("post.roles", _("Vai trò trên nền tảng"), "many", choices=roles(), required=False),
        Field("post.starts_on", _("Từ ngày"), "date", _("Để trống nếu từ hôm nay"), required=False),
        Field("post.ends_on", _("Đến ngày"), "date", _("Để trống nếu không có thời hạn"), required=False),
        *reason_field(officer, definition),
    )


def _move(officer: Application, definition: dict[str, Any]) -> tuple[Field, ...]:
    *post, reason = _post(officer, definition)
    return (*post, _successor(officer), reason)


def _end(officer: Application, definition: dict[str, Any]) -> tuple[Field, ...]:
    held = tuple((str(one["number"]), one["title"]) for one in officer["posts"] if one["holds"])
    return (
        Field("post", _("Chức vụ"), "select", choices=held),
        Field("last_day", _("Ngày cuối cùng giữ chức vụ"), "date"),
        _successor(officer),
        *reason_field(officer, definition),
    )


def _ended(_officer: Application, values: Values) -> dict[str, Any]:
    return {**given(_officer, values), "post": int(values["post"])}


def _leaving(officer: Application, definition: dict[str, Any]) -> tuple[Field, ...]:
    causes = tuple((cause, leaving_words(cause)) for cause in LEAVING_CAUSES)
    return (
        Field("cause", _("Vì sao nghỉ?"), "choice", choices=causes),
        Field("last_day", _("Ngày làm việc cuối cùng"), "date"),
        _successor(officer),
        *reason_field(officer, definition),
    )


def _successor(officer: Application) -> Field:
    """Who takes the open work over: somebody in post where the officer is."""
    hint = _("Để trống: hồ sơ, văn bản đang làm trở lại hàng chờ")
    others = officers_at(agencies_of(officer), officer["id"])
    return Field("successor", _("Ai nhận việc đang làm?"), "select", hint, others, required=False)


POSTS: dict[str, Action] = {
    "give_post": Action(said("Giao thêm chức vụ"), "give_post", _post, nested),
    "move_officer": Action(
        said("Điều động"), "move_officer", _move, nested,
        hint=said("Các chức vụ đang giữ kết thúc vào ngày trước đó; hộp thư đi theo người."),
    ),
    "end_post": Action(said("Thôi giữ một chức vụ"), "end_post", _end, _ended, weight="grave"),
    "record_leaving": Action(
        said("Ghi nhận nghỉ việc, chuyển đi"), "record_leaving", _leaving, given, weight="grave",
        hint=said(
            "Sau ngày cuối cùng mọi chức vụ kết thúc: người này không làm được việc gì trên nền tảng nữa, "
            "hộp thư cá nhân giữ thư nhưng không đăng nhập được."
        ),
    ),
}  # fmt: skip
"""Changes of an officer's posts."""


def posts_offered(officer: Application) -> list[str]:
    """What may be done: only one of several posts is ended, the last one by leaving."""
    held = sum(post["holds"] for post in officer["posts"])
    needed = {"end_post": 2, "move_officer": 1, "record_leaving": 1}
    return [
        name for name in POSTS if held >= needed.get(name, 0) and not (name == "record_leaving" and officer["left"])
    ]
