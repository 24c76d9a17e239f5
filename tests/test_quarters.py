import datetime as dt

import pytest

from lsb_nb.quarters import consecutive_before, last_day, parse_quarter, shift_quarter


@pytest.mark.parametrize(
    "text",
    [
        "2021Q4", "2021q4", " ２０２１Ｑ４ ", "2021年第四季度", "2021年四季度", "2021年第4季度", "2021 年 第四 季度",
        "2\u200e021\u2060Q4",
    ],
)  # fmt: skip
def test_spellings_of_a_quarter(text: str) -> None:
    assert parse_quarter(text) == "2021Q4"


@pytest.mark.parametrize(
    "text",
    ["2021Q5", "2021", "第四季度", "21Q4", "2021-Q4", "", "2021年第五季度", "9999Q4", "0000Q1", "1899Q4", "2200Q1"],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="2021Q4"):
        parse_quarter(text)


def test_shift_runs_over_the_year() -> None:
    assert shift_quarter("2021Q4", 1) == "2022Q1"
    assert shift_quarter("2021Q1", -1) == "2020Q4"
    assert shift_quarter("2021Q2", -6) == "2019Q4"


def test_last_day() -> None:
    assert [last_day(f"2024Q{n}") for n in (1, 2, 3, 4)] == [
        dt.date(2024, 3, 31),
        dt.date(2024, 6, 30),
        dt.date(2024, 9, 30),
        dt.date(2024, 12, 31),
    ]


def test_history_stops_at_a_gap() -> None:
    have = ["2020Q3", "2021Q1", "2021Q2", "2021Q3", "2021Q4"]
    assert consecutive_before("2021Q4", have) == ["2021Q1", "2021Q2", "2021Q3"]
    assert consecutive_before("2020Q3", have) == []
