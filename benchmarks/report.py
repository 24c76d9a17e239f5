"""`lsb report` against plain `jupyter nbconvert --execute` of the same notebook."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from run import ROOT, Row, side_by_side


def measure() -> list[Row]:
    """Compare whole processes on the street demo."""
    with tempfile.TemporaryDirectory() as name:
        ours_line = [sys.executable, "-m", "lsb_nb.cli", "report", str(ROOT / "data" / "demo-street")]
        ours_line += ["--quarter", "2021Q4", "--out", str(Path(name) / "ours")]
        peer_line = [sys.executable, "-m", "nbconvert", "--to", "html", "--no-input", "--execute", "--output-dir", name]
        peer_line += [str(ROOT / "notebooks" / "06_report.ipynb")]

        def run(line: list[str]) -> None:
            env = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
            subprocess.run(line, check=True, capture_output=True, cwd=ROOT, env=env)

        ours, peer = side_by_side(lambda: run(ours_line), lambda: run(peer_line), runs=5, warm=1)
    return [
        Row("report of one quarter, HTML", ours, peer, "≤ 1.2 ×", 1.2, "`jupyter nbconvert --execute`, same notebook")
    ]
