"""Handing in: what is taken, from whom, and what is refused with which code and without a trace."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.one_stop_shop.domain.access import identity_key, is_party, proven_identity_key
from services.one_stop_shop.domain.statuses import Status
from services.one_stop_shop.usecases.context import actor_of
from services.one_stop_shop.usecases.submit import submit_application
from shared.contracts.principal import Principal, Role
from shared.errors import Conflict, Error, Forbidden, Invalid
from shared.history import verify
from tests.support.shop_in_memory import FILE
from tests.support.world import CITIZEN, OWNER, RECEPTION, SPECIALIST, STRANGER, SUBMISSION, SYSTEM, World
from tests.unit.one_stop_shop.application.journeys import act

SUBMITTER = {**OWNER, "name": "Trần Lạ", "identity_number": "092090000999"}
POWER = {"component": "van_ban_uy_quyen", "originals": 1, "file": FILE}
UNVERIFIED = Principal("moi", "Mới", frozenset({Role.CITIZEN}))


def test_online_it_waits_for_reception_within_eight_working_hours() -> None:
    world = World()
    application = world[world.submit()]
    assert application["status"] == Status.SUBMITTED
    assert application["code"] == "H13.30.01-261005-0001"
    assert application["province"] == "H13"
    assert application["reception_due_at"] == world.now + timedelta(days=1), "08:00 to 08:00 is one working day"
    assert application["near_due_at"] == world.now + timedelta(hours=6), "not near at once: half a day later, over noon"
    assert application["due_at"] is None
    assert application["due_work"] == [{"kind": "reception_late", "at": application["reception_due_at"]}]
    assert world.events(application["_id"]) == ["application_submitted"]


def test_at_the_counter_it_is_received_at_once_and_never_has_status_1() -> None:
    world = World()
    application = world[world.submit(RECEPTION, channel=1)]
    assert application["status"] == Status.RECEIVED
    assert application["previous_status"] is None
    assert application["received_at"] == world.now
    assert [form["form"] for form in application["forms"]] == [1]
    assert world.events(application["_id"]) == ["application_received"]
    assert verify(application["_id"], application["history"], version=1, head=application["head"]) is None


def test_by_post_it_may_still_lack_papers() -> None:
    world = World()
    content = {**SUBMISSION, "submitter": SUBMITTER, "channel": 3}
    application = world[world.submit(RECEPTION, **content)]
    assert application["status"] == Status.SUBMITTED
    lacking = {record["component"]: record for record in application["components"]}["van_ban_uy_quyen"]
    assert lacking["required"]
    assert not lacking["originals"]
    with pytest.raises(Conflict, match="papers_missing") as refusal:
        act(world, "receive", application["_id"], RECEPTION)
    assert [paper["vi"] for paper in refusal.value.params["papers"]] == [lacking["name"]]
    act(
        world,
        "request_supplement",
        application["_id"],
        RECEPTION,
        items=[{"component": POWER["component"], "requirement": "Nộp"}],
    )
    act(world, "supply_supplement", application["_id"], RECEPTION, components=[POWER])
    act(world, "receive", application["_id"], RECEPTION)


def test_an_authorised_person_hands_in_for_the_owner() -> None:
    world = World()
    content: dict[str, Any] = {"submitter": SUBMITTER, "components": [*SUBMISSION["components"], POWER]}
    application = world[world.submit(STRANGER, **content)]
    assert application["owner"]["name"] == "Nguyễn Văn An"
    assert application["submitter"]["name"] == "Trần Lạ"
    assert set(application["parties"]) == {"sub:cong-dan-la", "id:cccd:092090000123", "id:cccd:092090000999"}


def test_a_system_keeps_the_national_code_beside_the_local_one() -> None:
    world = World()
    application = world[world.submit(SYSTEM, national_code="G09.20-20260609-0092637")]
    assert application["national_code"] == "G09.20-20260609-0092637"
    assert application["code"] == "H13.30.01-261005-0001"
    with pytest.raises(Conflict, match="national_code_taken"):
        world.submit(SYSTEM, national_code="G09.20-20260609-0092637")
    assert len(world.applications.documents) == 1


def test_a_province_s_portal_hands_in_all_over_its_province_and_nowhere_else() -> None:
    world = World()
    portal = replace(SYSTEM, agency="H13")
    assert world[world.submit(portal)]["received_agency"] == "H13.30.01"
    with pytest.raises(Forbidden, match="other_agency"):
        world.submit(portal, agency="H56.30.01")


def test_a_national_code_is_nobody_elses_local_code() -> None:
    world = World()
    taken = world.submit()
    world[taken]["code"] = code = "H99.01-261005-0001"  # of an agency that the directory does not know yet
    with pytest.raises(Conflict, match="national_code_taken"):
        world.submit(SYSTEM, national_code=code)


def test_a_passport_with_the_digits_of_a_card_is_somebody_else() -> None:
    world = World()
    passport = {**OWNER, "identity_kind": "passport", "identity_number": STRANGER.identity}
    application = world[world.submit(RECEPTION, channel=1, owner=passport)]
    assert not is_party(application, actor_of(STRANGER))
    with pytest.raises(Invalid) as refusal:
        world.submit(STRANGER, owner=passport)
    assert [wrong["code"] for wrong in refusal.value.fields] == ["not_owner_or_submitter"]


@pytest.mark.parametrize(
    ("kind", "number", "proven"),
    [
        ("cccd", "092090000123", "092090000123"),
        ("cmnd", "092090000", "092090000"),
        ("passport", "C1234567", "C1234567"),
        ("tax_code", "1801234567", "1801234567"),
        ("tax_code", "1801234567-001", "1801234567001"),
    ],
)
def test_a_proven_number_is_the_one_of_its_kind(kind: str, number: str, proven: str) -> None:
    assert identity_key(kind, number) == proven_identity_key(proven)


def test_the_same_command_again_gets_the_same_answer() -> None:
    world = World()
    request = {**SUBMISSION, "_command": world.command("once")}
    first = submit_application(world.context, request, CITIZEN)
    world.now += timedelta(hours=3)
    assert submit_application(world.context, request, CITIZEN) == first
    assert len(world.applications.documents) == 1


def test_the_same_command_gets_its_answer_even_after_the_rules_have_changed() -> None:
    world = World()
    request = {**SUBMISSION, "_command": world.command("once")}
    first = submit_application(world.context, request, CITIZEN)
    world.now -= timedelta(days=700)  # the procedure is not in force any more
    assert submit_application(world.context, request, CITIZEN) == first


def test_the_same_key_for_something_else_is_refused() -> None:
    world = World()
    submit_application(world.context, {**SUBMISSION, "_command": world.command("once")}, CITIZEN)
    with pytest.raises(Invalid, match="idempotency_key_reused"):
        submit_application(world.context, {**SUBMISSION, "_command": world.command("once", "other")}, CITIZEN)
    assert len(world.applications.documents) == 1


BORN: dict[str, Any] = {
    "procedure": "1.001193",
    "quantities": {},
    "components": [
        {"component": "to_khai", "originals": 1},
        {"component": "giay_chung_sinh", "file": FILE, "originals": 1},
    ],
}


def born(day: str) -> dict[str, Any]:
    return {**BORN, "answers": {"child_name": "Nguyễn Minh Khôi", "child_birth_date": day, "child_sex": "male"}}


@pytest.mark.parametrize("case", [None, "standard"])
def test_a_birth_of_long_ago_is_not_registered_in_time_and_free(case: str | None) -> None:
    world = World()
    with pytest.raises(Invalid) as refusal:
        world.submit(case=case, **born("2020-01-01"))
    assert [(wrong["path"], wrong["code"], wrong["params"]) for wrong in refusal.value.fields] == [
        ("answers.child_birth_date", "day_too_long_ago", {"days": 60}),
        ("case", "case_for_the_late", {"case": {"vi": "Đăng ký quá hạn", "en": "Registered after 60 days"}}),
    ]
    late, in_time = world.submit(case="overdue", **born("2020-01-01")), world.submit(case=case, **born("2026-08-06"))
    assert [world[one]["payment"]["amount"] for one in (late, in_time)] == [8000, 0]


def test_a_birth_in_time_is_not_charged_as_a_late_one() -> None:
    world = World()
    with pytest.raises(Invalid) as refusal:
        world.submit(case="overdue", **born("2026-08-06"))
    timely = {
        "vi": "Đăng ký đúng hạn (trong 60 ngày kể từ ngày sinh)",
        "en": "Registered in time, within 60 days of the birth",
    }
    assert [(wrong["path"], wrong["code"], wrong["params"]) for wrong in refusal.value.fields] == [
        ("answers.child_birth_date", "day_in_time", {"days": 60}),
        ("case", "case_for_the_timely", {"case": timely, "fee": 0}),
    ]


def test_who_turns_out_to_have_come_in_time_corrects_the_day() -> None:
    world = World()
    application = world.submit(case="overdue", **born("2020-08-06"))
    asked = [{"question": "child_birth_date", "requirement": "Ghi đúng ngày trên giấy chứng sinh"}]
    act(world, "request_supplement", application, RECEPTION, reason="Sai ngày", items=[], answers=asked)
    act(world, "supply_supplement", application, CITIZEN, components=[], answers={"child_birth_date": "2026-08-06"})
    assert world[application]["answers"]["child_birth_date"] == "2026-08-06"


def test_a_birth_day_is_corrected_within_the_time_that_was_kept() -> None:
    world = World()
    application = world.submit(**born("2026-08-06"))
    world.now += timedelta(days=1)
    asked = [{"question": "child_birth_date", "requirement": "Ghi đúng ngày trên giấy chứng sinh"}]
    act(world, "request_supplement", application, RECEPTION, reason="Sai ngày", items=[], answers=asked)
    for day, refused in (("2020-01-01", True), ("2026-08-06", False)):
        with pytest.raises(Invalid, match="request_invalid") if refused else nullcontext():
            act(world, "supply_supplement", application, CITIZEN, components=[], answers={"child_birth_date": day})


def test_helpers_of_another_point_receive_only_what_is_non_territorial() -> None:
    world = World()
    elsewhere = Principal("x", "Người khác", frozenset({Role.RECEPTION_OFFICER}), agency="H13.30.02")
    application = world[world.submit(elsewhere, channel=1)]
    assert application["received_agency"] == application["supported_agency"] == "H13.30.02"
    assert application["competent_agency"] == "H13.30.01"
    assert set(application["visible_to"]) == {"H13.30.01", "H13.30.02"}
    with pytest.raises(Forbidden, match="other_agency"):
        world.submit(elsewhere, channel=1, procedure="1.001612", **BUSINESS)


BUSINESS: dict[str, Any] = {
    "components": [{"component": "giay_de_nghi", "originals": 1}],
    "answers": {"business_name": "Tạp hóa An"},
    "quantities": {},
}


@pytest.mark.parametrize(
    ("who", "changes", "kind", "code", "path"),
    [
        (CITIZEN, {"procedure": "9.999999"}, Invalid, "procedure_unknown", "procedure"),
        (CITIZEN, {"procedure": "khong"}, Invalid, "request_invalid", "procedure"),
        (CITIZEN, {"case": "khong_co"}, Invalid, "case_unknown", "case"),
        (CITIZEN, {"quantities": {"copiess": 2}}, Invalid, "quantity_unknown", "quantities.copiess"),
        (CITIZEN, {"quantities": {"copies": 0}}, Invalid, "quantity_not_positive", "quantities.copies"),
        (CITIZEN, {"agency": "H99.01"}, Invalid, "agency_unknown", "agency"),
        (CITIZEN, {"agency": "H13"}, Invalid, "agency_receives_nothing", "agency"),
        (CITIZEN, {"submitter": SUBMITTER}, Invalid, "component_missing", "components"),
        (CITIZEN, {"components": [{"component": "la", "originals": 1}]}, Invalid, "component_unknown",
         "components.0.component"),
        (CITIZEN, {"components": SUBMISSION["components"] * 2}, Invalid, "component_repeated",
         "components.0.component"),
        (CITIZEN, {"components": [{"component": "to_khai"}]}, Invalid, "component_empty", "components.0"),
        (CITIZEN, {"components": [{"component": "to_khai", "file": "00" * 32}]}, Invalid, "file_unknown",
         "components.0.file"),
        (CITIZEN, {"answers": {"la": "x"}}, Invalid, "unknown_answer", "answers.la"),
        (CITIZEN, {"answers": {"document_kind": "la"}}, Invalid, "answer_not_offered", "answers.document_kind"),
        (CITIZEN, {"national_code": "G09.20-20260609-0092637"}, Invalid, "national_code_not_yours", "national_code"),
        (SYSTEM, {"national_code": "khong phai ma"}, Invalid, "application_code_malformed", "national_code"),
        (STRANGER, {}, Invalid, "not_owner_or_submitter", "submitter"),
        (CITIZEN, {"la": 1}, Invalid, "request_invalid", "la"),
        (CITIZEN, {"owner": {**OWNER, "identity_number": "1"}}, Invalid, "identity_number_shape",
         "owner.identity_number"),
        (SYSTEM, {"national_code": "h13.30.02-261005-0001"}, Invalid, "national_code_local", "national_code"),
        (SYSTEM, {"national_code": "H13.30.02-20261005-0001"}, Invalid, "national_code_local", "national_code"),
        (SYSTEM, {"national_code": "H13.30.02-261005-00000001"}, Invalid, "national_code_local", "national_code"),
        (CITIZEN, {"owner": {**OWNER, "birth_date": "2099-01-01"}}, Invalid, "in_future", "owner.birth_date"),
        (CITIZEN, {"owner": {**OWNER, "birth_date": "0001-01-01"}}, Invalid, "year_out_of_range", "owner.birth_date"),
        (SYSTEM, {"channel": 1}, Forbidden, "channel_not_allowed", None),
        (SYSTEM, {"channel": 3}, Forbidden, "channel_not_allowed", None),
        (SYSTEM, {"agency": "H56.30.01"}, Forbidden, "other_agency", None),
        (UNVERIFIED, {}, Forbidden, "identity_not_verified", None),
        (CITIZEN, {"channel": 1}, Forbidden, "channel_not_allowed", None),
        (RECEPTION, {"channel": 2}, Forbidden, "channel_not_allowed", None),
        (SPECIALIST, {"channel": 1}, Forbidden, "channel_not_allowed", None),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_and_leaves_no_trace(
    who: Principal, changes: dict[str, Any], kind: type[Error], code: str, path: str | None
) -> None:
    world = World()
    with pytest.raises(kind) as refusal:
        world.submit(who, **changes)
    named = {(wrong["path"], wrong["code"]) for wrong in refusal.value.fields}
    assert refusal.value.code == code or (path, code) in named
    assert path is None or path in {wrong["path"] for wrong in refusal.value.fields}
    assert not world.applications.documents


def test_before_its_first_day_a_procedure_takes_nothing() -> None:
    world = World()
    world.now -= timedelta(days=700)
    with pytest.raises(Invalid, match="procedure_not_in_force") as refusal:
        world.submit()
    (wrong,) = refusal.value.fields
    assert wrong["params"] == {"procedure": "2.000635", "on": world.now.date().isoformat()}
    assert not world.applications.documents
