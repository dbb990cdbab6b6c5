"""Unpack an archive that comes from elsewhere, without trusting it."""

import errno
import lzma
import shutil
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from tqdm import tqdm

from genre.errors import InputError

CHUNK = 1 << 20  # bytes
MOST_MEMBERS = 100_000
BROKEN = (
    tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError,
    RuntimeError,
)  # fmt: skip


def unpack(archive: Path, target: Path, *, limit: int) -> None:
    """Unpack a tar or zip archive into a new folder, or leave nothing behind.

    Parameters
    ----------
    archive : Path
        The archive.
    target : Path
        A folder that does not exist; it appears when all has been unpacked, in `TARGET.part`,
        which one process at a time may do.
    limit : int > 0
        The most bytes that the archive may hold.

    Raises
    ------
    InputError
        If the archive is broken, or holds more than `limit` bytes or 100,000 members, a link, a
        device, or a name that leaves the folder.
    """
    folder = target.with_name(f"{target.name}.part")
    shutil.rmtree(folder, ignore_errors=True)  # what a process that was killed has left
    folder.mkdir()
    try:
        room = limit
        for count, (name, stream) in enumerate(
            tqdm(_members(archive), desc="unpacking", unit=" files", disable=None)
        ):
            if count >= MOST_MEMBERS:
                raise InputError(f"{archive.name} holds more than {MOST_MEMBERS} files: refused")
            room -= _write(stream, _inside(folder, name, archive), room)
            if room < 0:
                raise InputError(
                    f"{archive.name} holds more than {limit / 1e9:g} GB: refused; if it is what "
                    "you want, raise data.url.unpacked_limit"
                )
        folder.rename(target)
    except BROKEN as error:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise  # no fault of the archive's
        reason = str(error).partition("\n")[0].rstrip(":")
        raise InputError(
            f"{archive.name} cannot be unpacked ({type(error).__name__}: {reason}); it is not a "
            "whole tar or zip archive"
        ) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _members(archive: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """The name and content of each file; anything else is refused."""
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as source:
            for entry in source.infolist():
                kind = entry.external_attr >> 28
                if kind not in (0, 0o4, 0o10):
                    raise InputError(f"{archive.name} holds a link or device: {entry.filename}")
                if not entry.is_dir():
                    with source.open(entry) as stream:
                        yield entry.filename, stream
        return
    with tarfile.open(archive) as tar:
        for member in tar:
            content = tar.extractfile(member) if member.isfile() else None
            if content:
                yield member.name, content
            elif not member.isdir():
                raise InputError(f"{archive.name} holds a link or device: {member.name}")
        while tar.fileobj and tar.fileobj.read(CHUNK):
            pass  # a compressed tar that is cut short behind its last member says so only here


def _inside(folder: Path, name: str, archive: Path) -> Path:
    """Where a member goes, if its name stays in the folder."""
    path = PurePosixPath(name.replace("\\", "/"))
    drive = len(name) > 1 and name[1] == ":"
    if path.is_absolute() or drive or ".." in path.parts or not path.parts:
        raise InputError(f"{archive.name} holds a name that leaves its folder: {name!r}")
    return folder / path


def _write(stream: IO[bytes], path: Path, room: int) -> int:
    """Write a member, but not more than one chunk over the room there is; give its size."""
    path.parent.mkdir(parents=True, exist_ok=True)
    size = 0
    with path.open("xb") as file:
        while size <= room and (chunk := stream.read(CHUNK)):
            size += len(chunk)
            file.write(chunk)
    return size
