"""The trained models of this folder, loaded: what classify and the page share."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from genre.params import Params
from stages.robustness import open_models, recipe_of

if TYPE_CHECKING:
    from genre.classification.inputs import Recipe
    from genre.classification.trained import TrainedModels

MADE_UP = (
    "These models learned from the project's own made music: what they say of real music "
    "means nothing. See the README on how to train them on real music."
)


BROUGHT = (
    "These models learned from pictures or features that the corpus brought. Here they read what "
    "this project makes of a song, which may look another way."
)


def cautions(params: Params) -> list[str]:
    """Why what models with these parameters say should not be believed, or less than they say."""
    brought = "dataset" in (params.spectrogram.source, params.features.source)
    reasons = {MADE_UP: params.data.source == "demo", BROUGHT: brought}
    return [text for text, holds in reasons.items() if holds]


def load_models(params: Params, names: Sequence[str]) -> tuple["TrainedModels", "Recipe"]:
    """Load models, and all that their ensembles join.

    Keras is imported here, in the way that they were trained, and not before.

    Parameters
    ----------
    params : Params
        Those that they were made with.
    names : sequence of str
        The models.

    Returns
    -------
    (TrainedModels, Recipe)
        The models, and how to make what they read.

    Raises
    ------
    InputError
        If one was not made; the message says how to.
    """
    models = open_models(params, names)
    for part in {part for name in names for part in models.members(name)}:
        models.load(part)
    return models, recipe_of(params)
