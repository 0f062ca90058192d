"""What the directory wants a host to do with one mailbox, as it came over the bus, checked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,64}")
_ADDRESS = re.compile(r"[a-z0-9!#$%&*+/=?^_{|}~.-]{1,64}@[a-z0-9.-]{1,255}")
DELIVERIES = ("accept", "reject", "defer")


class NotUnderstood(Exception):
    """The instruction cannot be followed; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class AppPassword:
    """A password of one program; what the program sends begins with `<id>-`."""

    id: str
    hash: str


@dataclass(frozen=True, slots=True)
class Instruction:
    """The state of one mailbox in one generation.

    `quota` is in MiB. A mailbox that does not `exists` is nobody's and receives nothing; its mail goes to the
    `archive`, or is destroyed by `purge`. A `group` has targets in `forwards` and no mail of its own. `posters` are
    the only addresses that may write to it, None when anybody may.
    """

    mailbox: str
    generation: int
    exists: bool
    login: bool
    delivery: str
    kind: str
    addresses: tuple[str, ...]
    senders: tuple[str, ...]
    forwards: tuple[str, ...]
    posters: tuple[str, ...] | None
    quota: int
    secrets: int
    password: str
    app_passwords: tuple[AppPassword, ...]
    archive: bool
    purge: bool

    @property
    def domains(self) -> set[str]:
        """The domains of its addresses."""
        return {address.partition("@")[2] for address in self.addresses}


def read_instruction(data: Mapping[str, Any]) -> Instruction:
    """The instruction that the directory sent.

    Raises:
        NotUnderstood: something is missing or would be dangerous, such as an identifier that is no file name.
    """
    try:
        exists = bool(data["exists"])
        posters = data.get("posters")
        instruction = Instruction(
            mailbox=_identifier(data["mailbox"]),
            generation=int(data["generation"]),
            exists=exists,
            login=exists and bool(data["login"]),
            delivery=_delivery(data["delivery"]),
            kind=str(data.get("kind") or "personal"),
            addresses=_addresses(data["addresses"]) if exists else (),
            senders=_addresses(data.get("senders") or ()) if exists else (),
            forwards=_addresses(data.get("forwards") or ()) if exists else (),
            posters=None if posters is None else _addresses(posters),
            quota=int(data["quota"]),
            secrets=int(data["secrets"]),
            password=str(data.get("password") or "") if exists else "",
            app_passwords=_app_passwords(data.get("app_passwords") or ()) if exists else (),
            archive=not exists and bool(data.get("archive")),
            purge=not exists and bool(data.get("purge")),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise NotUnderstood(f"the instruction lacks or spoils {error}") from error
    return instruction


def _identifier(text: Any) -> str:
    if not isinstance(text, str) or not _IDENTIFIER.fullmatch(text):
        raise NotUnderstood(f"{text!r} is no identifier of a mailbox")
    return text


def _delivery(text: Any) -> str:
    if text not in DELIVERIES:
        raise NotUnderstood(f"{text!r} is no way to deliver")
    return str(text)


def _addresses(given: Any) -> tuple[str, ...]:
    """Addresses in small letters, each once, in their order."""
    addresses = tuple(dict.fromkeys(str(address).lower() for address in given))
    for address in addresses:
        if not _ADDRESS.fullmatch(address):
            raise NotUnderstood(f"{address!r} is no address")
    return addresses


def _app_passwords(given: Any) -> tuple[AppPassword, ...]:
    return tuple(AppPassword(_identifier(each["id"]), str(each["hash"])) for each in given)
