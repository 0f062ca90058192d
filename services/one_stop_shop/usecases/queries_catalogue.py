"""The catalogue: finding a procedure, reading its versions, reckoning what follows from answers."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from services.one_stop_shop.domain.agencies import Agency, Directory
from services.one_stop_shop.domain.bundles import situation_of_part
from services.one_stop_shop.domain.codes import national_procedure_code
from services.one_stop_shop.domain.fees import FeeLine, total
from services.one_stop_shop.domain.procedure import ProcedureVersion, case_of, compute_fee
from services.one_stop_shop.domain.procedure_search import means, nearness, wanted_words
from services.one_stop_shop.domain.procedure_versions import version_in_force
from services.one_stop_shop.domain.questions import applicable_components, applicable_questions, limited_case
from services.one_stop_shop.domain.situation import Channel, Situation
from services.one_stop_shop.usecases.context import Context
from shared.contracts.one_stop_shop.application_requests import Preview
from shared.contracts.one_stop_shop.catalogue_requests import ListProcedures
from shared.contracts.principal import Principal
from shared.errors import Invalid, NotFound
from shared.requests import answer_page, page_of, read_query, read_request
from shared.words import fold, words
from shared.working_time import VIETNAM, Duration, WorkingTime

Row = dict[str, Any]

READ_AT_ONCE = 100


def list_procedures(context: Context, request: dict[str, Any], principal: Principal | None) -> dict[str, Any]:
    """Procedures in force today, in order of their codes; the words ignore diacritics."""
    query = read_query(ListProcedures, request)
    limit, after = page_of(request)
    wanted = wanted_words(query["q"] or "", context.procedures.filler_words())
    if query["nearest"]:
        return answer_page(_nearest(context, query, wanted)[:limit], None)
    found: list[Row] = []
    for _, row in _found(context, query, after, lambda own: means(own, wanted)):
        if len(found) == limit:
            return answer_page(found, found[-1]["code"])
        found.append(row)
    return answer_page(found, None)


def get_procedure(context: Context, request: dict[str, Any], principal: Principal | None) -> dict[str, Any]:
    """The version in force today."""
    versions = all_versions(context, request["code"])
    return procedure_view(version_in_force(versions, today(context)), context.procedures.sectors())


def list_procedure_versions(context: Context, request: dict[str, Any], principal: Principal | None) -> dict[str, Any]:
    """All versions, newest first."""
    limit, after = page_of(request)
    versions = sorted(all_versions(context, request["code"]), key=lambda version: -version.version)
    rest = [version for version in versions if not after or version.version < int(after)]
    sectors = context.procedures.sectors()
    following = rest[limit - 1].version if len(rest) > limit else None
    return answer_page([procedure_view(version, sectors) for version in rest[:limit]], following)


def preview_procedure(context: Context, request: dict[str, Any], principal: Principal | None) -> dict[str, Any]:
    """Which papers, fee and time follow from the answers so far, by the rules that a submission would meet."""
    body, now = read_request(Preview, request, path=("code",)), context.now()
    version = version_in_force(all_versions(context, request["code"]), today(context))
    case = case_of(version, body["case"])
    directory = context.offices.directory()
    agency = directory.current(body["agency"], today(context))
    situation = Situation(
        body["answers"],
        case.key,
        Channel(body["channel"]),
        body["applicant_class"],
        authorised=bool(body["answers"].get("authorised")),
        province=directory.province_of(agency.code),
    )
    working_time = context.offices.working_time(agency.code)
    lines = [
        *compute_fee(version, situation, body["quantities"], today(context)),
        *_fees_of_parts(context, version, situation, working_time),
    ]
    received_at = working_time.normalise_reception(now)
    asked = {question.key for question in applicable_questions(version, situation)}
    limits = _limits(version, situation, today(context), working_time)
    return {
        "components": [
            {
                "component": component.key,
                "name": component.name.vi,
                "source": str(component.source),
                "required": not component.optional,
                "originals": component.originals,
                "certified_copies": component.certified_copies,
                "photocopies": component.photocopies,
            }
            for component in applicable_components(version, situation)
        ],
        "fee": {"amount": total(lines), "lines": [line.to_dict() for line in lines]},
        "processing_time": case.time.in_vietnamese() if case.time else "",
        "due_if_received_now": working_time.add(received_at, case.time) if case.time else None,
        "questions": [
            {**plain, **limits.get(plain["key"], {})}
            for plain in version.definition.get("questions", [])
            if plain["key"] in asked
        ],
    }


def _fees_of_parts(
    context: Context, version: ProcedureVersion, situation: Situation, working_time: WorkingTime
) -> Iterator[FeeLine]:
    """What the parts of a bundle will charge; of one that cannot be opened by itself nobody knows."""
    day = today(context)
    for code in version.children:
        try:
            procedure = context.catalogue.in_force(code, day)
            part = situation_of_part(version, procedure, situation, day, working_time)
        except (Invalid, NotFound):  # not in force, or without the case named: an officer will hand it in
            continue
        yield from compute_fee(procedure, part, {}, day)


def _limits(
    version: ProcedureVersion, situation: Situation, on: date, working_time: WorkingTime
) -> dict[str, dict[str, Row]]:
    """By the question's key, with which days one comes in time for this case, or too early for it, which is for the
    late; and which is the case of the others."""
    chosen = case_of(version, situation.case)
    if (limited := limited_case(version, chosen)) is None:
        return {}
    timely, term = limited
    row: Row = {"earliest": term.earliest(on, working_time).isoformat(), "days": term.days}
    if chosen == timely:
        return {term.question: {"in_time": {**row, "otherwise": case_of(version, term.otherwise).name.to_dict()}}}
    fee = total(compute_fee(version, replace(situation, case=timely.key), {}, on))
    return {term.question: {"late": {**row, "otherwise": timely.name.to_dict(), "fee": fee}}}


def list_topics(context: Context, request: dict[str, Any], principal: Principal | None) -> dict[str, Any]:
    """The life events and sectors under which there are procedures today, with how many."""
    day = today(context)
    plain = [found for row in all_rows(context) if (found := _in_force(row["versions"], day))]
    times = {
        "life_events": Counter(key for one in plain for key in one.get("life_events", ())),
        "sectors": Counter(one["sector"] for one in plain),
    }
    return {
        kind: [
            {"key": key, "name": name, "procedures": times[kind][key]}
            for key, name in known.items()
            if times[kind][key]
        ]
        for kind, known in context.procedures.topics().items()
    }


def all_versions(context: Context, code: str) -> tuple[ProcedureVersion, ...]:
    """All versions by a code of any shape."""
    try:
        known = context.procedures.versions(national_procedure_code(code))
    except Invalid:
        known = ()
    if not known:
        raise NotFound("procedure_unknown", procedure=code)
    return known


def _nearest(context: Context, query: Mapping[str, Any], wanted: Sequence[str]) -> list[Row]:
    """The procedures with most of the wanted words, in order of their codes."""
    rated = list(_found(context, query, None, lambda own: nearness(own, wanted)))
    most = max((rate for rate, _ in rated), default=0)
    return [row for rate, row in rated if rate == most]


def _found(
    context: Context, query: Mapping[str, Any], after: str | None, rate: Callable[[list[str]], int]
) -> Iterator[tuple[int, Row]]:
    """The procedures that fit the filters and whose words rate above 0, each with how they rate."""
    sectors, day = context.procedures.sectors(), today(context)
    directory = context.offices.directory()
    point = directory.current(query["agency"], day) if query["agency"] else None
    for row in all_rows(context, after):
        plain = _in_force(row["versions"], day)
        if plain is None or not _fits(plain, query, sectors):
            continue
        rated = rate(_words_of(row["_id"], plain))
        if not rated or (point and not _is_decided(context, row["_id"], point, directory)):
            continue
        yield rated, _procedure_row(row["_id"], plain, sectors)


def all_rows(context: Context, after: str | None = None) -> Iterator[Row]:
    """What lists show of every procedure behind this code; read as far as it is wanted."""
    while rows := context.procedures.rows(after, READ_AT_ONCE):
        yield from rows
        after = rows[-1]["_id"]


def _in_force(versions: list[Row], on: date) -> Row | None:
    day = on.isoformat()
    fitting = [v for v in versions if v["effective_from"] <= day <= (v.get("effective_to") or day)]
    return max(fitting, key=lambda v: (v["effective_from"], v["version"]), default=None)


def _fits(plain: Mapping[str, Any], query: Mapping[str, Any], sectors: Mapping[str, str]) -> bool:
    sector = query["sector"]
    if sector and fold(sector) not in (plain["sector"], fold(sectors.get(plain["sector"], ""))):
        return False
    return not query["life_event"] or query["life_event"] in plain.get("life_events", ())


def _words_of(code: str, plain: Mapping[str, Any]) -> list[str]:
    texts = [code, *plain["name"].values(), *plain.get("keywords", ()), *plain.get("life_events", ())]
    return [word for text in texts for word in words(text.replace("_", " "))]


def _is_decided(context: Context, code: str, point: Agency, directory: Directory) -> bool:
    """Whether somebody decides on what is handed in there."""
    day = today(context)
    try:
        version = context.catalogue.in_force(code, day)
    except NotFound:  # published a moment ago: the rules will know of it in some seconds
        return False
    return directory.competent_for(version, point.code, day) is not None


def _procedure_row(code: str, plain: Mapping[str, Any], sectors: Mapping[str, str]) -> Row:
    return {
        "code": code,
        "name": plain["name"]["vi"],
        "name_en": plain["name"]["en"],
        "sector": sectors.get(plain["sector"], plain["sector"]),
        "service_level": plain["service_level"],
        "competent_level": plain["competent"]["level"],
        "processing_time": _time(plain["processing_time"]),
        "time_limit": plain["processing_time"],
        "fee_from": _lowest_fee(plain),
        "life_events": list(plain.get("life_events", ())),
        "version": plain["version"],
        "sample": plain["sample"],
    }


def procedure_view(version: ProcedureVersion, sectors: Mapping[str, str]) -> Row:
    """One version, whole (`ProcedureView`)."""
    plain = version.definition
    return {
        **_procedure_row(version.code, plain, sectors),
        "effective_from": plain["effective_from"],
        "effective_to": plain.get("effective_to"),
        "withdrawn": version.withdrawn,
        "definition": dict(plain),
    }


def _time(plain: str) -> str:
    return "" if plain == "none" else Duration.parse(plain).in_vietnamese()


def _lowest_fee(plain: Mapping[str, Any]) -> int:
    """The least that an applicant may have to pay, over all cases; 0 where nothing is charged."""
    cases = plain.get("cases") or [{}]
    fees: list[list[Row]] = [case.get("fees", plain["fees"]) for case in cases]
    return min(sum(min(int(line["amount"]) for line in fee["amounts"]) for fee in charged) for charged in fees)


def today(context: Context) -> date:
    """The day it is in Vietnam."""
    return context.now().astimezone(VIETNAM).date()
