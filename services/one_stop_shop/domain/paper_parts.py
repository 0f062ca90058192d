"""What the standard forms have in common: letterhead, people, papers, fees, in the words that are printed."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.one_stop_shop.domain import form_words as said
from services.one_stop_shop.domain.actors import HEAD_OF_UNIT, RECEPTION_OFFICER
from services.one_stop_shop.domain.agencies import Agency, Directory
from services.one_stop_shop.domain.application import Application, Occasion
from services.one_stop_shop.domain.form_sets import FormSet, form_set_on
from services.one_stop_shop.domain.forms import ComponentLine, FeeLine, Letterhead, Lookup, Person, Signer
from services.one_stop_shop.domain.procedure import case_of
from shared.working_time import VIETNAM

_PLACE = re.compile("^Ủy ban nhân dân (thành phố |tỉnh |phường |xã |đặc khu )?")
"""A form is issued at "Ninh Kiều", the unit in which the agency has its seat (Decree 30/2020, Annex I)."""

_TITLES = {HEAD_OF_UNIT: "Thủ trưởng đơn vị", RECEPTION_OFFICER: "Cán bộ tiếp nhận"}


def form_set_of(application: Application, occasion: Occasion) -> FormSet:
    """The set that the application keeps, or before reception the one in force today."""
    if application["form_set"]:
        return FormSet(application["form_set"])
    return form_set_on(occasion.now.astimezone(VIETNAM).date())


def letterhead_of(application: Application, occasion: Occasion, body: Agency, number: str = "") -> Letterhead:
    """Who issues the form, where, and when."""
    letterhead = office_letterhead(
        body,
        occasion.directory,
        form_set=form_set_of(application, occasion),
        issued_at=occasion.now,
        sample=occasion.version.sample,
    )
    return replace(letterhead, number=number)


def office_letterhead(
    body: Agency, directory: Directory, *, form_set: FormSet, issued_at: datetime, sample: bool
) -> Letterhead:
    """The head of whatever an office issues: every form of the same office names the same place."""
    seat = directory.get(body.area or body.province or body.code).name.vi
    return Letterhead(
        form_set=form_set,
        parent_body=directory.get(body.parent).name.vi if body.parent else "",
        body=body.name.vi,
        place=_PLACE.sub("", seat),
        issued_at=issued_at,
        sample=sample,
    )


def lookup_of(application: Application, occasion: Occasion) -> Lookup:
    """Where the applicant follows the application."""
    return replace(occasion.lookup, url=occasion.lookup.url + application["code"])


def slip_number(application: Application, times: int, symbol: str) -> str:
    """The number of an application's slip of one kind; no two slips of an office ever have the same.

    It holds the whole code, for an office decides on what several reception points count from one each day.
    """
    return f"{application['code']}-{times}/{symbol}"


def reception_name(agency: Agency) -> str:
    """The reception point of an agency, under its own name where it has one."""
    return agency.reception.vi if agency.reception else agency.name.vi


def person_on_paper(person: dict[str, Any]) -> Person:
    """A person with the address on one line."""
    return Person(
        name=person["name"],
        id_number=person["identity_number"],
        id_kind=said.IDENTITY_KINDS[person["identity_kind"]],
        address=address_on_paper(person["address"]),
        phone=person["phone"] or "",
        email=person["email"] or "",
    )


def address_on_paper(address: Mapping[str, Any]) -> str:
    """An address on one line."""
    return ", ".join(address[part] for part in ("line", "commune", "province") if address.get(part))


def applicant_on_paper(application: Application) -> Person:
    """Who stands at the counter: the submitter, otherwise the owner."""
    return person_on_paper(application["submitter"] or application["owner"])


def component_lines(application: Application) -> tuple[ComponentLine, ...]:
    """What was handed in, counted by kind; what the agency has elsewhere or looks up itself lies here on no paper."""
    lines = (
        ComponentLine(
            name=record["name"],
            originals=record["originals"],
            certified_copies=record["certified_copies"],
            photocopies=record["photocopies"],
            electronic=1 if record["file"] or record.get("electronic_form") or record["reused_from"] else 0,
        )
        for record in application["components"]
    )
    return tuple(one for one in lines if one.originals or one.certified_copies or one.photocopies or one.electronic)


def statutory_time_of(application: Application, occasion: Occasion) -> str:
    """The time limit in the words of a decree."""
    time = case_of(occasion.version, application["procedure"]["case"]).time
    return time.in_vietnamese() if time else "Không quy định thời hạn giải quyết"


def collection_of(payment: dict[str, Any]) -> said.Collection:
    """When the fee is collected, or why it is not."""
    match payment["state"], payment["collected"]:
        case "none", _:
            return said.Collection.NONE
        case "exempt", _:
            return said.Collection.EXEMPT
        case _, "return":
            return said.Collection.AFTER
    return said.Collection.BEFORE


def fee_lines(payment: dict[str, Any]) -> tuple[FeeLine, ...]:
    """Each fee with its full amount beside what is payable and the ground of a relief."""
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


def signer_of(occasion: Occasion) -> Signer:
    """Who signs, with their post."""
    title = next((title for role, title in _TITLES.items() if occasion.actor.has(role)), "Chuyên viên")
    return Signer(name=occasion.actor.name, title=title)
