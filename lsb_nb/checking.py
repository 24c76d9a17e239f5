"""Check an activity as `lsb check` does: read it and score it, so that nothing is left to find later."""

from __future__ import annotations

import os

import pandas as pd

from lsb_nb.bundles import DataProblems, Records, problem_frame
from lsb_nb.records.load import load_activity
from lsb_nb.scoring.composite import score


def check_activity(path: str | os.PathLike[str], *, quarter: str | None = None) -> pd.DataFrame:
    """List every problem met while reading and scoring an activity or a workbook.

    Parameters
    ----------
    path : path
        The activity's folder, or one workbook.
    quarter : str, optional
        Only this quarter (and the earlier ones its 进步计算 needs).

    Returns
    -------
    pandas.DataFrame
        `lsb_nb.schema.PROBLEM_COLUMNS`; those of reading first, photos that cannot be opened among them, then those
        of scoring.
        ``attrs["folder"]`` is the activity's folder, for `lsb_nb.write_problems`.

    Raises
    ------
    KeyError
        If the quarter has no workbook; the message lists those there are.
    """
    records = load_activity(path, quarters=None if quarter is None else [quarter], on_error="keep", open_photos=True)
    quarters = [quarter] if quarter in records.quarters else records.quarters
    frames = [records.problems, *(_of_scoring(records, each) for each in quarters)]
    kept = [frame for frame in frames if len(frame)] or [problem_frame([])]
    problems = pd.concat(kept, ignore_index=True).drop_duplicates(ignore_index=True)
    problems.attrs["folder"] = str(records.folder)
    return problems


def _of_scoring(records: Records, quarter: str) -> pd.DataFrame:
    known = records.problems[records.problems["quarter"] == quarter]
    broken = bool((known["severity"] == "error").any())
    if broken and (records.at(quarter).units.empty or records.at(quarter).criteria.empty):
        return problem_frame([])
    try:
        return score(records, quarter=quarter).problems
    except DataProblems as error:
        found = error.problems
        return found[found["severity"] == "error"] if broken else found
