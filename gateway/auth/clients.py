"""The clients that the built-in issuer knows: programs of agencies and, on a demo platform, the demo people.

They stand in a file that people can read and review. A secret stands there as a scrypt hash; in clear only in a
file that says `demo: true`. `python -m gateway.auth.clients` reads a secret and prints its hash.
"""

import base64
import getpass
import hashlib
import hmac
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from gateway.auth.scopes import scopes_of
from shared.contracts.principal import Role

COST, BLOCK, LANES = 2**14, 8, 1
"""scrypt as RFC 7914 and OWASP propose for interactive use: 16 MiB and some 40 ms for each guess."""

_KNOWN = {"id", "name", "secret", "secret_scrypt", "roles", "scopes", "agency", "identity", "verified", "note"}


@dataclass(frozen=True, slots=True)
class Client:
    """Somebody who may ask the built-in issuer for a token, and what the token will say."""

    id: str
    name: str
    secret: str
    roles: tuple[str, ...]
    scopes: frozenset[str]
    agency: str = ""
    identity: str = ""
    verified: bool = False
    note: str = ""


class ClientsFileError(Exception):
    """The file of clients is wrong; the message lists every mistake."""


def load_clients(path: Path, *, made_up: bool = True) -> dict[str, Client]:
    """The clients of a file, by id.

    Raises:
        ClientsFileError: naming everything that is wrong, or they are made up and must not be.
    """
    if is_demonstration(path) and not made_up:
        raise ClientsFileError(f"{path} says `demo: true`, whose secrets everybody can read: MADE_UP_PEOPLE=refused")
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    mistakes: list[str] = []
    clients: dict[str, Client] = {}
    for entry in data.get("clients", ()):
        mistakes += _mistakes(entry, demo=is_demonstration(path), known=clients)
        if not mistakes:
            clients[entry["id"]] = _client(entry)
    if mistakes:
        raise ClientsFileError(f"{path}:\n" + "\n".join(f"- {mistake}" for mistake in mistakes))
    return clients


def is_demonstration(path: Path) -> bool:
    """Whether the people of a file are made up, and their secrets for everybody to read."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    return data.get("demo") is True


def _mistakes(entry: Mapping[str, Any], *, demo: bool, known: Mapping[str, Client]) -> list[str]:
    who = entry.get("id", "a client without id")
    found = [f"{who}: {name} is missing" for name in ("id", "name", "roles") if not entry.get(name)]
    found += [f"{who}: unknown field {name}" for name in sorted(set(entry) - _KNOWN)]
    found += [f"{who}: unknown role {role}" for role in sorted(set(entry.get("roles", ())) - set(Role))]
    if who in known:
        found.append(f"{who}: stands there twice")
    if ("secret" in entry) == ("secret_scrypt" in entry):
        found.append(f"{who}: needs either secret_scrypt or, in a demo file, secret")
    if "secret" in entry and not demo:
        found.append(f"{who}: a secret in clear is for files that say `demo: true`")
    return found


def _client(entry: Mapping[str, Any]) -> Client:
    roles = tuple(entry["roles"])
    return Client(
        id=entry["id"],
        name=entry["name"],
        secret=entry.get("secret_scrypt") or f"clear${entry['secret']}",
        roles=roles,
        scopes=scopes_of(roles) | frozenset(entry.get("scopes", ())),
        agency=entry.get("agency", ""),
        identity=entry.get("identity", ""),
        verified=bool(entry.get("verified", False)),
        note=entry.get("note", ""),
    )


def hash_secret(secret: str) -> str:
    """A secret as it stands in the file: `scrypt$cost$block$lanes$salt$hash`."""
    salt = secrets.token_bytes(16)
    digest = _scrypt(secret, salt, COST, BLOCK, LANES)
    return f"scrypt${COST}${BLOCK}${LANES}${_text(salt)}${_text(digest)}"


def secret_matches(secret: str, stored: str) -> bool:
    """Whether the secret is the stored one, taking as long for a wrong one as for the right one."""
    scheme, _, rest = stored.partition("$")
    if scheme == "clear":
        return hmac.compare_digest(secret.encode(), rest.encode())
    cost, block, lanes, salt, digest = rest.split("$")
    given = _scrypt(secret, base64.b64decode(salt), int(cost), int(block), int(lanes))
    return hmac.compare_digest(given, base64.b64decode(digest))


NOBODY = f"scrypt${COST}${BLOCK}${LANES}${'A' * 22}==${'A' * 43}="
"""What the secret of an unknown client is compared with, so that the answer takes as long as for a known one."""


def _scrypt(secret: str, salt: bytes, cost: int, block: int, lanes: int) -> bytes:
    memory = 128 * cost * block * 2
    return hashlib.scrypt(secret.encode(), salt=salt, n=cost, r=block, p=lanes, maxmem=memory, dklen=32)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


if __name__ == "__main__":
    typed = getpass.getpass("Secret: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    sys.stdout.write(hash_secret(typed) + "\n")
