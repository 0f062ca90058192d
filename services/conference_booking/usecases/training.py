"""Training: courses, trainings with attendance, certificates, and who is on duty without one."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import uuid5

from dateutil.relativedelta import relativedelta

from services.conference_booking.domain import training as rules
from services.conference_booking.domain.access import check_reads
from services.conference_booking.domain.decisions import Decision, Document, Occasion
from services.conference_booking.domain.finding import EVERYBODY, eye_key, position
from services.conference_booking.domain.networks import local_day
from services.conference_booking.usecases.changes import COURSE, DERIVED, TRAINING
from services.conference_booking.usecases.context import Context, actor_of
from services.conference_booking.usecases.days import day_of, whole_day
from services.conference_booking.usecases.meetings import NAMESPACE
from services.conference_booking.usecases.resources import begin, carry_out
from services.conference_booking.usecases.technicians import read_roster
from shared.commands import command_of
from shared.contracts.conference_booking import training as t
from shared.contracts.conference_booking.requests import WithReason
from shared.contracts.principal import Principal
from shared.errors import Conflict, NotFound
from shared.requests import answer_history, answer_page, answer_verified, page_of, read_query, read_request

Request = dict[str, Any]

BATCH = 200
LOOK_BACK = timedelta(days=365)


def register_course(context: Context, request: Request, principal: Principal) -> Request:
    """A new course of a network."""
    body = read_request(t.RegisterCourse, request)
    known = Conflict("course_known", course=body["key"])
    decision = rules.register_course(body)
    return begin(context, COURSE, body, decision, actor_of(principal), command_of(request), known)


def change_course(context: Context, request: Request, principal: Principal) -> Request:
    """Other facts about a course."""

    def decide(course: Document, body: Request, _: Occasion) -> Decision:
        return rules.change_course(course, body)

    return carry_out(context, COURSE, "course", t.ChangeCourse, decide, request, principal)


def list_courses(context: Context, request: Request, principal: Principal) -> Request:
    """Courses in order of their keys."""
    query = read_query(t.ListCourses, request)
    check_reads(actor_of(principal))
    limit, after = page_of(request)
    found = [one for key, one in context.courses.of_network(query["network"]).items() if key > (after or "")]
    names = ("network", "name", "months", "required", "active", "version")
    items = [{"key": one["_id"], **{name: one[name] for name in names}} for one in found[:limit]]
    return answer_page(items, found[limit - 1]["_id"] if len(found) > limit else None)


def plan_training(context: Context, request: Request, principal: Principal) -> Request:
    """A training on one day."""
    body, command = read_request(t.PlanTraining, request), command_of(request)
    course = context.courses.of_network(context.networks.get(body["network"]).key).get(body["course"])
    if course is None:
        raise NotFound("course_unknown", course=body["course"])
    decision = rules.plan(body, course)
    key = uuid5(NAMESPACE, f"training {command['key']}").hex
    known = Conflict("training_unknown", training=key)
    return begin(context, TRAINING, {**body, "key": key}, decision, actor_of(principal), command, known)


def record_attendance(context: Context, request: Request, principal: Principal) -> Request:
    """Who was there, and who passed."""

    def decide(training: Document, body: Request, occasion: Occasion) -> Decision:
        return rules.record(training, body, context.technicians.of_network(training["network"]), occasion)

    return carry_out(context, TRAINING, "training", t.RecordAttendance, decide, request, principal)


def cancel_training(context: Context, request: Request, principal: Principal) -> Request:
    """A training that will not be."""

    def decide(training: Document, body: Request, _: Occasion) -> Decision:
        return rules.cancel(training, body)

    return carry_out(context, TRAINING, "training", WithReason, decide, request, principal)


def list_trainings(context: Context, request: Request, principal: Principal) -> Request:
    """Trainings of a network in order of their days."""
    query = read_query(t.ListTrainings, request)
    check_reads(actor_of(principal))
    network = context.networks.get(query["network"])
    limit, after = page_of(request)
    since = query["since"] or local_day(context.now() - LOOK_BACK)
    key = eye_key(EVERYBODY, network.key, query["state"] or "")
    start = position(whole_day(since).start)
    page = context.trainings.page(key, since=start, before=None, after=after, limit=limit)
    return answer_page([_view(one) for one in page.rows], page.next)


def read_training(context: Context, request: Request, principal: Principal) -> Request:
    """One training."""
    return _view(load_training(context, request, principal))


def load_training(context: Context, request: Request, principal: Principal) -> Document:
    """One training, as it is stored.

    Raises:
        Forbidden: for those who may read nothing.
        NotFound: there is none.
    """
    check_reads(actor_of(principal))
    loaded = context.trainings.find(request["training"])
    if loaded is None:
        raise NotFound("training_unknown", training=request["training"])
    return loaded.document


def _view(training: Document) -> Request:
    names = ("network", "course", "day", "place", "trainer", "state", "attendance", "version")
    return {"key": training["_id"], **{name: training[name] for name in names}}


def read_training_history(context: Context, request: Request, principal: Principal) -> Request:
    """A training's history in order."""
    key = load_training(context, request, principal)["_id"]
    return answer_history(request, lambda after, limit: context.trainings.history(key, after=after, limit=limit))


def verify_training_history(context: Context, request: Request, principal: Principal) -> Request:
    """Whether a training's history is what was written."""
    actor = actor_of(principal)
    check_reads(actor)
    unknown = NotFound("training_unknown", training=request["training"])
    found = context.trainings.whole(request["training"])
    return answer_verified(found, principal, lambda _: check_reads(actor), unknown, DERIVED)


def list_certificates(context: Context, request: Request, principal: Principal) -> Request:
    """The newest certificate of each technician in each course, in order of technicians."""
    query = read_query(t.ListCertificates, request)
    check_reads(actor_of(principal))
    network = context.networks.get(query["network"]).key
    today = local_day(context.now())
    limit, after = page_of(request)
    rows = [
        one
        for one in _certificates(context, network, today)
        if query["technician"] in (None, one.technician)
        and query["valid"] in (None, one.is_valid(today))
        and [one.technician, one.course] > (after or ["", ""])
    ]
    people = context.technicians.find_all({one.technician for one in rows[:limit]})
    items = [
        {
            **{name: getattr(one, name) for name in ("technician", "course", "training")},
            "name": people[one.technician]["name"],
            "endpoints": people[one.technician]["endpoints"],
            "issued": one.issued.isoformat(),
            "until": one.until.isoformat(),
            "valid": one.is_valid(today),
        }
        for one in rows[:limit]
    ]
    last = rows[limit - 1] if len(rows) > limit else None
    return answer_page(items, [last.technician, last.course] if last else None)


def _certificates(context: Context, network: str, day: date) -> list[rules.Certificate]:
    return rules.certificates(_held(context, network, day), context.courses.of_network(network))


def _held(context: Context, network: str, day: date) -> Iterator[Document]:
    """The trainings of a network that may still count."""
    key = eye_key(EVERYBODY, network, rules.HELD)
    since = position(whole_day(day - relativedelta(months=rules.LONGEST_MONTHS)).start)
    after: str | None = None
    while True:
        page = context.trainings.page(key, since=since, before=None, after=after, limit=BATCH)
        yield from page.rows
        after = page.next
        if after is None:
            return


def read_untrained(context: Context, request: Request, principal: Principal) -> Request:
    """Who is on duty on a day without a valid certificate of a required course, of the meetings that one sees."""
    roster = read_roster(context, request, principal)
    network, day = roster["network"], day_of(request["day"])
    held, courses = _certificates(context, network, day), context.courses.of_network(network)
    rows = [
        {
            **{name: duty[name] for name in ("endpoint", "meeting", "title", "session", "held_from")},
            "technician": person["key"],
            "name": person["name"],
            "phone": person["phone"],
            "lacks": missing,
        }
        for duty in roster["duties"]
        for person in duty["technicians"]
        if (missing := rules.lacking(person["key"], held, courses, network, day))
    ]
    return {"network": network, "day": roster["day"], "rows": rows}
