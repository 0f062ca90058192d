"""Issuing the standard forms: each is a picture of the application at the moment of issue, kept as it was (D 2.2)."""

from dataclasses import replace
from typing import Any

from services.one_stop_shop.domain import form_words as said
from services.one_stop_shop.domain.actors import HEAD_OF_UNIT, RECEPTION_OFFICER
from services.one_stop_shop.domain.agencies import Agency
from services.one_stop_shop.domain.application import Application, Occasion
from services.one_stop_shop.domain.form_sets import FormKind, FormSet, form_name, form_set_on
from services.one_stop_shop.domain.form_snapshot import snapshot
from services.one_stop_shop.domain.forms import (
    Apology,
    ComponentLine,
    ControlSheet,
    FeeLine,
    Form,
    HandOver,
    Letterhead,
    Lookup,
    MissingLine,
    Person,
    Receipt,
    Refusal,
    Signer,
    StopNotice,
    SupplementRequest,
)
from services.one_stop_shop.domain.procedure import case_of
from services.one_stop_shop.domain.statuses import status_name
from shared.working_time import VIETNAM

FormRecord = dict[str, Any]


def issue(application: Application, occasion: Occasion, form: Form) -> list[FormRecord]:
    """The forms of the application with this one; the control slip grows instead of being issued again."""
    form_set = _form_set(application, occasion)
    name = form_name(form_set, form.kind)
    issued = list(application["forms"])
    former = next((record for record in issued if record["kind"] == form.kind), None)
    grows = form.kind is FormKind.CONTROL_SHEET and former is not None
    record = {
        "id": former["id"] if grows and former else str(len(issued) + 1),
        "form": int(name.number),
        "kind": str(form.kind),
        "form_set": str(form_set),
        "title": name.title,
        "issued_at": occasion.now,
        "seq": application["version"] + 1,
        "data": snapshot(form),
    }
    return [record if other is former else other for other in issued] if grows else [*issued, record]


def receipt(application: Application, occasion: Occasion) -> Receipt:
    """Form 01."""
    received_at = occasion.directory.get(application["received_agency"])
    return Receipt(
        letterhead=_letterhead(application, occasion, received_at),
        code=application["code"],
        lookup=_lookup(application, occasion),
        receiving_body=_reception(received_at),
        submitter=_submitter(application),
        owner=_person(application["owner"]),
        procedure=application["procedure"]["name"],
        procedure_code=application["procedure"]["code"],
        subject=application["content"],
        channel=said.CHANNELS[application["channel"]],
        components=_components(application),
        sets=1,
        statutory_time=_statutory_time(application, occasion),
        received_at=application["received_at"],
        due_at=application["due_at"],
        collection=_collection(application["payment"]),
        fees=_fees(application["payment"]),
        return_method=said.RETURN_METHODS[application["delivery"]["method"]],
        return_place=_reception(received_at),
        officer=occasion.actor.name,
    )


def supplement_request(application: Application, occasion: Occasion) -> SupplementRequest:
    """Form 02, numbered by the application's code and how often more was asked."""
    asked = application["supplements"][-1]
    names = {component.key: component.name.vi for component in occasion.version.components}
    body = occasion.directory.get(occasion.actor.agency)
    stage = said.SupplementStage.APPRAISAL if asked["stage"] == "appraisal" else said.SupplementStage.RECEPTION
    return SupplementRequest(
        letterhead=_letterhead(application, occasion, body, number=f"{_number(application)}-{asked['times']}/HDHS"),
        code=application["code"],
        lookup=_lookup(application, occasion),
        receiving_body=_reception(body),
        applicant=_submitter(application),
        procedure=application["procedure"]["name"],
        subject=application["content"],
        missing=tuple(
            MissingLine(name=names[item["component"]], request=item["requirement"]) for item in asked["items"]
        ),
        reason=asked["reason"],
        legal_ground=asked["legal_ground"],
        stage=stage,
        times_asked=asked["times"],
        deadline=asked["supply_by"],
        officer=occasion.actor.name,
        officer_phone=occasion.lookup.phone,
    )


def refusal(application: Application, occasion: Occasion) -> Refusal:
    """Form 03."""
    body = occasion.directory.get(application["received_agency"])
    refused = application["refused"]
    return Refusal(
        letterhead=_letterhead(application, occasion, body),
        receiving_body=_reception(body),
        refusing_body=body.name.vi,
        applicant=_submitter(application),
        procedure=application["procedure"]["name"],
        subject=application["content"],
        code=application["code"],
        reason=refused["reason"],
        legal_ground=refused["legal_ground"],
        guidance=refused["guidance"],
        officer=occasion.actor.name,
        guidance_contact=_reception(body),
        guidance_phone=occasion.lookup.phone,
    )


def apology(application: Application, occasion: Occasion, agency_at_fault: str, reason: str) -> Apology:
    """Form 04, from the agency that decides to the reception point and through it to the applicant."""
    extension = application["clock"]["extensions"][-1]
    body = occasion.directory.get(application["competent_agency"])
    point = _reception(occasion.directory.get(application["received_agency"]))
    return Apology(
        letterhead=_letterhead(application, occasion, body, number=f"{_number(application)}/PXL"),
        code=application["code"],
        to=_submitter(application),
        reception_point=point,
        agency_at_fault=occasion.directory.get(agency_at_fault).name.vi,
        procedure=application["procedure"]["name"],
        subject=application["content"],
        received_at=application["received_at"],
        due_at=extension["former_due"],
        new_due_at=extension["new_due"],
        reason=reason,
        return_place=point,
        signer=_signer(occasion),
        extension_count=len(application["clock"]["extensions"]),
        recipients=(point,),
    )


def stop_notice(application: Application, occasion: Occasion, step: str | None) -> StopNotice:
    """Form 05, once a withdrawal after reception was accepted; `step` is where the work had come to."""
    body = occasion.directory.get(application["competent_agency"])
    withdrawal, payment = application["withdrawal"], application["payment"]
    reached = next((record["name"] for record in application["steps"] if record["key"] == step), "")
    paid = payment["amount"] if payment["state"] == "paid" else 0
    return StopNotice(
        letterhead=_letterhead(application, occasion, body),
        code=application["code"],
        applicant=_submitter(application),
        reception_point=_reception(occasion.directory.get(application["received_agency"])),
        procedure=application["procedure"]["name"],
        subject=application["content"],
        received_at=application["received_at"],
        requested_at=withdrawal["requested_at"],
        request=withdrawal["reason"],
        stage_reached=reached or status_name(withdrawal["from_status"]),
        decision=withdrawal["decision"],
        paid=paid,
        settlement="Việc hoàn trả thực hiện theo quy định" if paid else "Không phát sinh khoản phải hoàn trả",
        signer=_signer(occasion),
    )


def control_sheet(application: Application, occasion: Occasion, outcome: str | None, note: str) -> ControlSheet:
    """Form 06 with one more row: from whom to whom the papers went, and how the step before kept its time."""
    received_at = occasion.directory.get(application["received_agency"])
    handling = occasion.directory.get(application["competent_agency"])
    former = next((record for record in application["forms"] if record["kind"] == FormKind.CONTROL_SHEET), None)
    step = next((record for record in application["steps"] if record["key"] == application["step"]), None)
    row = HandOver(
        from_agency=occasion.directory.get(occasion.actor.agency).name.vi,
        to_agency=handling.name.vi,
        at=occasion.now,
        deliverer=occasion.actor.name,
        receiver=application["assignee_name"] or (step["name"] if step else ""),
        outcome=_OUTCOMES[outcome] if outcome else None,
        note=note,
    )
    return ControlSheet(
        letterhead=_letterhead(application, occasion, received_at),
        code=application["code"],
        procedure=application["procedure"]["name"],
        subject=application["content"],
        submitter=_submitter(application),
        owner=_person(application["owner"]),
        components=_components(application),
        sets=1,
        received_at=application["received_at"],
        statutory_time=_statutory_time(application, occasion),
        due_at=application["due_at"],
        due_back_at=application["due_at"],
        hand_overs=(*_former_rows(former), row),
        handling_agency=handling.name.vi,
    )


_OUTCOMES = {"early": said.Outcome.EARLY, "on_time": said.Outcome.ON_TIME, "late": said.Outcome.LATE}
_TITLES = {HEAD_OF_UNIT: "Thủ trưởng đơn vị", RECEPTION_OFFICER: "Cán bộ tiếp nhận"}


def _former_rows(former: FormRecord | None) -> tuple[HandOver, ...]:
    if former is None:
        return ()
    rows = former["data"]["hand_overs"]
    return tuple(
        HandOver(**{**row, "outcome": said.Outcome(row["outcome"]) if row["outcome"] else None}) for row in rows
    )


def _form_set(application: Application, occasion: Occasion) -> FormSet:
    if application["form_set"]:
        return FormSet(application["form_set"])
    return form_set_on(occasion.now.astimezone(VIETNAM).date())


def _letterhead(application: Application, occasion: Occasion, body: Agency, number: str = "") -> Letterhead:
    parent = occasion.directory.get(body.parent).name.vi if body.parent else ""
    province = occasion.directory.get(body.province).name.vi if body.province else body.name.vi
    return Letterhead(
        form_set=_form_set(application, occasion),
        parent_body=parent,
        body=body.name.vi,
        place=province.removeprefix("Ủy ban nhân dân "),
        issued_at=occasion.now,
        number=number,
        sample=occasion.version.sample,
    )


def _lookup(application: Application, occasion: Occasion) -> Lookup:
    return replace(occasion.lookup, url=occasion.lookup.url + application["code"])


def _number(application: Application) -> str:
    return str(application["code"].rpartition("-")[2])


def _reception(agency: Agency) -> str:
    return agency.reception.vi if agency.reception else agency.name.vi


def _person(person: dict[str, Any]) -> Person:
    address = person["address"]
    return Person(
        name=person["name"],
        id_number=person["identity_number"],
        id_kind=said.IDENTITY_KINDS[person["identity_kind"]],
        address=", ".join((address["line"], address["commune"], address["province"])),
        phone=person["phone"] or "",
        email=person["email"] or "",
    )


def _submitter(application: Application) -> Person:
    return _person(application["submitter"] or application["owner"])


def _components(application: Application) -> tuple[ComponentLine, ...]:
    return tuple(
        ComponentLine(
            name=record["name"],
            originals=record["originals"],
            certified_copies=record["certified_copies"],
            photocopies=record["photocopies"],
            electronic=1 if record["file"] else 0,
        )
        for record in application["components"]
    )


def _statutory_time(application: Application, occasion: Occasion) -> str:
    time = case_of(occasion.version, application["procedure"]["case"]).time
    return time.in_vietnamese() if time else "Không quy định thời hạn giải quyết"


def _collection(payment: dict[str, Any]) -> said.Collection:
    match payment["state"], payment["collected"]:
        case "none", _:
            return said.Collection.NONE
        case "exempt", _:
            return said.Collection.EXEMPT
        case _, "return":
            return said.Collection.AFTER
    return said.Collection.BEFORE


def _fees(payment: dict[str, Any]) -> tuple[FeeLine, ...]:
    exempt = payment["state"] == "exempt"
    return tuple(
        FeeLine(
            name=line["name"]["vi"],
            amount=line["full_amount"],
            payable=0 if exempt else line["amount"],
            ground=(line["ground"] or {}).get("vi", "") or (payment["ground"] if exempt else ""),
            receipt_number=payment["receipt_number"] or "",
        )
        for line in payment["lines"]
    )


def _signer(occasion: Occasion) -> Signer:
    title = next((title for role, title in _TITLES.items() if occasion.actor.has(role)), "Chuyên viên")
    return Signer(name=occasion.actor.name, title=title)
