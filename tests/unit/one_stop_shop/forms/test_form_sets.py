from datetime import date

import pytest

from services.one_stop_shop.domain.form_sets import FormKind, FormSet, form_name, form_numbered, form_set_on, forms_of
from shared.errors import NotFound


def test_the_set_of_2025_has_seven_forms() -> None:
    names = forms_of(FormSet.C2025)
    assert [name.number for name in names.values()] == ["01", "02", "03", "04", "05", "06", "07"]
    assert names[FormKind.STOP_NOTICE].number == "05"
    assert names[FormKind.CONTROL_SHEET].number == "06"
    assert names[FormKind.REGISTER].number == "07"
    assert {name.circular for name in names.values()} == {"Thông tư số 03/2025/TT-VPCP"}


def test_the_set_of_2018_has_six_forms_and_an_apology_with_a_new_day() -> None:
    names = forms_of(FormSet.C2018)
    assert [name.number for name in names.values()] == ["01", "02", "03", "04", "05", "06"]
    assert names[FormKind.APOLOGY].title == "Phiếu xin lỗi và hẹn lại ngày trả kết quả"
    assert names[FormKind.CONTROL_SHEET].number == "05"
    assert names[FormKind.REGISTER].number == "06"


@pytest.mark.parametrize("form_set", list(FormSet))
def test_numbers_lead_back_to_their_forms(form_set: FormSet) -> None:
    for kind, name in forms_of(form_set).items():
        assert form_numbered(form_set, name.number) is kind
        assert form_name(form_set, kind) == name


def test_a_form_that_a_set_lacks_is_not_found() -> None:
    with pytest.raises(NotFound, match="form_not_in_set"):
        form_name(FormSet.C2018, FormKind.STOP_NOTICE)
    with pytest.raises(NotFound, match="form_not_in_set"):
        form_numbered(FormSet.C2018, "07")


@pytest.mark.parametrize(
    ("day", "form_set"),
    [
        (date(2023, 10, 27), FormSet.C2018),
        (date(2025, 9, 14), FormSet.C2018),
        (date(2025, 9, 15), FormSet.C2025),
        (date(2026, 10, 5), FormSet.C2025),
    ],
)
def test_the_day_of_reception_chooses_the_set(day: date, form_set: FormSet) -> None:
    assert form_set_on(day) is form_set
