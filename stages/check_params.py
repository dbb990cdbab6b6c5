"""Check params.yaml, before anything is computed with it."""

import logging
from importlib.util import find_spec
from pathlib import Path

from genre.corpus.layout import check_readable
from genre.errors import InputError
from genre.params import Data, Params
from genre.splitting.groups import read_rows
from genre.splitting.lists import dataset_lists, read_lists
from genre.work.processor import has_avx2, is_portable
from stages import run

log = logging.getLogger(__name__)


def check_files_of_split(params: Params) -> None:
    """Read what the split will need, which is hours later on a large corpus."""
    read_rows(params.split.groups)
    if params.split.scheme == "file":
        read_lists(params.split.path)
    if params.split.scheme == "dataset" and params.data.source in ("folder", "table"):
        dataset_lists(params.data.path)


def check_corpus_is_there(data: Data) -> None:
    """Stop with a sentence where DVC would name but an error's number."""
    if not data.path.is_dir():
        raise InputError(
            f"data.path: {data.path} is not a folder; name the one that holds the music"
        )
    if data.source == "table" and not data.table.path.is_file():
        raise InputError(
            f"data.table.path: {data.table.path} is no file; name the csv or tsv table"
        )


def main(params: Params) -> str:
    check_files_of_split(params)
    if find_spec(params.train.backend) is None:
        raise InputError(f"train.backend: {params.train.backend} is not installed: pip install it")
    if is_portable() and not has_avx2():
        log.warning("this processor has no AVX2 and FMA: its figures differ from those committed")
    if params.data.source in ("folder", "table"):
        check_corpus_is_there(params.data)
        check_readable(params.data.path, parameter="data.path")
    # The output never changes, so that valid parameters make no other stage run again.
    Path("data").mkdir(exist_ok=True)
    Path("data/params_checked.txt").write_text(
        "params.yaml is valid\n", encoding="utf-8", newline="\n"
    )
    return "params.yaml is valid"


if __name__ == "__main__":
    run(main)
