"""The result: who may download it, and when."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest

from services.one_stop_shop.usecases.queries_files import authorise_proof, authorise_result
from shared.contracts.principal import Principal
from shared.errors import Conflict, Invalid, NotFound
from tests.support.shop_in_memory import FILE
from tests.support.world import CITIZEN, HEAD, RECEPTION, RESULT, SPECIALIST, STRANGER, SYSTEM, World
from tests.unit.one_stop_shop.application.journeys import (
    RECEIVER,
    act,
    finished,
    finished_and_paid,
    in_process,
    returned,
    with_post,
)

AUTHORISED = {"kind": "authorised", "name": "Trần Lạ", "identity_kind": "cccd", "identity_number": "092090000999"}


def download(world: World, application: str, principal: Principal) -> dict[str, Any]:
    return authorise_result(world.context, {"application": application, "attachment": "1"}, principal)


@pytest.mark.parametrize(
    ("journey", "refusal"), [(finished, "payment_outstanding"), (finished_and_paid, "result_not_returned")]
)
def test_what_was_not_handed_over_is_not_downloaded(journey: Callable[[World], str], refusal: str) -> None:
    world = World()
    application = journey(world)
    with pytest.raises(Conflict, match=refusal):
        download(world, application, CITIZEN)
    assert download(world, application, SPECIALIST)["file"] == FILE, "officers have it always"


def test_what_the_post_brought_is_downloaded_too() -> None:
    world = World()
    assert download(world, returned(world), CITIZEN)["file"] == FILE


def test_online_the_handing_over_itself_opens_the_result() -> None:
    world = World()
    application = in_process(world)
    act(world, "finish", application, HEAD)
    act(world, "record_payment", application, RECEPTION)
    with pytest.raises(Invalid, match="asked_online: online_not_asked"):
        act(world, "return_result", application, RECEPTION, method="online")
    act(world, "return_result", application, RECEPTION, method="online", asked_online=True)
    assert download(world, application, CITIZEN)["file"] == FILE


def test_the_post_reports_only_what_happened_since_it_has_the_result() -> None:
    world = World()
    application = with_post(world)
    report = {"state": "delivered", "receiver_name": "Nguyễn Văn An"}
    for at in ("1990-01-01T00:00:00+07:00", "2026-10-05T07:00:00+07:00"):
        with pytest.raises(Invalid) as refusal:
            act(world, "record_post_event", application, SYSTEM, at=at, **report)
        assert [wrong["code"] for wrong in refusal.value.fields] == ["too_long_ago"]
    act(world, "record_post_event", application, SYSTEM, **report)


def test_a_result_is_not_signed_long_before_it_was_asked_for() -> None:
    world = World()
    application = in_process(world)
    for signed_at, code in (("2026-09-20T08:00:00+07:00", "too_long_ago"), ("2027-01-01T00:00:00+07:00", "in_future")):
        with pytest.raises(Invalid) as refusal:
            act(world, "finish", application, HEAD, result={**RESULT, "signed_at": signed_at})
        assert [wrong["code"] for wrong in refusal.value.fields] == [code]


@pytest.mark.parametrize(("channel", "accepted"), [(1, True), (2, False), (3, True)])
def test_only_what_came_on_paper_may_have_been_decided_before_it_was_registered(channel: int, accepted: bool) -> None:
    world = World()
    application = in_process(world)
    world[application]["channel"] = channel
    signed = {"result": {**RESULT, "signed_at": (world[application]["submitted_at"] - timedelta(days=1)).isoformat()}}
    with nullcontext() if accepted else pytest.raises(Invalid, match="too_long_ago"):
        act(world, "finish", application, HEAD, **signed)


@pytest.mark.parametrize(
    ("changed", "path", "code"),
    [
        ({"signed_on_paper": False}, "signature", "signature_missing"),
        ({"receiver": {**RECEIVER, "name": "Trần Lạ"}}, "receiver", "receiver_not_a_party"),
        ({"receiver": {**RECEIVER, "identity_number": "092090000999"}}, "receiver", "receiver_not_a_party"),
        ({"receiver": {"kind": "authorised", "name": "Trần Lạ"}}, "receiver.identity_number", "required"),
        ({"receiver": AUTHORISED | {"identity_number": "------"}}, "receiver.identity_number", "identity_number_shape"),
        (
            {"receiver": AUTHORISED | {"identity_kind": "cccd", "identity_number": "B1234567"}},
            "receiver.identity_number",
            "identity_number_shape",
        ),
        ({"receiver": AUTHORISED}, "authority", "authority_missing"),
        ({"receiver": AUTHORISED, "authority": "cd" * 32}, "authority", "file_unknown"),
    ],
)
def test_who_receives_a_result_proves_it(changed: dict[str, Any], path: str, code: str) -> None:
    world = World()
    application = finished_and_paid(world)
    with pytest.raises(Invalid) as refusal:
        act(world, "return_result", application, RECEPTION, **changed)
    assert {(wrong["path"], wrong["code"]) for wrong in refusal.value.fields} == {(path, code)}
    proven = {"signed_on_paper": False, "signature": FILE, "authority_on_paper": True}
    act(world, "return_result", application, RECEPTION, receiver=AUTHORISED, **proven)
    assert world[application]["returned"]["receiver"] == AUTHORISED


def test_who_chose_online_is_served_online() -> None:
    world = World()
    application = world.submit(delivery={"method": "online"})
    for action, who in (
        ("receive", RECEPTION),
        ("hand_over", RECEPTION),
        ("finish", HEAD),
        ("record_payment", RECEPTION),
        ("return_result", RECEPTION),
    ):
        act(world, action, application, who, **({"method": "online"} if action == "return_result" else {}))
    assert download(world, application, CITIZEN)["file"] == FILE


def test_a_granted_result_that_is_wanted_online_is_finished_with_its_file() -> None:
    """Or reception could not return it the way that was chosen."""
    world = World()
    application = world.submit(delivery={"method": "online"})
    for action in ("receive", "hand_over"):
        act(world, action, application, RECEPTION)
    with pytest.raises(Invalid) as refusal:
        act(world, "finish", application, HEAD, result={**RESULT, "files": []})
    assert [(one["path"], one["code"]) for one in refusal.value.fields] == [("result.files", "result_file_needed")]
    act(world.branch(), "finish", application, HEAD, result={**RESULT, "files": [], "kind": "rejected"})
    act(world, "finish", application, HEAD)


@pytest.mark.parametrize("slip", [{"slip": FILE}, {"slip_number": "BP-1"}])
def test_reception_shows_the_carriers_slip_and_the_carriers_system_need_not(slip: dict[str, Any]) -> None:
    world = World()
    application = with_post(world)
    report = {"state": "delivered", "receiver_name": "Nguyễn Văn An"}
    for nothing in ({}, {"slip_number": " "}):
        with pytest.raises(Invalid, match="slip"):
            act(world, "record_post_event", application, RECEPTION, **report, **nothing)
    carrier = world.branch()
    act(carrier, "record_post_event", application, SYSTEM, **report)
    assert carrier[application]["returned"]["slip"] is None
    act(world, "record_post_event", application, RECEPTION, **report, **slip)
    kept = world[application]["returned"]
    assert (kept["slip"]["id"] if kept["slip"] else kept["slip_number"]) in slip.values()


def test_what_proves_the_return_is_opened_by_its_people_and_officers_only() -> None:
    world = World()
    application = finished_and_paid(world)

    def prove(proof: str, principal: Principal) -> dict[str, Any]:
        return authorise_proof(world.context, {"application": application, "proof": proof}, principal)

    with pytest.raises(NotFound, match="proof_unknown"):
        prove("signature", CITIZEN)
    act(world, "return_result", application, RECEPTION, receiver=AUTHORISED, signature=FILE, authority=FILE)
    for proof in ("signature", "authority"):
        for reader in (CITIZEN, RECEPTION, HEAD):
            assert prove(proof, reader)["file"] == FILE
        with pytest.raises(NotFound, match="application_unknown"):
            prove(proof, STRANGER)
    for nothing in ("slip", "receiver", "note"):
        with pytest.raises(NotFound, match="proof_unknown"):
            prove(nothing, HEAD)


def test_a_name_spelt_another_way_is_taken_and_kept_on_record() -> None:
    world = World()
    application = finished_and_paid(world)
    world[application]["owner"]["name"] = "Nguyễn Văn Hòa"
    receiver = {**RECEIVER, "name": "NGUYỄN VĂN HOÀ"}
    act(world, "return_result", application, RECEPTION, receiver=receiver)
    assert world[application]["returned"]["receiver"]["name"] == "NGUYỄN VĂN HOÀ"
