"""What meetings hold."""

from shared.working_time import VIETNAM
from tests.support.conference_world import OPERATOR, ConferenceWorld


def busy(world: ConferenceWorld, endpoint: str = "th-05", day: str = "2026-12-07") -> list[tuple[str, str]]:
    """From when to when an endpoint is held, on the clock of Viet Nam."""
    grid = world.ask("read_network_day", OPERATOR, network="thanh-hoa", day=day)
    (row,) = [row for row in grid["endpoints"] if row["endpoint"] == endpoint]
    return [tuple(f"{(one[name]).astimezone(VIETNAM):%H:%M}" for name in SPAN) for one in row["busy"]]  # type: ignore[misc]


SPAN = ("held_from", "held_until")
