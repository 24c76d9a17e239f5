"""Numbers are printed half-up, with a true minus sign; words for dates and quarters."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsb_nb.numbers import (
    date_words,
    difference,
    fixed,
    mean_published,
    percent,
    plain,
    quarter_words,
    rounded,
    signed,
    span,
)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (92.3449999996, "92.35"), (-0.345, "−0.35"), (0.005, "0.01"), (-0.004, "0.00"), (2.675, "2.68"), (85, "85.00"),
        (None, "—"), (float("nan"), "—"), (pd.NA, "—"), (np.float64(1.5), "1.50"),
    ],
)  # fmt: skip
def test_fixed_rounds_as_scores_are_published(value, shown):
    assert fixed(value) == shown


@given(st.integers(-(10**7), 10**7))
def test_halves_go_away_from_zero(thousandths):
    exact = Fraction(thousandths, 1000)
    cents = int(abs(exact) * 100 + Fraction(1, 2)) * (1 if exact >= 0 else -1)
    assert Fraction(rounded(thousandths / 1000)) == Fraction(cents, 100)


def test_signs():
    assert [signed(value) for value in (1.2, -1.2, 0, 0.001, -0.001, None)] == [
        "+1.20", "−1.20", "0.00", "0.00", "0.00", "—",
    ]  # fmt: skip


def test_plain_keeps_what_was_written():
    assert [plain(value) for value in (25.0, 0.5, 100, -1.25, Fraction(1, 2), 10)] == [
        "25", "0.5", "100", "−1.25", "0.5", "10",
    ]  # fmt: skip


def test_shares_and_ranges():
    assert percent(201, 241) == "83%"
    assert percent(0.225) == "23%"
    assert percent(1, 0) == "—"
    assert span(1, 4) == "1—4"
    assert span(3, 3) == "3"


def test_difference_is_that_of_the_published_numbers():
    assert difference(91.904, 91.855) == Decimal("0.04")
    assert difference(91.90, 91.86) == Decimal("0.04")


def test_mean_of_published_scores():
    assert mean_published([88.125, 91.0]) == Decimal("89.57")
    assert mean_published([0.1, 0.2]) == Decimal("0.15")


def test_dates_and_quarters():
    assert date_words(dt.date(2021, 3, 5)) == "2021年3月5日"
    assert date_words(None) == "—"
    assert quarter_words("2021Q4") == "2021年第四季度"
