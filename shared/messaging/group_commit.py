"""Group commit for green threads: many callers wait, one of them all is written in one go."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

import eventlet
from eventlet.event import Event
from eventlet.queue import LightQueue

T = TypeVar("T")
R = TypeVar("R")


class Coalescer(Generic[T, R]):
    """Hands the items of concurrent callers to `commit` together and gives each caller its own outcome.

    `commit` gets up to `most` items and answers with one element per item: its result, or an exception to
    raise to that caller alone. While one group is written the next one gathers, so nothing waits on purpose.
    """

    def __init__(self, commit: Callable[[Sequence[T]], Sequence[R | Exception]], most: int = 100, writers: int = 2):
        self._commit = commit
        self._most = most
        self._waiting: LightQueue = LightQueue()
        self._writers = [eventlet.spawn(self._write) for _ in range(writers)]

    def __call__(self, item: T) -> R:
        """Wait until the item is written; raises what `commit` said about it."""
        outcome = Event()
        self._waiting.put((item, outcome))
        result: R = outcome.wait()
        return result

    def stop(self) -> None:
        """End the writers; nobody may be waiting any more."""
        for writer in self._writers:
            writer.kill()

    def _write(self) -> None:
        while True:
            group = [self._waiting.get()]
            while len(group) < self._most and not self._waiting.empty():
                group.append(self._waiting.get_nowait())
            for (_, outcome), result in zip(group, self._outcomes([item for item, _ in group]), strict=True):
                if isinstance(result, Exception):
                    outcome.send_exception(result)
                else:
                    outcome.send(result)

    def _outcomes(self, items: Sequence[T]) -> Sequence[R | Exception]:
        try:
            results = self._commit(items)
        except Exception as error:
            return [error] * len(items)
        if len(results) != len(items):
            return [RuntimeError(f"{len(results)} outcomes for {len(items)} items")] * len(items)
        return results
