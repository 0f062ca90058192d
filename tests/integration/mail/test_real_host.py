"""The configuration of a real host, with a certificate and its real ports, in the servers' own judgement."""

import subprocess
from pathlib import Path

import pytest

from local.mail import _NEEDED
from mail_host.configure import NotPossible, configure
from mail_host.layout import Layout


def layout(folder: Path, **changes: object) -> Layout:
    values: dict[str, object] = {
        "name": "mail.example.gov.vn",
        "folder": folder,
        "homes": folder / "homes",
        "archive": folder / "archive",
        "user": "mail",
        "readers": "postfix",
        "control_key": "key",
        "hooks": "127.0.0.1:8094",
        "posters": "127.0.0.1:8095",
    }
    return Layout(**{**values, **changes})  # type: ignore[arg-type]


# Whoever may not install servers has no judge for this; set-up has named the command, and in CI they are there.
@pytest.mark.skipif(any(not path.exists() for path in _NEEDED), reason="Postfix and Dovecot are not installed")
def test_the_servers_accept_it_and_ask_for_tls(tmp_path: Path) -> None:
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    subject = ["-subj", "/CN=mail.example.gov.vn", "-days", "2"]
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*made, *subject], check=True, capture_output=True)
    configure(layout(tmp_path, certificate=certificate, certificate_key=key))
    dovecot = _run("doveconf", "-n", "-c", str(tmp_path / "dovecot" / "dovecot.conf"))
    assert "ssl = required" in dovecot
    assert "disable_plaintext_auth = no" not in dovecot
    _run("postfix", "-c", str(tmp_path / "postfix"), "check")
    assert "encrypt" in _run("postconf", "-c", str(tmp_path / "postfix"), "-P", "*/inet/smtpd_tls_security_level")
    assert "error:" not in _run("postconf", "-c", str(tmp_path / "postfix"), "-h", "default_transport")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, "MAIL_CERTIFICATE"),
        ({"user": "nobody-of-that-name"}, "no user"),
        ({"readers": "no-such-group"}, "no group"),
        ({"private": True, "control_key": ""}, "MAIL_CONTROL_KEY"),
    ],
)
def test_what_is_missing_is_told_in_words(tmp_path: Path, changes: dict[str, object], told: str) -> None:
    readers = {"readers": "mail"} | changes
    with pytest.raises(NotPossible, match=told):
        configure(layout(tmp_path, **readers))


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
