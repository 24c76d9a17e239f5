"""A cell's content to a mark, a number, a date, a month, a text, names."""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsb_nb.records import clean
from lsb_nb.records.clean import Mark, Unreadable
from lsb_nb.records.workbook import Odd


@pytest.mark.parametrize(
    ("cell", "micro"),
    [
        ("92.5", 92_500_000), ("９２．５", 92_500_000), ("92.5分", 92_500_000), (" 9 2 . 5 分 ", 92_500_000),
        ("+3", 3_000_000), (".5", 500_000), ("5.", 5_000_000), ("007", 7_000_000), ("-0", 0), ("−2", -2_000_000),
        ("—2", -2_000_000), ("–2", -2_000_000), ("－２", -2_000_000), (92.5, 92_500_000), (1e-7, 0), (5e-7, 1),
        (-5e-7, -1), ("2.4999995", 2_500_000), ("2.49999949999", 2_499_999), (2.4999995, 2_500_000), (1e5, 10**11),
        ("999999999.9999999", 10**15), ("1" + "0" * 5000, clean.TOO_LARGE), (1e300, clean.TOO_LARGE),
        (float("inf"), clean.TOO_LARGE), (float("-inf"), -clean.TOO_LARGE), ("-1" + "0" * 20, -clean.TOO_LARGE),
    ],
)  # fmt: skip
def test_numbers_are_read_half_up_to_millionths(cell, micro) -> None:
    assert clean.read_number(cell) == micro


@pytest.mark.parametrize(
    "cell",
    [
        "", " ", "1e3", "1E3", "92%", "1,000", "1，000", "TRUE", "NaN", "NULL", "无", "优秀", "1.2.3", "--1", "+-1",
        "——5",
        ".", "分", "5分分", "分5", "1/2", "٣", "①", "½", "1_000", "0x1", "∞", "5 元",
        Odd("bool", "TRUE"), Odd("date", "2021-12-03"), Odd("time", "03:00:00"), Odd("error", "#N/A"), Odd("formula",
        ""),
    ],
)  # fmt: skip
def test_nothing_else_is_a_number(cell) -> None:
    with pytest.raises(Unreadable) as caught:
        clean.read_number(cell)
    assert caught.value.reason
    assert caught.value.hint


@given(st.decimals(min_value=-(10**6), max_value=10**6, places=9))
def test_a_decimal_text_is_rounded_away_from_zero(value: Decimal) -> None:
    expected = int((value * 10**6).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    assert clean.read_number(format(value, "f")) == expected


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-(10**8), max_value=10**8))
def test_a_number_cell_means_its_shortest_decimal(value: float) -> None:
    expected = int((Decimal(repr(value)) * 10**6).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    assert clean.read_number(value) == expected


@pytest.mark.parametrize(
    "word", ["—", "——", "–", "-", "－", "−", "/", "／", " 缺席 ", "弃权", "回避", "请假", "n/A", "Ｎ／Ａ"]
)
def test_missing_words(word: str) -> None:
    assert clean.read_mark(word) == Mark("missing", 0)


@pytest.mark.parametrize("word", ["", "  ", "　", "\u200b", "\ufeff", "\xa0\n"])
def test_blank(word: str) -> None:
    assert clean.read_mark(word) == Mark("blank", 0)


def test_not_applicable() -> None:
    assert clean.read_mark(" 不适用　") == Mark("not_applicable", 0)


@pytest.mark.parametrize("word", ["———", "--", "缺席1", "n/b", "不适", "na"])
def test_words_near_a_missing_word_are_errors(word: str) -> None:
    with pytest.raises(Unreadable):
        clean.read_mark(word)


@pytest.mark.parametrize(("cell", "count"), [("", 0), (" ", 0), (3.0, 3), ("１２", 12), ("0", 0), ("4.0", 4)])
def test_counts(cell, count: int) -> None:
    assert clean.read_count(cell) == count


@pytest.mark.parametrize(
    "cell", ["-1", "1.5", 0.5, "不适用", "—", "缺席", "3票", "3分", Odd("bool", "TRUE"), "1e2", 1e12]
)
def test_counts_are_whole_and_not_negative(cell) -> None:
    with pytest.raises(Unreadable):
        clean.read_count(cell)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2021-12-3", (2021, 12, 3)), ("2021-12-03", (2021, 12, 3)), ("2021.12.3", (2021, 12, 3)),
        ("2021/12/3", (2021, 12, 3)), ("2021年12月3日", (2021, 12, 3)), ("2021年 12月 03日", (2021, 12, 3)),
        ("２０２１年１２月３日", (2021, 12, 3)), ("20211203", (2021, 12, 3)), (20211203.0, (2021, 12, 3)),
        (44533.0, (2021, 12, 3)), (44533.75, (2021, 12, 3)), ("44533", (2021, 12, 3)), (1.0, (1900, 1, 1)),
        (59.0, (1900, 2, 28)), (61.0, (1900, 3, 1)), ("2021年12月", (2021, 12, 31)), ("2021-12", (2021, 12, 31)),
        ("2020-2", (2020, 2, 29)), ("12月底", (2021, 12, 31)), ("11月底", (2021, 11, 30)), ("2月底", (2021, 2, 28)),
        (Odd("date", "2021-12-03"), (2021, 12, 3)),
    ],
)  # fmt: skip
def test_dates(cell, day: tuple[int, int, int]) -> None:
    assert clean.read_date(cell, "2021Q4") == dt.date(*day)


@pytest.mark.parametrize(
    "cell",
    [
        "年底", "2021年", "2021-13-1", "2021-2-30", "20211332", "2021-12.3", "13月底", "2021年13月", "12-3",
        "2021-12-3 10:00",
        "12月", "待定", "2021年12月底", "2021/12", "2021.12.3日", "0", 0.0, -5.0, 2958466.0, 123456789.0, "1e4",
        Odd("bool", "TRUE"), Odd("time", "1:00"), Odd("error", "#N/A"), Odd("formula", ""), float("nan"), float("inf"),
    ],
)  # fmt: skip
def test_anything_else_is_no_date(cell) -> None:
    with pytest.raises(Unreadable):
        clean.read_date(cell, "2021Q4")


@pytest.mark.parametrize(
    ("cell", "month"),
    [
        ("2021年12月", "2021-12"), ("2021-12", "2021-12"), ("12月", "2021-12"), (9.0, "2021-09"), ("2021.9", "2021-09"),
        (Odd("date", "2021-12-01"), "2021-12"), ("2021-12-31", "2021-12"), ("12月底", "2021-12"),
    ],
)  # fmt: skip
def test_months(cell, month: str) -> None:
    assert clean.read_month(cell, "2021Q4") == month


@pytest.mark.parametrize("cell", ["13月", "第四季度", Odd("bool", "TRUE"), Odd("error", "#N/A")])
def test_no_month(cell) -> None:
    with pytest.raises(Unreadable):
        clean.read_month(cell, "2021Q4")


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (1.0, "1"),
        (0.3, "0.3"),
        (1e21, "1" + "0" * 21),
        (" a　", "a"),
        ("\u200bb\n", "b"),
        (Odd("bool", "TRUE"), "TRUE"),
    ],
)
def test_a_cell_as_it_is_seen(cell, text: str) -> None:
    assert clean.as_text(cell) == text


def test_a_name_loses_line_breaks_and_spaces_between_chinese_characters_only() -> None:
    assert clean.as_name(" 承诺事项\n现场 兑现 ") == "承诺事项现场兑现"
    assert clean.as_name("living  environment") == "living environment"


@pytest.mark.parametrize("mark", ["\x07", "\xad", "\u200b", "\u200e", "\u202c", "\u2060"])
def test_what_is_invisible_is_read_over(mark: str) -> None:
    assert clean.as_name(f"{mark}甲{mark}村 {mark}") == "甲村"
    assert clean.as_words(f"{mark}环境 {mark}卫生{mark}\n{mark}") == "环境 卫生"
    assert clean.is_blank(f"{mark} {mark}")
    assert clean.read_number(f"{mark}9{mark}2.5{mark}") == 92_500_000


def test_a_number_shown_from_right_to_left_is_refused() -> None:
    """It would be seen as 92.5."""
    with pytest.raises(clean.Unreadable):
        clean.read_number("\u202e5.29")


def test_names_in_one_cell() -> None:
    assert clean.split_names("甲子村、乙丑村，丙寅社区, ") == ("甲子村", "乙丑村", "丙寅社区")
    assert clean.split_names("") == clean.split_names("无") == clean.split_names("—") == ()
