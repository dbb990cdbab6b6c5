"""The models: what they are, and nothing of how they are trained."""
