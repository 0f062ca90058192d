"""Room for packets that arrive while a busy machine has no time for who reads them: they are not lost on the way."""

import socket

ROOM = 4 << 20
_FORCED = 33  # SO_RCVBUFFORCE of Linux, which Python does not name: beyond the system's limit, for who may


def give_room(place: socket.socket) -> None:
    """Let as much wait on a socket as the system allows."""
    try:
        place.setsockopt(socket.SOL_SOCKET, _FORCED, ROOM)
    except OSError:
        place.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, ROOM)
