"""The sets of standard forms, one per circular, and how each set numbers and titles its forms.

An application keeps the set that was in force when it was received, whatever comes later.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.errors import NotFound


class FormSet(StrEnum):
    """The circular whose forms an application keeps from its reception to its end."""

    C2018 = "2018"
    C2025 = "2025"


class FormKind(StrEnum):
    """A form by its purpose; its number and title depend on the set."""

    RECEIPT = "receipt"
    SUPPLEMENT_REQUEST = "supplement_request"
    REFUSAL = "refusal"
    APOLOGY = "apology"
    STOP_NOTICE = "stop_notice"
    CONTROL_SHEET = "control_sheet"
    REGISTER = "register"


CIRCULARS = {FormSet.C2018: "Thông tư số 01/2018/TT-VPCP", FormSet.C2025: "Thông tư số 03/2025/TT-VPCP"}
IN_FORCE_2025 = date(2025, 9, 15)

_RECEIPT = "Giấy tiếp nhận hồ sơ và hẹn trả kết quả"
_SUPPLEMENT_REQUEST = "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ"
_REFUSAL = "Phiếu từ chối tiếp nhận giải quyết hồ sơ"
_CONTROL_SHEET = "Phiếu kiểm soát quá trình giải quyết hồ sơ"
_REGISTER = "Sổ theo dõi hồ sơ"

# In the order of the annexes: the position gives the number.
_TITLES: dict[FormSet, dict[FormKind, str]] = {
    FormSet.C2018: {
        FormKind.RECEIPT: _RECEIPT,
        FormKind.SUPPLEMENT_REQUEST: _SUPPLEMENT_REQUEST,
        FormKind.REFUSAL: _REFUSAL,
        FormKind.APOLOGY: "Phiếu xin lỗi và hẹn lại ngày trả kết quả",
        FormKind.CONTROL_SHEET: _CONTROL_SHEET,
        FormKind.REGISTER: _REGISTER,
    },
    FormSet.C2025: {
        FormKind.RECEIPT: _RECEIPT,
        FormKind.SUPPLEMENT_REQUEST: _SUPPLEMENT_REQUEST,
        FormKind.REFUSAL: _REFUSAL,
        FormKind.APOLOGY: "Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết",
        FormKind.STOP_NOTICE: "Thông báo dừng giải quyết hồ sơ",
        FormKind.CONTROL_SHEET: _CONTROL_SHEET,
        FormKind.REGISTER: _REGISTER,
    },
}


@dataclass(frozen=True, slots=True)
class FormName:
    """How a set numbers and titles one form, and the circular that says so."""

    number: str
    title: str
    circular: str


def form_set_on(day: date) -> FormSet:
    """The set in force on `day`: Circular 03/2025/TT-VPCP took over on 15 September 2025."""
    return FormSet.C2025 if day >= IN_FORCE_2025 else FormSet.C2018


def forms_of(form_set: FormSet) -> dict[FormKind, FormName]:
    """Every form of a set, in the order of its numbers."""
    return {
        kind: FormName(f"{number:02d}", title, CIRCULARS[form_set])
        for number, (kind, title) in enumerate(_TITLES[form_set].items(), start=1)
    }


def form_name(form_set: FormSet, kind: FormKind) -> FormName:
    """The name of a form in a set; the 2018 set knows no notice of stopping."""
    name = forms_of(form_set).get(kind)
    if name is None:
        raise NotFound("form_not_in_set", form=kind.value, form_set=form_set.value)
    return name


def form_numbered(form_set: FormSet, number: str) -> FormKind:
    """The form that carries `number` ("01" to "07") in a set."""
    for kind, name in forms_of(form_set).items():
        if name.number == number:
            return kind
    raise NotFound("form_not_in_set", form=number, form_set=form_set.value)
