"""`lsb score` from a cold start, against importing pandas and the spreadsheet reader alone."""

from __future__ import annotations

import subprocess
import sys

from run import ROOT, Row, side_by_side


def measure() -> list[Row]:
    """Compare whole processes, and the imports alone."""
    command = [
        sys.executable,
        "-m",
        "lsb_nb.cli",
        "score",
        str(ROOT / "data" / "demo-town"),
        "--quarter",
        "2021Q4",
        "--json",
    ]
    floor = [sys.executable, "-c", "import pandas, python_calamine"]
    imports = [sys.executable, "-c", "import lsb_nb.cli, lsb_nb.records.load, lsb_nb.scoring.composite"]

    def run(line: list[str]) -> None:
        subprocess.run(line, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    whole, bare = side_by_side(lambda: run(command), lambda: run(floor), runs=9)
    ours, peer = side_by_side(lambda: run(imports), lambda: run(floor), runs=9)
    return [
        Row("`lsb score`, cold: imports", ours, peer, "≤ 1.5 ×", 1.5, "import pandas, python_calamine"),
        Row("`lsb score`, cold: whole command", whole, bare, "–", float("inf"), "the same imports, nothing else"),
    ]
