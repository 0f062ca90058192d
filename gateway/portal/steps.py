"""The pages of an application: one thing each, in an order that follows from the procedure's own rules.

What is answered lies in the draft in the shape in which it will be handed in; a step is done when its part is there.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from marshmallow import Schema, ValidationError

from gateway.http.call import current_call
from gateway.portal.calls import do, look
from gateway.portal.catalogue import reception_places
from gateway.portal.forms import Field, Values, yes_or_no
from gateway.portal.language import gettext as _
from gateway.portal.language import words
from shared.contracts.faults import field_errors
from shared.contracts.one_stop_shop.values import IDENTITY_SHAPES, Address, Delivery, Person
from shared.errors import FieldError, field_error

Content = dict[str, Any]
Check = Callable[[Values], list[FieldError]]
SELF, OTHER = "toi", "nguoi-khac"
QUESTION, PAPER = "hoi-", "giay-"
_COUNTED = ("copies", "pages")


@dataclass(frozen=True, slots=True)
class Step:
    """One page: its title, its fields, what is known already, and how the answer goes into the draft.

    `paths` are the beginnings of the paths under which a refusal names what was answered here.
    """

    key: str
    title: str
    fields: tuple[Field, ...]
    known: Values
    put: Callable[[Content, Values], None]
    done: bool
    paths: tuple[str, ...]
    check: Check = field(default=lambda _values: [])
    help: str = ""

    @property
    def is_paper(self) -> bool:
        """Whether a file is handed in here."""
        return self.key.startswith(PAPER)


@dataclass(slots=True)
class Work:
    """A draft with its procedure, and what follows from the answers so far."""

    draft: dict[str, Any]
    procedure: dict[str, Any]
    preview: dict[str, Any]

    @property
    def content(self) -> Content:
        """What has been answered."""
        content: Content = self.draft["content"]
        return content

    @property
    def definition(self) -> dict[str, Any]:
        """The procedure as the catalogue has it."""
        definition: dict[str, Any] = self.procedure["definition"]
        return definition


def open_work(draft: str) -> Work:
    """A draft of the reader's own, ready to be worked on."""
    return work_on(look("get_draft", draft=draft))


def work_on(draft: dict[str, Any]) -> Work:
    """What follows from what a draft holds."""
    content = draft["content"]
    procedure = look("get_procedure", code=str(content.get("procedure", "")))
    return Work(draft, procedure, preview_of(content))


def preview_of(content: Content) -> dict[str, Any]:
    """Questions, papers, fee and time by the rules that the submission will meet."""
    answers = {key: value for key, value in (content.get("answers") or {}).items() if value is not None}
    if content.get("submitter"):
        answers["authorised"] = True
    asked = {"agency": content.get("agency", ""), "answers": answers, "quantities": content.get("quantities") or {}}
    if content.get("case"):
        asked["case"] = content["case"]
    found: dict[str, Any] = do("preview_procedure", asked, code=content["procedure"])
    return found


def steps_of(work: Work) -> list[Step]:
    """All pages in their order."""
    return [*_beginning(work), *_people(work), *_questions(work), *_counts(work), *_papers(work), *_delivery(work)]


def next_undone(steps: list[Step]) -> Step | None:
    """The first page that still wants an answer."""
    return next((step for step in steps if not step.done), None)


def step_for(steps: list[Step], path: str) -> Step | None:
    """The page on which to mend what a refusal names."""
    return next((step for step in steps for start in step.paths if path == start or path.startswith(f"{start}.")), None)


# Where, and which case


def _beginning(work: Work) -> Iterator[Step]:
    content = work.content
    yield Step(
        "noi-nop",
        _("Bạn nộp hồ sơ ở đâu?"),
        (place_field(content["procedure"]),),
        {"agency": content.get("agency")},
        lambda content, values: content.update(agency=values["agency"]),
        bool(content.get("agency")),
        ("agency",),
    )
    cases = work.definition.get("cases", ())
    if len(cases) > 1:
        choices = tuple((case["key"], words(case["name"])) for case in cases)
        yield Step(
            "truong-hop",
            _("Trường hợp của bạn là gì?"),
            (Field("case", _("Trường hợp của bạn là gì?"), "choice", choices=choices),),
            {"case": content.get("case")},
            lambda content, values: content.update(case=values["case"]),
            bool(content.get("case")),
            ("case",),
        )


def place_field(procedure: str) -> Field:
    """Where one may hand in this procedure."""
    level = look("get_procedure", code=procedure)["definition"]["competent"]["level"]
    places = tuple((one["code"], one["name"]) for one in reception_places() if one["level"] in (level, "commune"))
    hint = _("Chọn Ủy ban nhân dân hoặc cơ quan nơi bạn cư trú")
    return Field("agency", _("Bạn nộp hồ sơ ở đâu?"), "select", hint, places)


# The people


def _people(work: Work) -> Iterator[Step]:
    content = work.content
    other = bool(content.get("submitter"))
    started = content.get("owner") is not None
    yield Step(
        "nop-cho-ai",
        _("Bạn nộp hồ sơ cho ai?"),
        (
            Field(
                "whom",
                _("Bạn nộp hồ sơ cho ai?"),
                "choice",
                choices=((SELF, _("Cho chính tôi")), (OTHER, _("Thay cho người khác, có giấy ủy quyền"))),
            ),
        ),
        {"whom": (OTHER if other else SELF) if started else None},
        _put_whom,
        started,
        ("submitter.identity_number", "submitter.name", "owner.identity_number" if not other else "-"),
    )
    mine = "submitter" if other else "owner"
    if started and not _proven():
        yield _person_step("ban-la-ai", _("Bạn là ai?"), content.get(mine) or {}, mine)
    if other:
        yield _person_step("nguoi-co-ho-so", _("Người có hồ sơ là ai?"), content["owner"] or {}, "owner")
    yield from _reach_steps(content.get(mine) or {}, mine)
    if other:
        title = _("Địa chỉ của người có hồ sơ")
        yield _address_step("dia-chi-chu-ho-so", title, content["owner"] or {}, "owner", "")


def _put_whom(content: Content, values: Values) -> None:
    """The reader stands as owner or as submitter, under the name and number that they have proven, if they have."""
    former = content.get("submitter") or content.get("owner") or {}
    me = {**former, **_proven()}
    if values["whom"] == SELF:
        content.update(owner=me, submitter=None)
    elif not content.get("submitter"):
        content.update(owner={}, submitter=me)


def _proven() -> Values:
    """What the reader has proven of themselves when they signed in."""
    principal = current_call().principal
    if principal is None or not principal.identity:
        return {}
    return {"name": principal.name, "identity_number": principal.identity}


def _person_step(key: str, title: str, person: Values, part: str) -> Step:
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


def _reach_steps(person: Values, part: str) -> Iterator[Step]:
    yield Step(
        "lien-he",
        _("Liên hệ với bạn bằng cách nào?"),
        (
            Field(
                "phone",
                _("Số điện thoại"),
                hint=_("Để cơ quan gọi khi hồ sơ cần bổ sung"),
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
        lambda content, values: content[part].update(_without_blanks_in_phone(values)),
        bool(person.get("phone")),
        (f"{part}.phone", f"{part}.email"),
        lambda values: _by(Person, "phone", "email")(_without_blanks_in_phone(values)),
    )
    yield _address_step("dia-chi", _("Bạn ở đâu?"), person, part, _("Địa chỉ nơi cư trú hiện nay"))


def _without_blanks_in_phone(values: Values) -> Values:
    phone = values.get("phone")
    return {**values, "phone": "".join(letter for letter in phone if letter not in " .-()") if phone else None}


def _address_step(key: str, title: str, person: Values, part: str, help_text: str) -> Step:
    return Step(
        key,
        title,
        _address_fields(),
        person.get("address") or {},
        lambda content, values: content[part].update(address=values),
        bool(person.get("address")),
        (f"{part}.address",),
        _by(Address),
        help_text,
    )


def _address_fields() -> tuple[Field, ...]:
    return (
        Field("line", _("Số nhà, đường, thôn, tổ dân phố"), autocomplete="address-line1"),
        Field("commune", _("Xã, phường, đặc khu"), autocomplete="address-level2", limit=100),
        Field("province", _("Tỉnh, thành phố"), autocomplete="address-level1", limit=100),
    )


# The procedure's own questions


def _questions(work: Work) -> Iterator[Step]:
    answers = work.content.get("answers") or {}
    for question in work.preview["questions"]:
        key = question["key"]
        yield Step(
            f"{QUESTION}{key}",
            words(question["name"]),
            (_question_field(question),),
            {"answer": answers.get(key)},
            _put_answer(key),
            key in answers,
            (f"answers.{key}",),
        )


def _question_field(question: Mapping[str, Any]) -> Field:
    kind = question["kind"]
    required = question.get("required", True)
    choices = tuple((choice["value"], words(choice["name"])) for choice in question.get("choices", ()))
    if kind == "yes_no":
        choices = yes_or_no()
    return Field("answer", words(question["name"]), kind, choices=choices, required=required, limit=500)


def _put_answer(key: str) -> Callable[[Content, Values], None]:
    def put(content: Content, values: Values) -> None:
        content.setdefault("answers", {})[key] = values["answer"]

    return put


def _counts(work: Work) -> Iterator[Step]:
    cases = {case["key"]: case for case in work.definition.get("cases", ())}
    fees = cases.get(work.content.get("case") or "", {}).get("fees", work.definition["fees"])
    counted = {fee.get("per", "application") for fee in fees} & {"copy", "page"}
    if not counted:
        return
    known = work.content.get("quantities") or {}
    fields = [Field("copies", _("Bạn cần bao nhiêu bản?"), "number")]
    if "page" in counted:
        fields.append(Field("pages", _("Mỗi bản có bao nhiêu trang?"), "number"))
    yield Step(
        "so-luong",
        _("Số lượng"),
        tuple(fields),
        known,
        lambda content, values: content.update(quantities=values),
        all(one.name in known for one in fields),
        tuple(f"quantities.{name}" for name in _COUNTED),
        lambda values: [field_error(name, "too_small", min=1) for name, value in values.items() if value < 1],
    )


# The papers


def _papers(work: Work) -> Iterator[Step]:
    supplied = {one["component"]: one for one in work.content.get("components") or ()}
    names = {one["key"]: words(one["name"]) for one in work.definition["components"]}
    for paper in work.preview["components"]:
        key = paper["component"]
        if paper["source"] == "paper":
            file = Field("tep", names[key], "file", _("Ảnh chụp rõ nét hoặc tệp PDF"), required=paper["required"])
            yield Step(
                f"{PAPER}{key}",
                names[key],
                (file,),
                supplied.get(key, {}),
                lambda _content, _values: None,
                key in supplied or not paper["required"],
                (f"components.{key}",),
            )


def put_file(content: Content, component: str, file: str) -> None:
    """A paper's file in the place of the former one."""
    others = [one for one in content.get("components") or () if one["component"] != component]
    content["components"] = [*others, {"component": component, "file": file}]


def keep_what_applies(work: Work) -> None:
    """Leave out answers and papers that the rules no longer ask for."""
    asked = {question["key"] for question in work.preview["questions"]}
    wanted = {one["component"] for one in work.preview["components"]}
    content = work.content
    content["answers"] = {key: value for key, value in (content.get("answers") or {}).items() if key in asked}
    content["components"] = [one for one in content.get("components") or () if one["component"] in wanted]


# The result


def _delivery(work: Work) -> Iterator[Step]:
    delivery = work.content.get("delivery") or {}
    question = _("Bạn muốn nhận kết quả ở đâu?")
    ways = (
        ("online", _("Trực tuyến, trên trang này")),
        ("counter", _("Tại quầy một cửa")),
        ("post", _("Qua bưu chính, đến tận nơi")),
    )
    yield Step(
        "nhan-ket-qua",
        question,
        (Field("method", question, "choice", choices=ways),),
        delivery,
        _put_delivery,
        bool(delivery.get("method")),
        ("delivery.method",),
    )
    if delivery.get("method") == "post":
        me = work.content.get("submitter") or work.content.get("owner") or {}
        address = delivery.get("address") or me.get("address") or {}
        known = {
            "receiver": delivery.get("receiver") or me.get("name"),
            "phone": delivery.get("phone") or me.get("phone"),
        }
        yield Step(
            "noi-nhan",
            _("Bưu tá giao kết quả cho ai, ở đâu?"),
            (
                Field("receiver", _("Người nhận"), autocomplete="name"),
                Field("phone", _("Số điện thoại người nhận"), width="govuk-input--width-20", inputmode="tel"),
                *_address_fields(),
            ),
            known | address,
            _put_receiver,
            bool(delivery.get("address")),
            ("delivery",),
            lambda values: _by(Delivery)(_delivery_to(values)),
        )


def _put_delivery(content: Content, values: Values) -> None:
    former = content.get("delivery") or {}
    content["delivery"] = {**former, **values} if values["method"] == "post" else values


def _put_receiver(content: Content, values: Values) -> None:
    content["delivery"] = _delivery_to(values)


def _delivery_to(values: Values) -> Values:
    plain = _without_blanks_in_phone(values)
    address = {name: plain[name] for name in ("line", "commune", "province")}
    return {"method": "post", "receiver": plain["receiver"], "phone": plain["phone"], "address": address}


def _by(contract: type[Schema], *names: str) -> Check:
    """A check by the contract under which the answer will be handed in, of all of it or of the fields named."""

    def check(values: Values) -> list[FieldError]:
        given = {name: value for name, value in values.items() if value is not None}
        messages = _field_messages(contract, names, given) if names else contract().validate(given)
        return [{**fault, "path": fault["path"].removeprefix("address.")} for fault in field_errors(messages)]

    return check


def _field_messages(contract: type[Schema], names: Iterable[str], given: Values) -> dict[str, Any]:
    """What marshmallow says of single fields."""
    schema, messages = contract(), {}
    for name in set(names) & set(given):
        try:
            schema.fields[name].deserialize(given[name])
        except ValidationError as error:
            messages[name] = error.messages
    return messages


def _check_owner(values: Values) -> list[FieldError]:
    wrong = _by(Person, "name", "birth_date")(values)
    if not re.fullmatch(IDENTITY_SHAPES[values["identity_kind"]], values["identity_number"], re.ASCII):
        wrong.append(field_error("identity_number", "identity_number_shape"))
    return wrong
