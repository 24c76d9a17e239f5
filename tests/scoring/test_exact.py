"""Rounding at ties."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsb_nb.scoring.composite import score
from lsb_nb.scoring.exact import MISSING, half_up, is_positive, settle, to_cents, weighted_mean


@pytest.mark.parametrize(
    ("value", "whole"),
    [("0.5", 1), ("-0.5", -1), ("1.5", 2), ("2.5", 3), ("2.499999999999999999999", 2), ("-2.5", -3), ("0", 0)],
)
def test_half_up_goes_away_from_zero(value, whole):
    assert half_up(Fraction(value)) == whole
    assert half_up(Decimal(value)) == whole


def test_a_root_a_hair_beside_a_tie_is_a_tie():
    assert half_up(Decimal("2.4" + "9" * 55)) == 3
    assert half_up(Decimal("2.4" + "9" * 30)) == 2
    assert not is_positive(Decimal("1e-55"))
    assert is_positive(Decimal("1e-30"))


HALVES = st.integers(-(10**6), 10**6).map(lambda n: Fraction(2 * n + 1, 2))


@given(
    st.lists(HALVES | st.fractions(-(10**6), 10**6, max_denominator=4000), min_size=1, max_size=20),
    st.sampled_from([1 - 4e-16, 1, 1 + 4e-16]),
)
def test_settle_rounds_every_fraction_exactly(values, noise):
    noisy = np.array([float(v) for v in values]) * noise
    assert settle(noisy, lambda i: values[i], slack=1e-6).tolist() == [half_up(v) for v in values]


def test_settle_asks_for_the_exact_value_in_seventy_digits():
    def third(_place):
        return Decimal(1) / Decimal(3) * 3 - Decimal("0.5")

    assert settle(np.array([0.5 - 1e-9]), third, slack=1e-6).tolist() == [1]


def test_settle_keeps_what_is_missing():
    assert settle(np.array([np.nan, 1.2]), lambda _i: Fraction(0), slack=0.0).tolist() == [MISSING, 1]
    assert to_cents(np.array([MISSING])).tolist() == [MISSING]


def test_cents_from_billionths():
    assert to_cents(np.array([92_345_000_000, 92_344_999_999, -345_000_000, 0])).tolist() == [9235, 9234, -35, 0]


def test_means_of_equal_values_are_that_value():
    items = [(Fraction(1, 3), Fraction(80)), (Fraction(2, 3), Fraction(80))]
    assert weighted_mean("arithmetic", items) == 80
    assert weighted_mean("harmonic", items) == 80
    assert half_up(weighted_mean("geometric", items) * 10**9) == 80 * 10**9


def test_geometric_mean_of_64_and_100_is_80():
    items = [(Fraction(1), Fraction(64)), (Fraction(1), Fraction(100))]
    assert half_up(weighted_mean("geometric", items) * 10**9) == 80 * 10**9


def test_tenth_decimal_ties_of_sixteen_raters_round_up(make):
    # 16 marks that sum to an odd number of millionths end in 5 at the tenth decimal.
    for extra in (1, 3, 5, 7, 9, 11, 13, 15):
        marks = ["80"] * 15 + [f"{80 + extra / 10**6:.6f}"]
        records = make(
            units=["东村"],
            criteria=[("甲", 100)],
            ratings=[(f"B{i:02d}", "东村", "甲", m) for i, m in enumerate(marks)],
            rules={"去极值最少评委数": "99"},
        )
        want = half_up(Fraction(extra, 16 * 10**6) * 10**9)
        assert round((score(records).full.loc["东村", "甲"] - 80) * 10**9) == want


@pytest.mark.parametrize("tail", range(0, 100, 5))
def test_totals_that_end_in_five_thousandths_go_up(make, tail):
    mark = f"{tail}.005"
    records = make(units=["东村"], criteria=[("甲", 100, None, "直接录入")], entries=[("东村", "甲", mark)])
    assert score(records).units["score"].iloc[0] == float(f"{tail}.01")


def test_a_tie_made_of_three_weights_goes_up(make):
    # 0.1 × 70.05 + 0.2 × 80.05 + 0.7 × 90.2714285714… = 86.205 only when it is added exactly.
    criteria = [
        ("甲", 100, None, "直接录入", "0.1"),
        ("乙", 100, None, "直接录入", "0.2"),
        ("丙", 100, None, "直接录入", "0.7"),
    ]
    entries = [("东村", "甲", "70.05"), ("东村", "乙", "80.05"), ("东村", "丙", "90.27")]
    scores = score(make(units=["东村"], criteria=criteria, entries=entries))
    exact = (
        Fraction("0.1") * Fraction("70.05") + Fraction("0.2") * Fraction("80.05") + Fraction("0.7") * Fraction("90.27")
    )
    assert exact == Fraction("86.204")
    assert scores.units["score"].iloc[0] == 86.20
    adjusted = score(make(units=["东村"], criteria=criteria, entries=entries, adjustments=[("东村", "0.001")]))
    assert adjusted.units["score"].iloc[0] == 86.21


@pytest.mark.parametrize(("aggregation", "share"), [("算术", "0.000000000025"), ("几何", None)])
def test_a_tie_behind_a_root_or_a_logarithm_goes_up(make, aggregation, share):
    # Equally spaced units have z-scores of 1, 0 and -1 exactly: 60 - 20 × 0.000000000025 = 59.9999999995, a tie.
    if share is None:
        criteria, second = [("甲", 100, None, "直接录入"), ("乙", 100, None, "直接录入")], ["10", "20", "30"]
    else:
        weights = (str(1 - Decimal(share)), share)
        criteria = [(c, 100, None, "直接录入", w) for c, w in zip(("甲", "乙"), weights, strict=True)]
        second = ["30", "20", "10"]
    units = ["东村", "西村", "南村"]
    entries = [
        (u, c, m)
        for c, marks in (("甲", ["10", "20", "30"]), ("乙", second))
        for u, m in zip(units, marks, strict=True)
    ]
    rules = {"标准化方法": "标准分", "合成方法": aggregation}
    records = make(units=units, criteria=criteria, entries=entries, rules=rules, adjustments=[("南村", "0.005")])
    assert score(records).units["score"].to_dict()["南村"] == 60.01


def test_nine_decimals_come_before_two(make):
    # 6 marks of which 1 is short by a little: 92.3449999996 at ten decimals is 92.345000000 at nine.
    criteria = [("甲", 100, None, "直接录入", "0.9996"), ("乙", 100, None, "直接录入", "0.0004")]
    entries = [("东村", "甲", "92.345"), ("东村", "乙", "92.344999")]
    scores = score(make(units=["东村"], criteria=criteria, entries=entries))
    assert scores.units["total"].iloc[0] == pytest.approx(92.3449999996, abs=1e-12)
    assert scores.units["score"].iloc[0] == 92.35


def test_a_negative_total_rounds_away_from_zero(make):
    records = make(
        units=["东村"],
        criteria=[("甲", 100, None, "直接录入")],
        entries=[("东村", "甲", "0.655")],
        adjustments=[("东村", "-1")],
    )
    assert score(records).units["score"].iloc[0] == -0.35
