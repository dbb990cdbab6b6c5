"""The library: music to arrays, arrays to models, models to figures; it knows nothing of DVC."""
