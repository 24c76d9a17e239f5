"""进步计算: 50 + 5 × residual of the later on the earlier half of the history."""

from functools import partial
from typing import Any

import pytest

near = partial(pytest.approx, rel=0, abs=5e-8)

EARLY = (60, 70, 80, 90, 100)
LATE = (70, 70, 80, 90, 90)
"""Fitted by hand: slope 600/1000, fitted 68 74 80 86 92, residuals 2 -4 0 4 -2, scores 60 30 50 70 40."""
SCORES = [60, 30, 50, 70, 40]
NAMES = [f"第{n}村" for n in range(1, 10)]


def quarter(
    marks: Any, *, criteria: str = "环境 100 评委打分", extra: dict | None = None, rows: Any = None
) -> dict[str, Any]:
    names = NAMES[: len(marks)]
    return {
        "单位": [["单位", "类型"], *([name, "村"] for name in names)],
        "指标": f"指标 满分 计分方式\n{criteria}",
        "评分": rows
        or [["评委", "单位", "环境"], *(["A", name, mark] for name, mark in zip(names, marks, strict=True))],
    } | (extra or {})


PROGRESS = "环境 80 评委打分\n进步 20 进步计算"


def now(marks: Any, **kwargs: Any) -> dict[str, Any]:
    """The current quarter: 环境 is out of 80 here, so that the marks are 0.8 of the scores."""
    return quarter([m if isinstance(m, str) else round(m * 0.8, 6) for m in marks], criteria=PROGRESS, **kwargs)


def history(activity: Any, *series: Any, until: str = "2021Q4", **kwargs: Any) -> None:
    """Write quarters that end with `until`, the last of them the current one."""
    codes = [
        "2019Q1",
        "2019Q2",
        "2019Q3",
        "2019Q4",
        "2020Q1",
        "2020Q2",
        "2020Q3",
        "2020Q4",
        "2021Q1",
        "2021Q2",
        "2021Q3",
        "2021Q4",
    ]
    codes = codes[: codes.index(until) + 1]
    for code, marks in zip(codes[-len(series) : -1], series[:-1], strict=True):
        activity.book(marks if isinstance(marks, dict) else quarter(marks), quarter=code)
    last = series[-1]
    activity.book(last if isinstance(last, dict) else now(last, **kwargs), quarter=until)


def progress(answer: Any) -> list[Any]:
    found = answer.criterion("进步")
    return [found[name] for name in NAMES if name in found]


def test_four_quarters_by_hand(activity: Any) -> None:
    history(activity, EARLY, EARLY, LATE, LATE)
    answer = activity.scored()
    assert progress(answer) == [near(value) for value in SCORES]
    # 第4村: 0.8 × 90 + 0.2 × 70.
    assert answer.units["第4村"]["total"] == near(86)


def test_halves_are_means_of_their_quarters(activity: Any) -> None:
    """Earlier 55 and 65 is 60, later 75 and 65 is 70: the same numbers as with constant halves."""
    shift = (-5, 3, 0, 2.5, -1)
    first = [x + d for x, d in zip(EARLY, shift, strict=True)]
    second = [x - d for x, d in zip(EARLY, shift, strict=True)]
    assert max(first + second) > 100
    second[4], first[4] = 100, 100
    third = [y - d for y, d in zip(LATE, shift, strict=True)]
    fourth = [y + d for y, d in zip(LATE, shift, strict=True)]
    history(activity, first, second, third, fourth)
    assert progress(activity.scored()) == [near(value) for value in SCORES]


def test_the_path_may_be_the_workbook(activity: Any) -> None:
    history(activity, EARLY, EARLY, LATE, LATE)
    answer = activity.score(path=activity.folder / "2021Q4.xlsx")
    assert progress(answer) == [near(value) for value in SCORES]


def test_scores_are_clipped(activity: Any) -> None:
    """Residuals 6 -12 0 12 -6 give 80, -10, 50, 110, 20."""
    late = (74, 62, 80, 98, 86)
    history(activity, EARLY, EARLY, late, late)
    assert progress(activity.scored()) == [near(value) for value in (80, 0, 50, 100, 20)]


def test_of_an_odd_number_the_later_half_is_the_longer(activity: Any) -> None:
    """Five quarters: two earlier, three later; the middle one counts as later."""
    middle = [3 * y - 2 * x for x, y in zip((70, 70, 80, 90, 90), LATE, strict=True)]
    assert middle == list(LATE)
    uneven = (64, 76, 80, 84, 96)
    rest = [(3 * y - m) / 2 for y, m in zip(LATE, uneven, strict=True)]
    history(activity, EARLY, EARLY, uneven, rest, rest)
    assert progress(activity.scored()) == [near(value) for value in SCORES]


def test_at_most_seven_earlier_quarters(activity: Any) -> None:
    """Nine quarters are there: the oldest, which would turn everything round, is left alone."""
    wild = (100, 0, 100, 0, 50)
    history(activity, wild, *[EARLY] * 4, *[LATE] * 4)
    assert progress(activity.scored()) == [near(value) for value in SCORES]


def test_only_consecutive_quarters_count(activity: Any) -> None:
    history(activity, EARLY, EARLY, LATE, LATE, until="2021Q4")
    activity.book(quarter((100, 0, 100, 0, 50)), quarter="2020Q4")
    activity.book(quarter((100, 0, 100, 0, 50)), quarter="2020Q3")
    (activity.folder / "2020Q4.xlsx").unlink()
    assert progress(activity.scored()) == [near(value) for value in SCORES]


def test_later_quarters_do_not_count(activity: Any) -> None:
    history(activity, EARLY, EARLY, LATE, LATE, until="2021Q3")
    activity.book(quarter((100, 0, 100, 0, 50)), quarter="2021Q4")
    assert progress(activity.scored(quarter="2021Q3")) == [near(value) for value in SCORES]


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_fewer_than_three_earlier_quarters_is_not_applicable(activity: Any, quarters: int) -> None:
    history(activity, *([EARLY, EARLY, LATE][-quarters:]))
    answer = activity.scored()
    assert progress(answer) == [None] * 5
    assert answer.units["第5村"]["score"] in ("90.00", "100.00")


def test_a_unit_that_lacks_a_quarter_is_not_applicable_and_not_fitted(activity: Any) -> None:
    """第6村 is new in the second quarter; 第7村 was 未评 in the third."""
    history(
        activity,
        (*EARLY,),
        (*EARLY, 10, 20),
        (*LATE, 10, "缺席"),
        (*LATE, 100, 100),
    )
    activity.book(quarter((*EARLY, 10, 10)) | {"单位": [["单位"], *([n] for n in NAMES[:5]), [NAMES[6]]],
                  "评分": [["评委", "单位", "环境"], *(["A", n, m] for n, m in zip(NAMES[:5], EARLY, strict=True)), ["A", NAMES[6], 20]]},
                  quarter="2021Q1")  # fmt: skip
    assert progress(activity.scored()) == [*(near(value) for value in SCORES), None, None]


def test_not_applicable_may_count_as_full_marks(activity: Any) -> None:
    history(activity, EARLY, LATE, extra={"规则": {"不适用指标": "计满分"}})
    assert progress(activity.scored()) == [100] * 5


def test_vetoed_units_are_not_fitted(activity: Any) -> None:
    """第6村 would bend the line; vetoed it leaves the others alone."""
    late = (*LATE, 100)
    history(activity, (*EARLY, 50), (*EARLY, 50), late, late, extra={"一票否决": "单位 事由\n第6村 事故"})
    assert progress(activity.scored())[:5] == [near(value) for value in SCORES]


def test_fewer_than_five_units_is_not_applicable_for_all_with_a_warning(activity: Any) -> None:
    history(activity, *[EARLY[:4]] * 2, *[LATE[:4]] * 2)
    answer = activity.scored()
    assert progress(answer) == [None] * 4
    assert answer.warnings


def test_fewer_than_five_because_of_a_veto(activity: Any) -> None:
    history(activity, EARLY, EARLY, LATE, LATE, extra={"一票否决": "单位 事由\n第5村 事故"})
    assert progress(activity.scored()) == [None] * 5


def test_no_spread_is_not_applicable_for_all_with_a_warning(activity: Any) -> None:
    history(activity, [80] * 5, [80] * 5, LATE, LATE)
    answer = activity.scored()
    assert progress(answer) == [None] * 5
    assert answer.warnings


def test_only_criteria_that_all_quarters_share_count(activity: Any) -> None:
    """支部 is missing in one quarter and 平时 changes its method: the history rests on 环境 alone."""
    wild = (0, 40, 0, 40, 20)
    both = quarter(EARLY, criteria="环境 100 评委打分\n支部 40 评委打分\n平时 40 直接录入", extra={
        "评分": [["评委", "单位", "环境", "支部"], *(["A", n, m, w] for n, m, w in zip(NAMES, EARLY, wild, strict=False))],
        "直接录入": [["单位", "指标", "分值"], *([n, "平时", w] for n, w in zip(NAMES, wild, strict=False))],
    })  # fmt: skip
    current = now(LATE) | {
        "指标": "指标 满分 计分方式\n环境 80 评委打分\n支部 40 评委打分\n平时 40 评委打分\n进步 20 进步计算",
        "评分": [["评委", "单位", "环境", "支部", "平时"], *(["A", n, 0.8 * m, w, w] for n, m, w in zip(NAMES, LATE, wild, strict=False))],
    }  # fmt: skip
    history(activity, both, EARLY, both | {"评分": quarter(LATE)["评分"]}, current)
    assert progress(activity.scored()) == [near(value) for value in SCORES]


def test_the_current_weights_hold_for_every_quarter(activity: Any) -> None:
    """Now 环境 and 支部 weigh 3:1; the weights that the earlier quarters had do not matter.

    支部 is 40 for everybody in every quarter, so every total is 0.75 × 环境 + 10 and the residuals shrink to 3/4.
    """

    def of(marks: Any, weights: str, extra: str = "") -> dict[str, Any]:
        return quarter(marks) | {
            "指标": f"指标 满分 计分方式 权重\n环境 100 _ {weights.split()[0]}\n支部 100 _ {weights.split()[1]}{extra}",
            "评分": [["评委", "单位", "环境", "支部"], *(["A", n, m, 40] for n, m in zip(NAMES, marks, strict=False))],
        }

    history(activity, of(EARLY, "1 9"), of(EARLY, "5 5"), of(LATE, "0 1"), of(LATE, "3 1", "\n进步 100 进步计算 4"))
    assert progress(activity.scored()) == [near(50 + 0.75 * (value - 50)) for value in SCORES]


def test_history_is_before_adjustments_and_on_the_full_mark_scale(activity: Any) -> None:
    """Adjustments, 极差 and 几何 of earlier quarters and of this one leave the history alone."""
    plus = {"加减分": "单位 分值 事由\n第1村 5 表彰\n第2村 -5 通报"}
    first = quarter(EARLY, extra=plus | {"规则": {"标准化方法": "极差"}})
    current = now(LATE, extra=plus | {"规则": {"标准化方法": "位次分"}})
    history(activity, first, quarter(EARLY, extra=plus), quarter(LATE, extra={"规则": {"合成方法": "调和"}}), current)
    # The scores 60 30 50 70 40 become rank points: places 2 5 3 1 4.
    assert progress(activity.scored()) == [near(value) for value in (80, 20, 60, 100, 40)]


def test_progress_of_earlier_quarters_is_left_out_of_the_history(activity: Any) -> None:
    def with_progress(marks: Any) -> dict[str, Any]:
        return now(marks)

    history(activity, with_progress(EARLY), with_progress(EARLY), with_progress(LATE), with_progress(LATE))
    assert progress(activity.scored()) == [near(value) for value in SCORES]


def test_check_scores_progress_too(activity: Any) -> None:
    history(activity, EARLY, EARLY, LATE, LATE)
    assert activity.check().errors == []
    assert activity.check("--quarter", "2021Q4").errors == []
