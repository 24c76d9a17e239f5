"""The scheme of a quarter, and the quarters before it, scored."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping
from pathlib import Path

from lsb_nb.bundles import DataProblems, Records, Scores
from lsb_nb.quarters import shift_quarter
from lsb_nb.scenarios import apply_scenario, check_scenario, read_scenario
from lsb_nb.scheme import Scheme
from lsb_nb.scheme_sheets import scheme_of
from lsb_nb.scoring.composite import score


def scheme_for(records: Records, *, quarter: str, scenario: str | os.PathLike[str] = "") -> Scheme:
    """Read the scheme of a quarter, varied by a scenario file where one is named.

    Parameters
    ----------
    records : Records
        Holds `quarter`.
    quarter : str
        ``2021Q4``.
    scenario : path, optional
        A TOML file; empty for the published scheme.

    Raises
    ------
    DataProblems
        If the scheme or the scenario cannot be read, or the scenario was made for another quarter or activity.
    """
    scheme = scheme_of(records.at(quarter))
    if not str(scenario):
        return scheme
    read, file = read_scenario(scenario), Path(scenario).name
    outdated = len(check_scenario(read, records, quarter=quarter, file=file)) > 0
    return dataclasses.replace(apply_scenario(scheme, read, file=file), outdated=outdated)


def score_history(records: Records, *, quarter: str) -> dict[str, Scores]:
    """Score every quarter up to `quarter` under its own published scheme.

    Returns
    -------
    dict of str to Scores
        By quarter, oldest first. An earlier quarter whose data have errors is left out; errors of `quarter` are raised.
    """
    history: dict[str, Scores] = {}
    for each in records.quarters:
        if each > quarter:
            continue
        try:
            history[each] = score(records, quarter=each)
        except DataProblems:
            if each == quarter:
                raise
    return history


def scores_before(
    history: Mapping[str, Scores],
    *,
    quarter: str,
    records: Records | None = None,
    scenario: str | os.PathLike[str] = "",
) -> Scores | None:
    """Give the scores of the quarter directly before, or None where there is none.

    Under a scenario that quarter is scored by the same scenario; None where it does not fit the scheme of then.

    Parameters
    ----------
    history : mapping
        From `score_history`.
    quarter : str
        ``2021Q4``.
    records : Records, optional
        Needed with `scenario`.
    scenario : path, optional
        A TOML file; empty for the published scheme.
    """
    earlier = shift_quarter(quarter, -1)
    if not str(scenario) or records is None or earlier not in history:
        return history.get(earlier)
    try:
        # made for this quarter, so that `scheme_for` would refuse it for the one before
        scheme = apply_scenario(scheme_of(records.at(earlier)), read_scenario(scenario), file=Path(scenario).name)
        return score(records, earlier, scheme=scheme)
    except DataProblems:
        return None
