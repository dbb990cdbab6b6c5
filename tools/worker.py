"""Start a worker of a Dask cluster that computes as the stages do, to the same bytes.

Usage: python -m tools.worker tcp://SCHEDULER:8786 (and any option of `dask worker`)
"""

import sys

from distributed.cli.dask_worker import main

if __name__ == "__main__":
    sys.exit(main())
