"""Where a mail host cannot run, the platform says why in words that help, and what a person can do."""

import os
from pathlib import Path

import pytest

from local import mail
from local.mail import MailHost, WithoutMail
from local.state import State


def reason(folder: Path) -> str:
    with pytest.raises(WithoutMail) as refusal:
        MailHost(State(folder))
    return str(refusal.value)


def test_missing_packages_are_named_with_their_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "_NEEDED", (tmp_path / "lmtp",))
    assert reason(tmp_path) == f"lmtp is not installed. Run once: {mail.INSTALL}"


def test_another_user_than_root_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "_NEEDED", ())
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert "Postfix needs root" in reason(tmp_path)


def test_a_folder_that_servers_cannot_enter_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "_NEEDED", ())
    monkeypatch.setattr(mail, "_LONGEST", 1000)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    assert f"chmod o+x {closed}" in reason(closed / "local")


def test_a_path_too_long_for_sockets_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "_NEEDED", ())
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert "too long for the sockets" in reason(tmp_path / ("x" * 100))
