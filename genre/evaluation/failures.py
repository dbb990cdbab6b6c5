"""Where models fail: tracks that they are sure about and wrong."""

import pandas as pd

from genre.evaluation.predictions import predicted, probabilities_of


def consensus(tests: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """What models together say of each test track.

    Parameters
    ----------
    tests : dict of str to pd.DataFrame
        Predictions of the same test tracks by each model.

    Returns
    -------
    pd.DataFrame [index: track]
        The true "genre"; the genre "predicted" by the mean of the models' probabilities, and
        that mean as "confidence"; how many models are "wrong"; the "shared" genre that most of
        those take it for, and how many "agree" on that. The most confidently wrong come first,
        then the least confidently right.
    """
    first = next(iter(tests.values()))
    softmax = [probabilities_of(test).loc[first.index] for test in tests.values()]
    mean = sum(softmax[1:], softmax[0]) / len(tests)
    said = pd.DataFrame({model: predicted(test) for model, test in tests.items()})
    wrong = said.ne(first["genre"], axis=0)
    mistakes = said.where(wrong)
    shared = mistakes.mode(axis=1).reindex(columns=[0])[0]  # of equally many, the first by name
    table = pd.DataFrame(
        {
            "genre": first["genre"],
            "predicted": mean.idxmax(axis=1),
            "confidence": mean.max(axis=1),
            "wrong": wrong.sum(axis=1),
            "shared": shared,
            "agree": mistakes.eq(shared, axis=0).sum(axis=1),
        }
    )
    failed = table["predicted"] != table["genre"]
    order = table["confidence"].where(failed, -table["confidence"])
    return table.loc[order.sort_values(ascending=False, kind="stable").index]
