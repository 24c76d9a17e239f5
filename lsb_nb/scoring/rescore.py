"""Score a quarter again from its criterion scores: what changing weights needs, and all it needs."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pandas as pd

from lsb_nb.bundles import Records, Scores, problem_frame
from lsb_nb.schema import MICRO, SHEETS, frame_columns
from lsb_nb.scheme import Scheme
from lsb_nb.scoring.composite import score
from lsb_nb.scoring.exact import NANO

_FULL = 100 * NANO
_STATES = {"rated": "mark", "not_applicable": "not_applicable", "unrated": "missing"}


def rescore(scores: Scores, scheme: Scheme) -> Scores:
    """Score a quarter under other weights, keeping every criterion score as it is.

    Parameters
    ----------
    scores : Scores
        The quarter as scored before.
    scheme : Scheme
        The same criteria in the same order; weights and the rules of steps 7 to 15 may differ. Rules that make
        criterion scores out of marks (steps 2 to 6), 进步计算 among them, have no effect here.

    Returns
    -------
    Scores
        As `lsb_nb.score` gives; ``dropped``, ``problems`` and ``history`` are those of `scores`.

    Raises
    ------
    DataProblems
        If a geometric or harmonic mean meets a score of 0 or less that has weight.
    ValueError
        If the scheme has other criteria.
    """
    names = list(scores.full.columns)
    if [criterion.name for criterion in scheme.criteria] != names:
        raise ValueError("`scheme` must have the criteria of `scores`, in their order.")
    # A score in billionths is a mark in millionths of a criterion that is worth 100 000 points: entered directly,
    # the very same number comes out again, and one engine scores both.
    direct = tuple(dataclasses.replace(criterion, method="直接录入", full_marks=_FULL) for criterion in scheme.criteria)
    records = _records(scores)
    rules = dict(scheme.rules) | {"评委组权重": None}
    again = score(records, scores.quarter, scheme=dataclasses.replace(scheme, criteria=direct, rules=rules))
    structure = again.structure.assign(
        method=pd.Series([c.method for c in scheme.criteria], index=again.structure.index, dtype=object),
        full_marks=[c.full_marks / MICRO for c in scheme.criteria],
    )
    return dataclasses.replace(
        again,
        scheme=scheme,
        structure=structure,
        problems=scores.problems,
        dropped=scores.dropped,
        history=scores.history,
    )


def _records(scores: Scores) -> Records:
    units = scores.units.sort_values("place", kind="stable") if "place" in scores.units else scores.units
    full, states = scores.full.reindex(units.index), scores.states.reindex(units.index)
    cells = zip(
        ((unit, criterion) for unit in units.index for criterion in full.columns),
        full.to_numpy(float).ravel().tolist(),
        states.to_numpy().ravel().tolist(),
        strict=True,
    )
    entries = [
        {"unit": unit, "criterion": criterion, "state": _STATES[state]}
        | {"mark": round(value * NANO) if state == "rated" else None}
        for (unit, criterion), value, state in cells
    ]
    rows: dict[str, list[dict[str, Any]]] = {
        "units": [
            {"unit": unit, "area": row["area"], "kind": row["kind"], "aliases": ()}
            for unit, row in zip(units.index, units[["area", "kind"]].to_dict("records"), strict=True)
        ],
        "criteria": [{"criterion": name, "full_marks": _FULL} for name in full.columns],
        "entries": entries,
        "adjustments": [
            {"unit": unit, "points": round(float(points) * MICRO)}
            for unit, points in units["adjustment"].items()
            if points
        ],
        "vetoes": [{"unit": unit} for unit, vetoed in units["vetoed"].items() if vetoed],
    }
    frames = {name: _frame(name, rows.get(name, []), scores.quarter) for name in SHEETS}
    nothing = problem_frame([])
    return Records(scores.activity, Path(), (scores.quarter,), frames, nothing, scores.history)


def _frame(name: str, rows: list[dict[str, Any]], quarter: str) -> pd.DataFrame:
    columns = frame_columns(name)
    frame = pd.DataFrame([{"quarter": quarter} | row for row in rows], columns=columns, dtype=object)
    for column in ("mark", "becomes", "full_marks", "points"):
        if column in columns and name != "monthly":
            frame[column] = pd.array([pd.NA if pd.isna(v) else int(v) for v in frame[column]], dtype="Int64")
    return frame
