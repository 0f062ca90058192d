"""Officers put right what was taken down wrongly; nobody becomes somebody else behind their back."""

from typing import Any

import pytest

from gateway.http.sentences import sentences
from services.one_stop_shop.domain.access import identity_key
from services.one_stop_shop.usecases.application_views import application_view
from services.one_stop_shop.usecases.queries_files import print_form
from shared.errors import Conflict, Error, Invalid, NotFound
from shared.history import verify
from tests.support.world import CITIZEN, HEAD, OWNER, RECEPTION, SPECIALIST, World
from tests.unit.one_stop_shop.application.journeys import act

NO_CONTENT = {"content": None}
RIGHT = {**OWNER, "name": "Trần Văn Ân", "identity_number": "092090000321"}
RIGHT_PARTY = identity_key("cccd", "092090000321")
WRONG_PARTY = identity_key("cccd", OWNER["identity_number"])


@pytest.fixture
def world() -> World:
    return World()


def correct(world: World, application: str, who: Any = RECEPTION, **body: Any) -> dict[str, Any]:
    act(world, "correct", application, who, **(NO_CONTENT | body))
    return world[application]


def at_the_counter(world: World) -> str:
    return world.submit(RECEPTION, channel=1)


def test_a_mistyped_owner_is_put_right_and_found_by_the_right_number(world: World) -> None:
    application = at_the_counter(world)
    before = dict(world[application])
    after = correct(world, application, owner=RIGHT)
    assert (after["owner"]["name"], after["owner"]["identity_number"]) == ("Trần Văn Ân", "092090000321")
    assert RIGHT_PARTY in after["parties"]
    assert WRONG_PARTY not in after["parties"]
    assert after["matter"] != before["matter"]
    assert after["words"] != before["words"]
    (mended,) = after["corrections"]
    assert mended["former"]["owner"] == before["owner"]
    assert after["history"][-1]["data"]["corrected"] == ["owner"]
    assert verify(application, after["history"], version=after["version"], head=after["head"]) is None


def test_a_receipt_that_is_out_is_issued_again(world: World) -> None:
    application = at_the_counter(world)
    forms = world[application]["forms"]
    after = correct(world, application, content="Chứng thực bản sao giấy khai sinh")
    assert [form["kind"] for form in after["forms"]] == [*(form["kind"] for form in forms), "receipt"]
    assert after["forms"][-1]["data"]["subject"] == "Chứng thực bản sao giấy khai sinh"


def test_nobody_sees_the_name_that_stood_there_before_but_officers(world: World) -> None:
    wrong = {**OWNER, "name": "Nguyễn Văn Em", "identity_number": "092090000777"}
    application = world.submit(RECEPTION, channel=1, owner=wrong)
    former = world[application]["forms"]
    document = correct(world, application, owner=OWNER)

    def view(*, officer: bool) -> dict[str, Any]:
        return application_view(document, world.now, actions=[], duplicates=[], statuses={}, officer=officer)

    seen = view(officer=False)
    assert "Nguyễn Văn Em" not in str(seen)
    assert [one["corrected"] for one in seen["corrections"]] == [["owner"]]
    assert [form["form"] for form in seen["forms"]] == [1]
    with pytest.raises(NotFound, match="form_unknown"):
        print_form(world.context, {"application": application, "form": former[0]["id"]}, CITIZEN)
    officers = view(officer=True)
    assert officers["corrections"][0]["former"]["owner"]["name"] == "Nguyễn Văn Em"
    assert len(officers["forms"]) == len(former) + 1


def test_an_empty_subject_is_the_procedures_name(world: World) -> None:
    application = world.submit(RECEPTION, channel=1, content="Khác")
    assert correct(world, application, content=" ")["content"] == world[application]["procedure"]["name"]


def test_more_copies_cost_more(world: World) -> None:
    application = at_the_counter(world)
    amount = world[application]["payment"]["amount"]
    after = correct(world, application, quantities={"copies": 5, "pages": 2})
    assert after["payment"]["amount"] > amount


@pytest.mark.parametrize("times", [1, 2])
def test_copies_that_were_paid_are_not_paid_twice(world: World, times: int) -> None:
    application = at_the_counter(world)
    act(world, "record_payment", application, RECEPTION)
    paid = world[application]["payment"]
    for _ in range(times):
        fewer = correct(world, application, quantities={"copies": 1})["payment"]
        assert (fewer["state"], fewer["amount"], fewer["surplus"], fewer["paid_at"]) == ("due", 8000, 16000, None)
        again = correct(world, application, quantities={"copies": 2})["payment"]
        assert (again["state"], again["amount"], again["surplus"]) == ("paid", 16000, 0)
        assert [again[name] for name in _HOW] == [paid[name] for name in _HOW]
        assert len(again["attempts"]) == 1


_HOW = ("method", "receipt_number", "paid_at")


def test_money_that_was_given_back_meets_nothing_any_more(world: World) -> None:
    application = at_the_counter(world)
    act(world, "record_payment", application, RECEPTION)
    (held,) = correct(world, application, quantities={"copies": 1})["payment"]["attempts"]
    act(world, "refund_payment", application, HEAD, payment=held["payment"])
    again = correct(world, application, quantities={"copies": 2})["payment"]
    assert (again["state"], again["amount"], again["surplus"]) == ("due", 16000, 0)


def test_nothing_new_is_no_correction(world: World) -> None:
    application = at_the_counter(world)
    version = world[application]["version"]
    for body in ({}, {"owner": OWNER}, {"content": world[application]["content"]}):
        with pytest.raises(Conflict, match="nothing_to_correct"):
            correct(world, application, **body)
    assert world[application]["version"] == version


@pytest.mark.parametrize("field", ["name", "identity_number"])
def test_who_applied_online_stays_who_they_are(world: World, field: str) -> None:
    application = world.submit()
    with pytest.raises(Invalid) as refusal:
        correct(world, application, owner={**OWNER, field: RIGHT[field]})
    assert [(wrong["path"], wrong["code"]) for wrong in refusal.value.fields] == [(f"owner.{field}", "given_online")]
    assert correct(world, application, owner={**OWNER, "phone": "0987654321"})["owner"]["phone"] == "0987654321"
    said = sentences()["given_online"]
    assert "bổ sung" not in said["vi"], "a supplement asks for papers and answers, not for names"
    assert any(party.startswith("sub:") for party in world[application]["parties"]), "their account still finds it"


def test_wrong_corrections_are_named(world: World) -> None:
    application = at_the_counter(world)
    for body, path, code in (
        ({"submitter": OWNER}, "submitter", "nobody_to_correct"),
        ({"owner": {**OWNER, "birth_date": "2090-01-01"}}, "owner.birth_date", "in_future"),
        ({"quantities": {"copies": 0}}, "quantities.copies", "quantity_not_positive"),
    ):
        with pytest.raises(Invalid) as refusal:
            correct(world, application, **body)
        assert [(wrong["path"], wrong["code"]) for wrong in refusal.value.fields] == [(path, code)]


@pytest.mark.parametrize(("who", "code"), [(CITIZEN, "role_not_allowed"), (SPECIALIST, "claimed_by_other")])
def test_only_officers_correct_and_not_past_a_claim(world: World, who: Any, code: str) -> None:
    application = at_the_counter(world)
    act(world, "claim", application, RECEPTION)
    with pytest.raises(Error, match=code):
        correct(world, application, who, content="Khác")
