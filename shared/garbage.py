"""How often a long-running process looks for garbage that only reference cycles keep alive."""

import gc

COLLECT_EVERY = 5_000
"""New objects before the next look; Python's own 700 is less than one request under way keeps."""


def spare_what_stays() -> None:
    """Never again look through what the start has made: it stays, and looking took a twelfth of the service's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_EVERY, 10, 10)
