"""A bridge in memory that can be away, and can lose its rooms as one does that is started anew."""

from services.conference_booking.domain.rooms import Plan, Present
from services.conference_booking.ports import BridgeTrouble


class MemoryBridge:
    """Declared in `ports.Bridge`."""

    def __init__(self) -> None:
        self.rooms: dict[str, Plan] = {}
        self.inside: dict[str, list[Present]] = {}
        self.away = ""

    def _answer(self) -> None:
        if self.away:
            raise BridgeTrouble(self.away)

    def open(self, plan: Plan) -> bool:
        self._answer()
        new = plan.key not in self.rooms
        self.rooms[plan.key] = plan
        self.inside.setdefault(plan.key, [])
        return new

    def look(self, plan: Plan) -> list[Present] | None:
        self._answer()
        return list(self.inside[plan.key]) if plan.key in self.rooms else None

    def kick(self, plan: Plan, participant: str) -> None:
        self._answer()
        assert self.rooms[plan.key].pin == plan.pin, "who is put out may not come back with the PIN that they know"
        self.inside[plan.key] = [one for one in self.inside.get(plan.key, ()) if one.id != participant]

    def close(self, plan: Plan) -> None:
        self._answer()
        self.lose(plan.key)

    def lose(self, key: str) -> None:
        """Forget a room."""
        self.rooms.pop(key, None)
        self.inside.pop(key, None)
