"""Where tracks come from."""
