"""Networks and classifiers as they are built, before they have learned.

In: the shape of an example and the number of genres. Out: a Keras model that takes raw pixels, raw
features or patches of sound, or a classifier of scikit-learn's.

variants   the study's models by number, as variants.yaml lists them
names      what models are called that are one of a kind
cnn        the naive and the improved CNN
rnn        the naive and the advanced RNN
hybrid     a CNN's embedding beside the features of the whole track
ensembles  join the probabilities of two models
baselines  what any model must beat
beyond/    models beyond the study
portable   what Keras's own functions would round by the processor
"""
