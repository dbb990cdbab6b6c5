"""Audio to the 57 features of GTZAN's csv files, and those to sequences.

In: mono audio. Out: tables in GTZAN's layout, and tensors of tracks x 10 steps x 57 features.

definition  what the features are called, and the frames that they are made of
segments    the stretches of a track that they describe
extraction  compute them
tables      write and read them as csv
sequences   put the segments of a track in order, scale them, add noise
compiled    librosa's compiled functions, made once
"""
