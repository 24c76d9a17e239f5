"""What a quarter looks like at a glance: scores, bands, places and their movement, points by pillar or segment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from lsb_nb.analysis.parts import round_parts
from lsb_nb.analysis.progress import measure_findings
from lsb_nb.bundles import Records, Scores
from lsb_nb.numbers import difference, mean_published, rounded
from lsb_nb.quarters import last_day, parse_quarter, shift_quarter
from lsb_nb.scheme import OFFICIAL, Scheme


def measure_overview(scores: Scores, *, before: Scores | None = None, records: Records | None = None) -> pd.Series:
    """Collect the facts that the overview tells.

    Parameters
    ----------
    scores : Scores
        The quarter in question.
    before : Scores, optional
        The quarter directly before it.
    records : Records, optional
        Gives the counts of raters and findings, and tells whether the quarter before could not be used.

    Returns
    -------
    pandas.Series
        ``activity, quarter, kind`` (村, 社区 or 单位), ``units, ranked, criteria, raters`` (counts), ``mean``
        (published, of ranked units), ``scenario`` (its name, empty for the published scheme), ``unused`` (the quarter
        directly before, where it is there but has errors), ``mean_before``, ``mean_change`` (of the published means),
        ``first, last`` (tuples of units), ``first_score, last_score, distance``, ``vetoed, unrated`` (tuples),
        ``show_last`` (rule 公布末位), ``findings, closed, overdue, overdue_units`` (counts, as of the quarter's last
        day), ``longest`` (days). What there is no number for is None.
    """
    units = scores.units
    ranked = units[units["rank"].notna()]
    scheme = scores.scheme
    assert isinstance(scheme, Scheme)
    unused = None if records is None or before is not None else _unused(records, scores.quarter)
    records = None if records is None else records.at(scores.quarter)
    kinds = {str(kind) for kind in units["kind"].dropna()}
    facts: dict[str, Any] = {
        "activity": scores.activity,
        "quarter": scores.quarter,
        "kind": kinds.pop() if len(kinds) == 1 and units["kind"].notna().all() else "单位",
        "units": len(units),
        "ranked": len(ranked),
        "criteria": len(scores.structure),
        "raters": None if records is None or records.raters.empty else int(records.raters["rater"].nunique()),
        "mean": mean_published(list(ranked["score"])) if len(ranked) else None,
        "scenario": "" if scheme.name == OFFICIAL else scheme.name,
        "unused": unused,
        "mean_before": None,
        "mean_change": None,
        "first": (),
        "last": (),
        "first_score": None,
        "last_score": None,
        "distance": None,
        "vetoed": tuple(units.index[units["vetoed"].astype(bool)]),
        "unrated": tuple(units.index[~units["rated"].astype(bool)]),
        "show_last": bool(scheme.rule("公布末位")),
    }
    if facts["kind"] not in ("村", "社区"):
        facts["kind"] = "单位"
    if len(ranked):
        top, low = ranked["score"].max(), ranked["score"].min()
        facts["first"] = tuple(ranked.index[ranked["rank"] == 1])
        facts["last"] = tuple(ranked.index[ranked["rank"] == ranked["rank"].max()])
        facts |= {"first_score": rounded(top), "last_score": rounded(low), "distance": difference(top, low)}
    if before is not None and len(ranked):
        earlier = before.units[before.units["rank"].notna()]["score"]
        if len(earlier):
            facts["mean_before"] = mean_published(list(earlier))
            facts["mean_change"] = facts["mean"] - facts["mean_before"]
    return pd.Series(facts | _count_findings(records, scores.quarter), dtype=object)


def _unused(records: Records, quarter: str) -> str | None:
    """Give the quarter directly before where it was loaded or named in a warning, though it is not compared with."""
    earlier = shift_quarter(quarter, -1)
    problems = records.problems
    named = problems.loc[problems["quarter"] == quarter, "file"].dropna().map(lambda file: Path(file).stem)
    return earlier if earlier in records.quarters or earlier in {_quarter_or_text(stem) for stem in named} else None


def _quarter_or_text(stem: str) -> str:
    try:
        return parse_quarter(stem)
    except ValueError:
        return stem


def _count_findings(records: Records | None, quarter: str) -> dict[str, Any]:
    empty = dict.fromkeys(("findings", "closed", "overdue", "overdue_units", "longest"))
    if records is None or records.findings.empty:
        return empty
    rows = measure_findings(records, quarter)
    late = rows[rows["overdue"]]
    return {
        "findings": len(rows),
        "closed": int((~rows["is_open"] & (rows["found"] <= last_day(quarter))).sum()),
        "overdue": len(late),
        "overdue_units": int(late["unit"].nunique()),
        "longest": int(late["days_overdue"].max()) if len(late) else 0,
    }


def measure_ranking(scores: Scores, *, before: Scores | None = None) -> pd.DataFrame:
    """Give the ranking in published order, with the movement since the quarter before.

    Parameters
    ----------
    scores, before : Scores
        This quarter, and the one directly before it or None.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``unit``: ``rank, score, adjustment, band``, ``status`` (``ranked``, ``vetoed`` or ``unrated``),
        ``previous`` (place in the quarter before, Int64), ``previous_status`` (as `status`, ``absent`` where the
        unit was not there, None without a quarter before), ``change`` (places gained, Int64; NA unless both quarters
        have a place).
    """
    frame = scores.units[["rank", "score", "adjustment", "band"]].copy()
    frame["rank"] = frame["rank"].astype("Int64")
    frame["status"] = _status(scores)
    frame["previous_status"] = None if before is None else _status(before).reindex(frame.index).fillna("absent")
    earlier = pd.Series(dtype="Int64") if before is None else before.units["rank"].astype("Int64")
    frame["previous"] = earlier.reindex(frame.index).astype("Int64")
    frame["change"] = frame["previous"] - frame["rank"]
    return frame


def _status(scores: Scores) -> pd.Series:
    rows = zip(scores.units["rated"], scores.units["vetoed"], strict=True)
    words = ["unrated" if not rated else "vetoed" if vetoed else "ranked" for rated, vetoed in rows]
    return pd.Series(words, index=scores.units.index, dtype=object)


def measure_bands(scores: Scores) -> pd.DataFrame:
    """Count the ranked units in each band.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``band``, best first: ``count``, ``low`` and ``high`` (scores; NaN for the open ends and where
        bands are quotas).
    """
    scheme = scores.scheme
    assert isinstance(scheme, Scheme)
    ranked = scores.units[scores.units["rank"].notna()]
    names = list(scheme.band_names())
    lines = {} if scheme.rule("等次名额") else {name: float(line) for name, line in scheme.rule("等次线")}
    low = [lines.get(name, float("nan")) for name in names]
    high = [float("nan"), *low[:-1]]
    counts = [int((ranked["band"] == name).sum()) for name in names]
    return pd.DataFrame({"count": counts, "low": low, "high": high}, index=pd.Index(names, name="band"))


def measure_parts(scores: Scores, *, by: str = "pillar") -> pd.DataFrame:
    """Give each unit's points by pillar or by segment, as they are printed.

    A pillar's points are its score × its full marks, which compares units; a segment's are the unit's effective weights
    × scores, so that what a left out criterion weighed stands with the criteria that it was moved to. Where a unit's
    parts and its adjustment make up its total they are rounded by largest remainder, so that the printed parts add up
    to the published score; the means and the full marks are rounded so too.

    Parameters
    ----------
    scores : Scores
        The quarter.
    by : {'pillar', 'segment'}
        What to add up by.

    Returns
    -------
    pandas.DataFrame
        One row per unit and part, units in published order, parts in the order of 指标: ``unit, part, rank, status,
        points`` (NaN when left out), ``full_marks`` (points, as printed), ``own_full`` (the unit's, differs where
        something is left out), ``median`` (of the ranked units), ``exact`` (bool: the unit's printed parts and
        adjustment add up to its score). Without rows where no criterion names a segment. ``attrs["means"]``: the
        printed means of the ranked units by part; ``attrs["mean_adjustment"]``.

    Raises
    ------
    ValueError
        For another `by`.
    """
    if by not in ("pillar", "segment"):
        raise ValueError(f"`by` must be one of 'pillar', 'segment'; not {by!r}.")
    labels = scores.structure[by].dropna()
    parts = [str(part) for part in dict.fromkeys(labels)]
    marks = scores.criteria.astype(float)
    weights = scores.weights.reindex(index=marks.index, columns=marks.columns).astype(float).fillna(0.0)
    # what does not apply may count as full marks
    marks = marks.mask(marks.isna() & (weights > 0), 100.0)
    points, full, own = pd.DataFrame(index=marks.index), {}, {}
    for part in parts:
        inside = list(labels.index[labels == part])
        full[part] = 100 * float(scores.structure["weight"].astype(float).loc[inside].sum())
        own[part] = 100 * weights[inside].sum(axis=1)
        worth = (marks[inside] * weights[inside]).sum(axis=1, min_count=1)
        points[part] = worth.where(own[part] > 0)
        if by == "pillar":
            points[part] = scores.pillars[part].astype(float) / 100 * full[part]
            own[part] = pd.Series(full[part], index=marks.index)
    whole = round(sum(full.values()), 6) == 100
    printed_full = dict(zip(parts, round_parts(list(full.values()), 100.0 if whole else None), strict=True))
    ranking = measure_ranking(scores)
    places, states = ranking["rank"].to_dict(), ranking["status"].to_dict()
    rows: list[dict[str, Any]] = []
    for unit in points.index:
        row, facts = points.loc[unit], scores.units.loc[unit]
        adjustment = float(facts["adjustment"]) if facts["rated"] else 0.0
        exact = (
            facts["rated"]
            and (by == "segment" or row.notna().all())
            and abs(float(row.sum()) + adjustment - float(facts["total"])) < 1e-6
        )
        printed = (
            round_parts([*row, adjustment], facts["score"])[:-1]
            if exact
            else [float("nan") if pd.isna(value) else float(rounded(value)) for value in row]
        )
        for part, value in zip(parts, printed, strict=True):
            rows.append(
                {"unit": unit, "part": part, "rank": places[unit], "status": states[unit]}
                | {"points": value, "full_marks": printed_full[part], "own_full": float(own[part][unit])}
                | {"exact": bool(exact)}
            )
    columns = ["unit", "part", "rank", "status", "points", "full_marks", "own_full", "exact"]
    frame = pd.DataFrame(rows, columns=columns).astype({"points": float, "rank": "Int64"})
    ranked = frame[frame["status"] == "ranked"]
    frame.insert(7, "median", frame["part"].map(ranked.groupby("part")["points"].median()).astype(float))
    return _with_means(frame, ranked, parts, scores.units)


def _with_means(frame: pd.DataFrame, ranked: pd.DataFrame, parts: list[str], units: pd.DataFrame) -> pd.DataFrame:
    """Add the means as they are printed: they add up to the mean of the published scores where every row does."""
    if ranked.empty:
        return frame
    there = units.loc[list(dict.fromkeys(ranked["unit"]))]
    means = [float(ranked.loc[ranked["part"] == part, "points"].mean()) for part in parts]
    added = float(there["adjustment"].astype(float).mean())
    if ranked["exact"].all() and ranked["points"].notna().all():
        *means, added = round_parts([*means, added], float(mean_published(list(there["score"]))))
    frame.attrs |= {"means": dict(zip(parts, means, strict=True)), "mean_adjustment": float(rounded(added))}
    return frame
