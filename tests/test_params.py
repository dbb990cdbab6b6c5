import pytest
import yaml
from dvc.fs import LocalFileSystem
from dvc.parsing.context import Context

from genre.errors import InputError
from genre.models.variants import CNNS
from genre.params import load_params
from tests.conftest import REPOSITORY, demo_values, write_params

PRESETS = sorted((REPOSITORY / "presets").glob("*.yaml"))


def keys(values: object) -> object:
    return {k: keys(v) for k, v in values.items()} if isinstance(values, dict) else None


def load(tmp_path, changes):
    write_params(tmp_path, changes)
    return load_params(tmp_path / "params.yaml")


@pytest.mark.parametrize("preset", PRESETS, ids=lambda path: path.stem)
def test_presets_are_valid_and_have_all_keys(preset):
    load_params(preset)
    demo = yaml.safe_load((REPOSITORY / "presets/demo.yaml").read_text())
    assert keys(yaml.safe_load(preset.read_text())) == keys(demo)


def test_the_study_preset_has_the_studys_settings():
    params = load_params(REPOSITORY / "presets/study.yaml")
    assert params.cnn.size.framed == (288, 432)
    assert params.cnn.size.cropped == (217, 335)
    assert params.cnn.colour == "rgba"
    for name, epochs in {"v0_0": 20, "v1_0": 100, "v1_1": 150, "v1_4": 150}.items():
        training = params.cnn.training[name]
        assert (training.learning_rate, training.batch_size, training.epochs) == (1e-4, 32, epochs)
        assert training.patience == (None if name == "v0_0" else 6)
    for name, epochs in {"v0_0": 100, "v1_0": 600, "v1_1": 600, "v1_2": 600}.items():
        training = params.rnn.training[name]
        assert (training.learning_rate, training.batch_size, training.epochs) == (1e-4, 64, epochs)
        assert training.patience is None
    assert params.hybrid.model_dump() == {
        "learning_rate": 1e-3,
        "schedule": "constant",
        "batch_size": 256,
        "epochs": 1000,
        "patience": 200,
    }


@pytest.mark.parametrize("given", ["1.3", "'1.3'", "1.30", "1.0", "0.0"])
def test_a_variant_is_what_dvc_makes_of_it_in_the_names_of_files(tmp_path, given):
    values = demo_values()
    values["model"]["variant"] = "HERE"
    path = tmp_path / "params.yaml"
    path.write_text(yaml.safe_dump(values).replace("HERE", given))
    context = Context.load_from(LocalFileSystem(), str(path))
    variant = load_params(path).model.variant
    assert variant in CNNS
    assert context.resolve_str("cnn-${model.variant}.npz") == f"cnn-{variant}.npz"


@pytest.mark.parametrize("given", [1, "1", "1.00", "01.0", " 1.0", "1e0"])
@pytest.mark.parametrize("group", ["model", "rnn"])
def test_a_variant_that_dvc_would_find_no_file_of_is_refused(tmp_path, given, group):
    with pytest.raises(InputError, match=rf"{group}.variant: should be written 1.0: files are nam"):
        load(tmp_path, {f"{group}.variant": given})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"model.variant": 9.9},
            r"model.variant: should be '0.0', '1.0', .* or '1..'; it is 9.9",
        ),
        ({"model.variant": "best"}, r"model.variant: should be '0.0', .*; it is 'best'"),
        ({"rnn.variant": 1.3}, r"rnn.variant: should be '0.0', '1.0', '1.1' or '1.2'; it is 1.3"),
        ({"seed": -1}, r"seed: should be greater than or equal to 0; it is -1"),
        ({"seed": "x"}, r"seed: should be a valid integer.*; it is 'x'"),
        ({"seed": None}, r"seed: should be a valid integer; it is None"),
        ({"split.test": 1.5}, r"split.test: should be less than 1; it is 1.5"),
        ({"split.scheme": "random"}, r"split.scheme: should be 'stratified', .*; it is 'random'"),
        ({"split.fold": 10}, r"split: fold must be from 0 to 9, one of 10 folds"),
        ({"data.source": "disk"}, r"data.source: should be 'demo', .* or 'url'; it is 'disk'"),
        ({"data.source": "url"}, r"data: source url needs url.address and url.sha256"),
        ({"data.table.group": ""}, r"data.table.group: String should have at least 1 character"),
        (
            {"data.source": "table", "spectrogram.source": "dataset"},
            r"data.source table lists audio alone: set spectrogram.source to render",
        ),
        ({"data.url.sha256": "abc"}, r"data.url.sha256: String should match pattern"),
        ({"data.source": "gtzan2"}, r"data.source gtzan2 holds no audio: set spectrogram.source"),
        (
            {"split.scheme": "fault-filtered"},
            r"yaml: split.scheme fault-filtered needs lists .* none for data.source demo: choose",
        ),
        ({"split.scheme": "dataset"}, r"scheme dataset needs lists .* none for data.source demo"),
        (
            {"split.scheme": "dataset", "data.source": "gtzan"},
            r"split.scheme dataset needs lists .* there are none for data.source gtzan: choose",
        ),
        ({"data.segment": 0.05}, r"data: segment x sr must be more than 2048 samples"),
        ({"data.duration": 2.0}, r"data.duration: should be greater than or equal to 3"),
        ({"data.segment": 40.0}, r"data: duration must be at least segment"),
        (
            {"cnn.size.framed": [8, 400]},
            r"cnn.size.framed.0: should be greater than or equal to 16",
        ),
        ({"cnn.colour": "gray"}, r"cnn.colour: should be 'grey', 'rgb' or 'rgba'; it is 'gray'"),
        ({"cnn.training": {}}, r"cnn.training: must hold v0_0, .*, v1_4; it is {}"),
        ({"noise.gaussian": float("nan")}, r"noise.gaussian: should be a finite number; it is nan"),
        ({"sequences.noise_high": 0.1}, r"sequences: noise_high must not be below noise_low"),
        ({"hybrid": None}, r"hybrid: should be a valid dictionary or instance of Training"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(tmp_path, changes, message):
    with pytest.raises(InputError, match=message):
        load(tmp_path, changes)


def test_unknown_missing_and_several_wrong_parameters_are_all_named(tmp_path):
    values = demo_values()
    values["noise"]["gausian"] = values["noise"].pop("gaussian")
    values["split"]["val"] = "many"
    path = tmp_path / "params.yaml"
    path.write_text(yaml.safe_dump(values))
    with pytest.raises(InputError) as caught:
        load_params(path)
    message = str(caught.value)
    assert "noise.gausian: there is no such parameter" in message
    assert "noise.gaussian: is missing" in message
    assert "split.val: should be a valid number" in message


@pytest.mark.parametrize("text", ["", "a: [1", "- 1\n", "\xff"])
def test_a_file_that_holds_no_parameters_is_an_error(tmp_path, text):
    path = tmp_path / "params.yaml"
    path.write_text(text, encoding="latin-1")
    with pytest.raises(InputError, match=r"params.yaml: "):
        load_params(path)
    with pytest.raises(InputError, match="cannot be read .* copy a file of presets/ over it"):
        load_params(tmp_path / "nothing.yaml")
