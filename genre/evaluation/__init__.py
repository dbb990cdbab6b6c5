"""Predictions to scores, intervals and tests; and how to alter sound without its genre.

In: the table of predictions that every model writes; an excerpt of audio. Out: numbers, and tables
of them; the excerpt, altered.

predictions      the table of predictions, and the order of the classes
scores           accuracy, F1, calibration and the like of one model
significance     intervals, and tests between models
temperature      how sure a model may be, by what it said of validation tracks
failures         tracks that models are sure about and wrong
transformations  what changes a recording and not its genre
robustness       which models lose by that
importance       which features a model cannot do without
maps             embeddings in two dimensions
"""
