"""Panels of raters made from a seed: tables, and records as a loader would hand them on."""

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd

_spec = importlib.util.spec_from_file_location("factory", Path(__file__).parents[1] / "scoring" / "factory.py")
factory = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(factory)

CRITERIA = (("党建", 40, "亮承诺"), ("环境", 35, "赛实绩"), ("服务", 25, "比干劲"))


def make_table(units=8, raters=6, *, seed=0, unit_sd=3.0, noise=2.0, holes=0.0):
    rng = np.random.default_rng(seed)
    y = 85 + rng.normal(0, unit_sd, (units, 1)) + rng.normal(0, 4, raters) + rng.normal(0, noise, (units, raters))
    y[rng.random(y.shape) < holes] = np.nan
    names = [f"示例{i + 1}村" for i in range(units)], [f"B{i + 1:02d}" for i in range(raters)]
    return pd.DataFrame(np.round(y, 2), index=names[0], columns=names[1])


def make_panel(units=12, leaders=5, cadres=8, *, seed=0, recusal=False, change=None, rules=None, rename=None, **sheets):
    """Records of two rater groups on three criteria; each leader leads some units.

    `change` edits the ratings, a dict (rater, unit, criterion) -> mark, in place; `rename` gives raters other
    identifiers.
    """
    rng = np.random.default_rng(seed)
    names = [f"示例{i + 1}村" for i in range(units)]
    codes = [f"A{i + 1:02d}" for i in range(leaders)] + [f"B{i + 1:02d}" for i in range(cadres)]
    rename = rename or {}
    quality = rng.normal(0, 0.05, units)
    marks = {}
    for code in codes:
        severity = rng.normal(0, 0.05)
        for k, unit in enumerate(names):
            for criterion, full, _pillar in CRITERIA:
                share = np.clip(0.82 + quality[k] + severity + rng.normal(0, 0.04), 0, 1)
                marks[code, unit, criterion] = round(float(full * share), 1)
    if change:
        change(marks)
    raters = [
        {
            "rater": rename.get(code, code),
            "group": "班子成员" if code.startswith("A") else "中层干部",
            "person": f"干部{code}",
            "recused": tuple(names[at::leaders][:2]) if code.startswith("A") and recusal else (),
        }
        for at, code in enumerate(codes)
    ]
    rows = (
        [{"unit": unit, "leader": f"干部A{k % leaders + 1:02d}"} for k, unit in enumerate(names)] if leaders else names
    )
    given = {"评委组权重": "班子成员=60、中层干部=40"} if leaders else {}
    return factory.make_records(
        units=rows,
        criteria=sheets.pop("criteria", list(CRITERIA)),
        raters=raters,
        ratings=[(rename.get(r, r), u, c, mark) for (r, u, c), mark in marks.items()],
        rules=given | ({"回避": "是"} if recusal else {}) | (rules or {}),
        **sheets,
    )
