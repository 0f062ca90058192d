"""Handing in: what an application must hold, which agencies it concerns, and what it looks like on its first day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.one_stop_shop.domain.access import identity_of, proven_identity_key, subject_key
from services.one_stop_shop.domain.actors import AGENCY_SYSTEM, CITIZEN, RECEPTION_OFFICER, Actor
from services.one_stop_shop.domain.agencies import Directory
from services.one_stop_shop.domain.application import Changes, Decision, Occasion
from services.one_stop_shop.domain.clock import reception_due
from services.one_stop_shop.domain.codes import parse_application_code
from services.one_stop_shop.domain.contents import as_seen, check_supplied, component_records, situation_of
from services.one_stop_shop.domain.delivery import chosen_delivery
from services.one_stop_shop.domain.fees import check_quantities
from services.one_stop_shop.domain.payment import obligation
from services.one_stop_shop.domain.procedure import ProcedureVersion, Source, case_of, compute_fee
from services.one_stop_shop.domain.questions import (
    applicable_components,
    check_answers,
    matter_of,
    missing_components,
    wrong_case,
)
from services.one_stop_shop.domain.situation import Channel
from services.one_stop_shop.domain.statuses import Status
from shared.errors import Conflict, FieldError, Forbidden, Invalid, NotFound, field_error
from shared.words import same_name
from shared.working_time import VIETNAM

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Agencies:
    """The three agencies of an application (D 1): where it was helped on its way, received, and is decided."""

    supported: str | None
    received: str
    competent: str


def check_may_hand_in(content: Content, actor: Actor, version: ProcedureVersion) -> None:
    """Citizens hand in online for themselves or whom they act for; counter and post are the officers' work.

    Helpers at the counter never act as the citizen (D 6.1): what they register carries their own name. A portal
    hands in what came to it online; that it may at all is a grant of its own in the list of clients.
    """
    channel = Channel(content["channel"])
    if actor.has(CITIZEN) and channel is Channel.ONLINE:
        _check_own(content, actor, version)
    elif not actor.has(RECEPTION_OFFICER if channel is not Channel.ONLINE else AGENCY_SYSTEM):
        raise Forbidden("channel_not_allowed", channel=int(channel))
    if content["national_code"] and not actor.has(AGENCY_SYSTEM):
        raise _wrong(field_error("national_code", "national_code_not_yours"))


def _check_own(content: Content, actor: Actor, version: ProcedureVersion) -> None:
    if version.sign_in_required and not actor.verified:
        raise Forbidden("identity_not_verified")
    if not actor.verified:
        return
    people = {name: content[name] for name in ("owner", "submitter") if content[name]}
    proven = proven_identity_key(actor.identity)
    own = [name for name, person in people.items() if identity_of(person) == proven]
    if not own:
        raise _wrong(field_error("submitter", "not_owner_or_submitter"))
    # Another's name beside one's own number would make a power of attorney needless.
    differ = [name for name in own if not same_name(people[name]["name"], actor.name)]
    if differ:
        raise _wrong(*(field_error(f"{name}.name", "name_not_proven", name=actor.name) for name in differ))


def agencies_for(content: Content, actor: Actor, version: ProcedureVersion, directory: Directory, on: date) -> Agencies:
    """Find the agencies: a counter receives what comes to it, elsewhere only non-territorial procedures.

    A system hands in at the agency that it acts for or below it: that of a province, in all of the province.
    """
    try:
        point = directory.reception_point(content["agency"], on)
    except (Conflict, Invalid, NotFound) as error:
        raise _wrong(field_error("agency", error.code, **({"agency": content["agency"]} | error.params))) from error
    competent = directory.competent_for(version, point.code, on)
    if competent is None:
        raise _wrong(field_error("agency", "no_competent_agency", agency=point.code))
    if actor.has(AGENCY_SYSTEM) and not (actor.agency and directory.is_within(point.code, actor.agency)):
        raise Forbidden("other_agency")
    if not actor.has(RECEPTION_OFFICER) or content["channel"] == Channel.ONLINE:
        return Agencies(None, point.code, competent.code)
    if actor.agency != point.code and not version.non_territorial:
        raise Forbidden("other_agency")
    return Agencies(actor.agency, actor.agency, competent.code)


def check_content(content: Content, directory: Directory, occasion: Occasion) -> None:
    """Refuse, with every fault at once, what could not be received; what comes by post may still lack papers."""
    version, situation, on = occasion.version, situation_of(content), day_of(occasion)
    case_of(version, content["case"])
    wrong = [
        *check_answers(version, situation, on),
        *wrong_case(version, situation, on, occasion.working_time),
        *check_quantities(content["quantities"]),
        *check_supplied(content["components"], version, online=content["channel"] == Channel.ONLINE),
        *(fault for name in ("owner", "submitter") for fault in check_born(name, content[name], on)),
    ]
    if content["channel"] != Channel.POST:
        supplied = [component["component"] for component in content["components"]]
        wrong += [
            field_error("components", "component_missing", component=component.key, name=component.name.to_dict())
            for component in missing_components(version, situation, supplied)
        ]
    if content["national_code"]:
        wrong += _check_national_code(content["national_code"], directory)
    if wrong:
        raise _wrong(*wrong)


def hand_in(content: Content, agencies: Agencies, occasion: Occasion) -> Decision:
    """The application on its first day, but for its id and code; `content` carries descriptions of stored files."""
    version, situation, now = occasion.version, situation_of(content), occasion.now
    case = case_of(version, content["case"])
    papers = (
        []
        if content["channel"] != Channel.POST
        else missing_components(version, situation, [component["component"] for component in content["components"]])
    )
    online = content["channel"] == Channel.ONLINE
    seen = as_seen(content["components"], online=online)
    forms = [one for one in applicable_components(version, situation) if online and one.source is Source.FORM]
    decide_by = reception_due(occasion.working_time, now, version.reception_time)
    fees = compute_fee(version, situation, content["quantities"], day_of(occasion))
    fields: Changes = {
        **_NOTHING_YET,
        "status": int(Status.SUBMITTED),
        "procedure": {
            "code": version.code,
            "version": version.version,
            "case": case.key,
            "name": version.name.vi,
            "sector": version.sector,
        },
        "supported_agency": agencies.supported,
        "received_agency": agencies.received,
        "competent_agency": agencies.competent,
        "visible_to": list(dict.fromkeys(a for a in (agencies.received, agencies.competent, agencies.supported) if a)),
        "channel": content["channel"],
        "content": content["content"] or version.name.vi,
        "owner": _as_proven(content["owner"], occasion.actor),
        "submitter": _as_proven(content["submitter"], occasion.actor) if content["submitter"] else None,
        "applicant": occasion.actor.subject if occasion.actor.has(CITIZEN) else None,
        "applicant_verified": occasion.actor.has(CITIZEN) and occasion.actor.verified,
        "parties": _parties(content, occasion.actor),
        "submitted_by": {"sub": occasion.actor.subject, "name": occasion.actor.name, "agency": occasion.actor.agency},
        "province": content["province"],
        "answers": dict(content["answers"]),
        "quantities": dict(content["quantities"]),
        "components": component_records(version, seen, papers, forms),
        "delivery": chosen_delivery(content["delivery"]),
        "notify_by_email": content["notify_by_email"],
        "payment": obligation(fees),
        "reception_due_at": decide_by,
        "submitted_at": now,
        "matter": matter_of(version, situation, content["owner"]),
    }
    if content["national_code"]:
        fields["national_code"] = parse_application_code(content["national_code"]).text
    return Decision("application_submitted", fields, {"channel": content["channel"], "decide_by": decide_by})


def day_of(occasion: Occasion) -> date:
    """The day on which it happens, in Vietnam."""
    return occasion.now.astimezone(VIETNAM).date()


_NOTHING_YET: Changes = {
    "counted": True,
    "step": None,
    "steps": [],
    "clock": None,
    "due_at": None,
    "supplements": [],
    "corrections": [],
    "withdrawal": None,
    "refused": None,
    "stopped": None,
    "result": None,
    "recalled": [],
    "returned": None,
    "ratings": [],
    "links": [],
    "forms": [],
    "form_set": None,
    "assignee": None,
    "assignee_name": None,
    "received_by": None,
    "received_at": None,
    "finished_at": None,
    "returned_at": None,
    "refused_at": None,
    "closed_at": None,
    "previous_status": None,
}


def _as_proven(person: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
    """A person as they are stored; who has signed in bears the name that was proven, however they wrote it."""
    own = actor.has(CITIZEN) and actor.verified and identity_of(person) == proven_identity_key(actor.identity)
    return plain_person({**person, "name": actor.name} if own else person)


def plain_person(person: Mapping[str, Any]) -> dict[str, Any]:
    """A person as they are stored."""
    born = person["birth_date"]
    return {**person, "birth_date": born.isoformat() if born else None}


def _parties(content: Content, actor: Actor) -> list[str]:
    people = [identity_of(person) for person in (content["owner"], content["submitter"]) if person]
    account = [subject_key(actor.subject)] if actor.has(CITIZEN) else []
    return list(dict.fromkeys(account + people))


def check_born(name: str, person: Mapping[str, Any] | None, on: date) -> Iterator[FieldError]:
    """Nobody is born after the day on which they apply."""
    born = person["birth_date"] if person else None
    if born and born > on:
        yield field_error(f"{name}.birth_date", "in_future")


def _check_national_code(text: str, directory: Directory) -> Iterator[FieldError]:
    """Another system's code never looks like one that our own agencies give, today or tomorrow."""
    try:
        code = parse_application_code(text)
        agency = directory.get(code.agency)
    except Invalid as error:
        yield field_error("national_code", error.code, **error.params)
    except NotFound:
        return
    else:
        if code.agency == agency.code:
            yield field_error("national_code", "national_code_local", agency=agency.code)


def _wrong(*fields: FieldError) -> Invalid:
    return Invalid("request_invalid", fields=fields)
