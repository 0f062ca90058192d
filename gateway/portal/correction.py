"""Mending what was taken down wrongly: the subject, and who the owner is and where they are reached."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from gateway.portal.actions import Application
from gateway.portal.applicant_steps import address_fields, without_blanks_in_phone
from gateway.portal.forms import Field, Values
from gateway.portal.language import gettext as _

ONLINE = 2
"""The channel on which people gave their own names, which are not for officers to change."""

OWNER, ADDRESS = "owner.", "owner.address."


def correction_fields(application: Application, _definition: dict[str, Any]) -> Sequence[Field]:
    """What may be mended, as it stands."""
    return (
        Field("content", _("Nội dung đề nghị ghi trên giấy tiếp nhận"), "long", limit=500),
        *(() if application["channel"] == ONLINE else _who()),
        Field(f"{OWNER}birth_date", _("Ngày sinh của người có hồ sơ"), "date", required=False),
        Field(f"{OWNER}phone", _("Số điện thoại"), required=False, width="govuk-input--width-20", inputmode="tel"),
        *(replace(one, name=f"{ADDRESS}{one.name}", autocomplete="") for one in address_fields()),
        Field("reason", _("Lý do"), "long", _("Người nộp hồ sơ đọc được lý do này"), limit=1000),
    )


def as_taken_down(application: Application) -> Values:
    """What stands there now, by the names of the fields."""
    owner = application["owner"]
    return {
        "content": application["content"],
        **{f"{OWNER}{name}": value for name, value in owner.items()},
        **{f"{ADDRESS}{name}": value for name, value in owner["address"].items()},
    }


def corrected(application: Application, values: Values) -> dict[str, Any]:
    """The command; the owner is given whole, where anything about them has changed."""
    before = as_taken_down(application)
    given = without_blanks_in_phone({name.removeprefix(OWNER): one for name, one in values.items() if OWNER in name})
    command = {"content": values["content"], "reason": values["reason"]}
    if all(before.get(f"{OWNER}{name}") == value for name, value in given.items()):
        return command
    address = {name.removeprefix("address."): given.pop(name) for name in list(given) if name.startswith("address.")}
    return {**command, "owner": {**application["owner"], **given, "address": address}}


def _who() -> tuple[Field, ...]:
    return (
        Field(f"{OWNER}name", _("Họ tên người có hồ sơ")),
        Field(f"{OWNER}identity_number", _("Số giấy tờ"), width="govuk-input--width-20", limit=20),
    )
