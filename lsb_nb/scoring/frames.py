"""From arrays to the labelled frames of `Scores`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lsb_nb.bundles import Records, Scores
from lsb_nb.schema import MICRO
from lsb_nb.scheme import Scheme
from lsb_nb.scoring.exact import MISSING, NANO, of_fractions, to_float
from lsb_nb.scoring.layout import lists
from lsb_nb.scoring.ratings import WHY, Marks

if TYPE_CHECKING:
    from lsb_nb.scoring.composite import Result

STATES = ("rated", "unrated", "not_applicable")


def build_scores(
    records: Records, now: Records, scheme: Scheme, result: Result, problems: Callable[[], pd.DataFrame]
) -> Scores:
    """Label the numbers of one quarter, each frame when it is asked for; units stand in published order."""
    layout, order = result.points.layout, result.order
    pillars = list(scheme.pillar_weights)
    units = _index(np.array(layout.units, dtype=object)[order], "unit")

    def label(values: np.ndarray, columns: str, **options: Any) -> pd.DataFrame:
        names = pillars if columns == "pillar" else layout.criteria
        return pd.DataFrame(values[order], index=units, columns=_index(names, columns), **options)

    def states() -> pd.DataFrame:
        codes = np.where(result.points.not_applicable, 2, np.where(result.points.nano == MISSING, 1, 0))
        return label(np.array(STATES, dtype=object)[codes], "criterion", dtype=object)

    def ranks() -> pd.Series:
        return pd.Series(_ranks(result), index=units, name="rank", copy=False)

    def history() -> pd.DataFrame:
        sources = records.sources
        return sources[sources["quarter"].isin(result.history)].reset_index(drop=True)

    makers: dict[str, Callable[[], object]] = {
        "ranks": ranks,
        "units": lambda: _units(now, result, units),
        "pillars": lambda: label(result.pillars, "pillar"),
        "criteria": lambda: label(result.normalised, "criterion"),
        "full": lambda: label(to_float(result.points.nano, NANO), "criterion"),
        "weights": lambda: label(_weights(result), "criterion"),
        "states": states,
        "structure": lambda: _structure(scheme, _index(layout.criteria, "criterion")),
        "problems": problems,
        "dropped": lambda: _dropped(result),
        "published_pillars": lambda: label(to_float(result.pillar_cents(), 100), "pillar"),
        "published_criteria": lambda: label(to_float(result.criteria_cents(), 100), "criterion"),
        "history": history,
    }
    return Scores.later(makers, activity=now.name, quarter=layout.quarter, scheme=scheme)


def _index(names: Sequence[str] | np.ndarray, name: str) -> pd.Index:
    return pd.Index(names, name=name, dtype=object, copy=False)


def _ranks(result: Result) -> pd.arrays.IntegerArray:
    return pd.arrays.IntegerArray(result.ranks[result.order], (result.ranks == 0)[result.order])


def _units(now: Records, result: Result, index: pd.Index) -> pd.DataFrame:
    order = result.order
    before = np.where(result.rated, result.before, np.nan)
    area, kind = (np.array(texts, dtype=object) for texts in lists(now.frames["units"], "area", "kind"))

    def keep(texts: np.ndarray) -> Any:
        # an index keeps dtype object, where an array of texts would be turned into pandas' own text
        return pd.Index(texts[order], dtype=object)

    columns: dict[str, Any] = {
        "rank": _ranks(result),
        "score": to_float(result.cents, 100)[order],
        "total": (before + result.adjustment)[order],
        "before": before[order],
        "adjustment": result.adjustment[order],
        "vetoed": result.vetoed[order],
        "rated": result.rated[order],
        "band": keep(result.bands()),
        "area": keep(area),
        "kind": keep(kind),
        "place": order.copy(),
    }
    return pd.DataFrame(columns, index=index, copy=False)


def _weights(result: Result) -> np.ndarray:
    """Effective weights after step 8, from what each unit has."""
    parts = result.parts
    weights = np.where(parts.have, of_fractions(parts.weights), 0.0)
    pillar_of = np.array(parts.pillar_of, dtype=np.int64)
    whole = np.zeros(len(weights))
    for pillar, share in enumerate(parts.pillar_weights):
        columns = np.flatnonzero(pillar_of == pillar)
        inner = weights[:, columns].cumsum(axis=1)[:, -1]
        there = inner > 0
        weights[:, columns] *= np.where(there, float(share) / np.where(there, inner, 1.0), 0.0)[:, None]
        whole += np.where(there, float(share), 0.0)
    return np.asarray(weights / np.where(whole > 0, whole, 1.0)[:, None] * result.rated[:, None])


def _structure(scheme: Scheme, criteria: pd.Index) -> pd.DataFrame:
    effective = scheme.effective_weights()
    shares = dict.fromkeys(scheme.pillar_weights, 0.0)
    for criterion in scheme.criteria:
        shares[criterion.pillar] += float(effective[criterion.name])
    rows = scheme.criteria
    return pd.DataFrame(
        {
            "pillar": pd.Series([c.pillar for c in rows], index=criteria, dtype=object),
            "segment": pd.Series([c.segment for c in rows], index=criteria, dtype=object),
            "method": pd.Series([c.method for c in rows], index=criteria, dtype=object),
            "full_marks": np.array([c.full_marks / MICRO for c in rows]),
            "weight": np.array([float(effective[c.name]) for c in rows]),
            "pillar_weight": np.array([shares[c.pillar] for c in rows]),
        },
        index=criteria,
    )


def _dropped(result: Result) -> pd.DataFrame:
    layout = result.points.layout
    parts = [(marks() if callable(marks) else marks, WHY.index(why)) for marks, why in result.points.dropped]
    marks = Marks(*(np.concatenate(columns) for columns in zip(*(m for m, _why in parts), strict=True)))
    why = np.concatenate([np.full(len(marks.rater), reason) for marks, reason in parts])
    order = np.lexsort([marks.rater, marks.criterion, marks.unit, why])

    def name(place: np.ndarray, names: Sequence[str]) -> Any:
        categories: Any = pd.Index(list(names), dtype="object")
        return pd.Categorical.from_codes(place[order], categories)

    return pd.DataFrame(
        {
            "rater": name(marks.rater, layout.raters),
            "unit": name(marks.unit, layout.units),
            "criterion": name(marks.criterion, layout.criteria),
            "why": name(why, WHY),
        }
    )
