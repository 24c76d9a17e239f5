"""Do raters favour the units that are their own? Per rater, and as a group by permuting the assignments."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from lsb_nb.analysis.design import Floats
from lsb_nb.analysis.panel import code_raters
from lsb_nb.analysis.severity import SeverityFit
from lsb_nb.bundles import Records
from lsb_nb.text import key


def own_units(records: Records, quarter: str) -> dict[str, tuple[str, ...]]:
    """List the units that are a rater's own, by the rater's code.

    Returns
    -------
    dict of str to tuple of str
        Only raters with at least one own unit.
    """
    now = records.at(quarter)
    codes = code_raters(records)
    led: dict[str, list[str]] = {}
    for unit, leader in zip(now.units["unit"].astype(str), now.units["leader"], strict=True):
        if not pd.isna(leader) and leader:
            led.setdefault(key(leader), []).append(unit)
    owned = {}
    for row in now.raters.to_dict("records"):
        names = {key(row[column]) for column in ("rater", "person") if not pd.isna(row[column]) and row[column]}
        recused = row["recused"] if isinstance(row["recused"], tuple) else ()
        units = [*(unit for name in sorted(names) for unit in led.get(name, [])), *map(str, recused)]
        if units:
            owned[codes[str(row["rater"])]] = tuple(dict.fromkeys(units))
    return owned


def _deleted(residuals: Floats, studentised: Floats, sigma: float) -> float:
    """Give the mean residual that marks would have if they were left out of the fit."""
    scaled = (sigma * studentised) ** 2
    moved = np.divide(residuals * scaled, residuals**2, out=np.zeros(len(residuals)), where=residuals != 0)
    return float(moved.mean())


def measure_favour(rater: str, fit: SeverityFit | None, units: tuple[str, ...]) -> dict[str, Any]:
    """Measure how far one rater favours the own units.

    Returns
    -------
    dict
        ``own_units`` (number with a mark), ``own_points`` (points above what the other marks lead to expect), ``own_t``
        (mean studentised residual), ``own_p`` (share of equally many other units that the rater favours as much).
    """
    empty = {"own_units": 0, "own_points": math.nan, "own_t": math.nan, "own_p": math.nan}
    if fit is None:
        return empty
    studentised = fit.studentised[rater].dropna()
    own = [unit for unit in units if unit in studentised.index]
    if not own:
        return empty
    value = float(studentised[own].to_numpy().mean())
    others = studentised.to_numpy()
    if len(own) == 1:
        p = float((others >= value - 1e-9).mean())
    else:
        rng = np.random.default_rng(0)
        drawn = np.argsort(rng.random((2_000, len(others))), axis=1)[:, : len(own)]
        p = (1 + int((others[drawn].mean(axis=1) >= value - 1e-9).sum())) / 2_001
    points = _deleted(fit.residuals.loc[own, rater].to_numpy(), studentised[own].to_numpy(), fit.sigma)
    return {"own_units": len(own), "own_points": points, "own_t": value, "own_p": p}


def permute_own_units(
    fit: SeverityFit | None, owned: Mapping[str, tuple[str, ...]], *, permutations: int = 2_000, seed: int = 0
) -> dict[str, Any]:
    """Test whether raters as a group favour their own units.

    Parameters
    ----------
    fit : SeverityFit or None
        The group's fit; None gives NaN.
    owned : mapping of rater to units
        Assignments; those without a mark do not count.
    permutations : int
        Random relabellings of the units.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    dict
        ``own_pairs`` (assignments with a mark), ``own_points`` (mean points above what the other marks lead to expect),
        ``own_t`` (mean studentised residual), ``own_p`` (one-sided).
    """
    if fit is None:
        return {"own_pairs": 0, "own_points": math.nan, "own_t": math.nan, "own_p": math.nan}
    at = {unit: i for i, unit in enumerate(fit.studentised.index)}
    pairs = [
        (at[unit], column)
        for column, rater in enumerate(fit.studentised.columns)
        for unit in owned.get(rater, ())
        if unit in at
    ]
    values = fit.studentised.to_numpy()
    marked = [(unit, rater) for unit, rater in pairs if not math.isnan(values[unit, rater])]
    if not marked:
        return {"own_pairs": 0, "own_points": math.nan, "own_t": math.nan, "own_p": math.nan}
    units, raters = np.array(marked).T
    actual = float(values[units, raters].mean())
    rng = np.random.default_rng(seed)
    relabelled = np.argsort(rng.random((permutations, len(at))), axis=1)
    drawn = values[relabelled[:, units], raters]
    here = ~np.isnan(drawn)
    means = np.where(here, drawn, 0.0).sum(axis=1) / np.maximum(here.sum(axis=1), 1)
    p = (1 + int((means >= actual - 1e-9).sum())) / (permutations + 1)
    points = _deleted(fit.residuals.to_numpy()[units, raters], values[units, raters], fit.sigma)
    return {"own_pairs": len(marked), "own_points": points, "own_t": actual, "own_p": p}
