from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsb_nb.text import fold, key, parse_decimal


def test_fold_and_key() -> None:
    assert fold("　９２．５（分） ") == "92.5(分)"
    assert key("班子 成员　Ａ０１\n") == "班子成员A01"
    assert fold("−3") == "-3"


@pytest.mark.parametrize("mark", ["\x00", "\x07", "\x7f", "\xad", "\u200b", "\u200e", "\u202a", "\u2060", "\ufeff"])
def test_what_is_invisible_makes_no_other_name(mark: str) -> None:
    assert key(f"{mark}甲{mark}村 {mark}") == "甲村"
    assert fold(f" {mark} 甲{mark} 村") == "甲 村"
    assert key("甲\x85村\x1f") == "甲村"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.1", Fraction(1, 10)),
        ("９２．５", Fraction(185, 2)),
        (".5", Fraction(1, 2)),
        ("5.", Fraction(5)),
        ("+2", Fraction(2)),
        ("-1", Fraction(-1)),
    ],
)
def test_decimals_are_exact(text: str, value: Fraction) -> None:
    assert parse_decimal(text) == value


@pytest.mark.parametrize("text", ["", ".", "+", "-", "1e3", "5%", "1,000", "TRUE", "NaN", "inf", "٣", "1.2.3", "五"])
def test_nothing_else_is_a_number(text: str) -> None:
    with pytest.raises(ValueError, match="不是数字"):
        parse_decimal(text)


@pytest.mark.parametrize("text", ["1000000000", "-1000000000", "9" * 400, "0.0000000001", "0.333333333333333333"])
def test_numbers_beyond_exact_reckoning_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="最多 9 位"):
        parse_decimal(text)


def test_the_longest_numbers_are_exact() -> None:
    assert parse_decimal("0999999999.999999999000") == Fraction(10**18 - 1, 10**9)
    assert parse_decimal("0.3333333333333333", decimals=20) == Fraction(3333333333333333, 10**16)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-1000, max_value=1000))
def test_any_plain_decimal_reads_back(value: object) -> None:
    assert parse_decimal(f"{value:f}") == Fraction(str(value))
