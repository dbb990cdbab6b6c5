"""Bring files from elsewhere, once: into a cache outside the workspace that clones share."""

import logging
import time
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

import pooch
import requests
from filelock import FileLock
from tqdm import tqdm

from genre.errors import InputError
from genre.work.cache import cache_folder

CHUNK = 1 << 16  # bytes; what a cut connection loses at most
TIMEOUT = (10, 30)  # s, to connect and between bytes
RETRIES = 5  # times that a cut connection is taken up again
PAUSE = 0.5  # s before the first of them; it doubles each time

log = logging.getLogger(__name__)


def fetch(address: str, *, sha256: str) -> Path:
    """Download a file, unless it has been downloaded before.

    A download that stopped goes on where it was; a file is taken for whole only if its checksum
    is right.

    Parameters
    ----------
    address : str
        Where the file is, by HTTP.
    sha256 : str
        Its checksum, in hexadecimal digits.

    Returns
    -------
    Path
        The file in the cache.

    Raises
    ------
    InputError
        If the file cannot be had, or has another checksum.
    """
    name = f"{sha256[:16].lower()}-{PurePosixPath(urlsplit(address).path).name}"
    file = cache_folder() / name
    part = file.with_name(f"{name}.part")
    with locked(sha256):
        if _has(file, sha256):
            return file
        try:
            _resume(address, part)
        except requests.RequestException as error:
            raise InputError(
                f"{address}: cannot be downloaded: {error}. Check the address and the network; "
                "the same command goes on where this one stopped"
            ) from error
        if not _has(part, sha256):
            part.unlink(missing_ok=True)
            raise InputError(
                f"{address}: has another checksum than {sha256}: it is not the file that was "
                "meant, or the checksum is mistaken; nothing of it was kept"
            )
        return part.replace(file)


def locked(sha256: str) -> FileLock:
    """What one process at a time may hold, to bring the file of this checksum and unpack it.

    The folder may be one that holds other files of the user's: all that is written into it, and
    all that is removed, has a name that begins with this checksum.
    """
    folder = cache_folder()
    folder.mkdir(parents=True, exist_ok=True)
    return FileLock(folder / f"{sha256[:16].lower()}.lock")


def _has(path: Path, sha256: str) -> bool:
    return path.is_file() and pooch.file_hash(str(path)) == sha256.lower()


def _resume(address: str, part: Path) -> Path:
    """Download into a file, from where the last try has stopped."""
    for attempt in range(1 + RETRIES):
        try:
            return _append(address, part)
        except requests.HTTPError as error:
            if error.response.status_code < 500 or attempt == RETRIES:
                raise
        except requests.RequestException:
            if attempt == RETRIES:
                raise
        log.warning("%s: the connection broke; going on", address)
        time.sleep(PAUSE * 2**attempt)
    raise AssertionError("the last attempt returns or raises")


def _append(address: str, part: Path) -> Path:
    """Ask for what a file lacks, and append it."""
    have = part.stat().st_size if part.exists() else 0
    headers = {"Accept-Encoding": "identity"}
    if have:
        headers["Range"] = f"bytes={have}-"
    with requests.get(address, headers=headers, stream=True, timeout=TIMEOUT) as response:
        if response.status_code == requests.codes.requested_range_not_satisfiable:
            # There is no more; the checksum tells whether what there is is right.
            return part
        response.raise_for_status()
        if response.status_code != requests.codes.partial_content:
            have = 0
        left = response.headers.get("Content-Length")
        with (
            part.open("ab" if have else "wb") as file,
            tqdm(
                desc="download",
                total=have + int(left) if left else None,
                initial=have,
                unit="B",
                unit_scale=True,
                disable=None,
            ) as bar,
        ):
            for chunk in response.iter_content(CHUNK):
                file.write(chunk)
                bar.update(len(chunk))
    return part
