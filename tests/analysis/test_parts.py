"""Parts add up as printed, whatever they are."""

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsb_nb.analysis.parts import published, round_parts

NUMBERS = st.floats(-100, 100, allow_nan=False).map(lambda value: round(value, 6))


def whole(values, decimals=2):
    return sum(Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals)) for value in values)


@given(st.lists(NUMBERS, min_size=1, max_size=20), st.sampled_from([0, 1, 2]))
def test_parts_add_up_and_stay_near(parts, decimals):
    shown = round_parts(parts, decimals=decimals)
    assert whole(shown, decimals) == Decimal(repr(published(math.fsum(parts), decimals)))
    assert all(abs(a - b) < 10.0**-decimals + 1e-9 for a, b in zip(parts, shown, strict=True))


@given(st.lists(NUMBERS, min_size=1, max_size=20), st.sampled_from([-0.01, 0.01]))
def test_parts_reach_a_published_total_one_unit_off(parts, off):
    total = published(published(math.fsum(parts)) + off)
    assert whole(round_parts(parts, total)) == Decimal(repr(total))


def test_largest_remainder_by_hand():
    assert round_parts([1 / 3, 1 / 3, 1 / 3]) == [0.34, 0.33, 0.33]
    assert round_parts([0.125, 0.125, 0.0], 0.25) == [0.13, 0.12, 0.0]


def test_a_part_that_is_zero_stays_zero():
    assert round_parts([0.0, 0.004, 0.0], 0.01) == [0.0, 0.01, 0.0]
    assert round_parts([0.0, -0.004], -0.01) == [0.0, -0.01]


def test_missing_parts_stay_missing():
    shown = round_parts([1.005, math.nan, 2.0])
    assert math.isnan(shown[1])
    assert whole([shown[0], shown[2]]) == Decimal("3.01")


@pytest.mark.parametrize(("value", "shown"), [(92.3449999996, 92.35), (-0.345, -0.35), (0.0, 0.0), (2.675, 2.68)])
def test_published_as_the_contract_rounds(value, shown):
    assert published(value) == shown
