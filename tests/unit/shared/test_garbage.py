"""What the start has made is not looked through again; what comes later still is."""

import subprocess
import sys

PROGRAM = """
import gc
from shared.garbage import COLLECT_EVERY, spare_what_stays

spare_what_stays()
assert gc.get_freeze_count() > 1000
assert gc.get_threshold()[0] == COLLECT_EVERY

class Knot:
    count = 0
    def __init__(self):
        self.myself = self
        Knot.count += 1
    def __del__(self):
        Knot.count -= 1

for _ in range(3 * COLLECT_EVERY):
    Knot()
assert Knot.count <= COLLECT_EVERY
"""


def test_garbage_of_requests_is_found_and_the_start_is_left_alone() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
