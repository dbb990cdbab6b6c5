"""From any sound to what the trained models say of it.

In: files of audio, and what `dvc repro` made: models, predictions, parameters.
Out: for each file the probabilities of its genres, as a whole and over time.

inputs   samples to what models read: pictures, segments, features, log-mel spectrograms
trained  the models that were trained, and the softmax of each for such inputs
altered  altered excerpts of training tracks, which models may learn from
songs    a file to excerpts of the length that models know
answers  what a model says of a song, as a whole and over time
"""
