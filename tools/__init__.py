"""Small commands beside the pipeline."""
