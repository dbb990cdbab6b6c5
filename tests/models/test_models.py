import keras
import numpy as np
import pytest

from genre.models.cnn import build_cnn, embedder, pool_sizes
from genre.models.ensembles import combine
from genre.models.hybrid import build_hybrid, join
from genre.models.rnn import build_rnn, with_scaling


def test_models_have_as_many_parameters_as_the_studys():
    def cnn(architecture, *size):
        return build_cnn(architecture, shape=(*size, 4), classes=10).count_params()

    assert cnn("naive", 288, 432) == 4_768_490
    assert cnn("improved", 288, 432) == 863_050
    assert cnn("improved", 217, 335) == 731_978
    assert build_rnn("naive", shape=(10, 57), classes=10).count_params() == 1_045_258
    assert build_rnn("advanced", shape=(10, 57), classes=10).count_params() == 46_954
    assert build_hybrid(inputs=185, classes=10).count_params() == 32_714


def test_poolings_are_the_studys_where_they_fit():
    assert pool_sizes(288) == pool_sizes(217) == pool_sizes(191) == (6, 4, 4)
    assert pool_sizes(190) == (6, 4, 3)
    assert pool_sizes(96) == (6, 3, 1)
    with pytest.raises(ValueError, match="side of 11 px are too small"):
        pool_sizes(11)


@pytest.mark.parametrize("architecture", ["naive", "improved"])
@pytest.mark.parametrize("shape", [(16, 16, 1), (40, 60, 3), (72, 112, 4), (191, 200, 1)])
def test_cnns_take_any_size_and_colour(architecture, shape):
    model = build_cnn(architecture, shape=shape, classes=7)
    pictures = np.random.default_rng(0).integers(0, 256, (3, *shape), dtype=np.uint8)
    softmax = np.asarray(model(pictures))
    assert softmax.shape == (3, 7)
    np.testing.assert_allclose(softmax.sum(axis=1), 1.0, rtol=1e-5)
    values = np.asarray(embedder(model)(pictures))
    assert values.shape == (3, 128 if architecture == "improved" else 7)


def test_an_unknown_architecture_is_an_error():
    with pytest.raises(ValueError, match="architecture: 'deeper' is not one of naive, improved"):
        build_cnn("deeper", shape=(32, 32, 1), classes=3)
    with pytest.raises(ValueError, match="architecture: 'deeper' is not one of naive, advanced"):
        build_rnn("deeper", shape=(10, 57), classes=3)


def test_pixels_are_scaled_inside_the_model_and_once():
    model = build_cnn("improved", shape=(32, 32, 1), classes=3)
    scalings = [layer for layer in model.layers if isinstance(layer, keras.layers.Rescaling)]
    assert [layer.scale for layer in scalings] == [1 / 255]


def test_feature_scaling_joins_the_rnn():
    rng = np.random.default_rng(0)
    rnn = build_rnn("advanced", shape=(10, 57), classes=10)
    minimum = rng.normal(0, 100, 57).astype("f4")
    extent = rng.uniform(0.1, 1000, 57).astype("f4")
    scaled = rng.uniform(0, 1, (4, 10, 57)).astype("f4")
    whole = with_scaling(rnn, minimum, extent)
    np.testing.assert_allclose(
        np.asarray(whole(scaled * extent + minimum)), np.asarray(rnn(scaled)), atol=1e-4
    )


def test_the_hybrid_takes_raw_pictures_and_raw_features():
    rng = np.random.default_rng(0)
    cnn = build_cnn("improved", shape=(32, 48, 1), classes=10)
    hybrid = build_hybrid(inputs=185, classes=10)
    minimum = rng.normal(0, 100, 57).astype("f4")
    extent = rng.uniform(0.1, 1000, 57).astype("f4")
    joined = join(embedder(cnn), hybrid, minimum, extent)
    pictures = rng.integers(0, 256, (4, 32, 48, 1), dtype=np.uint8)
    scaled = rng.uniform(0, 1, (4, 57)).astype("f4")
    by_hand = hybrid(np.hstack([np.asarray(embedder(cnn)(pictures)), scaled]))
    softmax = joined({"picture": pictures, "features": scaled * extent + minimum})
    np.testing.assert_allclose(np.asarray(softmax), np.asarray(by_hand), atol=1e-4)


def test_ensembles_join_as_the_study_says():
    first = np.array([[0.7, 0.2, 0.1], [0.5, 0.3, 0.2], [0.4, 0.35, 0.25]])
    second = np.array([[0.6, 0.3, 0.1], [0.1, 0.8, 0.1], [0.3, 0.4, 0.3]])
    np.testing.assert_allclose(combine(first, second, rule="sum"), (first + second) / 2)
    product = first * second
    np.testing.assert_allclose(
        combine(first, second, rule="product"), product / product.sum(axis=1, keepdims=True)
    )
    # Both say 0; the second is surer of 1; both are equally sure, and the first stands.
    agreement = combine(first, second, rule="agreement")
    np.testing.assert_allclose(agreement, [first[0], second[1], first[2]])
    with pytest.raises(ValueError, match="rule: 'max' is not one of"):
        combine(first, second, rule="max")


def test_ensembles_of_contradicting_certainties_stay_probabilities():
    first, second = np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]])
    for rule in ("sum", "agreement", "product"):
        joined = combine(first, second, rule=rule)
        assert np.isfinite(joined).all()
        assert joined.sum() == pytest.approx(1.0)
