"""Find the tracks that the lists and tables of others mean."""

import logging
import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

import pandas as pd

from genre.corpus.layout import canonical_genre, track_id, without_ending
from genre.corpus.tracks import picture_file
from genre.errors import InputError

log = logging.getLogger(__name__)


class Names:
    """The names that a corpus's tracks go by.

    A track is known by its name in the table of tracks, by its file in the corpus, with or without
    the folders before its genre and with whatever ending, and by its picture's name; by its file
    name alone where no other track has the same.

    Parameters
    ----------
    tracks : pd.DataFrame [index: track; columns: genre, source]
        The table of tracks.
    """

    def __init__(self, tracks: pd.DataFrame) -> None:
        self._known: dict[str, set[str]] = defaultdict(set)
        self._tracks, self._genres = set(tracks.index), set(tracks["genre"])
        for track, genre, source in tracks[["genre", "source"]].itertuples():
            file = without_ending(PurePosixPath(source))
            picture = picture_file(Path(), track, genre).stem
            for name in (track, picture, file.name):
                self._known[name].add(track)
                self._known[f"{genre}/{name}"].add(track)
            self._known[file.as_posix()].add(track)

    def find(self, name: str) -> str | None:
        """The track of a name, or None where no track is known by it.

        Raises
        ------
        InputError
            If several tracks are.
        """
        path = PurePosixPath(name.strip().replace("\\", "/"))
        if path.as_posix() in self._tracks:
            return path.as_posix()
        file = without_ending(path)
        genre = canonical_genre(file.parent.name)
        candidates = [path.as_posix(), file.as_posix(), f"{genre}/{file.name}"]
        if genre not in self._genres:
            candidates.append(file.name)
            genre = canonical_genre(re.sub(r"[.\d]+$", "", file.name))
        # GTZAN's tracks by their numbers, however they are written: `Blues00001`, `blues/00001`.
        candidates.append(track_id(genre, file.name.lower()))
        for candidate in candidates:
            found = self._known.get(candidate, set())
            if len(found) > 1:
                some = " and ".join(sorted(found)[:2])
                raise InputError(
                    f"{name}: {len(found)} tracks go by this name, {some} among them: write the "
                    "genre's folder before it"
                )
            if found:
                return next(iter(found))
        return None

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
