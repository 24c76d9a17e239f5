"""What the explorer's page is given: unit-level scores, weights and words, as plain JSON."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from lsb_nb.bundles import Scores
from lsb_nb.i18n import _, language
from lsb_nb.numbers import fixed, is_missing
from lsb_nb.rules import AGGREGATIONS, NORMALISATIONS
from lsb_nb.scheme import OFFICIAL, Scheme
from lsb_nb.scoring import normalise
from lsb_nb.widgets.weights import TOTAL, given_weights

NANO = 10**9
MODULE = Path(__file__).with_name("explorer.mjs")
STYLE = Path(__file__).with_name("explorer.css")
_MESSAGE = re.compile(r'\b_\("((?:[^"\\]|\\.)*)"\)')


def messages() -> list[str]:
    """List every sentence of the page's script, in Chinese, each once; they are looked up like any other text."""
    return list(dict.fromkeys(_MESSAGE.findall(MODULE.read_text(encoding="utf-8"))))


def build_seed(
    scores: Scores,
    *,
    official: Scores | None = None,
    saved: Sequence[Scheme] = (),
    history: pd.DataFrame | None = None,
    ranges: pd.DataFrame | None = None,
    rules: Mapping[str, str] | None = None,
    sha256: str = "",
    hide: Callable[[str], str] = str,
    invented: bool = False,
) -> dict[str, Any]:
    """Make the seed of an explorer.

    Parameters
    ----------
    scores : Scores
        The quarter under the scheme in force.
    official : Scores, optional
        The quarter under the official scheme, where `scores` is a scenario's.
    saved : sequence of Scheme
        Named scenarios to lay beside it; only their weights differ from the scheme in force.
    history : pandas.DataFrame, optional
        ``quarter, unit, rank, score``, as `measure_history` gives.
    ranges : pandas.DataFrame, optional
        By unit: ``low, high``, the places a unit may hold.
    rules : mapping, optional
        The rules that the scenario in force sets, as written, to be kept in files saved from the page.
    sha256 : str
        Of the quarter's workbook.
    hide : callable
        Takes names out of the reasons of scenarios, as `name_hider` makes it.
    invented : bool
        Whether the data are made up, which the page then says.

    Returns
    -------
    dict
        JSON: units in the order of the sheet 单位, scores as whole numbers (``scores ÷ den × 100`` is exact), weights
        as texts of fractions. No rater, no person, no path.
    """
    units = in_sheet_order(scores)
    scheme: Scheme = scores.scheme  # type: ignore[assignment]
    full = scores.full.reindex(units.index)
    whole = full.to_numpy(float) * NANO
    nano = np.where(np.isnan(whole), -1, np.round(np.nan_to_num(whole))).astype(np.int64)
    absent = nano < 0
    skipped = scores.states.reindex(units.index).to_numpy() == "not_applicable"
    filled = skipped & absent if scheme.rule("不适用指标") == "计满分" else np.zeros_like(absent)
    method = NORMALISATIONS[scheme.rule("标准化方法")]
    values, den = _normalised(method, nano, absent)
    values[filled] = TOTAL
    pillars = list(scheme.pillar_weights)
    kinds = {str(kind) for kind in units["kind"] if not is_missing(kind)}
    seed: dict[str, Any] = {
        "format": 1,
        "lang": language(),
        "activity": scores.activity,
        "quarter": scores.quarter,
        "sha256": sha256,
        "noun": kinds.pop() if len(kinds) == 1 and kinds <= {"村", "社区"} else "单位",
        "units": [str(unit) for unit in units.index],
        "pillars": pillars,
        "criteria": [{"name": c.name, "pillar": pillars.index(c.pillar)} for c in scheme.criteria],
        "scores": _rows(values, absent & ~filled, exact=method != "zscore"),
        "den": den,
        "filled": [[int(u), int(k)] for u, k in np.argwhere(filled)],
        "adjustments": [round(float(points) * NANO) for points in units["adjustment"]],
        "vetoed": [int(u) for u in np.flatnonzero(units["vetoed"].to_numpy(bool))],
        "method": AGGREGATIONS[scheme.rule("合成方法")],
        "tie": _chain(scheme),
        "plain": method == "full_marks" and scheme.rule("合成方法") == "算术",
        "notes": _notes(scheme),
        "invented": invented,
        "saved": [{"name": s.name, "reason": hide(s.reason)} | given_weights(s) for s in saved],
    }
    if method != "full_marks":
        seed["full"] = _rows(nano, absent, exact=True)
    own = given_weights(scheme)
    base: Scheme = official.scheme if official is not None else scheme  # type: ignore[assignment]
    if scheme.name != OFFICIAL:
        seed["start"] = {"name": scheme.name, "reason": hide(scheme.reason)} | own
        seed["rules"] = dict(rules or {})
    same_rules = all(base.rules[rule] == scheme.rules[rule] for rule in scheme.rules if rule != "板块权重")
    seed["official"] = given_weights(base)
    if official is not None and not same_rules:
        there = official.units.reindex(units.index)
        cents = there["score"].astype(float) * 100
        seed["base"] = {
            "rank": [0 if is_missing(rank) else int(rank) for rank in there["rank"]],
            "cents": [None if is_missing(value) else round(value) for value in cents],
        }
    if history is not None and len(history):
        seed["history"] = _history(history, seed["units"])
    if ranges is not None:
        bounds = ranges.reindex(units.index)[["low", "high"]].to_numpy(dtype=object)
        seed["ranges"] = [
            None if is_missing(low) or is_missing(high) else [int(low), int(high)] for low, high in bounds
        ]
    if language() != "zh":
        seed["words"] = {text: _(text) for text in messages()}
    return seed


def in_sheet_order(scores: Scores) -> pd.DataFrame:
    """Give the units in the order of the sheet 单位."""
    return scores.units.sort_values("place", kind="stable") if "place" in scores.units else scores.units


def _normalised(method: str, nano: np.ndarray, absent: np.ndarray) -> tuple[np.ndarray, list[int]]:
    """Give scores as whole parts of a denominator, one for each criterion; 0 marks a column of plain doubles."""
    if method == "full_marks":
        return nano.copy(), [TOTAL] * nano.shape[1]
    if method == "zscore":
        values = np.where(absent, np.nan, nano.astype(float))
        return np.asarray(normalise.METHODS[method](values)), [0] * nano.shape[1]
    values, den = nano.copy(), []
    for column in range(nano.shape[1]):
        have = ~absent[:, column]
        scores = nano[have, column]
        least, most = (int(scores.min()), int(scores.max())) if len(scores) else (0, 0)
        if method == "rank_points":
            values[have, column] = (scores[None, :] <= scores[:, None]).sum(axis=1)
            den.append(max(len(scores), 1))
        elif least == most:
            values[have, column] = 1
            den.append(2)
        else:
            values[have, column] = scores - least
            den.append(most - least)
    return values, den


def _rows(values: np.ndarray, absent: np.ndarray, *, exact: bool) -> list[list[int | float | None]]:
    make = int if exact else float
    return [
        [None if gone else make(value) for value, gone in zip(row, flags, strict=True)]
        for row, flags in zip(values.tolist(), absent.tolist(), strict=True)
    ]


def _chain(scheme: Scheme) -> list[list[Any]]:
    pillars, criteria = list(scheme.pillar_weights), [c.name for c in scheme.criteria]
    return [
        ["p", pillars.index(name)] if name in pillars else ["c", criteria.index(name)]
        for name in scheme.rule("并列处理")
    ]


def _notes(scheme: Scheme) -> list[str]:
    drive = [c.name for c in scheme.criteria if c.method == "进步计算"]
    if not drive:
        return []
    return [_("{items}按公布权重算出，不随滑块变化。").format(items=_("、").join(drive))]


def _history(history: pd.DataFrame, units: list[str]) -> dict[str, Any]:
    quarters = sorted({str(quarter) for quarter in history["quarter"]})
    by = {(str(row["quarter"]), str(row["unit"])): row for row in history.to_dict("records")}

    def table(column: str, make: type) -> list[list[Any]]:
        cells = [[by.get((quarter, unit), {}).get(column) for unit in units] for quarter in quarters]
        return [[None if is_missing(cell) else make(cell) for cell in row] for row in cells]

    return {"quarters": quarters, "score": table("score", float), "rank": table("rank", int)}


def static_table(scores: Scores) -> dict[str, Any]:
    """Give the ranking as texts: what is read without scripts, in print and in Word.

    Returns
    -------
    dict
        ``caption``, ``head`` and ``rows``, all of them plain text still to be escaped.
    """
    pillars = list(scores.pillars.columns)
    parts = scores.published_pillars if len(scores.published_pillars) else scores.pillars
    rows = []
    units = scores.units[["rank", "score", "vetoed", "rated"]].to_dict("records")
    for unit, row, values in zip(scores.units.index, units, parts.to_numpy(float).tolist(), strict=True):
        place = _("否决") if row["vetoed"] and row["rated"] else _("未评")
        if not is_missing(row["rank"]):
            place = str(row["rank"])
        rows.append([place, str(unit), fixed(row["score"]), *map(fixed, values)])
    scheme: Scheme = scores.scheme  # type: ignore[assignment]
    caption = _("名次与得分（{scheme}）").format(scheme=_(OFFICIAL) if scheme.name == OFFICIAL else scheme.name)
    return {"caption": caption, "head": [_("名次"), _("单位"), _("总分"), *map(str, pillars)], "rows": rows}
