"""The sides of an exchange: people at their desks, and agencies with systems of their own."""

from typing import Any

from services.document_routing.domain.edxml.message import (
    DocumentMessage,
)
from services.document_routing.domain.statuses import AGREED, REFUSED
from shared.contracts.principal import Role
from tests.support.document_world import (
    CLERK,
    DEPARTMENT,
    DRAFT,
    LEADER,
    OTHER_WARD,
    SIGNER,
    SPECIALIST,
    THEIR_CLERK,
    THEIR_LEADER,
    THEIR_SPECIALIST,
    WARD,
    person,
)
from tests.support.exchange_world import ExchangeWorld

CITY, POLICE = "H13", "H56.17"
RECEIVERS = (DEPARTMENT, CITY, OTHER_WARD)
BODIES: dict[str, dict[str, Any]] = {
    "revise_document": DRAFT,
    "return_document": {"reason": "Sửa lại"},
    "sign_document": {"signer": SIGNER},
    "refuse_arrival": {"reason": "Gửi nhầm"},
    "assign_arrival": {"lead": {"unit": "Phòng Quy hoạch"}, "opinion": "Tham mưu"},
}
STAFF = {
    WARD: (CLERK, LEADER, SPECIALIST),
    DEPARTMENT: (THEIR_CLERK, THEIR_LEADER, THEIR_SPECIALIST),
    CITY: (person("van-thu-tp", Role.CLERK, CITY), person("lanh-dao-tp", Role.HEAD_OF_UNIT, CITY)),
}


class System:
    """The system of an agency: what it holds it knows from packages alone."""

    def __init__(self, world: ExchangeWorld, agency: str) -> None:
        self.principal = person(f"he-thong-{agency}", Role.AGENCY_SYSTEM, agency)
        self.agency = agency
        self.held: dict[str, dict[str, Any]] = {}
        self.early: dict[str, list[tuple[str, str]]] = {}
        self.sent: list[tuple[int, str]] = []
        self._world = world

    def receive(self, package: dict[str, Any]) -> None:
        """Store what a package brings, and only then acknowledge it."""
        message = self._world.fetch(self.principal, package["id"])
        assert isinstance(message, DocumentMessage)
        business, about = message.trace.business, message.header.document
        if business.type in (0, 3):
            self.held[about] = {"status": "01", "asked": self.early.pop(about, [])}
        if business.type == 3:
            about = business.replaces[0].document
        held = self.held.get(about)
        if business.type == 3 and held is None:  # the replacement came before what it replaces
            self.early.setdefault(about, []).append(("replace", message.header.document))
        if business.type != 0 and held and held["status"] not in (REFUSED, AGREED):
            held["asked"].append(
                ({1: "recall", 2: "update", 3: "replace"}[business.type or 0], message.header.document)
            )
        self._world.acknowledge(self.principal, package["id"], "done")
        if business.type in (0, 3):
            self._world.tell(self.principal, message.header.document, "01")

    def replaced_by(self, about: str) -> str | None:
        """What it has to give up for this document, which comes first."""
        return next((key for key, held in self.held.items() if ("replace", about) in held["asked"]), None)

    def answer(self, about: str, accept: bool) -> None:
        """Answer a replacement under the new identifier, or else the oldest request."""
        held = self.held[about]
        kind, named = next((one for one in held["asked"] if one[0] == "replace"), held["asked"][0])
        self._world.tell(self.principal, named, "15" if accept else "16")
        held["asked"].remove((kind, named))
        if accept and kind != "update":
            held |= {"status": AGREED, "asked": []}

    def progress(self, about: str, status: str) -> None:
        """Tell how far it is."""
        self._world.tell(self.principal, about, status, reason="Gửi nhầm")
        self.held[about] |= {"status": status, "asked": [] if status == REFUSED else self.held[about]["asked"]}


def void(_: Any) -> None:
    """Nothing is done with it."""
