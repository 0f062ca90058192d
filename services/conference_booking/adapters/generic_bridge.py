"""A bridge that takes no commands: endpoints dial its addresses, and people look after it by its own means."""

from services.conference_booking.domain.rooms import Plan, Present


class GenericBridge:
    """Implements `ports.Bridge` for a network in which nothing is commanded: its rooms are always there, unseen."""

    def open(self, plan: Plan) -> bool:
        """Nothing to do."""
        return True

    def look(self, plan: Plan) -> list[Present] | None:
        """Nobody is seen."""
        return []

    def kick(self, plan: Plan, participant: str) -> None:
        """Nobody was seen inside."""

    def close(self, plan: Plan) -> None:
        """Nothing to do."""
