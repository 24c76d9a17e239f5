"""Reading a scheme: what is remembered, and what must not be."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from pathlib import Path

import pytest

import lsb_nb as lsb
from lsb_nb.bundles import DataProblems, Records
from lsb_nb.i18n import use_language
from lsb_nb.scheme_sheets import build_scheme, scheme_of

DATA = Path(__file__).parents[1] / "data"


@pytest.fixture
def records():
    return lsb.load_activity(DATA / "demo-town", quarters=["2021Q4"]).at("2021Q4")


def changed(records: Records, sheet: str, column: str, value: object) -> Records:
    frame = records.frames[sheet].copy()
    frame.loc[0, column] = value
    return dataclasses.replace(records, frames={**records.frames, sheet: frame})


def test_a_scheme_that_was_changed_does_not_come_back(records):
    first = scheme_of(records)
    pillar = next(iter(first.pillar_weights))
    first.pillar_weights[pillar] = Fraction(0)
    first.rules["等次分值"]["好"] = Fraction(1)
    again = scheme_of(records)
    assert again.pillar_weights[pillar] > 0
    assert again.rules["等次分值"]["好"] == 100


def test_a_frame_changed_in_place_is_read_anew(records):
    before = scheme_of(records)
    name = records.criteria.loc[0, "criterion"]
    records.criteria.loc[0, "full_marks"] = 7_000_000
    after = scheme_of(records)
    assert after.criteria[0].name == name
    assert after.criteria[0].full_marks == 7_000_000 != before.criteria[0].full_marks


def test_full_marks_may_be_floats(records):
    frame = records.criteria.astype({"full_marks": float})
    again = scheme_of(dataclasses.replace(records, frames={**records.frames, "criteria": frame}))
    assert again.criteria == scheme_of(records).criteria


def test_faults_are_said_in_the_language_in_use_and_at_their_cell(records):
    wrong = changed(records, "criteria", "method", "抽签")
    _scheme, (zh,) = build_scheme(wrong)
    use_language("en")
    try:
        _scheme, (en,) = build_scheme(wrong)
    finally:
        use_language("zh")
    assert zh["value"] == en["value"] == "抽签"
    assert zh["sheet"] == records.criteria.loc[0, "sheet"]
    assert zh["cell"][1:] == records.criteria.loc[0, "cell"][1:]
    assert zh["reason"] != en["reason"]
    with pytest.raises(DataProblems, match="抽签"):
        scheme_of(wrong)


def test_ranks_are_those_of_the_frame(records):
    scores = lsb.score(records)
    ranks = scores.ranks
    assert "units" not in vars(scores)
    assert ranks.equals(scores.units["rank"])
    assert list(scores.ranked) == list(scores.units.index[scores.units["rank"].notna()])
    assert len(scores.ranked) == len(scores.units) - int(scores.units["vetoed"].sum())
    alone = dataclasses.replace(scores)
    assert alone.ranks.equals(ranks)
