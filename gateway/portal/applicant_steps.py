"""The pages on who applies: for oneself or for another, who they are, how and where they are reached."""

import re
from collections.abc import Iterator

from gateway.http.call import current_call
from gateway.portal.draft import Content, Work, by_officer, for_another
from gateway.portal.forms import Choices, Field, Values
from gateway.portal.language import gettext as _
from gateway.portal.step import Step, by_contract
from shared.contracts.one_stop_shop.values import IDENTITY_SHAPES, Address, Person
from shared.errors import FieldError, field_error

SELF, OTHER = "toi", "nguoi-khac"


def applicant_steps(work: Work) -> Iterator[Step]:
    """For whom, who, how to reach them, where they live."""
    content, officer = work.content, work.by_officer
    other = for_another(content)
    started = content.get("owner") is not None
    question, choices = _whom_for_officer() if officer else _whom()
    yield Step(
        "nop-cho-ai",
        question,
        (Field("whom", question, "choice", choices=choices),),
        {"whom": (OTHER if other else SELF) if started else None},
        _put_whom,
        started,
        ("submitter.identity_number", "submitter.name", "owner.identity_number" if not other else "-"),
    )
    mine = "submitter" if other else "owner"
    if started and officer:
        yield _person_step("nguoi-co-ho-so", _("Người có hồ sơ là ai?"), content, "owner")
        if other:
            yield _person_step("nguoi-nop-thay", _("Người nộp thay là ai?"), content, "submitter")
    elif started and not _proven():
        yield _person_step("ban-la-ai", _("Bạn là ai?"), content, mine)
    if other and not officer:
        yield _person_step("nguoi-co-ho-so", _("Người có hồ sơ là ai?"), content, "owner")
    yield from _reach_steps(content, mine)
    if other:
        yield _address_step("dia-chi-chu-ho-so", _("Địa chỉ của người có hồ sơ"), content, "owner", "")


def _whom() -> tuple[str, Choices]:
    choices = ((SELF, _("Cho chính tôi")), (OTHER, _("Thay cho người khác, có giấy ủy quyền")))
    return _("Bạn nộp hồ sơ cho ai?"), choices


def _whom_for_officer() -> tuple[str, Choices]:
    choices = ((SELF, _("Chính người có hồ sơ")), (OTHER, _("Người khác nộp thay, có giấy ủy quyền")))
    return _("Ai nộp hồ sơ?"), choices


def _put_whom(content: Content, values: Values) -> None:
    """The reader stands as owner or as submitter, under the name and number that they have proven, if they have.

    An officer is neither: what was taken down of the owner stays the owner's.
    """
    other = for_another(content)
    if by_officer(content):
        submitter = (content.get("submitter") or {}) if values["whom"] == OTHER else None
        content.update(owner=content.get("owner") or {}, submitter=submitter)
        return
    me = {**(content.get("submitter" if other else "owner") or {}), **_proven()}
    if values["whom"] == SELF:
        content.update(owner=me, submitter=None)
    elif not other:
        content.update(owner={}, submitter=me)


def _proven() -> Values:
    """What the reader has proven of themselves when they signed in."""
    principal = current_call().principal
    if principal is None or not principal.identity:
        return {}
    return {"name": principal.name, "identity_number": principal.identity}


def _person_step(key: str, title: str, content: Content, part: str) -> Step:
    person = content.get(part) or {}
    kinds = (("cccd", _("Căn cước, căn cước công dân")), ("passport", _("Hộ chiếu")), ("tax_code", _("Mã số thuế")))
    return Step(
        key,
        title,
        (
            Field("name", _("Họ, chữ đệm và tên")),
            Field("identity_kind", _("Loại giấy tờ"), "choice", choices=kinds),
            Field("identity_number", _("Số giấy tờ"), width="govuk-input--width-20", limit=20),
            Field("birth_date", _("Ngày sinh"), "date", required=False),
        ),
        {"identity_kind": "cccd", **person},
        lambda content, values: content[part].update(values),
        bool(person.get("name") and person.get("identity_number")),
        tuple(f"{part}.{name}" for name in ("name", "identity_kind", "identity_number", "birth_date")),
        _check_owner,
    )


def _reach_steps(content: Content, part: str) -> Iterator[Step]:
    person, officer = content.get(part) or {}, by_officer(content)
    yield Step(
        "lien-he",
        _("Liên hệ với người nộp bằng cách nào?") if officer else _("Liên hệ với bạn bằng cách nào?"),
        (
            Field(
                "phone",
                _("Số điện thoại"),
                hint=_("Để cơ quan gọi khi hồ sơ cần bổ sung"),
                required=not officer,
                autocomplete="tel",
                width="govuk-input--width-20",
                inputmode="tel",
            ),
            Field(
                "email",
                _("Thư điện tử"),
                hint=_("Mỗi thay đổi của hồ sơ được báo về đây"),
                required=False,
                autocomplete="email",
                inputmode="email",
            ),
        ),
        person,
        lambda content, values: content[part].update(without_blanks_in_phone(values)),
        bool(person.get("phone")) or (officer and "phone" in person),
        (f"{part}.phone", f"{part}.email"),
        lambda values: by_contract(Person, "phone", "email")(without_blanks_in_phone(values)),
    )
    title = _("Người nộp ở đâu?") if officer else _("Bạn ở đâu?")
    yield _address_step("dia-chi", title, content, part, _("Địa chỉ nơi cư trú hiện nay"))


def _address_step(key: str, title: str, content: Content, part: str, help_text: str) -> Step:
    person = content.get(part) or {}
    return Step(
        key,
        title,
        address_fields(),
        person.get("address") or {},
        lambda content, values: content[part].update(address=values),
        bool(person.get("address")),
        (f"{part}.address",),
        by_contract(Address),
        help_text,
    )


def without_blanks_in_phone(values: Values) -> Values:
    """With a telephone number as it is stored, however it was grouped in typing."""
    phone = values.get("phone")
    return {**values, "phone": "".join(letter for letter in phone if letter not in " .-()") if phone else None}


def address_fields() -> tuple[Field, ...]:
    """Where somebody lives, or gets their post."""
    return (
        Field("line", _("Số nhà, đường, thôn, tổ dân phố"), autocomplete="address-line1"),
        Field("commune", _("Xã, phường, đặc khu"), autocomplete="address-level2", limit=100),
        Field("province", _("Tỉnh, thành phố"), autocomplete="address-level1", limit=100),
    )


def _check_owner(values: Values) -> list[FieldError]:
    wrong = by_contract(Person, "name", "birth_date")(values)
    if not re.fullmatch(IDENTITY_SHAPES[values["identity_kind"]], values["identity_number"], re.ASCII):
        wrong.append(field_error("identity_number", "identity_number_shape"))
    return wrong
