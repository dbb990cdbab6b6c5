"""The library: rooms in the order of the data, each a folder that imports from earlier ones only.

work        what makes runs quick and safe, and knows nothing of music
corpus      where tracks come from, and what they hold
splitting   who is in train, val and test
pictures    audio to mel-spectrogram pictures, and their cropped, altered and noisy versions
features    audio to the 57 features, and those to sequences
models      networks and classifiers as they are built, before they have learned
training    fitting a model, going on where one was killed, devices and determinism
evaluation  predictions to scores, intervals and tests
classification  any sound to what the trained models say of it
reporting   tables of scores to figures and a page

At the door: errors.py (the error that a user can mend), params.py (params.yaml, typed and
checked), randomness.py (generators that descend from the one seed). The library is pure functions
on arrays, tables and files that it is given; stages/ and tools/ call it.
"""

from genre.work import memory as _memory  # noqa: F401 - before there are arrays
from genre.work import processor as _processor  # noqa: F401 - before numpy is imported
