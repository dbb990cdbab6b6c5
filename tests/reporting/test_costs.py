from genre.reporting.costs import costs_of


def run(parameters, multiply_adds, milliseconds, **after):
    costs = {"parameters": parameters, "multiply_adds": multiply_adds, "milliseconds": milliseconds}
    return costs | after


def test_a_model_costs_what_it_reads_costs_too_and_an_ensemble_counts_each_once():
    runs = {
        "cnn-1.4": run(800, 9000, 3.0),
        "hybrid-2.0": run(30, 40, 0.5, after="cnn-1.4"),
        "rnn-1.2": run(7, 8, 0.25),
        "musicnn": run(100, 1000, 16.0),
        "musicnn-4.1": run(5, 6, 0.5, after="musicnn"),
        "musicnn-4.2": run(6, 7, 0.5, after="musicnn"),
        "baseline-svm": run(9, 9, 0.125),
    }
    pairs = {"ensemble-3.1": ["hybrid-2.0", "rnn-1.2"], "ensemble-3.4": list(runs)[:-1]}
    costs = costs_of(runs, pairs)
    assert list(costs["cnn-1.4"].values()) == [800, 9000, 3.0]
    assert list(costs["baseline-svm"].values()) == [9, 9, 0.125]
    assert list(costs["hybrid-2.0"].values()) == [830, 9040, 3.5]
    assert list(costs["musicnn-4.1"].values()) == [105, 1006, 16.5]
    assert list(costs["ensemble-3.1"].values()) == [837, 9048, 3.75]
    assert list(costs["ensemble-3.4"].values()) == [948, 10061, 20.75]
