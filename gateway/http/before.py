"""What the server refuses before the application sees it, as problem details too, in both languages.

gunicorn's configuration imports this before its workers have set up their metrics and sockets, so it takes nothing of
the platform along.
"""

import socket

import gunicorn.util
import orjson

MEDIA_TYPE = "application/problem+json"
_CODES = {414: "request_line_too_long", 431: "headers_too_large"}


def speak_our_way() -> None:
    """Put our words in the place of gunicorn's page of HTML."""
    gunicorn.util.write_error = write_problem


def write_problem(sock: socket.socket, status: int, reason: str, message: str) -> None:
    """Answer what could not even be parsed, so that nobody knows which language its sender reads."""
    from gateway.http.sentences import sentences, titles
    from shared.observability import logger

    logger(__name__).warning("request_unreadable", status=status, reason=message[:200])
    code = _CODES.get(status, "request_malformed" if status < 500 else "internal_error")
    words, kind = sentences()[code], titles()["BadRequest" if status < 500 else "Internal"]
    problem = {
        "type": f"/api/v1/docs/problems#{code}",
        "title": f"{kind['vi']} · {kind['en']}",
        "status": status,
        "detail": f"{words['vi']} · {words['en']}",
        "code": code,
    }
    body = orjson.dumps(problem)
    head = f"HTTP/1.1 {status} {reason}\r\nConnection: close\r\nContent-Type: {MEDIA_TYPE}\r\n"
    gunicorn.util.write_nonblock(
        sock, f"{head}Cache-Control: no-store\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    )
