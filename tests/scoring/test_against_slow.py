"""The fast scores against plain loops with fractions, over random workbooks."""

from __future__ import annotations

import importlib.util
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, event, given, settings

from lsb_nb.bundles import DataProblems, Records
from lsb_nb.scoring.composite import score


def neighbour(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).parent / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


slow = neighbour("slow")
make_records = neighbour("factory").make_records
strategies = neighbour("strategies")

TIE = Fraction(1, 1000)


def relaxed(examples: int) -> settings:
    quiet = [HealthCheck.too_slow, HealthCheck.data_too_large]
    return settings(deadline=None, suppress_health_check=quiet, max_examples=examples)


def compare(records: Records, quarter: str) -> str:
    """Score both ways and hold every number against its counterpart; say what happened."""
    try:
        expected = slow.score_slowly(records, quarter)
    except slow.Refused:
        with pytest.raises(DataProblems):
            score(records, quarter)
        return "refused"
    scores = score(records, quarter)
    assert list(scores.units.index) == expected["order"]
    for unit, row in scores.units.iterrows():
        want = expected["units"][unit]
        assert (int(row["rank"]) if pd.notna(row["rank"]) else None) == want["rank"], unit
        hold_published(row["score"], want["score"])
        hold_unrounded(row["total"], want["total"])
        hold_unrounded(row["before"], want["before"])
        assert Fraction(repr(row["adjustment"])) == want["adjustment"]
        assert bool(row["vetoed"]) == want["vetoed"]
        assert bool(row["rated"]) == (want["total"] is not None)
        assert row["band"] == want["band"]
        for pillar in expected["pillars"]:
            hold_unrounded(scores.pillars.loc[unit, pillar], want["pillars"][pillar])
            hold_published(scores.published_pillars.loc[unit, pillar], slow.published(want["pillars"][pillar]))
        for criterion in expected["criteria"]:
            value = want["criteria"].get(criterion)
            hold_unrounded(scores.criteria.loc[unit, criterion], value)
            hold_published(scores.published_criteria.loc[unit, criterion], slow.published(value))
            before = expected["scores"][unit, criterion]
            assert scores.states.loc[unit, criterion] == (before if isinstance(before, str) else "rated")
            full = scores.full.loc[unit, criterion]
            assert (None if np.isnan(full) else Fraction(f"{full:.9f}")) == (
                None if isinstance(before, str) else before
            )
            assert abs(scores.weights.loc[unit, criterion] - float(want["weights"][criterion])) < 1e-14
    dropped = {tuple(row) for row in scores.dropped.astype(object).itertuples(index=False, name=None)}
    assert dropped == expected["dropped"]
    assert len(scores.dropped) == len(dropped)
    return "scored"


def hold_published(value: float, want: Fraction | None) -> None:
    assert (None if np.isnan(value) else Fraction(repr(float(value)))) == want


def hold_unrounded(value: float, want: Any) -> None:
    if want is None:
        assert np.isnan(value)
        return
    if abs(want) > 1000:
        # A float of that size has no nine decimals; the published score is held to the digit all the same.
        assert abs(Fraction(value) / Fraction(want) - 1) < Fraction(1, 10**15)
        return
    exact = Fraction(want) * 10**9
    # Where the exact value is not itself a tie, the float must fall on the same billionth.
    if abs(abs(exact) % 1 - Fraction(1, 2)) > TIE * 5:
        assert round(Fraction(value) * 10**9) == slow.rnd(exact, 0)
    assert abs(Fraction(value) * 10**9 - exact) < TIE * 5


@relaxed(130)
@given(strategies.books())
def test_every_rule(book: dict[str, Any]) -> None:
    records = make_records(**book)
    outcome = compare(records, "2021Q4")
    event(outcome)
    event(f"{outcome}: {book['rules'].get('标准化方法', '满分')} {book['rules'].get('合成方法', '算术')}")


@relaxed(30)
@given(strategies.histories())
def test_change_over_quarters(quarters: dict[str, dict[str, Any]]) -> None:
    records = make_records(quarters)
    event(compare(records, max(quarters)))


@relaxed(40)
@given(strategies.books(methods=("评委打分",), units=["村0", "村1", "村2"]))
def test_raters_only(book: dict[str, Any]) -> None:
    compare(make_records(**book), "2021Q4")


@pytest.mark.slow
@relaxed(3000)
@given(strategies.books())
def test_every_rule_at_length(book: dict[str, Any]) -> None:
    compare(make_records(**book), "2021Q4")


@pytest.mark.slow
@relaxed(1000)
@given(strategies.histories())
def test_change_over_quarters_at_length(quarters: dict[str, dict[str, Any]]) -> None:
    compare(make_records(quarters), max(quarters))
