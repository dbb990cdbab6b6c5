"""Predictions to scores, intervals and tests.

In: the table of predictions that every model writes. Out: numbers, and tables of them.

predictions   the table of predictions, and the order of the classes
scores        accuracy, F1, calibration and the like of one model
significance  intervals, and tests between models
temperature   how sure a model may be, by what it said of validation tracks
failures      tracks that models are sure about and wrong
"""
