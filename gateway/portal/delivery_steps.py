"""The pages on how the result comes: online, at the counter, or by post and to whom."""

from collections.abc import Iterator

from gateway.portal.applicant_steps import address_fields, without_blanks_in_phone
from gateway.portal.draft import Content, Work
from gateway.portal.forms import Field, Values
from gateway.portal.language import gettext as _
from gateway.portal.step import Step, by_contract
from shared.contracts.one_stop_shop.values import Delivery


def delivery_steps(work: Work) -> Iterator[Step]:
    """How the result comes, and whereto."""
    delivery = work.content.get("delivery") or {}
    officer = work.by_officer
    question = _("Người nộp muốn nhận kết quả ở đâu?") if officer else _("Bạn muốn nhận kết quả ở đâu?")
    ways = (
        ("online", _("Trực tuyến") if officer else _("Trực tuyến, trên trang này")),
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
                *address_fields(),
            ),
            known | address,
            _put_receiver,
            bool(delivery.get("address")),
            ("delivery",),
            lambda values: by_contract(Delivery)(_delivery_to(values)),
        )


def _put_delivery(content: Content, values: Values) -> None:
    former = content.get("delivery") or {}
    content["delivery"] = {**former, **values} if values["method"] == "post" else values


def _put_receiver(content: Content, values: Values) -> None:
    content["delivery"] = _delivery_to(values)


def _delivery_to(values: Values) -> Values:
    plain = without_blanks_in_phone(values)
    address = {name: plain[name] for name in ("line", "commune", "province")}
    return {"method": "post", "receiver": plain["receiver"], "phone": plain["phone"], "address": address}
