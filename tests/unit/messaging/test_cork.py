import eventlet

from shared.messaging.replies import Cork


class SlowSocket:
    """Takes a while to send, and notices a second sender."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.sending = 0
        self.shut = False

    def sendall(self, data: bytes) -> None:
        self.sending += 1
        assert self.sending == 1, "two green threads send at once and tear frames apart"
        eventlet.sleep(0.001)
        self.sending -= 1
        self.sent.append(data)

    def shutdown(self, how: int) -> None:
        self.shut = True


def test_frames_of_one_turn_leave_together_and_in_order() -> None:
    sock = SlowSocket()
    cork = Cork(sock)
    for number in range(5):
        cork(b"%d" % number)
    eventlet.sleep(0.005)
    cork(b"5")
    eventlet.sleep(0.005)
    assert sock.sent == [b"01234", b"5"]


def test_what_is_written_during_a_slow_send_waits_for_it() -> None:
    sock = SlowSocket()
    cork = Cork(sock)
    for number in range(20):
        cork(b"%d," % number)
        eventlet.sleep(0.0002)
    eventlet.sleep(0.01)
    assert b"".join(sock.sent) == b"".join(b"%d," % number for number in range(20))


def test_the_view_on_a_buffer_that_is_used_again_is_copied() -> None:
    sock = SlowSocket()
    cork = Cork(sock)
    buffer = bytearray(b"first")
    cork(memoryview(buffer))
    buffer[:] = b"other"
    eventlet.sleep(0.005)
    assert sock.sent == [b"first"]


def test_a_failed_send_wakes_the_reader() -> None:
    class Broken(SlowSocket):
        def sendall(self, data: bytes) -> None:
            raise OSError("gone")

    sock = Broken()
    Cork(sock)(b"x")
    eventlet.sleep(0)
    assert sock.shut
