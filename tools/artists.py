"""Turn Sturm's index of GTZAN into the groups that `split.groups` reads.

Usage: python -m tools.artists GTZANindex.txt data/splits/groups.csv
"""

import argparse
import sys
from pathlib import Path

from genre.errors import InputError
from genre.splitting.groups import sturm_artists


def main() -> None:
    """Read the index that the command line names, and write the groups."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("index", type=Path, help="GTZANindex.txt")
    parser.add_argument("groups", type=Path, help="the csv file to write")
    arguments = parser.parse_args()
    try:
        artists = sturm_artists(arguments.index.read_text(encoding="utf-8", errors="replace"))
    except (OSError, InputError) as error:
        sys.exit(f"{arguments.index}: {error}")
    artists.to_csv(arguments.groups, lineterminator="\n")
    print(f"{len(artists)} tracks of {artists.nunique()} artists in {arguments.groups}")


if __name__ == "__main__":
    main()
