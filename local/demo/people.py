"""Who acts in the demo, as which of the platform's clients."""

from pathlib import Path

import yaml

from local.demo.conference import PEOPLE as CONFERENCE_PEOPLE
from local.demo.documents import PEOPLE as DOCUMENT_PEOPLE
from local.platform import CLIENTS_FILE

PEOPLE = {
    "citizen": "citizen-an",
    "reception": "reception-ninh-kieu",
    "specialist": "specialist-ninh-kieu",
    "head": "head-ninh-kieu",
    "system": "portal-sync",
    **DOCUMENT_PEOPLE,
    **CONFERENCE_PEOPLE,
}


def secrets_of(people: Path = CLIENTS_FILE) -> dict[str, str]:
    """The demo people's secrets by login."""
    return {client["id"]: client["secret"] for client in yaml.safe_load(people.read_text("utf-8"))["clients"]}
