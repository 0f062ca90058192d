"""Why a letter did not arrive is read off the words of its last attempt, as servers and adapters really say them."""

import pytest

from services.email_provisioning.domain.mail.failed_letters import (
    CAUSES,
    FOR_OPERATORS,
    NOT_WANTED,
    WITHOUT_SERVER,
    cause_of,
)

WORDS = {
    NOT_WANTED: "unwanted",
    WITHOUT_SERVER: "no_server",
    "554 5.7.1 <guest-h@example.vn>: Relay access denied": "refused",
    "550 5.7.1 our policy": "refused",
    "554 no": "refused",
    "535 5.7.8 Error: authentication failed": "refused",
    "5.7.1 smtp; 554 5.7.1 not this": "refused",
    "550 5.1.1 no such mailbox": "recipient",
    "5.1.1 smtp; 550 5.1.1 no such mailbox": "recipient",
    "550 5.2.1 this mailbox is closed": "recipient",
    "552 5.2.2 full": "recipient",
    "550 unknown": "recipient",
    "address: 'ascii' codec can't encode": "recipient",
    "451 4.3.0 later": "unreached",
    "ConnectionRefusedError: [Errno 111] Connection refused": "unreached",
    "service_unavailable (service='one_stop_shop')": "unreached",
    "service_timed_out (service='one_stop_shop')": "unreached",
    "malformed: no @": "unwritten",
    "notice_unknown": "unwritten",
    "": "unwritten",
}


@pytest.mark.parametrize(("words", "cause"), WORDS.items())
def test_words_tell_the_cause(words: str, cause: str) -> None:
    assert cause_of(words) == cause


def test_each_cause_is_met_and_operators_see_to_what_they_can_mend() -> None:
    assert set(WORDS.values()) == set(CAUSES)
    assert set(CAUSES) - FOR_OPERATORS == {"unwanted", "recipient"}
