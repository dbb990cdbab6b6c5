"""Fitting a model.

In: a model, examples and their classes. Out: its weights, curves, and a file that takes raw input.

fitting  the loop around `fit`, and `predict`
saving   the model as a file, the same bytes for the same model; what describes the run
chunks   chunks of spectrograms, drawn at random places and altered, or all of a track
runs     the curves of a training, and how long it took
cost     what a model costs a track: parameters, multiply-adds and time
watching  the curves while it runs, for `dvc plots`, and lines in a log
backup   the state after each epoch, so that a training that was killed goes on
devices  CPU, one GPU or several, and determinism; to be imported before Keras
"""
