"""`python -m tests.support.webrtc_guests http://janus:8088/janus`: people who join rooms and send sound over WebRTC.

Each line of JSON that comes names somebody with room and PIN; what becomes of them is told as one: `sends`, `refused
432 …`, `kicked`, `destroyed`.
"""

import asyncio
import json
import sys
from contextlib import suppress
from typing import Any
from uuid import uuid4

import aiohttp
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack

Message = dict[str, Any]


class Guest:
    """One person with one connection."""

    def __init__(self, web: aiohttp.ClientSession, url: str, who: Message) -> None:
        self._web, self._url, self._who = web, url, who
        self._peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._peer.addTrack(AudioStreamTrack())
        self._sends = False

    async def run(self) -> None:
        """Come in, stay, and tell what happens; a Janus that is gone says nothing any more."""
        try:
            self._url += f"/{(await self._ask('', janus='create'))['data']['id']}"
            handle = await self._ask("", janus="attach", plugin="janus.plugin.videoroom")
            self._handle = f"/{handle['data']['id']}"
            room = {"ptype": "publisher", "display": self._who["name"]}
            await self._tell_room("join", **room, room=self._who["room"], pin=self._who["pin"])
            while await self._hear():
                pass
        except aiohttp.ClientError:
            return
        finally:
            await self._peer.close()

    async def _ask(self, place: str, **message: Any) -> Message:
        async with self._web.post(self._url + place, json={**message, "transaction": uuid4().hex}) as answer:
            found: Message = await answer.json()
            return found

    async def _tell_room(self, request: str, jsep: Message | None = None, **body: Any) -> None:
        offered = {"jsep": jsep} if jsep else {}
        await self._ask(self._handle, janus="message", body={"request": request, **body}, **offered)

    async def _hear(self) -> bool:
        """The next things that Janus says; False when it is over."""
        async with self._web.get(self._url, params={"maxev": "1"}) as answer:
            found = await answer.json()
        message = found[0] if isinstance(found, list) else found
        data = message.get("plugindata", {}).get("data", {})
        if "jsep" in message:
            await self._peer.setRemoteDescription(RTCSessionDescription(**message["jsep"]))
        if message.get("janus") == "webrtcup" and not self._sends:
            self._sends = True
            self._say("sends")
        return await self._react(data)

    async def _react(self, data: Message) -> bool:
        match data:
            case {"videoroom": "joined"}:
                await self._peer.setLocalDescription(await self._peer.createOffer())
                own = self._peer.localDescription
                await self._tell_room("publish", {"type": own.type, "sdp": own.sdp})
            case {"error_code": code, "error": words}:
                self._say(f"refused {code} {words}")
                return False
            case {"leaving": "ok"}:
                self._say(data["reason"])
                return False
            case {"videoroom": "destroyed"}:
                self._say("destroyed")
                return False
        return True

    def _say(self, what: str) -> None:
        sys.stdout.write(json.dumps({"name": self._who["name"], "what": what}) + "\n")
        sys.stdout.flush()


async def main(url: str) -> None:
    """Let them come until no more are named."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    async with aiohttp.ClientSession() as web, asyncio.TaskGroup() as group:
        while line := await reader.readline():
            group.create_task(Guest(web, url, json.loads(line)).run())


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(main(sys.argv[1]))
