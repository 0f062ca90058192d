"""Why an outgoing message did not arrive, read off the words that were noted of its last attempt.

Servers say it in codes: `554 5.7.1 …` (RFC 5321, and the enhanced codes of RFC 3463).
"""

import re

NOT_WANTED = "Người nhận không nhận thư điện tử · the recipient wants no mail"
WITHOUT_SERVER = "Chưa cấu hình máy chủ gửi thư (SMTP_HOST) · no mail server is set (SMTP_HOST)"

UNWANTED, NO_SERVER, RECIPIENT, REFUSED, UNREACHED, UNWRITTEN = CAUSES = (
    "unwanted",  # the recipient wants no mail
    "no_server",  # none is set that takes mail
    "recipient",  # there is no such mailbox, or it is closed or full
    "refused",  # a server refuses what has to do with us: relaying, rights, policy
    "unreached",  # for a whole day no server answered, or it put us off
    "unwritten",  # the service that asked for it did not say what to write, or it could not be written
)
FOR_OPERATORS = frozenset({NO_SERVER, REFUSED, UNREACHED, UNWRITTEN})
"""What somebody who runs the platform can mend; a wrong address only its owner can."""

_ENHANCED = re.compile(r"\b5\.(\d{1,3})\.\d{1,3}\b")
_OF_RECIPIENTS = ("1", "2")  # the classes of subjects "address" and "mailbox" of RFC 3463
_MAILBOX_CODES = ("550", "551", "552", "553")


def cause_of(words: str) -> str:
    """The cause, one of `CAUSES`."""
    if words in (NOT_WANTED, WITHOUT_SERVER):
        return UNWANTED if words == NOT_WANTED else NO_SERVER
    if words.startswith("address: "):
        return RECIPIENT
    if enhanced := _ENHANCED.search(words):
        return RECIPIENT if enhanced[1] in _OF_RECIPIENTS else REFUSED
    if words.startswith("5"):
        return RECIPIENT if words.startswith(_MAILBOX_CODES) else REFUSED
    if words.startswith("4") or re.match(r"[A-Z]\w*: |service_", words):  # an error of the network by its class
        return UNREACHED
    return UNWRITTEN
