import numpy as np
import pytest

from genre.classification.answers import Answer


def test_the_answer_for_a_song_is_the_mean_over_its_excerpts():
    over_time = np.array([[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.2, 0.5, 0.3]])
    answer = Answer("cnn-1.4", ["blues", "jazz", "rock"], over_time)
    assert answer.moments == [("blues", 0.7), ("jazz", 0.8), ("jazz", 0.5)]
    genres, probabilities = zip(*answer.ranked, strict=True)
    assert genres == ("jazz", "blues", "rock")
    assert probabilities == pytest.approx((0.5, 1 / 3, 1 / 6))
