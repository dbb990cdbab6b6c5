"""Arrays that are freed and made again cost no new pages."""

import subprocess
import sys

import pytest

from genre.work import memory
from tests.conftest import REPOSITORY

pytestmark = pytest.mark.usefixtures("all_cores")

# Counts the pages that the system had to give out for three arrays of 16 MB at once, made again
# and again, in the process's first thread and in another.
FAULTS = """
import resource, sys, threading
if sys.argv[1:]:
    import genre
import numpy as np

def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

def make():
    for round in range(21):
        if round == 1:
            before = faults()
        arrays = [np.ones(2**24, np.uint8) for _ in range(3)]
        del arrays
    print(faults() - before)

make()
thread = threading.Thread(target=make)
thread.start()
thread.join()
"""


@pytest.mark.skipif(not memory.KEPT, reason="only glibc has such settings")
def test_what_was_freed_is_used_again():
    def faults(*arguments: str) -> list[int]:
        command = [sys.executable, "-c", FAULTS, *arguments]
        done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
        return [int(count) for count in done.stdout.split()]

    for kept, given_back in zip(faults("genre"), faults(), strict=True):
        assert given_back > 1000
        assert kept < given_back / 10
