"""A mail server that keeps what it takes, and refuses what a test tells it to."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any


class MailSink(socketserver.ThreadingTCPServer):
    """Listens on loopback; `refusals` answer the next RCPT commands, `taken` holds the mail."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        self.taken: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.refusals: list[str] = []
        self.after_data: list[str] = []
        super().__init__(("127.0.0.1", port), _Session)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    def keep(self, raw: bytes) -> None:
        """Take one mail."""
        found: Any = message_from_bytes(raw, policy=default)
        self.taken.append(found)


class _Session(socketserver.StreamRequestHandler):
    server: MailSink

    def handle(self) -> None:
        self._say("220 sink.localhost")
        while line := self.rfile.readline():
            verb = line.split(b" ")[0].strip().upper()
            if verb == b"QUIT":
                return self._say("221 bye")
            if verb == b"RCPT":
                self.server.recipients.append(line.decode().partition("<")[2].partition(">")[0])
                self._say(self.server.refusals.pop(0) if self.server.refusals else "250 ok")
            elif verb == b"DATA":
                self._say("354 go on")
                self._take()
            else:
                self._say("250 ok")
        return None

    def _take(self) -> None:
        lines: list[bytes] = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        if self.server.after_data:
            return self._say(self.server.after_data.pop(0))
        self.server.keep(b"".join(lines))
        return self._say("250 taken")

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def mail_sink(port: int = 0) -> Iterator[MailSink]:
    """A sink that runs."""
    with MailSink(port) as sink:
        thread = threading.Thread(target=sink.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield sink
        finally:
            sink.shutdown()
            thread.join()
