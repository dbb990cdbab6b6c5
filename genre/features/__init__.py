"""Audio to the 57 features of GTZAN's csv files, those to sequences, and audio to log-mel patches.

In: mono audio. Out: tables in GTZAN's layout, tensors of tracks x 10 steps x 57 features, log-mel
spectrograms, and what a pretrained network says of them.

definition  what the features are called, and the frames that they are made of
segments    the stretches of a track that they describe
extraction  compute them
medians     running medians, which part harmonic from percussive sound
tables      write and read them as csv
sequences   put the segments of a track in order, scale them, add noise
loudness    bring sound to one loudness
patches     audio to log-mel spectrograms, and those to patches of three seconds
log_mels    the spectrograms of all tracks on disk
embeddings  what a pretrained network says of each track
"""
