"""Drafts: kept as they come, one's own only, handed in once."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.one_stop_shop.usecases.drafts import (
    create_draft,
    delete_draft,
    get_draft,
    list_drafts,
    save_draft,
    submit_draft,
)
from shared.errors import Conflict, Invalid, NotFound, Stale
from tests.support.shop_in_memory import FILE, EverybodysFiles
from tests.support.world import CITIZEN, RECEPTION, STRANGER, SUBMISSION, World


def _create(world: World, key: str = "", digest: str = "d", content: dict[str, Any] = SUBMISSION) -> dict[str, Any]:
    return create_draft(world.context, {"content": content, "_command": world.command(key, digest)}, CITIZEN)


def _submit(world: World, draft: dict[str, Any], key: str = "", **changes: Any) -> dict[str, Any]:
    request = {"draft": draft["id"], "_version": draft["version"], "_command": world.command(key), "note": ""}
    return submit_draft(world.context, request | changes, CITIZEN)


def _save(world: World, draft: dict[str, Any], **changes: Any) -> dict[str, Any]:
    request = {"draft": draft["id"], "_version": draft["version"], "content": {"procedure": "1.001193"}}
    return save_draft(world.context, request | changes, CITIZEN)


def test_a_draft_may_hold_anything_and_is_kept_thirty_days_from_its_last_save() -> None:
    world = World()
    draft = _create(world, content={"half": "done"})
    assert draft["expires_at"] == world.now + timedelta(days=30)
    world.now += timedelta(days=10)
    saved = _save(world, draft)
    assert saved["version"] == 2
    assert saved["expires_at"] == world.now + timedelta(days=30)
    assert get_draft(world.context, {"draft": draft["id"]}, CITIZEN)["content"] == {"procedure": "1.001193"}


@pytest.mark.parametrize("name", ["ten\u202egpj", "x\u200by", "a\u2028b"])
def test_a_draft_names_nothing_that_turns_the_writing_round(name: str) -> None:
    for content in ({name: 1}, {"answers": {name: "An"}}):
        with pytest.raises(Invalid, match="content"):
            _create(World(), content=content)


def test_creating_again_with_the_same_key_is_the_same_draft() -> None:
    world = World()
    draft = _create(world, "once")
    _save(world, draft)
    assert _create(world, "once")["version"] == 2
    with pytest.raises(Invalid, match="idempotency_key_reused"):
        _create(world, "once", "other")


def test_two_windows_do_not_overwrite_each_other() -> None:
    world = World()
    draft = _create(world)
    _save(world, draft)
    with pytest.raises(Stale, match="version_stale"):
        _save(world, draft)


def test_nobody_else_sees_it() -> None:
    world = World()
    draft = _create(world)
    with pytest.raises(NotFound, match="draft_unknown"):
        get_draft(world.context, {"draft": draft["id"]}, STRANGER)
    page = {"limit": 10, "cursor": None}
    assert list_drafts(world.context, page, STRANGER)["items"] == []
    assert [row["id"] for row in list_drafts(world.context, page, CITIZEN)["items"]] == [draft["id"]]


def test_a_thrown_away_draft_is_gone() -> None:
    world = World()
    draft = _create(world)
    delete_draft(world.context, {"draft": draft["id"]}, CITIZEN)
    with pytest.raises(NotFound, match="draft_unknown"):
        delete_draft(world.context, {"draft": draft["id"]}, CITIZEN)


def test_it_is_handed_in_once() -> None:
    world = World()
    draft = _create(world)
    receipt = _submit(world, draft, "once")
    assert receipt["status"] == 1
    assert _submit(world, draft, "once") == receipt, "the same command again"
    with pytest.raises(Conflict, match="draft_already_submitted"):
        _submit(world, draft)
    with pytest.raises(Conflict, match="draft_already_submitted"):
        _save(world, {**draft, "version": 2})
    assert len(world.applications.documents) == 1
    assert get_draft(world.context, {"draft": draft["id"]}, CITIZEN)["application"] == receipt["id"]
    assert list_drafts(world.context, {"limit": 10, "cursor": None}, CITIZEN)["items"] == []


def test_a_crash_between_application_and_draft_does_no_harm() -> None:
    world = World()
    draft = _create(world)
    receipt = _submit(world, draft, "once")
    world.drafts.documents[draft["id"]].update(submitted_as=None, version=1)  # the crash
    assert _submit(world, draft, "once") == receipt
    with pytest.raises(Conflict, match="draft_already_submitted"):
        _submit(world, draft, "again")


def test_an_incomplete_draft_is_refused_with_every_fault_and_stays() -> None:
    world = World()
    draft = _create(world, content={"procedure": "2.000635", "colour": "red"})
    with pytest.raises(Invalid) as refusal:
        _submit(world, draft)
    wrong = {wrong["path"]: wrong["code"] for wrong in refusal.value.fields}
    assert wrong == {"agency": "required", "owner": "required", "colour": "unknown_field"}
    assert not world.applications.documents
    assert get_draft(world.context, {"draft": draft["id"]}, CITIZEN)["version"] == 1


def test_only_the_version_that_was_seen_is_handed_in() -> None:
    world = World()
    draft = _create(world)
    _save(world, draft)
    with pytest.raises(Stale, match="version_stale"):
        _submit(world, draft)


def test_files_of_a_draft_are_kept_and_faults_are_left_for_later(monkeypatch: pytest.MonkeyPatch) -> None:
    world, kept = World(), []
    monkeypatch.setattr(EverybodysFiles, "claim", lambda _, file, owner: kept.append((file, owner)))
    odd: list[Any] = ["x", {"file": None}, {"file": 7}, {}]
    draft = _create(world, content={"components": [{"component": "to_khai", "file": FILE}, *odd]})
    _save(world, draft, content={"components": "none"})
    assert kept == [(FILE, CITIZEN.subject)]


def test_a_file_that_is_not_there_does_not_stop_a_draft() -> None:
    content = {"components": [{"component": "to_khai", "file": "00" * 32}]}
    assert _create(World(), content=content)["content"] == content


def test_what_is_taken_down_at_the_counter_is_received_as_it_is_handed_in() -> None:
    world = World()
    content = SUBMISSION | {"channel": 1}
    draft = create_draft(world.context, {"content": content, "_command": world.command("")}, RECEPTION)
    request = {"draft": draft["id"], "_version": draft["version"], "_command": world.command(""), "note": ""}
    receipt = submit_draft(world.context, request, RECEPTION)
    assert receipt["status"] == 2
    (application,) = world.applications.documents.values()
    assert application["submitted_by"]["sub"] == RECEPTION.subject


def test_what_an_officer_takes_down_stays_with_the_agency() -> None:
    world = World()
    draft = create_draft(world.context, {"content": {}, "_command": world.command("")}, RECEPTION)
    moved = replace(RECEPTION, agency="H13.30.02")
    with pytest.raises(NotFound, match="draft_unknown"):
        get_draft(world.context, {"draft": draft["id"]}, moved)
    page = {"limit": 10, "cursor": None}
    assert list_drafts(world.context, page, moved)["items"] == []
    assert [row["id"] for row in list_drafts(world.context, page, RECEPTION)["items"]] == [draft["id"]]
