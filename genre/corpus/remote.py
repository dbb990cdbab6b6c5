"""Bring files from elsewhere, once: into a cache outside the workspace that clones share."""

import contextlib
import logging
import shutil
import time
from collections.abc import Iterator
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
    folder = cache_folder()
    name = f"{sha256[:16].lower()}-{PurePosixPath(urlsplit(address).path).name}"
    with locked(folder):
        part = folder / f"{name}.part"
        try:
            file = pooch.retrieve(
                address,
                known_hash=f"sha256:{sha256.lower()}",
                fname=name,
                path=folder,
                downloader=lambda url, target, _: _resume(url, part).replace(target),
            )
        except requests.RequestException as error:
            raise InputError(
                f"{address}: cannot be downloaded: {error}. Check the address and the network; "
                "the same command goes on where this one stopped"
            ) from error
        except ValueError as error:
            raise InputError(
                f"{address}: has another checksum than {sha256}: it is not the file that was "
                "meant, or the checksum is mistaken; nothing of it was kept"
            ) from error
    return Path(file)


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the cache for one process, and clear what one that was killed has left in it."""
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / "lock"):
        for left in folder.glob("tmp*"):  # pooch's temporary files
            left.unlink()
        for left in folder.glob("*-unpacked-*.part"):
            shutil.rmtree(left)
        yield


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
