"""Chunks of log-mel spectrograms: of tracks that may lie on disk, read as they are needed.

Training draws chunks at random places and alters them; validation and prediction take all chunks
of a track, side by side.
"""

from collections.abc import Sequence

import keras
import numpy as np

from genre.training.fitting import Batches

_CHANCES = 6  # random numbers a chunk: place, level, and width and place of two masks


class RandomChunks(Batches):
    """Batches of altered chunks from random places.

    A chunk becomes louder or softer, and in it a stretch of time and a range of mel bands fall
    silent (Park et al., "SpecAugment: a simple data augmentation method for automatic speech
    recognition", Interspeech 2019).

    All that is random in an epoch is drawn before it begins, so that a batch does not depend on
    those that were read before it.

    Parameters
    ----------
    tracks : sequence of np.ndarray [shape=(frames, bands)]
        log10(10000 S + 1) of each track's mel spectrogram S, time first.
    y : np.ndarray [shape=(n,), dtype=int]
        Class of each track.
    batch_size : int > 0
        Chunks a batch; the last one may have fewer.
    rng : numpy.random.Generator
        Where order, places and changes come from.
    length : int > 0
        Frames of a chunk. A shorter track is repeated until it fills one.
    draws : int > 0
        Chunks of each track in an epoch.
    level : float >= 0
        The most that a chunk becomes louder or softer, in dB.
    time_mask, frequency_mask : int >= 0
        The most frames and mel bands that fall silent.
    """

    def __init__(
        self,
        tracks: Sequence[np.ndarray],
        y: np.ndarray,
        batch_size: int,
        rng: np.random.Generator,
        *,
        length: int,
        draws: int,
        level: float,
        time_mask: int,
        frequency_mask: int,
    ) -> None:
        self._random = rng
        super().__init__(np.tile(np.arange(len(y)), draws), np.tile(y, draws), batch_size, rng)
        self._tracks, self._length, self._level = tracks, length, level
        self._time_mask, self._frequency_mask = time_mask, frequency_mask
        settings = np.array([length, draws, level, time_mask, frequency_mask], float)
        self.arrays = (*tracks, y, settings)

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        """The chunks [shape=(n, 1, length, bands)], one a track, and their classes."""
        chosen, y = super().__getitem__(index)
        first = index * self._batch_size
        chances = self._chances[first : first + len(y)]
        drawn = zip(chosen, chances[:, 0], strict=True)
        chunks = np.stack([draw(self._tracks[k], place, self._length) for k, place in drawn])
        chunks = change_level(chunks, self._level * (2.0 * chances[:, 1] - 1.0))
        silence(chunks, chances[:, 2:4], self._time_mask)
        silence(chunks.swapaxes(1, 2), chances[:, 4:6], self._frequency_mask)
        return chunks[:, None], y

    def shuffle(self) -> None:
        """Draw all that is random in the next epoch."""
        super().shuffle()
        self._chances = self._random.random((len(self._order), _CHANCES))


class WholeTracks(Batches):
    """All chunks of each track; one track a batch, since some have fewer than others.

    Parameters
    ----------
    tracks, y, length
        As of `RandomChunks`.
    """

    def __init__(self, tracks: Sequence[np.ndarray], y: np.ndarray, *, length: int) -> None:
        # Keras lets the number of chunks vary if it does so in the first two batches.
        order = sorted(range(len(y)), key=lambda k: len(tracks[k]))
        order = order[-1:] + order[:-1]
        super().__init__(np.array(order), y[order], 1)
        self._tracks, self._length = tracks, length
        self.arrays = (*tracks, y)

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        """The chunks of one track [shape=(1, chunks, length, bands)], and its class."""
        [k], y = super().__getitem__(index)
        return cut(self._tracks[k], self._length)[None], y


def draw(track: np.ndarray, place: float, length: int) -> np.ndarray:
    """Take the chunk of a log-mel spectrogram that begins at a place in [0, 1).

    Returns
    -------
    np.ndarray [shape=(length, bands), dtype=float32]
        The chunk; a shorter track is repeated until it fills one.
    """
    first = int(place * max(len(track) - length + 1, 1))
    chunk = track[first : first + length].astype(np.float32)
    return chunk if len(chunk) == length else np.resize(chunk, (length, track.shape[1]))


def cut(track: np.ndarray, length: int) -> np.ndarray:
    """Cut a log-mel spectrogram into chunks that do not overlap.

    Returns
    -------
    np.ndarray [shape=(chunks, length, bands), dtype=float32]
        The chunks in the order of time. What is left behind the last is dropped; a track that is
        shorter than one chunk is repeated until it fills one.
    """
    count = max(len(track) // length, 1)
    whole = np.resize(track[: count * length], (count * length, track.shape[1]))
    return whole.reshape(count, length, -1).astype(np.float32)


def change_level(log_mels: np.ndarray, gain: np.ndarray) -> np.ndarray:
    """Make sounds louder or softer in their log-mel spectrograms, log10(10000 S + 1).

    Parameters
    ----------
    log_mels : np.ndarray [shape=(n, frames, bands)]
        The spectrograms.
    gain : np.ndarray [shape=(n,)]
        By how much each becomes louder, in dB.

    Returns
    -------
    np.ndarray [shape=(n, frames, bands), dtype=float32]
        What would have been computed from the louder sound.
    """
    factor = (10.0 ** (gain / 10.0)).astype(np.float32)[:, None, None]
    ten = np.float32(np.log(10.0))
    changed: np.ndarray = np.log1p(factor * np.expm1(ten * log_mels, dtype=np.float32)) / ten
    return changed


def silence(chunks: np.ndarray, chances: np.ndarray, most: int) -> None:
    """Silence a range along the first axis of each chunk, in place.

    Parameters
    ----------
    chunks : np.ndarray [shape=(n, size, ...)]
        Log-mel spectrograms, in which silence is 0.
    chances : np.ndarray [shape=(n, 2)]
        Width and place of each range, in [0, 1).
    most : int >= 0
        The most that falls silent.
    """
    size = chunks.shape[1]
    for chunk, (width, place) in zip(chunks, chances, strict=True):
        masked = int(width * (min(most, size) + 1))
        first = int(place * (size - masked + 1))
        chunk[first : first + masked] = 0.0


def predict_tracks(model: keras.Model, tracks: Sequence[np.ndarray], *, length: int) -> np.ndarray:
    """Apply a model to all chunks of each track.

    Returns
    -------
    np.ndarray [shape=(n, classes), dtype=float32]
        The softmax of each track, in their order.
    """
    # Of several devices each gives its answer, which is the same.
    found = (model.predict_on_batch(cut(track, length)[None])[:1] for track in tracks)
    return np.concatenate(list(found))
