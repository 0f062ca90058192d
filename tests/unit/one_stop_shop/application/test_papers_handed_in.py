"""What is handed in beside the answers: files, papers, names."""

from dataclasses import replace
from typing import Any

import pytest

from shared.errors import Invalid
from tests.support.shop_in_memory import FILE
from tests.support.world import CITIZEN, OWNER, RECEPTION, STRANGER, SUBMISSION, SYSTEM, World
from tests.unit.one_stop_shop.application.journeys import act

SUBMITTER = {**OWNER, "name": "Trần Lạ", "identity_number": "092090000999"}
POWER = {"component": "van_ban_uy_quyen", "originals": 1, "file": FILE}


def test_a_file_becomes_a_numbered_attachment() -> None:
    world = World()
    application = world[world.submit(components=[{"component": "to_khai", "file": FILE}])]
    (component,) = application["components"]
    assert (component["attachment"], component["file"]["name"]) == ("1", "to-khai.pdf")


@pytest.mark.parametrize(
    ("held", "fault"),
    [
        ({"photocopies": 1}, "file_needed"),
        ({"originals": 1}, "file_needed"),
        ({"reused_from": "component"}, "reuse_not_found"),
    ],
)
def test_online_a_paper_is_a_file_and_at_the_counter_a_paper(held: dict[str, Any], fault: str) -> None:
    world = World()
    poor: dict[str, Any] = {"answers": {"exemption": "poor_household"}}
    papers = [*SUBMISSION["components"], {"component": "giay_to_mien_giam", **held}]
    world.submit(RECEPTION, channel=3, **poor, components=papers)
    for principal in (CITIZEN, SYSTEM):
        with pytest.raises(Invalid) as refusal:
            world.submit(principal, **poor, components=papers)
        assert [(wrong["path"], wrong["code"]) for wrong in refusal.value.fields] == [("components.1.file", fault)]
    papers[1]["file"] = FILE
    world.submit(**poor, components=papers)


def test_online_a_power_of_attorney_is_no_number() -> None:
    world = World()
    power = {"component": POWER["component"], "reused_from": "component"}
    with pytest.raises(Invalid) as refusal:
        world.submit(STRANGER, submitter=SUBMITTER, components=[*SUBMISSION["components"], power])
    assert [wrong["code"] for wrong in refusal.value.fields] == ["reuse_not_found"]


def test_what_an_officer_takes_in_later_is_paper_and_what_is_sent_in_is_a_file() -> None:
    world = World()
    application = world.submit(RECEPTION, channel=3, submitter=SUBMITTER)
    items = [{"component": POWER["component"], "requirement": "Nộp"}]
    act(world, "request_supplement", application, RECEPTION, items=items)
    paper = {"component": POWER["component"], "originals": 1}
    with pytest.raises(Invalid, match="file_needed"):
        act(world, "supply_supplement", application, CITIZEN, components=[paper])
    act(world, "supply_supplement", application, RECEPTION, components=[paper])


@pytest.mark.parametrize("submitter", [None, SUBMITTER])
def test_ones_own_number_goes_with_ones_own_name(submitter: Any) -> None:
    world = World()
    named = {**OWNER, "name": "Trần Thị Bình"}
    with pytest.raises(Invalid) as refusal:
        world.submit(owner=named, submitter=submitter, components=[*SUBMISSION["components"], POWER])
    assert [(wrong["path"], wrong["code"]) for wrong in refusal.value.fields] == [("owner.name", "name_not_proven")]
    world.submit(owner={**OWNER, "name": "NGUYỄN  văn-an"})
    world.submit(replace(CITIZEN, name="Lê Thị Hoà"), owner={**OWNER, "name": "Lê Thị Hòa"})


@pytest.mark.parametrize("name", ["Nguyễn Văn Ẩn", "Nguyễn Văn Ân", "Nguyên Vãn An", "Nguyễn Vân An"])
def test_another_name_of_the_same_letters_is_another_name(name: str) -> None:
    with pytest.raises(Invalid, match="name_not_proven"):
        World().submit(owner={**OWNER, "name": name})


@pytest.mark.parametrize("name", ["nguyen van an", "NGUYỄN-VĂN... AN!!!"])
def test_who_has_signed_in_bears_the_name_that_was_proven(name: str) -> None:
    world = World()
    application = world.submit(owner={**OWNER, "name": name})
    assert world[application]["owner"]["name"] == CITIZEN.name


@pytest.mark.parametrize("name", ["🙂 Nguyễn Văn An", "Nguyễn √ An", "<An>", "An = Bình", "A~B"])
def test_a_name_has_no_pictures_and_no_mathematics(name: str) -> None:
    with pytest.raises(Invalid, match="name_characters"):
        World().submit(RECEPTION, channel=1, owner={**OWNER, "name": name})
    World().submit(RECEPTION, channel=1, owner={**OWNER, "name": "Công ty TNHH An + Bình"})


@pytest.mark.parametrize("answer", [".", "😀", "— …", ["đúng", "!"]])
def test_an_answer_says_something(answer: Any) -> None:
    with pytest.raises(Invalid) as refusal:
        World().submit(answers={"document_kind": answer})
    assert ("answers.document_kind", "wordless") in {(wrong["path"], wrong["code"]) for wrong in refusal.value.fields}


def test_online_no_papers_are_counted_but_the_form_is_there() -> None:
    world = World()
    application = world.submit(components=[{"component": "to_khai", "originals": 5}])
    (form,) = world[application]["components"]
    assert (form["component"], form["originals"], form["electronic_form"]) == ("to_khai", 0, True)
    act(world, "receive", application, RECEPTION)
    (line,) = world[application]["forms"][0]["data"]["components"]
    assert (line["originals"], line["electronic"]) == (0, 1)


def test_a_receipt_lists_what_was_handed_in_and_nothing_else() -> None:
    world = World()
    looked_up = {"component": "giay_to_tuy_than", "originals": 1}
    application = world.submit(components=[*SUBMISSION["components"], looked_up])
    act(world, "receive", application, RECEPTION)
    (line,) = world[application]["forms"][0]["data"]["components"]
    assert line["electronic"] == 1, "the form; nobody has seen an original"
    reused = {"component": "giay_to_tuy_than", "reused_from": "component"}
    counter = world.submit(RECEPTION, channel=1, components=[*SUBMISSION["components"], reused])
    (paper, again) = world[counter]["forms"][0]["data"]["components"]
    assert (paper["originals"], paper["electronic"], again["electronic"]) == (1, 0, 1)


@pytest.mark.parametrize("name", ["A\u202eB", "An\u200bB", "A\nB", "A\u2028B", "A\tB", "An\u3164"])
def test_a_name_is_seen_as_it_is(name: str) -> None:
    with pytest.raises(Invalid) as refusal:
        World().submit(RECEPTION, channel=1, owner={**OWNER, "name": name})
    assert ("owner.name", "hidden_characters") in [(wrong["path"], wrong["code"]) for wrong in refusal.value.fields]
