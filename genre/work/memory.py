"""Memory that a process has freed stays with it, for the next array; arrays of over 32 MB apart.

Of glibc, Linux's usual C library, it goes back to the system where enough of it is free, and the
system fills each page with zeros before it gives it out again. A step of a training and the
features of a segment free and ask for the same arrays over and over.
"""

import ctypes
import platform
import sys

# The numbers are glibc's, from malloc.h.
SETTINGS = {
    -1: 2**31 - 1,  # M_TRIM_THRESHOLD: as much as it takes may lie free at the end
    -2: 2**26,  # M_TOP_PAD: a thread's memory, of which it has this much at once, stays whole
    -3: 2**25,  # M_MMAP_THRESHOLD, the most it takes: what is larger always comes from the system
}


def _keep() -> bool:
    """Make the settings; tell whether there is a library that takes them."""
    if sys.platform != "linux" or platform.libc_ver()[0] != "glibc":
        return False
    library = ctypes.CDLL(None)
    taken = [library.mallopt(name, value) for name, value in SETTINGS.items()]
    return all(taken)


KEPT = _keep()
