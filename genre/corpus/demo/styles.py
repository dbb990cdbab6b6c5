"""The table of genres of the demo corpus: what a track of each is drawn from.

A track draws every element (tempo, drum pattern, progression, instruments) from its genre's
row, and now and then from the row of a neighbour, so that genres overlap as they do in real
music. Programs are General MIDI numbers from 0.
"""

from dataclasses import dataclass

# Sixteen steps to a bar of four beats: "X" accented, "x" normal, "o" soft, "." rest.
# Keys are General MIDI percussion notes: 36 kick, 38 snare, 37 side stick, 39 clap, 42 closed
# hat, 46 open hat, 49 crash, 51 ride, 54 tambourine, 56 cowbell, 44 pedal hat.
DRUM_PATTERNS: dict[str, dict[int, str]] = {
    "none": {},
    "backbeat": {36: "X.......X.x.....", 38: "....X.......X...", 42: "x.x.x.x.x.x.x.x."},
    "backbeat_busy": {36: "X..x....X.x....x", 38: "....X.......X..o", 42: "x.x.x.x.x.x.x.x.", 46: "..............x."},
    "backbeat_half": {36: "X.....x.........", 38: "........X.......", 51: "x...x...x...x..."},
    "sixteenths": {36: "X...x...X.x.....", 38: "....X.......X...", 42: "xoxoxoxoxoxoxoxo"},
    "four_floor": {36: "X...X...X...X...", 38: "....X.......X...", 46: "..x...x...x...x.", 42: "x...x...x...x..."},
    "four_floor_clap": {36: "X...X...X...X...", 39: "....X.......X...", 42: "xoxoxoxoxoxoxoxo", 54: "..x...x...x...x."},
    "boom_bap": {36: "X..x......X.....", 38: "....X.......X...", 42: "x.x.x.x.x.x.x.x."},
    "boom_bap_loose": {36: "X......x..X..x..", 38: "....X..o....X...", 42: "x.xox.x.x.xox.x."},
    "trap": {36: "X......x..x.....", 39: "........X.......", 42: "xoxoxxxoxoxoxxxx"},
    "one_drop": {37: "........X.......", 36: "........X.......", 42: "x.x.x.x.x.x.x.x."},
    "rockers": {36: "X.......X.......", 37: "....X.......X...", 42: "..x...x...x...x."},
    "steppers": {36: "X...X...X...X...", 37: "........X.......", 42: "..x...x...x...x."},
    "train": {36: "X.......X.......", 38: "oXxoxXxooXxoxXxo"},
    "two_beat": {36: "X.......X.......", 37: "....X.......X...", 42: "x...x...x...x..."},
    "shuffle": {36: "X.......X.......", 38: "....X.......X...", 42: "x.x.x.x.x.x.x.x."},
    "ride_swing": {51: "X...x.x.X...x.x.", 44: "....x.......x...", 36: "o.......o......."},
    "brushes": {38: "o.o.x.o.o.o.x.o.", 44: "....x.......x...", 51: "x...x...x...x..."},
    "double_kick": {36: "xxxxxxxxxxxxxxxx", 38: "....X.......X...", 49: "X...............", 51: "x...x...x...x..."},
    "thrash": {36: "X.x.X.x.X.x.X.x.", 38: "..X...X...X...X.", 42: "x.x.x.x.x.x.x.x."},
    "gallop": {36: "X.xxX.xxX.xxX.xx", 38: "....X.......X...", 49: "X.......x......."},
}  # fmt: skip

# One chord a bar: semitones above the tonic, then the chord's quality.
PROGRESSIONS: dict[str, tuple[tuple[int, str], ...]] = {
    "blues_12": ((0, "7"),) * 4 + ((5, "7"),) * 2 + ((0, "7"),) * 2 + ((7, "7"), (5, "7"), (0, "7"), (7, "7")),
    "blues_minor": ((0, "m7"),) * 4 + ((5, "m7"),) * 2 + ((0, "m7"),) * 2 + ((8, "7"), (7, "7"), (0, "m7"), (7, "7")),
    "one_four_five": ((0, ""), (5, ""), (7, ""), (0, "")),
    "one_four": ((0, ""), (0, ""), (5, ""), (5, "")),
    "country_turn": ((0, ""), (0, ""), (5, ""), (0, ""), (0, ""), (0, ""), (7, ""), (0, "")),
    "mixolydian": ((0, ""), (10, ""), (5, ""), (0, "")),
    "axis": ((0, ""), (7, ""), (9, "m"), (5, "")),
    "axis_minor": ((9, "m"), (5, ""), (0, ""), (7, "")),
    "fifties": ((0, ""), (9, "m"), (5, ""), (7, "")),
    "minor_descent": ((0, "m"), (10, ""), (8, ""), (7, "")),
    "minor_vamp": ((0, "m7"), (0, "m7"), (5, "m7"), (5, "m7")),
    "minor_pop": ((0, "m"), (8, ""), (3, ""), (10, "")),
    "two_chords": ((0, "m"), (10, "")),
    "reggae_major": ((0, ""), (2, "m"), (0, ""), (2, "m")),
    "two_five_one": ((2, "m7"), (7, "7"), (0, "maj7"), (9, "7")),
    "rhythm_changes": ((0, "maj7"), (9, "7"), (2, "m7"), (7, "7"), (4, "m7"), (9, "7"), (2, "m7"), (7, "7")),
    "modal": ((0, "m7"),) * 4 + ((1, "m7"),) * 2 + ((0, "m7"),) * 2,
    "cadence": ((0, ""), (5, ""), (7, "7"), (0, "")),
    "romanesca": ((0, ""), (7, ""), (9, "m"), (4, "m"), (5, ""), (0, ""), (5, ""), (7, "")),
    "minor_cadence": ((0, "m"), (5, "m"), (7, "7"), (0, "m")),
    "phrygian": ((0, "5"), (1, "5"), (0, "5"), (3, "5")),
    "metal_minor": ((0, "5"), (8, "5"), (10, "5"), (0, "5")),
    "tritone": ((0, "5"), (0, "5"), (6, "5"), (5, "5")),
}  # fmt: skip

CHORD_TONES = {
    "": (0, 4, 7),
    "m": (0, 3, 7),
    "7": (0, 4, 7, 10),
    "m7": (0, 3, 7, 10),
    "maj7": (0, 4, 7, 11),
    "5": (0, 7, 12),
}

SCALES = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "pentatonic": (0, 2, 4, 7, 9),
    "minor_pentatonic": (0, 3, 5, 7, 10),
    "blues": (0, 3, 5, 6, 7, 10),
    "harmonic_minor": (0, 2, 3, 5, 7, 8, 11),
}

PIANO, BRIGHT_PIANO, RHODES, CLAVI, HARPSICHORD, VIBRAPHONE = 0, 1, 4, 7, 6, 11
ORGAN, ROCK_ORGAN, ACCORDION, HARMONICA = 16, 18, 21, 22
NYLON, STEEL, JAZZ_GUITAR, CLEAN, MUTED, OVERDRIVE, DISTORTION = 24, 25, 26, 27, 28, 29, 30
UPRIGHT, FINGER_BASS, PICK_BASS, FRETLESS, SLAP_BASS = 32, 33, 34, 35, 36
SYNTH_BASS, SYNTH_BASS_2 = 38, 39
VIOLIN, VIOLA, CELLO, PIZZICATO, HARP = 40, 41, 42, 45, 46
STRINGS, SYNTH_STRINGS, CHOIR = 48, 50, 52
TRUMPET, TROMBONE, MUTE_TRUMPET, HORN, BRASS, SYNTH_BRASS = 56, 57, 59, 60, 61, 62
ALTO_SAX, TENOR_SAX, OBOE, CLARINET, FLUTE = 65, 66, 68, 71, 73
STANDARD_KIT, ROOM_KIT, POWER_KIT, ELECTRONIC_KIT = 0, 8, 16, 24
TR808_KIT, JAZZ_KIT, BRUSH_KIT = 25, 32, 40
SQUARE_LEAD, SAW_LEAD, WARM_PAD, POLY_PAD, BANJO, FIDDLE = 80, 81, 89, 90, 105, 110


@dataclass(frozen=True)
class Style:
    """One genre: ranges and choices, each drawn evenly.

    Attributes
    ----------
    tempo : (float, float)
        Beats per minute.
    swing : (float, float)
        Delay of the second eighth of a beat, as a share of the beat: 0 straight, 1/6 triplet.
    scales, progressions, drums : tuple of str
        Keys of the tables above.
    bass, comp, lead : tuple of str
        Names of the figures in `composition`.
    kits : tuple of int
        Drum kits: programs of the percussion channel.
    bass_programs, comp_programs, lead_programs, pad_programs : tuple of int
        Instruments of each part; an empty tuple leaves the part out.
    tilt : (float, float)
        Slope of the mix in dB per octave around 1 kHz: dark below 0, bright above.
    reverb : (int, int)
        Send to the synthesiser's reverb, 0 to 127.
    neighbours : tuple of str
        Genres from which single elements are borrowed.
    """

    tempo: tuple[float, float]
    swing: tuple[float, float]
    scales: tuple[str, ...]
    progressions: tuple[str, ...]
    drums: tuple[str, ...]
    kits: tuple[int, ...]
    bass: tuple[str, ...]
    bass_programs: tuple[int, ...]
    comp: tuple[str, ...]
    comp_programs: tuple[int, ...]
    lead: tuple[str, ...]
    lead_programs: tuple[int, ...]
    pad_programs: tuple[int, ...]
    tilt: tuple[float, float]
    reverb: tuple[int, int]
    neighbours: tuple[str, ...]


STYLES: dict[str, Style] = {
    "blues": Style(
        tempo=(65, 115), swing=(0.12, 0.17), scales=("blues", "minor_pentatonic"),
        progressions=("blues_12", "blues_12", "blues_minor", "one_four"),
        drums=("shuffle", "shuffle", "backbeat", "none"),
        kits=(STANDARD_KIT, ROOM_KIT, BRUSH_KIT),
        bass=("boogie", "walking", "roots"), bass_programs=(UPRIGHT, FINGER_BASS, PICK_BASS),
        comp=("shuffle_strum", "stabs", "sustained"), comp_programs=(PIANO, STEEL, CLEAN, ORGAN),
        lead=("phrases", "answers"), lead_programs=(HARMONICA, HARMONICA, OVERDRIVE, CLEAN),
        pad_programs=(), tilt=(-2.0, 0.0), reverb=(20, 60), neighbours=("rock", "country", "jazz"),
    ),
    "classical": Style(
        tempo=(55, 140), swing=(0.0, 0.0), scales=("major", "harmonic_minor"),
        progressions=("cadence", "romanesca", "minor_cadence"),
        drums=("none",),
        kits=(STANDARD_KIT,),
        bass=("sustained", "roots"), bass_programs=(CELLO, HARPSICHORD, PIANO),
        comp=("alberti", "arpeggio", "sustained"), comp_programs=(PIANO, HARPSICHORD, STRINGS, HARP, PIZZICATO),
        lead=("legato", "runs"), lead_programs=(VIOLIN, FLUTE, OBOE, CLARINET, HORN, PIANO),
        pad_programs=(STRINGS, CHOIR), tilt=(-3.0, -1.0), reverb=(60, 110), neighbours=("jazz",),
    ),
    "country": Style(
        tempo=(95, 150), swing=(0.0, 0.08), scales=("major", "pentatonic"),
        progressions=("one_four_five", "country_turn", "one_four", "fifties"),
        drums=("train", "train", "two_beat", "backbeat"),
        kits=(STANDARD_KIT, BRUSH_KIT),
        bass=("root_fifth", "root_fifth", "roots"), bass_programs=(UPRIGHT, FINGER_BASS, PICK_BASS),
        comp=("strum", "boom_chick", "arpeggio"), comp_programs=(STEEL, STEEL, BANJO, PIANO),
        lead=("phrases", "answers"), lead_programs=(FIDDLE, FIDDLE, CLEAN, BANJO),
        pad_programs=(), tilt=(0.0, 2.0), reverb=(20, 50), neighbours=("rock", "blues", "pop"),
    ),
    "disco": Style(
        tempo=(104, 132), swing=(0.0, 0.02), scales=("minor", "dorian"),
        progressions=("minor_descent", "minor_vamp", "axis_minor", "minor_pop"),
        drums=("four_floor", "four_floor_clap"),
        kits=(ROOM_KIT, ELECTRONIC_KIT, STANDARD_KIT),
        bass=("octaves", "octaves", "funk"), bass_programs=(FINGER_BASS, SLAP_BASS, SYNTH_BASS),
        comp=("funk_strum", "stabs", "sustained"), comp_programs=(CLEAN, MUTED, CLAVI, RHODES),
        lead=("hits", "phrases", "answers"), lead_programs=(BRASS, STRINGS, SYNTH_BRASS, ALTO_SAX),
        pad_programs=(STRINGS, SYNTH_STRINGS), tilt=(0.5, 2.0), reverb=(30, 70), neighbours=("pop", "hiphop"),
    ),
    "hiphop": Style(
        tempo=(78, 104), swing=(0.0, 0.12), scales=("minor", "minor_pentatonic"),
        progressions=("two_chords", "minor_vamp", "minor_pop"),
        drums=("boom_bap", "boom_bap_loose", "trap"),
        kits=(TR808_KIT, TR808_KIT, ELECTRONIC_KIT),
        bass=("sparse", "sustained", "funk"), bass_programs=(SYNTH_BASS, SYNTH_BASS_2, FINGER_BASS),
        comp=("stabs", "arpeggio", "sustained"), comp_programs=(RHODES, RHODES, PIANO, PIZZICATO),
        lead=("answers", "hits", "none"), lead_programs=(SQUARE_LEAD, FLUTE, MUTE_TRUMPET, SAW_LEAD),
        pad_programs=(WARM_PAD, STRINGS), tilt=(-3.0, -1.0), reverb=(5, 40), neighbours=("reggae", "pop", "disco"),
    ),
    "jazz": Style(
        tempo=(90, 210), swing=(0.10, 0.17), scales=("dorian", "major", "blues"),
        progressions=("two_five_one", "rhythm_changes", "modal", "blues_12"),
        drums=("ride_swing", "ride_swing", "brushes", "none"),
        kits=(JAZZ_KIT, BRUSH_KIT),
        bass=("walking",), bass_programs=(UPRIGHT, UPRIGHT, FRETLESS),
        comp=("comping", "sustained"), comp_programs=(PIANO, JAZZ_GUITAR, RHODES, VIBRAPHONE),
        lead=("runs", "phrases"), lead_programs=(TENOR_SAX, TRUMPET, MUTE_TRUMPET, CLARINET, JAZZ_GUITAR, PIANO),
        pad_programs=(), tilt=(-2.0, 0.0), reverb=(30, 70), neighbours=("blues", "classical"),
    ),
    "metal": Style(
        tempo=(110, 200), swing=(0.0, 0.0), scales=("minor", "harmonic_minor"),
        progressions=("phrygian", "metal_minor", "tritone"),
        drums=("double_kick", "thrash", "gallop", "backbeat_half"),
        kits=(POWER_KIT,),
        bass=("eighths", "chug"), bass_programs=(PICK_BASS, FINGER_BASS),
        comp=("chug", "power", "chug"), comp_programs=(DISTORTION, DISTORTION, OVERDRIVE),
        lead=("runs", "none", "phrases"), lead_programs=(DISTORTION, OVERDRIVE),
        pad_programs=(), tilt=(1.0, 3.0), reverb=(10, 50), neighbours=("rock",),
    ),
    "pop": Style(
        tempo=(88, 130), swing=(0.0, 0.04), scales=("major", "minor"),
        progressions=("axis", "axis_minor", "fifties", "minor_pop"),
        drums=("backbeat", "sixteenths", "four_floor", "backbeat_busy"),
        kits=(ELECTRONIC_KIT, STANDARD_KIT, ROOM_KIT),
        bass=("eighths", "roots", "octaves"), bass_programs=(SYNTH_BASS, FINGER_BASS, PICK_BASS),
        comp=("strum", "sustained", "arpeggio", "stabs"), comp_programs=(BRIGHT_PIANO, BRIGHT_PIANO, POLY_PAD, STEEL),
        lead=("phrases", "legato"), lead_programs=(SAW_LEAD, SAW_LEAD, SQUARE_LEAD, CLEAN),
        pad_programs=(WARM_PAD, POLY_PAD, SYNTH_STRINGS), tilt=(1.0, 2.5), reverb=(30, 80), neighbours=("disco", "rock", "hiphop"),
    ),
    "reggae": Style(
        tempo=(66, 96), swing=(0.0, 0.10), scales=("minor", "major", "minor_pentatonic"),
        progressions=("reggae_major", "two_chords", "one_four", "minor_vamp"),
        drums=("one_drop", "rockers", "steppers"),
        kits=(STANDARD_KIT, ROOM_KIT),
        bass=("dub", "dub", "sparse"), bass_programs=(FINGER_BASS, FINGER_BASS, SYNTH_BASS),
        comp=("skank", "skank", "bubble"), comp_programs=(CLEAN, MUTED, ORGAN, PIANO),
        lead=("answers", "hits", "none"), lead_programs=(TROMBONE, TROMBONE, ORGAN, BRASS),
        pad_programs=(), tilt=(-3.5, -1.5), reverb=(40, 100), neighbours=("hiphop", "pop"),
    ),
    "rock": Style(
        tempo=(95, 165), swing=(0.0, 0.04), scales=("minor_pentatonic", "major", "blues"),
        progressions=("mixolydian", "one_four_five", "axis", "one_four", "minor_descent"),
        drums=("backbeat", "backbeat_busy", "backbeat_half", "shuffle"),
        kits=(POWER_KIT, ROOM_KIT, STANDARD_KIT),
        bass=("eighths", "roots"), bass_programs=(PICK_BASS, FINGER_BASS),
        comp=("power", "strum", "sustained"), comp_programs=(OVERDRIVE, OVERDRIVE, DISTORTION, ROCK_ORGAN),
        lead=("phrases", "answers", "none"), lead_programs=(OVERDRIVE, DISTORTION, CLEAN),
        pad_programs=(), tilt=(0.0, 2.0), reverb=(20, 60), neighbours=("blues", "country", "metal", "pop"),
    ),
}  # fmt: skip

GENRES = tuple(STYLES)
