"""Changes that a convener wants, and what they hold."""

from shared.working_time import VIETNAM
from tests.support.conference_world import OPERATOR, ConferenceWorld

DAY = "2026-12-07"


def busy(world: ConferenceWorld, endpoint: str = "th-05", day: str = DAY) -> list[tuple[str, str]]:
    """From when to when an endpoint is held, on the clock of Viet Nam."""
    grid = world.ask("read_network_day", OPERATOR, network="thanh-hoa", day=day)
    (row,) = [row for row in grid["endpoints"] if row["endpoint"] == endpoint]
    spans = [(one["held_from"], one["held_until"]) for one in row["busy"]]
    return [(f"{first.astimezone(VIETNAM):%H:%M}", f"{last.astimezone(VIETNAM):%H:%M}") for first, last in spans]


def series(world: ConferenceWorld) -> str:
    return world.approved(rule="FREQ=WEEKLY;COUNT=3")
