"""How fast the pipeline's own code is, beside the straightforward way."""
