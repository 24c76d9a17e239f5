"""Count how often the two-condition rule separates villages that are truly equal.

All villages are equal; raters differ in severity and noise. A panel counts as wrong if any pair is separated. The rate
must stay at or under 5%. Beside it: the share of pairs separated when villages do differ (SD 3).

    python benchmarks/false_separation.py [--panels 300] [--units 36] [--draws 600]

The rates are written to FALSE_SEPARATIONS.md beside this file; `make slow` holds them to the limit.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from lsb_nb.analysis.ranks import separate_units

LIMIT = 0.05
SEVERITY, UNIT = 4.0, 3.0
RATES = Path(__file__).with_name("FALSE_SEPARATIONS.md")


def draw_panel(rng: np.random.Generator, units: int, raters: int, spreads: str, unit_sd: float) -> pd.DataFrame:
    noise = np.full((units, 1), 5.0) if spreads == "equal" else rng.uniform(3, 8, (units, 1))
    marks = 85 + rng.normal(0, unit_sd, (units, 1)) + rng.normal(0, SEVERITY, raters)
    return pd.DataFrame(marks + noise * rng.normal(0, 1, (units, raters)))


def measure_rates(
    *, panels: int, units: int, draws: int, raters: int, spreads: str, trimmed: bool, groups: int = 1, seed: int = 0
) -> dict[str, object]:
    rng = np.random.default_rng([seed, raters, spreads == "equal", trimmed, groups])
    options: dict[str, object] = {"draws": draws, "trim_from": 6 if trimmed else None}
    if groups == 2:
        leaders = round(raters * 11 / 40)
        options |= {"groups": {r: str(r < leaders) for r in range(raters)}, "group_weights": {"True": 60, "False": 40}}
    wrong, shares = 0, []
    for panel in range(panels):
        equal = separate_units(draw_panel(rng, units, raters, spreads, 0.0), seed=panel, **options)
        wrong += bool(equal.above.to_numpy().any())
        if panel < panels // 5:
            unequal = separate_units(draw_panel(rng, units, raters, spreads, UNIT), seed=panel, **options)
            shares.append(unequal.above.to_numpy().sum() / (units * (units - 1) / 2))
    setting = {"raters": raters, "groups": groups, "spreads": spreads, "trimmed": trimmed}
    return setting | {"panels": panels, "false": wrong / panels, "pairs separated": float(np.mean(shares))}


def write_rates(frame: pd.DataFrame, target: Path, *, panels: int, units: int, draws: int) -> None:
    error = (0.01 * 0.99 / panels) ** 0.5
    head = (
        "# How often equal villages are told apart\n\n"
        f"{panels} panels of {units} equal villages in each setting, {draws} bootstrap draws; severity SD "
        f"{SEVERITY:g}, noise SD 5 (unequal: 3 to 8 by village). A panel counts as false if any pair at all is "
        f"separated; the limit is {LIMIT:.0%}. With {panels} panels the standard error of a rate of 1% is {error:.1%}. "
        f"Beside it the share of pairs separated where villages differ by SD {UNIT:g}: the rule is cautious, and with "
        "few raters little can be claimed. Written by `python benchmarks/false_separation.py`.\n\n"
        "| raters | groups | spreads | trimmed | false | pairs separated |\n|---|---|---|---|---|---|\n"
    )
    lines = [
        f"| {row['raters']} | {row['groups']} | {row['spreads']} | {'yes' if row['trimmed'] else 'no'} "
        f"| {row['false']:.1%} | {row['pairs separated']:.0%} |\n"
        for row in frame.to_dict("records")
    ]
    target.write_text(head + "".join(lines), encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--panels", type=int, default=300)
    parser.add_argument("--units", type=int, default=36)
    parser.add_argument("--draws", type=int, default=600)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    start = time.perf_counter()
    rows = []
    for raters, spreads, trimmed in itertools.product((10, 20, 40), ("equal", "unequal"), (False, True)):
        size = {"panels": given.panels, "units": given.units, "draws": given.draws, "seed": given.seed}
        rows.append(measure_rates(raters=raters, spreads=spreads, trimmed=trimmed, **size))
        print(rows[-1], flush=True)
    rows.append(measure_rates(raters=40, spreads="equal", trimmed=False, groups=2, **size))
    frame = pd.DataFrame(rows)
    print(frame.to_string(index=False, float_format=lambda x: f"{x:.3f}"))
    print(f"{given.units} villages, {time.perf_counter() - start:.0f} s; limit {LIMIT:.0%}")
    write_rates(frame, RATES, panels=given.panels, units=given.units, draws=given.draws)
    return int((frame["false"] > LIMIT).any())


if __name__ == "__main__":
    sys.exit(main())
