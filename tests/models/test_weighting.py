import numpy as np
import pytest

from genre.models.beyond.weighting import (
    fit_pool,
    fit_weights,
    join_by_others,
    log_linear_pool,
    weighted_mean,
)

CLASSES = 5
PENALTIES = (3.0, 10.0, 30.0)


def say(rng, labels, strengths):
    """Softmax of models that know the class as well as they are strong."""
    logits = rng.normal(size=(len(strengths), len(labels), CLASSES))
    logits[:, np.arange(len(labels)), labels] += np.asarray(strengths)[:, None]
    exponentials = np.exp(logits)
    return exponentials / exponentials.sum(axis=2, keepdims=True)


def loss(probabilities, labels):
    return -np.log(probabilities[..., np.arange(len(labels)), labels]).mean(axis=-1)


def weigh(probabilities, labels, *, bag=2):
    return fit_weights(probabilities, labels, picks=10, bag=bag)


def both(probabilities, labels):
    """What the two ensembles learn from tracks, and how they join."""
    exponents = fit_pool(probabilities, labels, penalties=PENALTIES).exponents
    return (weigh(probabilities, labels), weighted_mean), (exponents, log_linear_pool)


def test_a_good_model_among_bad_ones_is_trusted_most():
    rng = np.random.default_rng(0)
    labels, tested = rng.integers(0, CLASSES, 16), rng.integers(0, CLASSES, 500)
    strengths = [0, 0, 4, 0, 0]
    probabilities, others = say(rng, labels, strengths), say(rng, tested, strengths)
    for weights, join in both(probabilities, labels):
        assert weights[2] > 2 * np.delete(weights, 2).max()
        joined = join(others, weights)
        assert loss(joined, tested) < loss(join(others, np.full(5, 0.2)), tested) - 0.3
    assert weigh(probabilities, labels, bag=5)[2] == 1


def test_models_that_complement_each_other_are_both_trusted():
    rng = np.random.default_rng(1)
    labels = np.arange(20) % CLASSES
    first, second, bad = say(rng, labels, [4, 4, 0])
    even = labels % 2 == 0
    probabilities = np.stack([np.where(even[:, None], first, bad), second, bad])
    probabilities[1, even] = say(rng, labels, [0])[0][even]
    for weights, join in both(probabilities, labels):
        assert weights[:2].min() > 0.25
        assert loss(join(probabilities, weights), labels) < loss(probabilities, labels).min()


def test_nothing_is_read_into_noise():
    rng = np.random.default_rng(2)
    learned = {weighted_mean: [], log_linear_pool: []}
    for _ in range(10):
        labels, tested = rng.integers(0, CLASSES, 16), rng.integers(0, CLASSES, 500)
        probabilities, others = say(rng, labels, [0] * 8), say(rng, tested, [0] * 8)
        for weights, join in both(probabilities, labels):
            equal = join(others, np.full(8, 1 / 8))
            learned[join].append(loss(join(others, weights), tested) - loss(equal, tested))
    assert max(map(np.mean, learned.values())) < 0.1


@pytest.mark.parametrize("seed", range(10))
def test_one_bag_of_all_is_never_worse_than_the_best_model_on_what_it_learned_from(seed):
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, CLASSES, 16)
    probabilities = say(rng, labels, rng.uniform(0, 3, 6))
    for bag in (6, 60):
        weights = weigh(probabilities, labels, bag=bag)
        best = loss(probabilities, labels).min()
        # By the little of chance that keeps a probability of 0 from deciding, it is not exact.
        assert loss(weighted_mean(probabilities, weights), labels) <= best + 0.002


def test_weights_are_shares_of_the_picks():
    rng = np.random.default_rng(3)
    labels = rng.integers(0, CLASSES, 16)
    probabilities = say(rng, labels, [1, 2, 1])
    for bag, bags in ((1, 3), (2, 3), (3, 1)):
        shares = fit_weights(probabilities, labels, picks=4, bag=bag) * 4 * bags
        np.testing.assert_allclose(shares, shares.round(), atol=1e-12)
        assert shares.sum() == pytest.approx(4 * bags)
    np.testing.assert_allclose(weigh(probabilities, labels, bag=1), 1 / 3)


def test_the_order_of_models_changes_nothing_and_twice_gives_the_same_bytes():
    rng = np.random.default_rng(4)
    labels = rng.integers(0, CLASSES, 30)
    probabilities = say(rng, labels, [0, 1, 2, 3, 1, 2])
    order = rng.permutation(6)
    learned = both(probabilities, labels)
    again, shuffled = both(probabilities.copy(), labels), both(probabilities[order], labels)
    for (weights, join), (same, _), (other, _) in zip(learned, again, shuffled, strict=True):
        assert weights.tobytes() == same.tobytes()
        np.testing.assert_allclose(other, weights[order], atol=1e-3)
        joined = join(probabilities, weights)
        assert joined.tobytes() == join(probabilities, same).tobytes()


def test_zeros_few_tracks_and_absent_classes_are_borne():
    rng = np.random.default_rng(5)
    labels = np.array([0, 1])
    probabilities = np.eye(CLASSES)[np.stack([labels, 4 - labels])]  # the second is surely wrong
    others = np.eye(CLASSES)[[[3, 2], [0, 2]]]
    for count in (1, 2):
        for weights, join in both(probabilities[:, :count], labels[:count]):
            joined = join(others, weights)
            np.testing.assert_allclose(joined.sum(axis=1), 1.0)
            assert joined.argmax(axis=1).tolist() == [3, 2]  # a class that no track had
    single = fit_pool(probabilities[:, :1], labels[:1], penalties=PENALTIES)
    assert single.penalty == max(PENALTIES)
    assert np.isnan(single.val_loss)
    noise = say(rng, labels, [0] * 4)
    exponents = fit_pool(noise, labels, penalties=[1e6]).exponents
    np.testing.assert_allclose(exponents, 0.25, atol=1e-3)


def test_no_model_is_believed_to_be_wrong():
    rng = np.random.default_rng(8)
    labels = rng.integers(0, CLASSES, 100)
    right, wrong = say(rng, labels, [2])[0], say(rng, (labels + 1) % CLASSES, [3])[0]
    exponents = fit_pool(np.stack([right, wrong, right]), labels, penalties=[0.1]).exponents
    assert exponents[1] == 0
    assert exponents[[0, 2]].min() > 0.1


def test_the_penalty_is_what_tracks_that_were_held_back_ask_for():
    rng = np.random.default_rng(6)
    labels = rng.integers(0, CLASSES, 200)
    unlike = fit_pool(say(rng, labels, [3, 0, 0, 0]), labels, penalties=(0.1, 1e4))
    assert unlike.penalty == 0.1
    few = labels[:8]
    alike = say(rng, few, [0, 0, 0, 0])
    assert fit_pool(alike, few, penalties=(0.01, 1e4)).penalty == 1e4
    assert unlike.val_loss < np.log(CLASSES)


def test_the_pool_is_at_its_least_penalised_loss():
    rng = np.random.default_rng(7)
    labels = rng.integers(0, CLASSES, 40)
    probabilities = say(rng, labels, [2, 0, 1])
    [penalty] = penalties = (5.0,)
    found = fit_pool(probabilities, labels, penalties=penalties).exponents

    def cost(exponents):
        nats = loss(log_linear_pool(probabilities, exponents), labels) * len(labels)
        return nats + penalty * ((exponents - 1 / 3) ** 2).sum()

    for step in 1e-3 * np.vstack([np.eye(3), -np.eye(3)]):
        assert cost(np.maximum(found + step, 0)) >= cost(found)


def test_an_ensemble_says_of_validation_tracks_what_the_others_teach():
    rng = np.random.default_rng(7)
    labels = np.arange(60) % CLASSES
    val = np.arange(60) < 40
    probabilities = say(rng, labels, [2, 1, 0])

    def learn(given, known):
        seen.append((given, known))
        return shares(given, known)

    def shares(given, known):  # of each model in what is right, which every track changes
        right = given[:, np.arange(len(known)), known].sum(axis=1)
        return right / right.sum()

    seen: list = []
    joined, weights = join_by_others(learn, weighted_mean, probabilities, labels, val)
    np.testing.assert_array_equal(weights, shares(probabilities[:, val], labels[val]))
    np.testing.assert_allclose(joined[~val], weighted_mean(probabilities[:, ~val], weights))
    sizes = [given.shape[1] for given, _ in seen]
    assert sizes == [40, 32, 32, 32, 32, 32]
    for fold, (given, known) in enumerate(seen[1:]):
        held = np.arange(40) % 5 == fold
        np.testing.assert_array_equal(given, probabilities[:, :40][:, ~held])
        np.testing.assert_array_equal(known, labels[:40][~held])
        expected = weighted_mean(probabilities[:, :40][:, held], shares(given, known))
        np.testing.assert_allclose(joined[:40][held], expected)
    # A label of a test track changes nothing.
    hidden = np.where(val, labels, 0)
    other, _ = join_by_others(learn, weighted_mean, probabilities, hidden, val)
    np.testing.assert_array_equal(other, joined)
