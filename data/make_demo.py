"""Write the demo activities demo-street, demo-town and demo-sandtable; every run gives the same cells.

Usage: ``python data/make_demo.py [--out DIR]``; without ``--out`` the files beside this script are replaced.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from demo_source import sandtable, street, town


def main(arguments: list[str] | None = None) -> None:
    """Parse the command line and write all three activities."""
    parser = argparse.ArgumentParser(description="Write the invented demo activities.")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="folder that receives demo-…")
    options = parser.parse_args(arguments)
    for activity in (street, town, sandtable):
        activity.build(options.out)


if __name__ == "__main__":
    main()
