"""Scoring again from criterion scores gives what scoring from the marks gave."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

import lsb_nb as lsb
from lsb_nb.scoring.rescore import rescore

DATA = Path(__file__).parents[2] / "data"
FRAMES = ("units", "pillars", "criteria", "full", "weights", "states", "structure", "published_pillars")


@pytest.mark.parametrize("activity", ["demo-town", "demo-street", "demo-sandtable"])
def test_the_same_scheme_gives_the_same_frames(activity: str) -> None:
    records = lsb.load_activity(DATA / activity)
    scores = lsb.score(records, "2021Q4")
    again = rescore(scores, scores.scheme)
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(again, name), getattr(scores, name))
    assert again.problems is scores.problems


def test_other_weights_give_what_the_marks_give_under_them() -> None:
    records = lsb.load_activity(DATA / "demo-sandtable")
    scores = lsb.score(records, "2021Q4")
    weights = {name: Fraction(place + 1, 3) for place, name in enumerate(scores.scheme.pillar_weights)}
    scheme = dataclasses.replace(scores.scheme, pillar_weights=weights)
    for name in FRAMES:
        pd.testing.assert_frame_equal(
            getattr(rescore(scores, scheme), name), getattr(lsb.score(records, "2021Q4", scheme=scheme), name)
        )


def test_other_criteria_are_refused() -> None:
    scores = lsb.score(lsb.load_activity(DATA / "demo-town"), "2021Q4")
    scheme = dataclasses.replace(scores.scheme, criteria=scores.scheme.criteria[1:])
    with pytest.raises(ValueError, match="criteria"):
        rescore(scores, scheme)
