"""Check params.yaml, before anything is computed with it."""

import logging
from pathlib import Path

from genre.corpus.layout import check_names
from genre.params import Params
from genre.work.processor import has_avx2, is_portable
from stages import run

log = logging.getLogger(__name__)


def main(params: Params) -> str:
    if is_portable() and not has_avx2():
        log.warning("this processor has no AVX2 and FMA: its figures differ from those committed")
    if params.data.source in ("folder", "table") and params.data.path.is_dir():
        check_names(params.data.path, parameter="data.path")
    # The output never changes, so that valid parameters make no other stage run again.
    Path("data").mkdir(exist_ok=True)
    Path("data/params_checked.txt").write_text("params.yaml is valid\n")
    return "params.yaml is valid"


if __name__ == "__main__":
    run(main)
