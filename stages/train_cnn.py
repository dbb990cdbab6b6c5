"""Train one CNN; predict every track, and keep what its dense layer says of each."""

import functools
import tempfile
from pathlib import Path

from stages import arguments, choose_backend, run

choose_backend()

from genre.training import devices

import numpy as np

from genre.corpus.tracks import file_name, names_of, picture_file, read_tracks
from genre.evaluation.predictions import classes_of, labels_of, make_table, write_predictions
from genre.models.cnn import build_cnn, with_embedding
from genre.params import Params
from genre.pictures.inputs import stack
from genre.randomness import generator
from genre.splitting.splits import read_split
from genre.training.fitting import fit, predict
from genre.training.cost import measure
from genre.training.runs import curves_of, write_run
from genre.training.saving import save_model


def main(params: Params) -> str:
    variant = arguments("architecture", "pictures", "frame", "training")
    name = variant.name
    tracks = read_tracks(Path("data/tracks.csv"))
    split = read_split(Path("data/split.json"))
    genres = tracks["genre"][tracks.index.isin(split.index)]
    classes = classes_of(genres)
    folder = Path("data/pictures") / variant.pictures
    training = sorted(folder.glob("train/*/*.png"))
    single = [picture_file(folder / split[t], t, g) for t, g in names_of(genres)]
    labels = labels_of(genres)
    val = (split[genres.index] == "val").to_numpy()

    devices.prepare(
        params.train.seed,
        backend=params.train.backend,
        deterministic=params.train.deterministic,
        split_operations=variant.architecture != "naive",  # whose dense layer is too large
    )
    # Windows removes no file that is mapped, and a library may hold the arrays for a while.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        look = {"size": getattr(params.cnn.size, variant.frame), "colour": params.cnn.colour}
        x_train = stack(training, Path(scratch) / "train.npy", **look)
        x = stack(single, Path(scratch) / "tracks.npy", **look)
        folders = [file_name(genre) for genre in classes]
        y_train = np.array([folders.index(path.parent.name) for path in training])
        with devices.scope():
            model = build_cnn(variant.architecture, shape=x.shape[1:], classes=len(classes))
            done = fit(
                model,
                (x_train, y_train),
                (x[val], labels[val]),
                generator(params.train.seed, "cnn", name),
                parameter=f"cnn.training.{variant.training}",
                **params.cnn.training[variant.training].model_dump(),
                backup=params.train.backup,
                curves=curves_of(f"cnn-{name}"),
            )
        whole = with_embedding(model)
        embeddings, probabilities = predict(whole, x)
        cost = measure(model, functools.partial(predict, whole, x), len(x))
        del x_train, x
    save_model(model, Path(f"models/cnn-{name}.keras"))
    write_predictions(
        make_table(genres, split, probabilities), Path(f"data/predictions/cnn-{name}.csv")
    )
    target = Path(f"data/embeddings/cnn-{name}.npz")
    target.parent.mkdir(parents=True, exist_ok=True)
    np.savez(target, tracks=np.array(genres.index, dtype=str), x=embeddings)
    return write_run(f"cnn-{name}", done, cost, devices.describe())


if __name__ == "__main__":
    run(main)
