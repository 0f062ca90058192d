"""What a platform on one machine writes to the outside is kept in a box that a person can read, and never sent."""

import pytest

from local.letters import letters, shown
from local.mail import MailHost, WithoutMail, kept_outside
from local.starting import start
from services.email_provisioning.adapters.letters import LetterWriter
from services.email_provisioning.adapters.submission import Submission
from shared.settings import load
from tests.integration.mail.conftest import wait
from tests.support import stack
from tests.unit.email_provisioning.mail.test_messages import MESSAGE

SENDER, GUEST = "khong-tra-loi@dichvucong.localhost", "guest-h@example.vn"


def test_a_letter_to_a_citizen_is_kept_and_can_be_read() -> None:
    with stack.fresh_state() as state:
        try:
            host = MailHost(state, keeps_outside=True)
        except WithoutMail as reason:
            pytest.skip(str(reason))
        try:
            start(host.plan())
            assert list(letters(kept_outside(state))) == []
            submission(host.ports.smtp).send("0f" * 16, {**MESSAGE, "to": GUEST})
            wait(lambda: list((kept_outside(state) / "new").glob("*")), "the letter is in the box")
            [letter] = letters(kept_outside(state))
            assert GUEST in shown(letter).splitlines()[0]
            assert MESSAGE["vi"]["subject"] in letter["Subject"]
            assert MESSAGE["vi"]["text"] in shown(letter)
            assert "[mau-01.pdf]" in shown(letter)
        finally:
            stack.discard(host.processes)


def submission(port: int) -> Submission:
    """The platform's own way of sending, as `make run` sets it."""
    environ = {"AMQP_URI": "-", "MONGO_URI": "-", "SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(port)}
    settings = load(environ | {"SMTP_TLS": "none", "SMTP_SENDER": SENDER})
    return Submission(settings, LetterWriter(sender=SENDER, site="https://h", most=100, read=lambda *_: b"").write)
