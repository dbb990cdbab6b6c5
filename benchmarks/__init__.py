"""How fast the pipeline's own code is, beside the straightforward way."""

import genre  # noqa: F401 - one instruction set, before numpy is imported
