"""Models beyond the study: a pretrained network, networks from scratch, what learns to join.

In: the shape of an example, or what other models say. Out: Keras models, or weights.

musicnn      a network that learned tags of music, with its weights
linear       a linear classifier on what such a network says of a track
short_chunk  a CNN that hears three seconds of sound at a time, from scratch
transformer  a small transformer over the steps of a track: features and embeddings
weighting    ensembles that learn whom to trust
settings     their parameters
"""
