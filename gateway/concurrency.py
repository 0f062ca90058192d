"""Work that must not stop the event loop of the gevent worker."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import gevent
from gevent import monkey

P = ParamSpec("P")
T = TypeVar("T")


def off_the_hub(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run C code that takes long, such as scrypt, in a real thread while other requests go on.

    Six hashes on the loop itself would stop every request of the worker for most of a second.
    """
    if not monkey.is_module_patched("threading"):
        return work(*args, **kwargs)
    result: T = gevent.get_hub().threadpool.apply(work, args, kwargs)
    return result
