"""Secrets as mail hosts read them; the system's own crypt, where there is one, is the judge."""

import subprocess
from pathlib import Path

import pytest

from services.email_provisioning.adapters import mail_secrets
from services.email_provisioning.adapters.mail_rules import read_mail_rules
from shared.data_files import DataFileError

PASSWORD = "bốn con trâu gặm cỏ"


def test_a_hash_matches_its_password_only() -> None:
    stored = mail_secrets.hash_password(PASSWORD)
    assert stored.startswith("{SHA512-CRYPT}$6$rounds=50000$")
    assert mail_secrets.matches(PASSWORD, stored)
    assert not mail_secrets.matches(PASSWORD + " ", stored)
    assert not mail_secrets.matches(PASSWORD, "")
    assert mail_secrets.hash_password(PASSWORD) != stored, "each has its own salt"


def test_openssl_comes_to_the_same_hash() -> None:
    stored = mail_secrets.hash_app_password(PASSWORD)
    salt = stored.split("$")[2]
    judge = subprocess.run(
        ["openssl", "passwd", "-6", "-salt", salt, "-stdin"], input=PASSWORD, capture_output=True, text=True, check=True
    )
    assert stored == "{SHA512-CRYPT}" + judge.stdout.strip()


def test_what_is_drawn_by_lot_never_repeats_and_can_be_typed() -> None:
    drawn = {mail_secrets.new_app_password() for _ in range(1000)}
    assert len(drawn) == 1000
    assert all(len(secret) == 24 and not set(secret) & set("l1o0") for secret in drawn)
    assert len({mail_secrets.new_token() for _ in range(1000)}) == 1000


RULES = """
retention_days: 30
domains:
  - domain: cantho.gov.vn
    agency: H13
    hosts: [mail-1, mail-2]
"""


def test_the_rules_are_data() -> None:
    rules = read_mail_rules()
    assert rules.hosts_of("nvan@cantho.gov.vn") == ["mail-1"]
    assert rules.domain_of("nvan@gmail.com") is None


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("retention_days: 30", "retention_days: soon", "own.yaml:2: retention_days: write a whole number"),
        ("retention_days: 30", "retention: 30", "own.yaml:2: retention: there is no such name here"),
        ("    agency: H13\n", "", "domains.0.agency: this is missing"),
        ("hosts: [mail-1, mail-2]", "hosts: []", "domains.0.hosts"),
        ("H13", "Cần Thơ", "write it such as “H13”"),
        ("domains:", "domains:\n  - {domain: cantho.gov.vn, agency: H14, hosts: [mail-1]}", "twice"),
    ],
)
def test_every_mistake_in_the_rules_is_named(tmp_path: Path, old: str, new: str, named: str) -> None:

    path = tmp_path / "own.yaml"
    path.write_text(RULES, encoding="utf-8")
    assert read_mail_rules(path).retention_days == 30
    path.write_text(RULES.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataFileError) as wrong:
        read_mail_rules(path)
    assert named in str(wrong.value)
