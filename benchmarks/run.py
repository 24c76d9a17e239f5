"""Run every comparison side by side and write RESULTS.md: `python benchmarks/run.py [name ...]`.

Each case pits our way against a peer in alternating runs on the same machine, so that only ratios count.
"""

from __future__ import annotations

import importlib
import os
import platform
import re
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
ROOT = HERE.parent
CASES = (
    "score_town",
    "ingest",
    "ingest_tall",
    "score_cold",
    "report",
    "explorer_redraw",
    "weight_draws",
    "weight_draws_scikit",
    "rater_bootstrap",
)


class Row(NamedTuple):
    """One line of the results: medians in seconds, their ratio, and the target it is held against."""

    path: str
    ours: float
    peer: float
    target: str
    limit: float
    what: str

    @property
    def ratio(self) -> float:
        """Ours ÷ peer."""
        return self.ours / self.peer


def side_by_side(
    ours: Callable[[], object],
    peer: Callable[[], object],
    *,
    runs: int,
    warm: int = 1,
    clock: Callable[[], float] = time.perf_counter,
) -> tuple[float, float]:
    """Time two callables in turns and give the medians in seconds.

    `clock` may be `time.process_time` where both do all their work in this process: other work does not bend that.
    """
    for _ in range(warm):
        ours()
        peer()
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(runs):
        for call, kept in ((ours, times[0]), (peer, times[1])):
            start = clock()
            call()
            kept.append(clock() - start)
    return statistics.median(times[0]), statistics.median(times[1])


def readable(seconds: float) -> str:
    """Write a duration with the unit that suits it."""
    return (
        f"{seconds:.2f} s"
        if seconds >= 1
        else f"{seconds * 1e3:.3g} ms"
        if seconds >= 1e-3
        else f"{seconds * 1e6:.3g} µs"
    )


def machine() -> str:
    """Describe the machine and the versions that matter."""
    from importlib.metadata import version

    names = ("numpy", "pandas", "python-calamine", "openpyxl", "nbconvert", "nbclient")
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        + ", ".join(f"{name} {version(name)}" for name in names)
    )


def busy() -> str:
    """Say so where other work has shared the processors meanwhile, since that bends ratios too."""
    load, cores = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0, os.cpu_count() or 1
    return f"; a busy machine, load {load:.0f} on {cores} cores" if load > cores + 1 else ""


def line(row: Row) -> str:
    """Give one table line of the results."""
    verdict = "" if row.limit == float("inf") else "met" if row.ratio <= row.limit else "**missed**"
    cells = [row.path, readable(row.ours), readable(row.peer), f"{row.ratio:.3g} ×", row.target, verdict, row.what]
    return "| " + " | ".join(cells) + " |"


def main(names: list[str]) -> None:
    """Measure the named cases, or all; lines of cases that are not run are kept."""
    sys.path.insert(0, str(HERE))
    target = HERE / "RESULTS.md"
    old = target.read_text(encoding="utf-8") if target.exists() else ""
    kept = {m[1]: m[2] for m in re.finditer(r"<!-- (\w+) -->\n((?:\|.*\n)+)", old)}
    for name in names or CASES:
        if not (HERE / f"{name}.py").exists():
            continue
        print(f"{name} …", flush=True)
        rows = importlib.import_module(name).measure()
        if not rows:  # a peer that is not installed
            continue
        note = busy()
        kept[name] = "".join(line(row._replace(what=row.what + note)) + "\n" for row in rows)
        print(kept[name], flush=True)
    head = (
        "# Speed, side by side\n\nMedians of alternating runs on one machine; only the ratios mean anything elsewhere. "
        "A row without a target has a peer that does other work, or a target that was set against another peer. "
        "Written by `make bench`.\n\n"
        f"Machine: {machine()}\n\n| path | ours | peer | ratio | target | | peer is |\n|---|---|---|---|---|---|---|\n"
    )
    target.write_text(
        head + "".join(f"<!-- {name} -->\n{kept[name]}" for name in CASES if name in kept), encoding="utf-8"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
