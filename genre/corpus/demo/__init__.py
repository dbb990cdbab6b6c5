"""The demo corpus: composed, played by sampled instruments and recorded, without a network.

In: a seed. Out: tracks of ten genres, as WAV files.

styles       what each genre draws from: tempo, drums, chords, instruments
composition  a style to a score
recording    what a microphone, a tape and a broadcast do to it
performance  a score to a track, and a track to a file
"""
