"""The sentence changes when the frame does."""

import pandas as pd
import pytest

from lsb_nb.analysis import words_gaps as words
from lsb_nb.analysis.gaps import measure_gaps, measure_top_gaps
from lsb_nb.analysis.strengths import find_teachers, fix_first, measure_strengths


def scores_of(make_scores, first, second, **options):
    names = ["环境", "党建", "治理", "服务"]
    table = {name: {"甲村": float(a), "乙村": float(b)} for name, a, b in zip(names, first, second, strict=True)}
    return make_scores(table, **options)


def test_a_gap_with_its_share(make_scores):
    gaps = measure_gaps(scores_of(make_scores, (90, 90, 90, 90), (80, 84, 88, 89)), "甲村")
    assert words.say_gap(gaps, "乙村") == "乙村比甲村少 4.75 分，3 项占 95%：环境、党建、治理。"
    assert words.say_gap(gaps, "甲村") == "甲村就是对照单位，差距为 0 分。"
    assert words.say_gap(gaps, "丙村") == "丙村没有得分，不计算差距。"


def test_no_share_where_others_make_up_for_it(make_scores):
    gaps = measure_gaps(scores_of(make_scores, (90, 90, 90, 90), (80, 84, 95, 89)), "甲村")
    assert words.say_gap(gaps, "乙村") == "乙村比甲村少 3.00 分，差得最多的 3 项合计 4.25 分：环境、党建、服务。"


def test_one_part_ahead_equal_and_adjusted(make_scores):
    one = measure_gaps(scores_of(make_scores, (90, 90, 90, 90), (80, 90, 90, 90)), "甲村")
    assert words.say_gap(one, "乙村") == "乙村比甲村少 2.50 分，主要差在环境（2.50 分）。"
    ahead = measure_gaps(scores_of(make_scores, (90, 90, 90, 90), (99, 90, 90, 89)), "甲村")
    assert words.say_gap(ahead, "乙村") == "乙村比甲村多 2.00 分，仅服务低于对照，最多低 0.25 分。"
    same = measure_gaps(scores_of(make_scores, (90, 80, 90, 90), (80, 90, 90, 90)), "甲村")
    assert words.say_gap(same, "乙村") == "乙村与甲村得分相同，相差 0 分。"
    options = {"adjustments": {"甲村": 2.0}}
    bonus = measure_gaps(scores_of(make_scores, (90, 90, 90, 90), (90, 90, 90, 90), **options), "甲村")
    assert words.say_gap(bonus, "乙村") == "乙村比甲村少 2.00 分，由加减分或权重差异造成。"


def test_the_field(make_scores):
    gaps = measure_gaps(scores_of(make_scores, (60, 90, 90, 100), (60, 90, 90, 100)), "full")
    assert words.say_gaps(gaps) == "平均每个单位失 15.00 分，全部失在环境、党建、治理。"
    nothing = measure_gaps(scores_of(make_scores, (100,) * 4, (100,) * 4), "full")
    assert words.say_gaps(nothing) == "各项均为满分，平均失 0 分。"


def test_the_field_against_a_unit_or_the_median_gives_the_mean_gap(make_scores):
    gaps = measure_gaps(scores_of(make_scores, (90, 90, 90, 90), (80, 94, 90, 90)), "best")
    assert words.say_gaps(gaps) == "平均比甲村少 0.75 分；差得最多的是环境，平均差 1.25 分。"
    behind = words.say_gaps(measure_gaps(scores_of(make_scores, (90, 90, 90, 90), (80, 94, 90, 90)), "乙村"))
    assert behind.startswith("平均比乙村多 0.75 分；差得最多的是党建")


def test_nobody_to_compare_with_and_all_alike(make_scores):
    alone = make_scores({"环境": {"甲村": 90.0}, "党建": {"甲村": 80.0}})
    assert words.say_fix_first(fix_first(alone), "甲村") == "没有可比的单位（0 个），不算甲村先补哪一项。"
    same = measure_strengths(scores_of(make_scores, (90, 80, 90, 90), (90, 80, 90, 90)))
    assert words.say_strengths(same, "乙村") == "乙村各项都列第 1 名（共 2 名），分不出强项和弱项。"
    full = measure_top_gaps(scores_of(make_scores, (100,) * 4, (100,) * 4))
    assert words.say_top_gaps(full) == "没有可比较的指标，共 0 项。"


@pytest.mark.parametrize(
    ("common", "expected"),
    [
        ([True, True], "失分最多的 2 项都属共性问题，过半数失分超过两成。"),
        ([False, False], "失分最多的 2 项都属个性问题，失分超过两成的不过半数。"),
        ([True, False], "前 2 项中 1 项属共性问题（环境），最多涉及 9 个村。"),
    ],
)
def test_common_or_single(common, expected):
    top = pd.DataFrame({"criterion": ["环境", "党建"], "loss": [2.0, 1.0], "sharing": [9, 2], "common": common})
    assert words.say_top_gaps(top, "村") == "环境平均失 2.00 分，为各项最多；" + expected


def test_what_to_fix(make_scores):
    values = {"环境": dict.fromkeys("甲乙丙丁", 90.0) | {"甲": 60.0}, "党建": dict.fromkeys("甲乙丙丁", 80.0)}
    scores = make_scores(values)
    fixes = fix_first(scores)
    assert words.say_fix_first(fixes, "甲") == "甲把环境补到前两成水平，可多得 15.00 分。"
    assert words.say_fix_first(fixes, "乙") == "乙各项都已达到前两成水平，可补 0 分。"
    assert words.say_fixes(fixes, "村") == "1 个村最该先补环境，平均可多得 15.00 分。"
    noise = pd.DataFrame(50.0, index=scores.units.index, columns=["环境", "党建"])
    within = fix_first(scores, noise=noise)
    assert words.say_fix_first(within, "甲") == "甲低于前两成水平的 1 项都在误差之内，不分先后。"
    assert words.say_fixes(within, "村") == "各村没有超出误差的短板，共 0 项。"
    teachers = find_teachers(scores)
    assert words.say_teachers(teachers, "甲") == "甲取长补短：环境可学乙、丙、丁（高 15.00 分）。"
    assert words.say_teachers(teachers, "乙") == "乙没有需要取长补短的指标，共 0 项。"
    sides = measure_strengths(scores)
    assert words.say_strengths(sides, "甲") == "甲强项是党建（第 1 名），弱项是环境（第 4 名，共 4 名）。"
    assert words.say_strengths(sides, "戊") == "戊不参与排名，不列强弱项，共 0 项。"


def test_headlines_are_first_clauses():
    assert words.headline("环境失 2.05 分；其余相近。另见。") == "环境失 2.05 分"
    assert words.headline("The gap is 2.05. More.") == "The gap is 2.05"


def test_sentences_fit_a_notice(make_field):
    scores = make_field(20, 9, seed=11, holes=0.05)
    gaps, fixes = measure_gaps(scores), fix_first(scores)
    for unit in scores.units.index:
        assert len(words.say_gap(gaps, unit)) <= 80
        assert len(words.say_fix_first(fixes, unit)) <= 60
    assert len(words.say_top_gaps(measure_top_gaps(scores), "村")) <= 100


def test_other_methods_are_told():
    assert words.say_explained(True) == ""
    assert "满分制" in words.say_explained(False)


def test_the_field_beside_a_reference_it_equals_or_passes(make_scores):
    two = scores_of(make_scores, (90, 80, 90, 90), (80, 90, 90, 90))
    assert words.say_gaps(measure_gaps(two, "median")) == "平均与中位水平相差 0 分，没有一项平均低于对照。"
    assert words.say_gaps(measure_gaps(two, 60.0)) == "平均比目标多 27.50 分，没有一项平均低于对照。"
    assert words.say_gaps(measure_gaps(two, 87.5)) == (
        "平均与目标相差 0 分；差得最多的是环境、党建，环境平均差 0.63 分。"
    )


def test_shares_make_up_the_whole_where_a_criterion_does_not_apply(make_scores):
    scores = make_scores({"环境": {"甲村": 80.0, "乙村": 80.0}, "党建": {"甲村": 60.0, "乙村": float("nan")}})
    gaps = measure_gaps(scores, "full")
    # 30 and 20 are lost; the mean of those to which 党建 applies would make it 35
    assert words.say_gaps(gaps).startswith("平均每个单位失 25.00 分")


def test_half_of_a_gap_is_not_mostly(make_scores):
    scores = make_scores({"环境": {"甲村": 90.0, "乙村": 85.0}}, adjustments={"甲村": 3.0, "乙村": -2.0})
    assert words.say_gap(measure_gaps(scores, "best"), "乙村") == "乙村比甲村少 10.00 分，其中环境差 5.00 分。"


def test_most_is_said_only_of_one(make_scores):
    top = pd.DataFrame({"criterion": ["环境", "党建"], "loss": [2.0, 2.0], "sharing": [9, 2], "common": [True, True]})
    assert words.say_top_gaps(top).startswith("环境、党建各平均失 2.00 分，并列最多；")
    assert words.say_top_gaps(top.head(1)) == "环境平均失 2.00 分，为各项最多；属共性问题，过半数失分超过两成。"
    fixes = fix_first(scores_of(make_scores, (90, 80, 90, 90), (80, 90, 90, 90)))
    assert words.say_fixes(fixes, "村") == "党建、环境各有 1 个村最该先补，平均可多得 2.50 分。"


def test_one_criterion_and_no_score(make_scores):
    one = make_scores({"环境": {"甲村": 90.0, "乙村": 85.0}})
    assert words.say_strengths(measure_strengths(one), "乙村") == (
        "乙村只有一项得分：环境列第 2 名（共 2 名），不分强弱。"
    )
    unrated = make_scores({"环境": {"甲村": 90.0, "乙村": float("nan"), "丙村": 80.0}})
    assert words.say_fix_first(fix_first(unrated), "乙村") == "乙村没有得分，不算先补哪一项（0 项）。"
    with pytest.raises(ValueError, match="乙村 is not rated"):
        measure_gaps(unrated, "乙村")


def test_teachers_are_not_all_ahead_by_what_one_is(make_scores):
    field = {"环境": {"甲村": 60.0, "乙村": 90.0, "丙村": 95.0, "丁村": 90.0}}
    teachers = find_teachers(make_scores(field))
    assert words.say_teachers(teachers, "甲村") == "甲村取长补短：环境可学丙村（高 35.00 分）。"
    rows = pd.DataFrame({"unit": "甲村", "criterion": "环境", "teacher": ["乙村", "丙村"], "ahead": [30.0, 35.0]})
    assert words.say_teachers(rows, "甲村") == "甲村取长补短：环境可学乙村、丙村（高 30.00 至 35.00 分）。"
