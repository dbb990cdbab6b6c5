"""Corpora that come from elsewhere: Kaggle, or an archive at an address."""

import zipfile
from pathlib import Path

import requests

from genre.corpus.online.archives import unpack
from genre.corpus.online.remote import fetch, locked
from genre.errors import InputError
from genre.work.cache import cache_folder

# GTZAN, and the study's own data, each at a pinned version.
KAGGLE = {
    "gtzan": "andradaolteanu/gtzan-dataset-music-genre-classification/versions/1",
    "gtzan2": "mattiaingrassia/gtzan-2-0/versions/1",
}


def fetch_archive(address: str, *, sha256: str, limit: int) -> Path:
    """Download an archive and unpack it, unless that has been done before.

    Parameters
    ----------
    address, sha256 : str
        As for `fetch`.
    limit : int > 0
        The most bytes that it may hold.

    Returns
    -------
    Path
        The folder with its content, in the cache.

    Raises
    ------
    InputError
        As `fetch`, and as `genre.corpus.online.archives.unpack`.
    """
    target = cache_folder() / f"{sha256[:16].lower()}-unpacked"
    if not target.is_dir():
        archive = fetch(address, sha256=sha256)
        with locked(sha256):
            try:
                if not target.is_dir():
                    unpack(archive, target, limit=limit)
            except InputError:
                archive.unlink()
                raise
            archive.unlink(missing_ok=True)
    return target


def fetch_kaggle(source: str) -> Path:
    """Download a dataset from Kaggle, unless that has been done before.

    kagglehub keeps it in its own cache, which `KAGGLEHUB_CACHE` moves.

    Parameters
    ----------
    source : str
        One of `KAGGLE`.

    Returns
    -------
    Path
        The folder with its content.

    Raises
    ------
    InputError
        If Kaggle does not give it.
    """
    import kagglehub
    from kagglehub.cache import get_cached_archive_path
    from kagglehub.exceptions import BackendError, CredentialError, DataCorruptionError
    from kagglehub.handle import parse_dataset_handle

    handle = KAGGLE[source]
    try:
        return Path(kagglehub.dataset_download(handle))
    except (zipfile.BadZipFile, EOFError, ValueError) as error:
        # kagglehub would take the broken archive for a finished download.
        Path(get_cached_archive_path(parse_dataset_handle(handle))).unlink(missing_ok=True)
        raise InputError(
            f"{handle}: Kaggle sent a broken archive ({error}); run the same command again"
        ) from error
    except (requests.RequestException, BackendError, CredentialError, DataCorruptionError) as error:
        raise InputError(
            f"{handle}: Kaggle did not give it: {error}\n"
            "Public datasets need no account where Kaggle allows it. Otherwise make a token in "
            "your Kaggle settings and put it into KAGGLE_API_TOKEN or ~/.kaggle/access_token (or "
            "KAGGLE_USERNAME and KAGGLE_KEY, or ~/.kaggle/kaggle.json). Or download the dataset "
            "by hand, and use data.source: folder. A download that stopped goes on where it was"
        ) from error
