"""What Dovecot asks and tells the agent over HTTP, and what Postfix asks it about moderated groups."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import parse_qs

from mail_host.policy import Policy
from shared.observability import logger

log = logger(__name__)

MOST_BYTES = 64 * 1024
REFUSED, ALLOWED = -1, 0

Identify = Callable[[str], str]
"""The mailbox of an address: before a sign-in Dovecot says the address, and afterwards the mailbox."""

NoteSent = Callable[[str], None]
"""Notes that a mailbox has just signed in to send."""


class Hooks:
    """A WSGI application for Dovecot: /policy before and after each sign-in, /events for what it exports."""

    def __init__(self, policy: Policy, identify: Identify, note_sent: NoteSent) -> None:
        self._policy = policy
        self._identify = identify
        self._note_sent = note_sent

    def __call__(self, environ: Mapping[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request; whatever cannot be read is answered as if nothing stood against it."""
        try:
            body = json.loads(environ["wsgi.input"].read(min(int(environ.get("CONTENT_LENGTH") or 0), MOST_BYTES)))
            answer = self._answer(environ["PATH_INFO"], environ.get("QUERY_STRING", ""), body)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            log.warning("hook_unreadable", error=repr(error))
            answer = {"status": ALLOWED}
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(answer).encode()]

    def _answer(self, path: str, query: str, body: Mapping[str, Any]) -> dict[str, Any]:
        if path == "/events":
            if body["event"] == "auth_request_finished":
                self._note_sent(body["fields"]["user"])
            return {}
        login, address = self._identify(body["login"]), body["remote"]
        command = parse_qs(query).get("command", ["allow"])[0]
        if command == "report":
            if not body.get("policy_reject"):
                self._policy.note(login, address, str(body.get("pwhash")), success=bool(body["success"]))
            return {"status": ALLOWED}
        reason = self._policy.refuses(login, address)
        if reason:
            log.warning("sign_in_refused", reason=reason, protocol=body.get("protocol"))
        return {"status": REFUSED if reason else ALLOWED, "msg": reason}


def answer_postfix(question: Mapping[str, str], may_post: Callable[[str, str], bool]) -> str:
    """Whether a sender may write to a moderated group, in the protocol of Postfix's policy servers."""
    allowed = may_post(question.get("sender", "").lower(), question.get("recipient", "").lower())
    return "DUNNO" if allowed else "550 5.7.1 only some may write to this group"


def read_question(lines: Iterable[str]) -> dict[str, str]:
    """The attributes of one question: `name=value` lines up to an empty one."""
    question: dict[str, str] = {}
    for line in lines:
        if not line.strip():
            break
        name, _, value = line.rstrip("\n").partition("=")
        question[name] = value
    return question
