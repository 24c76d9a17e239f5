"""Count how often the two-condition rule separates villages that are truly equal.

All villages are equal; raters differ in severity and noise. A panel counts as wrong if any pair is separated. The rate
must stay at or under 5%. Beside it: the share of pairs separated when villages do differ (SD 3).

    python benchmarks/false_separation.py [--panels 300] [--units 36] [--draws 1000]
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time

import numpy as np
import pandas as pd

from lsb_nb.analysis.ranks import separate_units

LIMIT = 0.05
SEVERITY, UNIT = 4.0, 3.0


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


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--panels", type=int, default=300)
    parser.add_argument("--units", type=int, default=36)
    parser.add_argument("--draws", type=int, default=1_000)
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
    return int((frame["false"] > LIMIT).any())


if __name__ == "__main__":
    sys.exit(main())
