"""librosa, as the library imports it."""

import json
import os
import subprocess
import sys

import numpy as np

from genre.work.uncompiled import librosa
from tests.conftest import REPOSITORY

USE = """
import json
from numba.core import event
with event.install_recorder("numba:compile") as compiled:
    from genre.features.extraction import extract
    from genre.features.patches import log_mel
    from genre.pictures.spectrograms import render
    import numpy as np
    sound = np.sin(np.arange(66150, dtype="f4"))
    extract(sound, sr=22050)
    log_mel(sound, sr=22050, loudness=-14.0)
    render(sound, sr=22050, length=66150, n_fft=2048, hop_length=512, n_mels=128, top_db=80.0,
           colour_map="magma")
    own = len(compiled.buffer)
    from genre.work.uncompiled import librosa
    librosa.zero_crossings(sound)
print(json.dumps([own, len(compiled.buffer)]))
"""


STAGES = ("spectrograms", "features", "log_mels", "alter", "robustness")


def test_it_is_imported_when_it_is_used():
    """A stage whose results are all kept does not wait for it."""
    code = f"""
import importlib, sys
for stage in {STAGES}:
    importlib.import_module(f"stages.{{stage}}")
from genre.work.uncompiled import librosa
print({{"librosa", "numba", "scipy.signal"}} & {{*sys.modules}}, librosa.stft.__module__)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert done.stdout == "set() librosa.core.spectrum\n"


def test_nothing_is_compiled_for_what_models_read(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", USE], cwd=REPOSITORY, capture_output=True, text=True, check=True,
        env={**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)},
    )  # fmt: skip
    own, with_librosas = json.loads(done.stdout)
    assert own == 0
    assert with_librosas > 0


def test_what_librosa_compiles_works_when_it_is_called():
    assert list(librosa.util.localmax(np.array([0, 2, 1, 3, 3]))) == [0, 1, 0, 1, 0]
    sound = np.sin(np.arange(5000, dtype="f4"))
    back = librosa.istft(librosa.stft(sound), length=5000)
    np.testing.assert_allclose(back, sound, atol=1e-5)
