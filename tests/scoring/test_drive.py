"""同起点进步 by hand, and when it does not apply."""

from __future__ import annotations

import numpy as np
import pytest

from lsb_nb.scoring.composite import score

UNITS = [f"村{i}" for i in range(5)]
EARLY, LATE = [50, 60, 70, 80, 90], [60, 60, 75, 80, 90]


def history(make, early=EARLY, late=LATE, quarters=4, change=None, units=UNITS):
    """The first half of the quarters scores `early`, the second half `late`."""
    codes = [f"{2019 + i // 4}Q{i % 4 + 1}" for i in range(12 - quarters, 12)]
    books = {}
    for i, code in enumerate(codes):
        marks = early if i < quarters // 2 else late
        books[code] = {
            "units": units,
            "criteria": [("甲", 100, "亮承诺", "直接录入"), ("进步", 10, "赛实绩", "进步计算")],
            "entries": [(u, "甲", m) for u, m in zip(units, marks, strict=True) if m is not None],
        }
        if change:
            change(i, code, books[code])
    return make(books)


def drive(records):
    return score(records).full["进步"].reindex(UNITS).tolist()


def by_polyfit(early, late, fit=slice(None)):
    x, y = np.array(early, dtype=float), np.array(late, dtype=float)
    slope, level = np.polyfit(x[fit], y[fit], 1)
    return np.clip(50 + 5 * (y - slope * x - level), 0, 100).tolist()


def test_fifty_plus_five_times_the_residual(make):
    # Mean 70 and 73; slope 800 / 1000; residuals 3, -5, 2, -1, 1.
    assert drive(history(make)) == [65, 25, 60, 45, 55]
    assert drive(history(make)) == pytest.approx(by_polyfit(EARLY, LATE))


def test_clipped_to_the_scale(make):
    late = [100, 0, 100, 0, 100]
    assert drive(history(make, late=late)) == pytest.approx(by_polyfit(EARLY, late))
    assert set(drive(history(make, late=late))) == {0, 100}


@pytest.mark.parametrize("quarters", [5, 7, 8])
def test_the_earlier_half_is_the_smaller_one(make, quarters):
    assert drive(history(make, quarters=quarters)) == [65, 25, 60, 45, 55]


def test_at_most_seven_earlier_quarters_count(make):
    def spoil(i, _code, book):
        if i < 2:
            book["entries"] = [(u, "甲", 1 + i) for u in UNITS]

    # 10 quarters: of the latest 8 the first 3 are early, so that the halves are 3 × early + 1 × late against 4 × late.
    scores = score(history(make, quarters=10, change=spoil))
    assert scores.full["进步"].reindex(UNITS).tolist() == pytest.approx(
        by_polyfit((3 * np.array(EARLY) + np.array(LATE)) / 4, LATE), abs=1e-8
    )
    assert scores.history["quarter"].tolist() == ["2020Q1", "2020Q2", "2020Q3", "2020Q4", "2021Q1", "2021Q2", "2021Q3"]
    assert scores.history["sha256"].notna().all()


def not_applicable(records, reason):
    scores = score(records)
    assert set(scores.states["进步"]) == {"not_applicable"}
    assert scores.weights["进步"].tolist() == [0] * len(scores.units)
    assert [r for r in scores.problems["reason"] if reason in r]


def test_fewer_than_three_earlier_quarters(make):
    not_applicable(history(make, quarters=3), "连续 3 个季度")


def test_a_gap_ends_the_history(make):
    records = history(make, quarters=5)
    frames = {name: f[f["quarter"] != "2021Q2"].reset_index(drop=True) for name, f in records.frames.items()}
    gap = type(records)(
        records.name, records.folder, tuple(q for q in records.quarters if q != "2021Q2"), frames, records.problems,
        records.sources,
    )  # fmt: skip
    not_applicable(gap, "现有 1 个")


def test_fewer_than_five_units(make):
    not_applicable(history(make, early=EARLY[:4], late=LATE[:4], units=UNITS[:4]), "至少需要 5 个")


def test_no_spread(make):
    not_applicable(history(make, early=[70] * 5), "没有差别")


def test_nothing_shared(make):
    def rename(i, _code, book):
        if i == 0:
            book["criteria"][0] = ("乙", 100, "亮承诺", "直接录入")
            book["entries"] = []

    not_applicable(history(make, change=rename), "没有相同")


def test_another_method_under_the_same_name_is_not_shared(make):
    def other(i, _code, book):
        book["criteria"].append(("乙", 100, "赛实绩", "直接录入" if i else "评委打分"))
        if i:
            book["entries"] = book["entries"] + [(u, "乙", 1) for u in UNITS]

    assert drive(history(make, change=other)) == [65, 25, 60, 45, 55]


def test_a_unit_that_lacks_a_quarter_is_not_applicable_and_not_fitted(make):
    units = [*UNITS, "新村"]
    records = history(make, early=[*EARLY, None], late=[*LATE, 100], units=units)
    scores = score(records)
    assert scores.states.loc["新村", "进步"] == "not_applicable"
    assert scores.full["进步"].reindex(UNITS).tolist() == [65, 25, 60, 45, 55]


def test_vetoed_units_are_not_fitted_but_scored(make):
    def veto(i, _code, book):
        if i == 3:
            book["vetoes"] = ["村5"]

    units, early, late = [*UNITS, "村5"], [*EARLY, 70], [*LATE, 75]
    scores = score(history(make, early=early, late=late, units=units, change=veto))
    assert scores.full["进步"].reindex(UNITS).tolist() == [65, 25, 60, 45, 55]
    assert scores.full.loc["村5", "进步"] == 60


def test_history_uses_current_weights_and_no_adjustments(make):
    def weigh(i, _code, book):
        # The second criterion weighs nothing now, whatever it weighed before.
        book["criteria"] = [
            ("甲", 100, "亮承诺", "直接录入", "1"), ("进步", 10, "赛实绩", "进步计算", "1"),
            ("乙", 100, "亮承诺", "直接录入", "0" if i == 3 else "9"),
        ]  # fmt: skip
        book["entries"] = book["entries"] + [(u, "乙", 7 * j) for j, u in enumerate(UNITS)]
        book["adjustments"] = [("村1", 5)]

    assert drive(history(make, change=weigh)) == [65, 25, 60, 45, 55]


def test_the_history_stays_on_full_marks_whatever_the_scale(make):
    def scale(_i, _code, book):
        book["rules"] = {"标准化方法": "极差"}

    assert drive(history(make, change=scale)) == [65, 25, 60, 45, 55]
