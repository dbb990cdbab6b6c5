"""Find the tracks that the lists and tables of others mean."""

import logging
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

import pandas as pd

from genre.corpus.layout import canonical_genre, genre_key, track_id, without_ending
from genre.corpus.tracks import picture_file, without_zeros
from genre.errors import InputError

log = logging.getLogger(__name__)


class Names:
    """The names that a corpus's tracks go by.

    A track is known by its name in the table of tracks, by its file in the corpus, with or without
    the folders that come first and with whatever ending, and by its picture's name; by its file
    name alone where no other track has the same. Where a file is called exactly so, it is meant.
    A number may lack the zeros that it begins with. Folders may come first that the corpus does
    not have; one that is called like a genre must be the track's, and what follows must be in it.

    Parameters
    ----------
    tracks : pd.DataFrame [index: track; columns: genre, source]
        The table of tracks.
    """

    def __init__(self, tracks: pd.DataFrame) -> None:
        self._files: dict[str, list[str]] = defaultdict(list)
        self._known: dict[str, list[str]] = defaultdict(list)
        self._numbered: dict[str, list[str]] = defaultdict(list)
        self._genres: dict[str, str] = {}
        for track, genre, source in tracks[["genre", "source"]].itertuples():
            self._genres[track] = genre_key(genre)
            file = PurePosixPath(_composed(source))
            for start in range(len(file.parts)):
                end = PurePosixPath(*file.parts[start:])
                self._files[end.as_posix()].append(track)
                self._know(without_ending(end).as_posix(), track)
            self._known[track].append(track)
            self._known[picture_file(Path(), track, genre).stem].append(track)
        self._keys = set(self._genres.values())

    def _know(self, file: str, track: str) -> None:
        self._known[file].append(track)
        self._numbered[without_zeros(file)].append(track)

    def find(self, name: str) -> str | None:
        """The track of a name, or None where no track is known by it.

        Raises
        ------
        InputError
            If several tracks are.
        """
        path = PurePosixPath(_composed(name).strip().replace("\\", "/"))
        if path.as_posix() in self._genres:
            return path.as_posix()
        for candidate, genres in self._candidates(path):
            found = set(self._files.get(candidate, ()))
            found = found or set(self._known.get(candidate, ()))
            found = found or set(self._numbered.get(without_zeros(candidate), ()))
            if genres:
                found = {track for track in found if self._genres[track] in genres}
            if len(found) > 1:
                some = " and ".join(sorted(found)[:2])
                raise InputError(
                    f"{name}: {len(found)} tracks go by this name, {some} among them: write the "
                    "genre's folder before it"
                )
            if found:
                return found.pop()
        return None

    def _candidates(self, path: PurePosixPath) -> Iterator[tuple[str, set[str]]]:
        """What a path may mean, the likeliest first, and the genres that it can be of, if not all.

        That is the path with fewer and fewer of its first folders.
        """
        file = without_ending(path)
        keys = list(map(genre_key, file.parts[:-1]))
        last = max((k for k, key in enumerate(keys) if key in self._keys), default=len(keys) - 1)
        for start in range(last + 2):
            genres = set(keys[:start]) & self._keys
            yield "/".join(path.parts[start:]), genres
            yield "/".join(file.parts[start:]), genres
        # GTZAN's tracks by their numbers, however they are written: `Blues00001`, `blues/00001`.
        genre = canonical_genre(file.parent.name)
        if genre_key(genre) not in self._keys:
            genre = canonical_genre(re.sub(r"[.\d]+$", "", file.name))
        yield track_id(genre, file.name.lower()), set()

    def find_all(self, names: Iterable[str], *, where: str) -> dict[str, str]:
        """The track of each name that one is known by; warn of those that none is known by.

        Parameters
        ----------
        names : iterable of str
            The names.
        where : str
            Where they stand, for messages.

        Raises
        ------
        InputError
            If several tracks go by one of the names.
        """
        names = list(names)
        try:
            found = {name: track for name in names if (track := self.find(name))}
        except InputError as error:
            raise InputError(f"{where}: {error}") from error
        unknown = [name for name in names if name not in found]
        if unknown:
            log.warning(
                "%s: %d of %d names are of no track of the corpus that can be used, the first: %s",
                *(where, len(unknown), len(names), unknown[0]),
            )
        return found


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)
