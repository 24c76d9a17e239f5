"""Scenarios that were saved for a quarter: which there are, and what each moves."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pandas as pd

from lsb_nb.analysis.words import say_effect
from lsb_nb.bundles import DataProblems, Records, Scores
from lsb_nb.i18n import _
from lsb_nb.scenarios import Scenario, apply_scenario, check_scenario, read_scenario
from lsb_nb.scheme import Scheme
from lsb_nb.scoring.composite import score

FOLDER = "情景"
"""Folder of scenario files in the activity's folder."""


def list_scenarios(folder: Path, *, quarter: str) -> list[Path]:
    """List the scenario files in an activity's folder, by name: those of the quarter, and those that name none."""
    found = []
    for file in sorted((folder / FOLDER).glob("*.toml")):
        try:
            named = read_scenario(file).quarter
        except DataProblems:
            named = quarter  # what cannot be read is shown with the reason
        if named in ("", quarter):
            found.append(file)
    return found


def load_scenarios(records: Records, scores: Scores) -> list[Scenario]:
    """Read the scenarios of a quarter that can be applied to its published scheme.

    Parameters
    ----------
    records : Records
        Gives the activity's folder.
    scores : Scores
        The quarter under the published scheme.

    Returns
    -------
    list of Scenario
        Each name once, the file that comes first. `measure_scenarios` tells why others are left out.
    """
    usable: dict[str, Scenario] = {}
    for file in list_scenarios(records.folder, quarter=scores.quarter):
        made = _try(file, records, scores)
        if not isinstance(made, str):
            usable.setdefault(made[0].name, made[0])
    return list(usable.values())


def measure_scenarios(records: Records, scores: Scores) -> pd.DataFrame:
    """Score every saved scenario of a quarter beside the published scheme.

    Parameters
    ----------
    records : Records
        Holds the quarter and its past.
    scores : Scores
        The quarter under the published scheme.

    Returns
    -------
    pandas.DataFrame
        ``file, name, reason, created`` (date and time as text), ``effect`` (what it moves, or why it cannot be used)
        and ``usable`` (bool).
    """
    rows: list[dict[str, Any]] = []
    for file in list_scenarios(records.folder, quarter=scores.quarter):
        made = _try(file, records, scores)
        if isinstance(made, str):
            rows.append({"file": file.name, "name": file.stem, "effect": made, "usable": False})
            continue
        scenario, scheme = made
        try:
            effect, usable = say_effect(score(records, scores.quarter, scheme=scheme), scores), True
        except DataProblems as error:
            effect, usable = _reason(error), False
        if scheme.outdated:
            effect = _("{effect}；保存之后工作簿已有改动，须核对").format(effect=effect)
        told = {"name": scenario.name, "reason": scenario.reason, "created": scenario.created[:16].replace("T", " ")}
        rows.append({"file": file.name, **told, "effect": effect, "usable": usable})
    return pd.DataFrame(rows, columns=["file", "name", "reason", "created", "effect", "usable"])


def _try(file: Path, records: Records, scores: Scores) -> tuple[Scenario, Scheme] | str:
    """Read a scenario and apply it; the reason where that cannot be done."""
    scheme = scores.scheme
    assert isinstance(scheme, Scheme)
    try:
        scenario = read_scenario(file)
        outdated = len(check_scenario(scenario, records, quarter=scores.quarter, file=file.name)) > 0
        return scenario, dataclasses.replace(apply_scenario(scheme, scenario, file=file.name), outdated=outdated)
    except DataProblems as error:
        return _reason(error)


def _reason(error: DataProblems) -> str:
    return _("不能用：{why}").format(why=error.problems["reason"].iloc[0])
