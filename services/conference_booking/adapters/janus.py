"""Rooms of the video-room plugin of Janus, commanded over its admin interface.

That interface takes each request by itself (`message_plugin`), so there is no session to be kept alive and none to be
found again after Janus was started anew. Rooms are not permanent: after such a start they are gone, and whoever looks
opens them again. https://janus.conf.meetecho.com/docs/admin.html and /docs/videoroom.html
"""

import hashlib
import hmac
import uuid
from collections.abc import Mapping
from typing import Any

import httpx2

from services.conference_booking.domain.rooms import Plan, Present
from services.conference_booking.ports import BridgeTrouble

PLUGIN = "janus.plugin.videoroom"
NO_SUCH_ROOM, ROOM_EXISTS, NO_SUCH_PARTICIPANT = 426, 427, 428
"""What the plugin says that is no trouble, at the right moment."""

_GOOD = 200


class _Refused(BridgeTrouble):
    """The plugin says no, and under which number."""

    def __init__(self, code: int, said: str) -> None:
        super().__init__(f"Janus: {said} ({code})")
        self.code = code


class Janus:
    """Implements `ports.Bridge`.

    `admin_secret` opens the admin interface, `room_key` is the plugin's `admin_key`; the secret of each room follows
    from it, so that a room which is not ours is never taken for one.
    """

    def __init__(
        self,
        url: str,
        admin_secret: str,
        room_key: str,
        seconds: float,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self._url = url
        self._admin_secret, self._room_key = admin_secret, room_key
        # A connection for each request: seconds lie between two of them, and Janus closes what is idle.
        limits = httpx2.Limits(max_keepalive_connections=0)
        self._client = httpx2.Client(timeout=seconds, limits=limits, trust_env=False, transport=transport)

    def open(self, plan: Plan) -> bool:
        """Create the room, or make the one that is there as it should be."""
        about = {"secret": self._secret_of(plan), "pin": plan.pin, "description": plan.title}
        try:
            self._ask(
                "create",
                plan,
                admin_key=self._room_key,
                publishers=plan.capacity,
                permanent=False,
                is_private=True,
                notify_joining=True,
                **about,
            )
        except _Refused as refused:
            if refused.code != ROOM_EXISTS:
                raise
        else:
            return True
        given = {f"new_{name}": value for name, value in about.items() if name != "secret"}
        self._ask("edit", plan, secret=about["secret"], new_publishers=plan.capacity, **given)
        return False

    def look(self, plan: Plan) -> list[Present] | None:
        """Who joined, whether they send or not."""
        try:
            found = self._ask("listparticipants", plan)
        except _Refused as refused:
            if refused.code != NO_SUCH_ROOM:
                raise
            return None
        rows = found.get("participants", [])
        return [Present(str(row["id"]), str(row.get("display", "")), bool(row.get("publisher"))) for row in rows]

    def kick(self, plan: Plan, participant: str) -> None:
        """Put somebody out."""
        self._unless_gone("kick", plan, id=int(participant))

    def close(self, plan: Plan) -> None:
        """Destroy the room; whoever is inside is told so and put out."""
        self._unless_gone("destroy", plan)

    def _unless_gone(self, request: str, plan: Plan, **more: Any) -> None:
        try:
            self._ask(request, plan, secret=self._secret_of(plan), **more)
        except _Refused as refused:
            if refused.code not in (NO_SUCH_ROOM, NO_SUCH_PARTICIPANT):
                raise

    def _secret_of(self, plan: Plan) -> str:
        return hmac.new(self._room_key.encode(), plan.key.encode(), hashlib.sha256).hexdigest()

    def _ask(self, request: str, plan: Plan, **more: Any) -> Mapping[str, Any]:
        """What the plugin answers.

        Raises:
            BridgeTrouble: Janus does not answer, or says no.
        """
        message = {
            "janus": "message_plugin",
            "transaction": uuid.uuid4().hex,
            "admin_secret": self._admin_secret,
            "plugin": PLUGIN,
            "request": {"request": request, "room": int(plan.number), **more},
        }
        try:
            answer = self._client.post(self._url, json=message)
            said = answer.json() if answer.status_code == _GOOD else None
        except httpx2.TimeoutException as error:
            raise BridgeTrouble("Janus does not answer in time") from error
        except (httpx2.HTTPError, ValueError) as error:
            raise BridgeTrouble(f"Janus cannot be reached: {type(error).__name__}") from error
        return _answer_of(said, answer.status_code)


def _answer_of(said: Any, status: int) -> Mapping[str, Any]:
    if not isinstance(said, Mapping):
        raise BridgeTrouble(f"no Janus answers there: HTTP {status}")
    if said.get("janus") != "success":
        error = said.get("error") or {}
        raise _Refused(int(error.get("code", 0)), str(error.get("reason", "no reason given")))
    response: Mapping[str, Any] = said.get("response") or {}
    if "error_code" in response:
        raise _Refused(int(response["error_code"]), str(response.get("error", "")))
    return response
