import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from genre.errors import InputError
from genre.features.patches import cut, log_mel
from genre.models.beyond.musicnn import SHAPE, Convolution, load_musicnn, tags_of
from tests.conftest import SR

PACKAGE = Path(find_spec("musicnn").submodule_search_locations[0])
NETWORKS = ("MSD_musicnn", "MTT_musicnn")
STORED = ("Max", "moments/Squeeze", "batch_normalization_10/batchnorm/add_1", "Sigmoid")


def weights(name: str) -> dict[str, np.ndarray]:
    reader = tf.compat.v1.train.NewCheckpointReader(f"{PACKAGE / name}/")
    return {each: reader.get_tensor(each) for each in reader.get_variable_to_shape_map()}


def stored_outputs(name: str, patches: np.ndarray) -> list[np.ndarray]:
    """What the graph gives that the package's authors saved beside the weights."""
    meta = tf.compat.v1.MetaGraphDef.FromString((PACKAGE / name / ".meta").read_bytes())
    outputs = [f"model/{output}" for output in STORED]
    nodes = tf.compat.v1.graph_util.extract_sub_graph(meta.graph_def, outputs)
    known = weights(name)
    with tf.Graph().as_default() as graph:
        for node in nodes.node:
            for attribute in ("_output_shapes", "_class"):
                node.attr.pop(attribute, None)
            if node.op.startswith("Random"):  # of dropout, which does nothing here
                node.attr["seed"].i = 1  # where operations are deterministic, they must have one
        found = tf.import_graph_def(
            nodes, return_elements=[f"{each}:0" for each in outputs], name=""
        )
        feed = {f"{node.name}:0": known[node.name] for node in nodes.node if node.name in known}
        feed |= {"model/Placeholder:0": patches, "model/Placeholder_2:0": False}
        with tf.compat.v1.Session(graph=graph) as session:
            return [each.reshape(len(patches), -1) for each in session.run(found, feed)]


@pytest.mark.parametrize("name", NETWORKS)
def test_outputs_are_those_of_the_stored_graph(name, music):
    rng = np.random.default_rng(0)
    made = (rng.random((2, *SHAPE)) ** 3 * 6).astype("f4")
    silence = np.zeros((1, *SHAPE), np.float32)
    patches = np.concatenate([cut(log_mel(music, sr=SR, loudness=None)), made, silence])
    found = load_musicnn(name).predict_on_batch(patches)
    expected = stored_outputs(name, patches)
    assert [each.shape[1] for each in found] == [753, 753, 200, 50]
    # Beside one in double precision, the stored graph itself is off by 6e-5 in single maxima, and
    # in means of silence by as much as these tolerances.
    for ours, theirs, tolerance in zip(found, expected, (1e-4, 5e-5, 1e-5, 1e-5), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=tolerance, atol=tolerance)


def test_constant_filters_are_not_computed():
    front = [Convolution.read(weights("MSD_musicnn"), number) for number in range(5)]
    assert [len(each.live) for each in front] == [23, 14, 3, 7, 17]
    assert sum(len(each.bias) for each in front) == 561


@pytest.mark.parametrize("name", NETWORKS)
def test_tags_are_named_in_the_order_of_the_output(name, music):
    tags = tags_of(name)
    assert len(set(tags)) == 50
    assert tags[0] == {"MSD_musicnn": "rock", "MTT_musicnn": "guitar"}[name]


def test_a_package_with_other_bytes_is_refused(tmp_path, monkeypatch):
    for file in ("MSD_musicnn/.data-00000-of-00001", "MSD_musicnn/.index", "configuration.py",
                 "__init__.py"):  # fmt: skip
        (tmp_path / "musicnn" / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PACKAGE / file, tmp_path / "musicnn" / file)
    monkeypatch.syspath_prepend(tmp_path)
    load_musicnn("MSD_musicnn")
    with pytest.raises(InputError, match="not the files of musicnn 0.1.0: pip uninstall musicnn"):
        load_musicnn("MTT_musicnn")
    data = tmp_path / "musicnn/MSD_musicnn/.data-00000-of-00001"
    content = bytearray(data.read_bytes())
    content[1234] ^= 1
    data.write_bytes(content)
    with pytest.raises(InputError, match="pip install --no-deps -r requirements.txt"):
        load_musicnn("MSD_musicnn")


def test_without_the_package_an_error_says_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "musicnn", None)
    with pytest.raises(InputError, match="musicnn is not installed: pip install --no-deps -r req"):
        load_musicnn("MSD_musicnn")
