"""Arrays that are freed and made again cost no new pages."""

import subprocess
import sys

import pytest

from genre.work import memory
from tests.conftest import REPOSITORY

# Counts the pages that the system had to give out for fifty arrays of 16 MB, one after the other.
FAULTS = """
import resource, sys
if sys.argv[1:]:
    import genre
import numpy as np
np.ones(2**24, np.uint8)
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(50):
    np.ones(2**24, np.uint8)
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(not memory.KEPT, reason="only glibc has such settings")
def test_what_was_freed_is_used_again():
    def faults(*arguments: str) -> int:
        command = [sys.executable, "-c", FAULTS, *arguments]
        done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
        return int(done.stdout)

    assert faults("genre") < faults() / 5
