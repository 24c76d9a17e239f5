"""Scores made by hand, so that analysis is tested without files and without scoring."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lsb_nb.bundles import Records, Scores, problem_frame
from lsb_nb.schema import SHEETS, SOURCE_COLUMNS, frame_columns


def _make(
    values, *, pillars=None, weights=None, quarter="2021Q4", adjustments=None, vetoed=(), methods=None, kinds=None
):
    """`values`: units × criteria in [0, 100], NaN is not applicable; weights by criterion; all arithmetic, 满分."""
    full = pd.DataFrame(values).astype(float)
    full.index.name, full.columns.name = "unit", "criterion"
    names = list(full.columns)
    official = pd.Series(weights or dict.fromkeys(names, 1.0), dtype=float).reindex(names)
    official = official / official.sum()
    pillar = pd.Series(pillars or dict.fromkeys(names, "总分"), dtype=object).reindex(names)
    outer = official.groupby(pillar).transform("sum")
    there = full.notna() * official
    inner = there.T.groupby(pillar).transform("sum").T
    effective = (there / inner.where(inner > 0)).fillna(0.0) * outer
    effective = effective.where(inner > 0, 0.0)
    effective = effective.div(effective.sum(axis=1).where(effective.sum(axis=1) > 0), axis=0).fillna(0.0)
    added = pd.Series(adjustments or {}, dtype=float).reindex(full.index).fillna(0.0)
    rated = full.notna().any(axis=1)
    before = (full.fillna(0.0) * effective).sum(axis=1).where(rated)
    total = before + added
    score = ((total.round(9) * 100 + 1e-9).add(0.5) // 1 / 100).round(2)
    struck = pd.Series([unit in vetoed for unit in full.index], index=full.index)
    rank = score.mask(struck).rank(method="min", ascending=False).astype("Int64")
    units = pd.DataFrame(
        {"rank": rank, "score": score, "total": total, "before": before, "adjustment": added, "vetoed": struck}
        | {"rated": rated, "band": None, "area": None, "kind": pd.Series(kinds or {}, dtype=object).reindex(full.index)}
    )
    order = (
        units.assign(at=rank.fillna(9999)).sort_values(["at", "score"], ascending=[True, False], kind="stable").index
    )
    structure = pd.DataFrame(
        {"pillar": pillar, "segment": None, "method": pd.Series(methods or {}, dtype=object).reindex(names)}
        | {"full_marks": official * 100, "weight": official, "pillar_weight": outer},
        index=pd.Index(names, name="criterion"),
    )
    structure["method"] = structure["method"].fillna("评委打分")
    states = full.notna().replace({True: "rated", False: "not_applicable"}).astype(object)
    shares = {p: effective[list(pillar.index[pillar == p])] for p in dict.fromkeys(pillar)}
    parts = {
        p: (full[w.columns].fillna(0.0) * w).sum(axis=1) / w.sum(axis=1).where(w.sum(axis=1) > 0)
        for p, w in shares.items()
    }
    dropped = pd.DataFrame(columns=["rater", "unit", "criterion", "why"])
    return Scores(
        "示例", quarter, units.loc[order], pd.DataFrame(parts).loc[order], full.loc[order], full.loc[order],
        effective.loc[order], states.loc[order], structure, None, pd.DataFrame(), dropped,
    )  # fmt: skip


@pytest.fixture
def make_scores():
    return _make


@pytest.fixture
def make_field():
    """A field of `n` units × `k` criteria in three pillars, drawn from a seed."""

    def make(n=11, k=6, *, seed=0, holes=0.0, **options):
        rng = np.random.default_rng(seed)
        values = np.clip(rng.normal(82, 3, (n, 1)) + rng.normal(0, 5, (n, k)), 1, 100).round(2)
        values[rng.random((n, k)) < holes] = np.nan
        names = [f"指标{i + 1}" for i in range(k)]
        pillars = {name: ("亮承诺", "赛实绩", "比干劲")[i * 3 // k] for i, name in enumerate(names)}
        weights = {name: float(w) for name, w in zip(names, rng.integers(4, 15, k), strict=True)}
        table = pd.DataFrame(values, index=[f"示例{i + 1}村" for i in range(n)], columns=names)
        return _make(table, pillars=pillars, weights=weights, **options)

    return make


def _records(folder=Path("."), quarters=("2021Q4",), **sheets):
    """Records of several quarters; every sheet is a list of rows with `quarter` (the last when left out)."""
    frames = {}
    for name in SHEETS:
        columns = frame_columns(name)
        rows = [{"quarter": quarters[-1]} | row for row in sheets.get(name, [])]
        frames[name] = pd.DataFrame([{c: row.get(c) for c in columns} for row in rows], columns=columns, dtype=object)
    sources = pd.DataFrame(columns=list(SOURCE_COLUMNS))
    return Records("示例", Path(folder), tuple(quarters), frames, problem_frame([]), sources)


@pytest.fixture
def make_records():
    return _records
