"""Issuing the standard forms: each is a picture of the application at the moment of issue, kept as it was (D 2.2)."""

from collections.abc import Mapping
from typing import Any

from services.one_stop_shop.domain import form_words as said
from services.one_stop_shop.domain.actors import RECEPTION_OFFICER, ROLE_NAMES, SPECIALIST
from services.one_stop_shop.domain.application import Application, Occasion
from services.one_stop_shop.domain.form_sets import FormKind, form_name
from services.one_stop_shop.domain.form_snapshot import snapshot
from services.one_stop_shop.domain.forms import (
    Apology,
    ControlSheet,
    Form,
    HandOver,
    MissingLine,
    Receipt,
    Refusal,
    StopNotice,
    SupplementRequest,
)
from services.one_stop_shop.domain.paper_parts import (
    applicant_on_paper,
    collection_of,
    component_lines,
    fee_lines,
    form_set_of,
    letterhead_of,
    lookup_of,
    person_on_paper,
    reception_name,
    signer_of,
    slip_number,
    statutory_time_of,
)
from services.one_stop_shop.domain.read_model import outcome_of
from services.one_stop_shop.domain.statuses import status_name

FormRecord = dict[str, Any]
Step = Mapping[str, Any]


def issue(application: Application, occasion: Occasion, form: Form) -> list[FormRecord]:
    """The forms of the application with this one; the control slip grows instead of being issued again."""
    form_set = form_set_of(application, occasion)
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
        letterhead=letterhead_of(application, occasion, received_at),
        code=application["code"],
        lookup=lookup_of(application, occasion),
        receiving_body=reception_name(received_at),
        submitter=applicant_on_paper(application),
        owner=person_on_paper(application["owner"]),
        procedure=application["procedure"]["name"],
        procedure_code=application["procedure"]["code"],
        subject=application["content"],
        channel=said.CHANNELS[application["channel"]],
        components=component_lines(application),
        sets=1,
        statutory_time=statutory_time_of(application, occasion),
        received_at=application["received_at"],
        due_at=application["due_at"],
        collection=collection_of(application["payment"]),
        fees=fee_lines(application["payment"]),
        return_method=said.RETURN_METHODS[application["delivery"]["method"]],
        return_place=reception_name(received_at),
        officer=occasion.actor.name,
    )


def supplement_request(application: Application, occasion: Occasion) -> SupplementRequest:
    """Form 02, numbered by the application's code and how often more was asked."""
    asked = application["supplements"][-1]
    body = occasion.directory.get(occasion.actor.agency)
    stage = said.SupplementStage.APPRAISAL if asked["stage"] == "appraisal" else said.SupplementStage.RECEPTION
    return SupplementRequest(
        letterhead=letterhead_of(application, occasion, body, number=slip_number(application, asked["times"], "HDHS")),
        code=application["code"],
        lookup=lookup_of(application, occasion),
        receiving_body=reception_name(body),
        applicant=applicant_on_paper(application),
        procedure=application["procedure"]["name"],
        subject=application["content"],
        missing=tuple(
            MissingLine(name=item["name"]["vi"], request=item["requirement"])
            for item in (*asked["items"], *asked["answers"])
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
        letterhead=letterhead_of(application, occasion, body),
        receiving_body=reception_name(body),
        refusing_body=body.name.vi,
        applicant=applicant_on_paper(application),
        procedure=application["procedure"]["name"],
        subject=application["content"],
        code=application["code"],
        reason=refused["reason"],
        legal_ground=refused["legal_ground"],
        guidance=refused["guidance"],
        officer=occasion.actor.name,
        guidance_contact=reception_name(body),
        guidance_phone=occasion.lookup.phone,
    )


def apology(application: Application, occasion: Occasion, agency_at_fault: str, reason: str) -> Apology:
    """Form 04, from the agency that decides to the reception point and through it to the applicant."""
    extension = application["clock"]["extensions"][-1]
    body = occasion.directory.get(application["competent_agency"])
    point = reception_name(occasion.directory.get(application["received_agency"]))
    return Apology(
        letterhead=letterhead_of(
            application, occasion, body, number=slip_number(application, len(application["clock"]["extensions"]), "PXL")
        ),
        code=application["code"],
        to=applicant_on_paper(application),
        reception_point=point,
        agency_at_fault=occasion.directory.get(agency_at_fault).name.vi,
        procedure=application["procedure"]["name"],
        subject=application["content"],
        received_at=application["received_at"],
        due_at=extension["former_due"],
        new_due_at=extension["new_due"],
        reason=reason,
        return_place=point,
        signer=signer_of(occasion),
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
        letterhead=letterhead_of(application, occasion, body),
        code=application["code"],
        applicant=applicant_on_paper(application),
        reception_point=reception_name(occasion.directory.get(application["received_agency"])),
        procedure=application["procedure"]["name"],
        subject=application["content"],
        received_at=application["received_at"],
        requested_at=withdrawal["requested_at"],
        request=withdrawal["reason"],
        stage_reached=reached or status_name(withdrawal["from_status"]),
        decision=withdrawal["decision"],
        paid=paid,
        settlement="Việc hoàn trả thực hiện theo quy định" if paid else "Không phát sinh khoản phải hoàn trả",
        signer=signer_of(occasion),
    )


def passed_on(application: Application, occasion: Occasion, giver: str, done: Step | None, note: str) -> ControlSheet:
    """Form 06 with one more row: who gave the papers to whom, and how the step that is `done` kept its time."""
    step = next((record for record in application["steps"] if record["key"] == application["step"]), None)
    return _with_hand(
        application,
        occasion,
        giver=done["role"] if done else RECEPTION_OFFICER,
        giver_name=giver,
        receiver=step["role"] if step else "",
        receiver_name=application["assignee_name"] or "",
        done=done,
        note=note,
    )


def brought_back(application: Application, occasion: Occasion, done: Step | None) -> ControlSheet:
    """Form 06 with its last row: the result goes back to the reception point, early or late against its promise."""
    due_at = application["due_at"]
    note = "Chuyển kết quả về Bộ phận Một cửa"
    if due_at:
        kept = _OUTCOMES[outcome_of(occasion.now, due_at, due_at)]
        note = f"{note}; so với hẹn trả: {kept.lower()}"
    return _with_hand(
        application,
        occasion,
        giver=SPECIALIST,
        giver_name=occasion.actor.name,
        receiver=RECEPTION_OFFICER,
        done=done,
        note=note,
    )


def taken_back(application: Application, occasion: Occasion, note: str) -> ControlSheet:
    """Form 06 with one more row: the reception point gives a recalled result back to who had the last step."""
    step = next(record for record in application["steps"] if record["key"] == application["step"])
    return _with_hand(
        application,
        occasion,
        giver=RECEPTION_OFFICER,
        giver_name="",
        receiver=step["role"],
        note=f"Thu hồi kết quả: {note}",
    )


def _with_hand(
    application: Application,
    occasion: Occasion,
    *,
    giver: str,
    giver_name: str,
    receiver: str,
    receiver_name: str = "",
    done: Step | None = None,
    note: str,
) -> ControlSheet:
    """The slip with a row from role to role, of which the names may be unknown."""
    received_at = occasion.directory.get(application["received_agency"])
    handling = occasion.directory.get(application["competent_agency"])
    units = {RECEPTION_OFFICER: reception_name(received_at)}
    row = HandOver(
        from_agency=units.get(giver, handling.name.vi),
        to_agency=units.get(receiver, handling.name.vi),
        at=occasion.now,
        deliverer=giver_name,
        receiver=receiver_name,
        receiver_role=ROLE_NAMES[receiver]["vi"] if receiver else "",
        step=done["name"] if done else "",
        outcome=_OUTCOMES[done["outcome"]] if done else None,
        note=note,
    )
    former = next((record for record in application["forms"] if record["kind"] == FormKind.CONTROL_SHEET), None)
    return ControlSheet(
        letterhead=letterhead_of(application, occasion, received_at),
        code=application["code"],
        procedure=application["procedure"]["name"],
        subject=application["content"],
        submitter=applicant_on_paper(application),
        owner=person_on_paper(application["owner"]),
        components=component_lines(application),
        sets=1,
        received_at=application["received_at"],
        statutory_time=statutory_time_of(application, occasion),
        due_at=application["due_at"],
        due_back_at=application["due_at"],
        hand_overs=(*_former_rows(former), row),
        handling_agency=handling.name.vi,
    )


_OUTCOMES = {"early": said.Outcome.EARLY, "on_time": said.Outcome.ON_TIME, "late": said.Outcome.LATE}


def _former_rows(former: FormRecord | None) -> tuple[HandOver, ...]:
    if former is None:
        return ()
    rows = former["data"]["hand_overs"]
    return tuple(
        HandOver(**{**row, "outcome": said.Outcome(row["outcome"]) if row["outcome"] else None}) for row in rows
    )
