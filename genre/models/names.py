"""What the models are called that are one of a kind."""

HYBRID = "hybrid-2.0"
ENSEMBLES = {"ensemble-3.1": "sum", "ensemble-3.2": "agreement", "ensemble-3.3": "product"}
BASELINES = ("baseline-majority", "baseline-logistic", "baseline-boosting")
