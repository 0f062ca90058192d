"""How the agent commands Dovecot and Postfix, and handles the files of a mailbox."""

import base64
import http.client
import json
import shlex
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

IN_TIME = 10.0
BACKUP_SECONDS = 3600.0
NO_SESSION = 68
"""What doveadm answers (EX_NOHOST) when nobody is signed in; it is what was wanted."""

InThread = Callable[..., Any]
"""Runs a function that blocks, and answers what it does, while others go on."""


class NotDone(Exception):
    """A server refused or is away; the message says so in words."""


class Dovecot:
    """Dovecot's own interface for commands, over HTTP on loopback."""

    def __init__(self, url: str, key: str) -> None:
        self._url = urlsplit(url)
        self._headers = {
            "Authorization": "X-Dovecot-API " + base64.b64encode(key.encode()).decode(),
            "Content-Type": "application/json",
        }

    def end_sessions(self, mailboxes: Sequence[str]) -> None:
        """End what these mailboxes have open, in one call.

        Raises:
            NotDone: Dovecot is away or refused; some may have been ended.
        """
        answers = self._command([["kick", {"mask": [each]}, each] for each in mailboxes], IN_TIME)
        refused = [mailbox for mailbox, code in answers.items() if code not in (0, NO_SESSION)]
        if refused:
            raise NotDone(f"Dovecot did not end {len(refused)} sessions (code {answers[refused[0]]})")

    def copy_mail(self, mailbox: str, target: Path) -> None:
        """Copy all mail of a mailbox into a Maildir, as it is at one moment.

        Raises:
            NotDone: Dovecot is away or could not.
        """
        request = [["backup", {"user": mailbox, "destination": [f"maildir:{target}"]}, mailbox]]
        code = self._command(request, BACKUP_SECONDS).get(mailbox, -1)
        if code:
            raise NotDone(f"Dovecot could not copy the mail (code {code})")

    def _command(self, commands: list[list[Any]], seconds: float) -> dict[str, int]:
        """The code with which each command ended, by its mark; 0 is well."""
        connection = http.client.HTTPConnection(self._url.hostname or "", self._url.port, timeout=seconds)
        try:
            connection.request("POST", self._url.path, json.dumps(commands), self._headers)
            answer = connection.getresponse()
            content = answer.read()
            if answer.status != http.HTTPStatus.OK:
                raise NotDone(f"Dovecot refused the command with status {answer.status}")
            return {mark: 0 if kind != "error" else body.get("exitCode", -1) for kind, body, mark in _rows(content)}
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise NotDone(f"Dovecot does not answer: {error}") from error
        finally:
            connection.close()


def _rows(content: bytes) -> list[tuple[str, Any, str]]:
    return [(kind, body, mark) for kind, body, mark in json.loads(content)]


class Postfix:
    """Postfix by its own command."""

    def __init__(self, command: str, in_thread: InThread) -> None:
        self._command = shlex.split(command)
        self._in_thread = in_thread

    def reload(self) -> None:
        """Let every process forget what it remembers, such as that a domain was unknown.

        Raises:
            NotDone: Postfix does not run, or the command may not be used.
        """
        self._run("reload")

    def flush(self) -> None:
        """Try to deliver now what waits.

        Raises:
            NotDone: Postfix does not run, or the command may not be used.
        """
        self._run("flush")

    def _run(self, what: str) -> None:
        try:
            self._in_thread(
                subprocess.run, [*self._command, what], check=True, capture_output=True, timeout=30, text=True
            )
        except subprocess.CalledProcessError as error:
            raise NotDone(f"postfix {what} failed: {error.stderr.strip().splitlines()[-1:]}") from error
        except (OSError, subprocess.TimeoutExpired) as error:
            raise NotDone(f"postfix {what} failed: {error}") from error


class Homes:
    """The files of mailboxes: their homes, and the archive of those that were revoked."""

    def __init__(self, homes: Path, archive: Path, dovecot: Dovecot, in_thread: InThread) -> None:
        self._homes, self._archive = homes, archive
        self._dovecot = dovecot
        self._in_thread = in_thread

    def put_away(self, mailbox: str) -> None:
        """Move a mailbox into the archive: all mail copied by Dovecot, then the home removed; twice is as once.

        Raises:
            NotDone: the home is still there, the archive incomplete.
        """
        home, kept = self._homes / mailbox, self._archive / mailbox
        if home.exists():
            self._dovecot.copy_mail(mailbox, kept / "Maildir")
            self._files(_copy_beside_mail, home, kept)
            self._files(shutil.rmtree, home)

    def bring_back(self, mailbox: str) -> None:
        """Make the archive the home again; a home that was never put away stays as it is.

        Raises:
            NotDone: the archive is as it was.
        """
        home, kept = self._homes / mailbox, self._archive / mailbox
        if kept.exists() and not home.exists():
            self._files(_move, kept, home)

    def destroy(self, mailbox: str) -> None:
        """Remove home and archive.

        Raises:
            NotDone: something is left.
        """
        for path in (self._homes / mailbox, self._archive / mailbox):
            if path.exists():
                self._files(shutil.rmtree, path)

    def _files(self, act: Callable[..., object], *paths: Path) -> None:
        try:
            self._in_thread(act, *paths)
        except OSError as error:
            raise NotDone(f"the files of the mailbox: {error.strerror or error}") from error


def _copy_beside_mail(home: Path, kept: Path) -> None:
    """What the owner had beside mail, such as rules."""
    for path in home.iterdir():
        if path.name == "Maildir":
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.copytree(path, kept / path.name, symlinks=True, dirs_exist_ok=True)
        else:
            (kept / path.name).unlink(missing_ok=True)
            shutil.copy2(path, kept / path.name, follow_symlinks=False)


def _move(kept: Path, home: Path) -> None:
    """Under its final name only when it is whole, also from one file system to another."""
    draft = home.with_name(f".{home.name}.coming")
    if draft.exists():
        shutil.rmtree(draft)
    shutil.move(kept, draft)
    draft.rename(home)
