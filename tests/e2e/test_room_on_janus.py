"""A session's room on a real Janus: opened late because it was down, filled, full, cleared, lost, found, closed."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from local.demo.caller import Caller
from local.servers import Servers
from services.conference_booking.adapters.networks_file import BUNDLED
from shared.contracts.conference_booking.meeting_operations import MEETING_EXAMPLE
from shared.working_time import VIETNAM
from tests.support import stack
from tests.support.janus import ADMIN_PORT, ADMIN_SECRET, ROOM_KEY, Guests, Janus, guests, janus
from tests.support.namespaces import inside, joined
from tests.support.proxy import Proxy, reach
from tests.support.stack import Stack, secret_of

APPROVER, TECHNICIAN = "head-van-phong-thanh-hoa", "technician-thanh-hoa"
PLACE = "/conferences/meetings"


@dataclass(frozen=True)
class Hall:
    """A platform whose network has a Janus, and people who can dial into it."""

    platform: Stack
    janus: Janus
    guests: Guests


@pytest.fixture(scope="module")
def hall(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    folder = tmp_path_factory.mktemp("bridge")
    with ExitStack() as opened:
        (cable,) = opened.enter_context(joined())
        running = opened.enter_context(janus(cable.far_space, cable.far, folder / "janus"))
        people = opened.enter_context(guests(cable.near_space, cable.far))
        way = Proxy("127.0.0.1", ADMIN_PORT, reached=lambda server: inside(cable.far_space, partial(reach, server)))
        opened.callback(way.close)
        patch = opened.enter_context(pytest.MonkeyPatch.context())
        patch.setenv("CONFERENCE_NETWORKS", str(networks(folder, f"http://127.0.0.1:{way.port}/admin")))
        patch.setenv("JANUS_ADMIN_SECRET", ADMIN_SECRET)
        patch.setenv("JANUS_ROOM_KEY", ROOM_KEY)
        state = opened.enter_context(stack.fresh_state())
        yield Hall(opened.enter_context(stack.started_stack(state, servers)), running, people)


def networks(folder: Path, url: str) -> Path:
    """The sample with a Janus in the first network."""
    text = BUNDLED.read_text("utf-8")
    assert "kind: generic" in text
    file = folder / "networks.yaml"
    file.write_text(text.replace("kind: generic", f"kind: janus\n        url: {url}", 1), "utf-8")
    return file


@pytest.fixture
def meeting(hall: Hall) -> dict[str, Any]:
    """A meeting of two endpoints that may begin now."""
    soon = datetime.now(VIETNAM) + timedelta(minutes=10)
    starts = soon.replace(minute=soon.minute // 5 * 5)
    wish = {**MEETING_EXAMPLE, "starts": f"{starts:%Y-%m-%dT%H:%M}", "minutes": 30, "endpoints": ["th-05"]}
    with Caller(hall.platform.base_url, APPROVER, secret_of(APPROVER)) as approver:
        asked = approver.post(PLACE, wish | {"urgent": True, "urgent_reason": "Họp ngay"})
        approved: dict[str, Any] = approver.post(f"{PLACE}/{asked['id']}/approval", {}, version=asked["version"])
    return approved


@dataclass(frozen=True)
class Desk:
    """What the technician does and sees of the one session."""

    technician: Caller
    meeting: str

    def act(self, action: str, **body: Any) -> Any:
        """A command on the session."""
        version = self.technician.get(f"{PLACE}/{self.meeting}")["version"]
        return self.technician.post(f"{PLACE}/{self.meeting}/sessions/1/{action}", body, version=version)

    def wait(self, is_so: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
        """The room, once it is so."""
        path = f"{PLACE}/{self.meeting}/sessions/1/room"
        found: dict[str, Any] = self.technician.wait_for(path, is_so, seconds=90)
        return found

    def room(self, **wanted: Any) -> dict[str, Any]:
        """The room, once these of its fields are so."""
        return self.wait(lambda room: all(room[name] == value for name, value in wanted.items()))

    def inside(self, *names: str) -> dict[str, Any]:
        """Those who send, by their names, once these do and nobody else."""

        def sending(room: dict[str, Any]) -> dict[str, Any]:
            return {one["name"]: one for one in room["present"] if one["sends"]}

        return sending(self.wait(lambda room: sending(room).keys() == set(names)))

    def kick(self, participant: dict[str, Any]) -> None:
        """Put somebody out."""
        path, version = f"{PLACE}/{self.meeting}/sessions/1/room/kicks", self.room()["version"]
        body = {"participant": participant["id"], "reason": "Không thuộc thành phần dự họp"}
        self.technician.post(path, body, version=version)


def test_a_room_opens_fills_refuses_is_cleared_lost_found_and_closed(hall: Hall, meeting: dict[str, Any]) -> None:
    people = hall.guests
    with Caller(hall.platform.base_url, TECHNICIAN, secret_of(TECHNICIAN)) as technician:
        desk = Desk(technician, meeting["id"])
        hall.janus.kill()
        desk.act("start")
        assert technician.get(f"{PLACE}/{meeting['id']}")["all_sessions"][0]["state"] == "live"
        late = desk.wait(lambda room: room["trouble"])
        assert (late["state"], late["trouble"]["said"][:23]) == ("opening", "Janus cannot be reached")
        hall.janus.start()
        room = desk.room(state="open", trouble=None)
        assert (room["capacity"], room["present"]) == (2, [])
        number, pin = room["dial_in"]["number"], room["dial_in"]["pin"]

        assert people.join("Kẻ lạ", number, "00000000").startswith("refused 433")
        assert people.join("Văn phòng", number, pin) == "sends"
        assert people.join("Hạc Thành", number, pin) == "sends"
        assert people.join("Người thứ ba", number, pin).startswith("refused 432")
        seen = desk.inside("Văn phòng", "Hạc Thành")

        desk.kick(seen["Hạc Thành"])
        assert people.hears("Hạc Thành") == "kicked"
        assert desk.room(state="open")["kicks"][0]["display"] == "Hạc Thành"
        assert people.join("Hạc Thành", number, pin).startswith("refused 433"), "the PIN is another"
        former = pin
        pin = desk.wait(lambda room: room["dial_in"]["pin"] != former)["dial_in"]["pin"]
        assert people.join("Hạc Thành 2", number, pin) == "sends"
        desk.inside("Văn phòng", "Hạc Thành 2")
        desk.act("extension", minutes=15)
        assert desk.room(state="open")["capacity"] == 2

        hall.janus.kill()
        desk.wait(lambda room: room["trouble"])
        hall.janus.start()
        desk.inside()
        assert desk.room(trouble=None)["dial_in"]["pin"] == pin
        assert people.join("Văn phòng 2", number, pin) == "sends"

        desk.act("end")
        assert people.hears("Văn phòng 2") == "destroyed"
        stays = desk.room(state="closed")["stays"]
        assert {stay["name"] for stay in stays if stay["sends"] and stay["until"]} >= {"Văn phòng", "Hạc Thành"}
