"""Audio files of any format.

In: a file. Out: all that can be heard of it, as mono samples; or a few words that say why there is
nothing, or not all.

decoders    decode by libsndfile or FFmpeg, whichever reads all of a file
truncation  notice a file that was cut off, by what its container says of its own length
"""
