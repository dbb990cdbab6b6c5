"""Corpora that come over a network.

In: a dataset of Kaggle's, or an address and a checksum. Out: a folder that holds the corpus.

sources   corpora from Kaggle or an address
remote    download a file, going on where it stopped
archives  unpack what comes from elsewhere, without trusting it
"""
