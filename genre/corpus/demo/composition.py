"""Write a piece of music in the style of a genre, as a MIDI score."""

import functools
from typing import Any

import numpy as np
import pretty_midi

from genre.corpus.demo.styles import CHORD_TONES, DRUM_PATTERNS, PROGRESSIONS, SCALES, STYLES, Style

Note = tuple[float, float, int, int]  # onset and length in beats, MIDI pitch, MIDI velocity
Chord = tuple[int, str]  # semitones above the tonic, quality

BEATS_PER_BAR = 4
STEPS_PER_BEAT = 4
VELOCITY = {"X": 108, "x": 86, "o": 58}
VOLUME, REVERB = 7, 91  # MIDI controllers
PAD_PROBABILITY = 0.7
SHORTEST = 0.04  # seconds
TIMING_DEVIATION = 0.006  # seconds: how loosely the players keep time

# A figure is a bar of sixteen steps; a note sounds up to the next one, times the gate.
# Bass: r root, t third, f fifth, s sixth, o octave, a a semitone below the next bar's root.
BASS_FIGURES = {
    "roots": ("r.......r.......", 0.9),
    "sustained": ("r...............", 0.98),
    "eighths": ("r.r.r.r.r.r.r.r.", 0.85),
    "chug": ("rrrrrrrrrrrrrrrr", 0.6),
    "octaves": ("r.o.r.o.r.o.r.o.", 0.6),
    "walking": ("r...t...f...a...", 0.9),
    "boogie": ("r.r.f.f.s.s.f.f.", 0.7),
    "root_fifth": ("r.......f.......", 0.6),
    "funk": ("r..r..o.r...f.o.", 0.5),
    "sparse": ("r......r..f.....", 0.9),
    "dub": ("r.....r.f...t.r.", 0.6),
}

# Accompaniment: X and x strike the whole chord, a digit plays that tone of it.
COMP_FIGURES = {
    "strum": ("X.x.X.xxX.x.X.xx", 0.9),
    "boom_chick": ("0...X...1...X...", 0.5),
    "shuffle_strum": ("X.x.X.x.X.x.X.x.", 0.6),
    "funk_strum": ("X.xX..X.xxX.X.x.", 0.4),
    "power": ("X.......X...X...", 0.95),
    "chug": ("XxxXxxXxXxxXxxXx", 0.5),
    "skank": ("..X...X...X...X.", 0.25),
    "bubble": (".xX..xX..xX..xX.", 0.3),
    "stabs": ("X.....X.....X...", 0.3),
    "sustained": ("X...............", 0.98),
    "comping": ("X.....x.......x.", 0.4),
    "alberti": ("0.2.1.2.0.2.1.2.", 0.9),
    "arpeggio": ("0.1.2.1.0.1.2.1.", 0.95),
}

# Melody: note values in beats, gate, probability of a rest, largest step in scale degrees.
LEAD_FIGURES = {
    "legato": ((1.0, 1.0, 2.0), 1.0, 0.10, 2),
    "runs": ((0.25, 0.5, 0.5), 0.9, 0.12, 2),
    "phrases": ((0.5, 0.5, 1.0), 0.9, 0.30, 3),
    "answers": ((0.5, 0.5, 1.0), 0.85, 0.15, 3),
    "hits": ((1.0, 1.5, 2.0), 0.25, 0.45, 4),
}


def compose(
    genre: str, rng: np.random.Generator, *, duration: float, borrow: float
) -> pretty_midi.PrettyMIDI:
    """Compose a piece in the style of a genre.

    Parameters
    ----------
    genre : str
        A key of `STYLES`.
    rng : numpy.random.Generator
        Where every choice comes from.
    duration : float > 0
        Length in seconds.
    borrow : float in [0, 1]
        Probability with which an element is drawn from a neighbouring genre.

    Returns
    -------
    pretty_midi.PrettyMIDI
        The score: drums, bass, accompaniment, melody and pad, as the style has them.
    """
    style = STYLES[genre]
    draw = functools.partial(_draw, style, rng, borrow=borrow)
    beat = 60.0 / rng.uniform(*style.tempo)
    swing = rng.uniform(*style.swing)
    reverb = int(rng.integers(*style.reverb))
    tonic = int(rng.integers(12))
    scale = SCALES[draw("scales")]
    progression = PROGRESSIONS[draw("progressions")]
    bars = int(np.ceil(duration / (beat * BEATS_PER_BAR)))
    chords = [progression[bar % len(progression)] for bar in range(bars)]

    parts = [
        (draw("bass_programs"), _bass(draw("bass"), chords, tonic)),
        (draw("comp_programs"), _comp(draw("comp"), chords, tonic)),
        (draw("lead_programs"), _lead(draw("lead"), chords, tonic, scale, rng)),
    ]
    pad = draw("pad_programs")
    if pad is not None and rng.random() < PAD_PROBABILITY:
        parts.append((pad, _comp("sustained", chords, tonic, velocity=-30)))
    score = pretty_midi.PrettyMIDI(initial_tempo=60.0 / beat)
    kit = pretty_midi.Instrument(draw("kits"), is_drum=True)
    score.instruments.append(kit)
    _perform(kit, _drums(DRUM_PATTERNS[draw("drums")], bars, rng), rng, beat, swing, reverb)
    for program, notes in parts:
        part = pretty_midi.Instrument(program)
        score.instruments.append(part)
        _perform(part, notes, rng, beat, swing, reverb)
    return score


def _draw(style: Style, rng: np.random.Generator, element: str, *, borrow: float) -> Any:  # noqa: ANN401
    """Draw one element of a style, its own or a neighbour's; None where it has no such part."""
    if rng.random() < borrow:
        style = STYLES[style.neighbours[rng.integers(len(style.neighbours))]]
    choices = getattr(style, element)
    return choices[rng.integers(len(choices))] if choices else None


def _perform(
    part: pretty_midi.Instrument,
    notes: list[Note],
    rng: np.random.Generator,
    beat: float,
    swing: float,
    reverb: int,
) -> None:
    """Play notes into a part: in time (seconds), but not like a machine."""
    part.control_changes += [
        pretty_midi.ControlChange(VOLUME, int(rng.integers(70, 112)), 0.0),
        pretty_midi.ControlChange(REVERB, reverb, 0.0),
    ]
    for start, length, pitch, velocity in notes:
        onset = (start + swing * (start % 1.0 == 0.5)) * beat
        onset = max(0.0, onset + rng.normal(0.0, TIMING_DEVIATION))
        part.notes.append(
            pretty_midi.Note(
                int(np.clip(velocity + rng.normal(0.0, 6.0), 20, 127)),
                int(np.clip(pitch, 12, 115)),
                onset,
                onset + max(length * beat, SHORTEST),
            )
        )


def _steps(figure: str, gate: float) -> list[tuple[float, float, str]]:
    """The strokes of a bar: onset and length in beats, and the symbol."""
    onsets = [step for step, symbol in enumerate(figure) if symbol != "."]
    ends = [*onsets[1:], len(figure)]
    return [
        (on / STEPS_PER_BEAT, gate * (end - on) / STEPS_PER_BEAT, figure[on])
        for on, end in zip(onsets, ends, strict=True)
    ]


def _drums(pattern: dict[int, str], bars: int, rng: np.random.Generator) -> list[Note]:
    """The drum part: the pattern, with a fill on the snare at the end of every fourth bar."""
    notes = []
    for bar in range(bars):
        fill = bool(pattern) and bar % 4 == 3 and rng.random() < 0.5
        for pitch, figure in pattern.items():
            for onset, _, symbol in _steps(figure, 1.0):
                if not (fill and onset >= 3.0):
                    notes.append((bar * BEATS_PER_BAR + onset, 0.2, pitch, VELOCITY[symbol]))
        if fill:
            for onset in (3.0, 3.25, 3.5, 3.75):
                notes.append((bar * BEATS_PER_BAR + onset, 0.2, int(rng.choice([38, 45, 48])), 90))
    return notes


def _bass(name: str, chords: list[Chord], tonic: int) -> list[Note]:
    """The bass line."""
    figure, gate = BASS_FIGURES[name]
    notes = []
    for bar, (root, quality) in enumerate(chords):
        tones = CHORD_TONES[quality]
        low = 28 + (tonic + root - 4) % 12
        next_low = 28 + (tonic + chords[(bar + 1) % len(chords)][0] - 4) % 12
        pitches = {
            "r": low,
            "t": low + tones[1],
            "f": low + 7,
            "s": low + 9,
            "o": low + 12,
            "a": next_low - 1,
        }
        for onset, length, symbol in _steps(figure, gate):
            notes.append((bar * BEATS_PER_BAR + onset, length, pitches[symbol], 96))
    return notes


def _comp(name: str, chords: list[Chord], tonic: int, velocity: int = 0) -> list[Note]:
    """The accompaniment: chords, struck or broken."""
    figure, gate = COMP_FIGURES[name]
    notes = []
    for bar, (root, quality) in enumerate(chords):
        base = (40 if quality == "5" else 48) + (tonic + root) % 12
        tones = [base + tone for tone in CHORD_TONES[quality]]
        for onset, length, symbol in _steps(figure, gate):
            chord = [tones[int(symbol) % len(tones)]] if symbol.isdigit() else tones
            loud = VELOCITY.get(symbol, 84) - 10 + velocity
            notes += [(bar * BEATS_PER_BAR + onset, length, pitch, loud) for pitch in chord]
    return notes


def _lead(
    name: str, chords: list[Chord], tonic: int, scale: tuple[int, ...], rng: np.random.Generator
) -> list[Note]:
    """A melody: a random walk over the scale that leans on chord tones on the beat."""
    if name == "none":
        return []
    values, gate, rest, leap = LEAD_FIGURES[name]
    ladder = [60 + tonic % 12 + 12 * octave + tone for octave in (0, 1) for tone in scale]
    position = int(rng.integers(len(ladder) // 3, 2 * len(ladder) // 3))
    notes, onset, end = [], 0.0, float(len(chords) * BEATS_PER_BAR)
    while onset < end:
        length = float(rng.choice(values))
        bar = int(onset // BEATS_PER_BAR)
        silent = rng.random() < rest or (name == "answers" and bar % 4 < 2)
        if not silent:
            position = int(np.clip(position + rng.integers(-leap, leap + 1), 0, len(ladder) - 1))
            pitch = ladder[position]
            if onset % 1.0 == 0.0:
                root, quality = chords[bar]
                tones = [(tonic + root + tone) % 12 for tone in CHORD_TONES[quality]]
                pitch = min(
                    range(pitch - 3, pitch + 4),
                    key=lambda p: (p % 12 not in tones, abs(p - pitch)),
                )
            notes.append((onset, length * gate, pitch, 98))
        onset += length
    return notes
