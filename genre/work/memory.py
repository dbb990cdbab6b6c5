"""Memory that was freed stays with its process, for the next array.

Of glibc, Linux's usual C library, it goes back to the system at once where an array was large, and
the system fills each page of it with zeros before it gives it out again. A step of a training and
the features of a segment free and ask for the same arrays over and over: they took a tenth longer.
"""

import ctypes
import platform

# From glibc's malloc.h, and the most bytes that it takes: how much may lie free at the end of the
# memory that a process has, how much more than needed to ask for, and what is too large for that.
SETTINGS = {-1: 2**31 - 1, -2: 2**26, -3: 2**25}


def _keep() -> bool:
    """Make the settings; tell whether there is a library that takes them."""
    if platform.libc_ver()[0] != "glibc":
        return False
    taken = [ctypes.CDLL(None).mallopt(name, value) for name, value in SETTINGS.items()]
    return all(taken)


KEPT = _keep()
