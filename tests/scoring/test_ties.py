"""The exact values of single cells agree with the fast arrays wherever both are asked."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsb_nb.scoring import aggregate, normalise, ties
from lsb_nb.scoring.exact import MISSING, NANO, to_float

UNITS, CRITERIA = 5, 4
SCORES = st.one_of(st.none(), st.integers(1, 4).map(lambda n: n * 20 * NANO), st.integers(1, 100 * NANO))
WEIGHTS = st.sampled_from([Fraction(0), Fraction(1), Fraction(5, 2), Fraction(1, 3)])


@pytest.mark.parametrize("scale", normalise.METHODS)
@pytest.mark.parametrize("mean", aggregate.METHODS)
@given(data=st.data())
def test_exact_and_fast_agree(scale, mean, data):
    column = st.lists(SCORES, min_size=UNITS, max_size=UNITS)
    drawn = [data.draw(column) for _ in range(CRITERIA)]
    nano = np.array([[MISSING if x is None else x for x in c] for c in drawn], dtype=np.int64).T
    weights = [data.draw(WEIGHTS) for _ in range(CRITERIA)]
    pillar_weights = [data.draw(WEIGHTS) for _ in range(2)]
    floats = to_float(nano, 1)
    values = floats / NANO if scale == "full_marks" else normalise.METHODS[scale](floats)
    have = nano != MISSING
    if mean != "arithmetic":
        have &= values > 1
        values = np.where(have, values, np.nan)
    nothing = np.zeros_like(have)
    parts = ties.Parts(nano, have, nothing, scale, mean, weights, [0, 0, 1, 1], pillar_weights, {})
    for unit, criterion in np.argwhere(have).tolist():
        assert float(ties.criterion_value(parts, unit, criterion)) == pytest.approx(values[unit, criterion], abs=1e-9)
    fast = aggregate.METHODS[mean]
    numbers = np.array([float(w) for w in weights])
    pillars = np.column_stack([fast(values[:, c], numbers[c]) for c in ([0, 1], [2, 3])])
    totals = fast(pillars, np.array([float(w) for w in pillar_weights]))
    for unit, pillar in np.argwhere(~np.isnan(pillars)).tolist():
        assert float(ties.pillar_value(parts, unit, pillar)) == pytest.approx(pillars[unit, pillar], abs=1e-9)
    for unit in np.flatnonzero(~np.isnan(totals)).tolist():
        assert float(ties.total_value(parts, unit)) == pytest.approx(totals[unit], abs=1e-9)


def test_what_counts_in_full_is_100():
    one = np.full((1, 1), True)
    parts = ties.Parts(
        np.full((1, 1), MISSING), one, one, "full_marks", "arithmetic", [Fraction(1)], [0], [Fraction(1)], {}
    )
    assert ties.total_value(parts, 0) == 100
