"""A new client of the built-in issuer: a program of an agency, with a secret that is shown once."""

import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

import yaml

from gateway.auth.clients import hash_secret, load_clients
from shared.contracts.principal import Role

ROLES = sorted(Role)


class NotAdded(Exception):
    """The client cannot be added; the message says why."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who the client is and what it may."""

    id: str
    name: str
    roles: tuple[str, ...]
    agency: str = ""
    note: str = ""


def entry_of(wanted: Wanted) -> tuple[str, str]:
    """The secret, and the entry for the file of clients that holds only its hash."""
    secret = secrets.token_urlsafe(32)
    fields = {"id": wanted.id, "name": wanted.name, "roles": list(wanted.roles), "agency": wanted.agency}
    kept = {name: value for name, value in fields.items() if value} | {"secret_scrypt": hash_secret(secret)}
    kept |= {"note": wanted.note} if wanted.note else {}
    text: str = yaml.safe_dump([kept], allow_unicode=True, sort_keys=False, width=200)
    return secret, "".join(f"  {line}\n" for line in text.splitlines())


def add(path: Path, entry: str, *, dry_run: bool) -> None:
    """Append an entry to a file of clients, whose own lines stay as they are; the file is read again before it counts.

    Whoever could read the file still can, as the gateway must; a new one belongs to who made it alone.

    Raises:
        NotAdded: it cannot be read or written.
        ClientsFileError: the file would be wrong with it; it stays as it was.
    """
    draft = path.with_name(f".{path.name}.new")
    try:
        text = path.read_text("utf-8") if path.exists() else "clients:\n"
        draft.unlink(missing_ok=True)  # of a run that was killed
        draft.touch(mode=0o600)
        draft.write_text(f"{text.rstrip()}\n{entry}", "utf-8")
        if path.exists():
            _give_to_readers_of(path, draft)
        load_clients(draft)
        if not dry_run:
            draft.replace(path)
    except OSError as error:
        raise NotAdded(f"{path}: {error.strerror}") from error
    finally:
        draft.unlink(missing_ok=True)


def _give_to_readers_of(path: Path, draft: Path) -> None:
    there = path.stat()
    if (there.st_uid, there.st_gid) != (draft.stat().st_uid, draft.stat().st_gid):
        os.chown(draft, there.st_uid, there.st_gid)
    draft.chmod(stat.S_IMODE(there.st_mode))
