"""What stands behind the page: the models, and a process of its own that opens what is dropped."""

import faulthandler
import functools
import multiprocessing
import sys
import tempfile
import threading
from collections.abc import Collection
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import TYPE_CHECKING

from threadpoolctl import threadpool_limits

from genre.classification.inputs import Recipe
from genre.classification.songs import Song, open_song
from genre.models.variants import models_of
from genre.params import Params, load_params
from tools.loading import cautions, load_models
from tools.provenance import best_model, check_unchanged

if TYPE_CHECKING:
    from genre.classification.answers import Answer
    from genre.classification.trained import TrainedModels

LARGEST = 100  # MB of a file
LONGEST = 30 * 60  # s of a song
MEMORY = 4 * 2**30  # bytes that opening one may take
PATIENCE = 600  # s that it may take
TOO_MUCH = (
    "it takes more memory or time than a song may, or breaks the decoder: it is broken, or made "
    "to do so"
)


def open_bytes(content: bytes, recipe: Recipe, wanted: Collection[str]) -> Song:
    """Open a song that is no file, see `genre.classification.songs.open_song`.

    Decoders need a file: there is one, for as long as this takes.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "song"
        file.write_bytes(content)
        try:
            return open_song(file, recipe=recipe, wanted=wanted, longest=LONGEST)
        except MemoryError:
            return Song(Path(), TOO_MUCH)


def _within_limits(
    content: bytes, recipe: Recipe, wanted: Collection[str], memory: int, patience: int
) -> Song:
    _limit_memory(memory)
    # Ends the process, whatever code it is in, and on every system.
    faulthandler.dump_traceback_later(patience, exit=True)
    try:
        with threadpool_limits(1):  # as in the stages
            return open_bytes(content, recipe, wanted)
    finally:
        faulthandler.cancel_dump_traceback_later()


@functools.cache  # what a song has freed stays with the process, and is not to count for the next
def _limit_memory(further: int) -> None:
    """Let this process have so many bytes beyond what it has; only Linux holds it to that."""
    if sys.platform == "linux":
        import resource

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + further, hard))


class Opener:
    """Open songs in another process: a few kilobytes can hold a day of sound, or end a decoder.

    Parameters
    ----------
    recipe : Recipe
        How the models were made.
    wanted : collection of str
        What they read.
    memory, patience : int > 0
        What a song may take, in bytes and seconds.
    """

    def __init__(
        self,
        recipe: Recipe,
        wanted: Collection[str],
        *,
        memory: int = MEMORY,
        patience: int = PATIENCE,
    ) -> None:
        self._further = (recipe, wanted, memory, patience)
        self._start()

    def _start(self) -> None:
        # A fork would have Keras's threads in a state that nobody knows.
        context = multiprocessing.get_context("spawn")
        self._process = ProcessPoolExecutor(1, mp_context=context)
        self._process.submit(_within_limits, b"", *self._further)  # imports all that it needs

    def open(self, content: bytes) -> Song:
        """What models read of a song; what is wrong with it is said there."""
        try:
            return self._process.submit(_within_limits, content, *self._further).result()
        except BrokenProcessPool:
            self._start()
            return Song(Path(), TOO_MUCH)

    def close(self) -> None:
        """End the process."""
        self._process.shutdown()


class Listener:
    """Answer for songs, one at a time.

    Parameters
    ----------
    models : TrainedModels
        The models, loaded.
    recipe : Recipe
        How they were made.
    params : Params
        The parameters, which say what they were made from.
    best : str
        The model that is asked where nobody names one.
    """

    def __init__(
        self, models: "TrainedModels", recipe: Recipe, params: Params, *, best: str
    ) -> None:
        self.models, self.params, self.best = models, params, best
        self.opener = Opener(recipe, sorted(models.reads(models.names)))
        self._lock = threading.Lock()  # each visitor's page runs in a thread of its own

    @property
    def caution(self) -> str:
        """Why nobody should believe the models, where nobody should."""
        return " ".join(cautions(self.params))

    def hear(self, content: bytes) -> tuple[Song, dict[str, "Answer"]]:
        """A song, and what each model says of it; nothing of one with a fault."""
        from genre.classification.answers import answers_of

        with self._lock:
            song = self.opener.open(content)
            return song, {} if song.fault else answers_of(self.models, self.models.names, song)


@functools.cache
def listener_here() -> Listener:
    """The listener of this folder, in which `dvc repro` ran; made once in a process.

    Raises
    ------
    InputError
        If it did not run, or with other parameters.
    """
    params = load_params()
    check_unchanged(params)
    best = best_model()
    models, recipe = load_models(params, models_of(params.beyond.chosen()))
    return Listener(models, recipe, params, best=best)
