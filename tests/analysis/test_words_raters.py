"""Sentences about raters and the certainty of ranks: words of degree under their conditions, in both languages."""

import importlib
import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import lsb_nb as lsb
from lsb_nb.analysis.audit import TOTAL, RaterAudit
from lsb_nb.analysis.ranks import find_blocks, leave_one_rater, rank_sets, separate_units
from lsb_nb.analysis.raters import audit_raters
from lsb_nb.analysis.words_ranks import (
    say_approximate,
    say_blocks,
    say_first,
    say_how,
    say_limit,
    say_rank_certainty,
    say_rank_set,
    say_tiers,
)
from lsb_nb.analysis.words_raters import (
    say_acceptability,
    say_adjusted,
    say_agreement,
    say_audit,
    say_leave_one_rater,
    say_missing_range,
    say_own_units,
    say_prob_above,
    say_raters_needed,
    say_severities,
    say_severity,
    say_sheets,
)

_spec = importlib.util.spec_from_file_location("panels", Path(__file__).with_name("panels.py"))
panels = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(panels)
PACKAGE = Path(lsb.__file__).parent


def sure(level, names="甲乙丙丁戊", raters=20, sd=1.0, seed=0):
    rng = np.random.default_rng(seed)
    noise = rng.normal(0, sd, (len(level), raters))
    marks = np.array(level, dtype=float)[:, None] + noise - noise.mean(axis=1, keepdims=True)
    return pd.DataFrame(marks, index=list(names[: len(level)]))


def row(rater="B07", severity=-4.0, half=1.0, order=0.9, **other):
    base = {"group": "班子", "criterion": TOTAL, "rater": rater, "severity": severity, "low": severity - half}
    base["sure"] = abs(severity) > half
    usual = {"inconsistency": 1.0, "spread": 1.0, "halo": 0.1, "order": order, "high": severity + half}
    return base | usual | other


def audit_of(*rows, sheets=None, groups=None):
    clean = {
        "absent": False,
        "missing": 0,
        "straight": False,
        "identical_to": "",
        "copy_of": None,
        "copy_share": np.nan,
    }
    listed = [clean | given for given in (sheets or [{"rater": "B07"}])]
    return RaterAudit(pd.DataFrame(list(rows)), pd.DataFrame(listed), pd.DataFrame(groups or []))


def test_severity():
    assert say_severity(audit_of(row()), "B07") == "B07给分比同组平均低 4.0 分，名次次序基本一致。"
    assert (
        say_severity(audit_of(row(severity=2.0, order=0.1)), "B07")
        == "B07给分比同组平均高 2.0 分，名次次序与同组不一致。"
    )
    assert say_severity(audit_of(row(half=5.0, order=0.5)), "B07") == "B07给分与同组平均没有可断定的差别。"
    assert "不足" in say_severity(audit_of(row(severity=np.nan)), "B07")


def test_severities_name_the_largest_only_when_alone():
    alone = audit_of(row("B01"), row("B02", 2.0), row("B03", 0.1))
    assert say_severities(alone, "班子") == "班子 3 名评委中，1 名偏严、1 名偏宽；相差最大的是 B01，低 4.0 分。"
    assert "最大" not in say_severities(audit_of(row("B01"), row("B02", 4.0)), "班子")
    assert "没有可断定" in say_severities(audit_of(row("B01", half=9), row("B02", 4.0, half=9)), "班子")


def test_odd_raters_and_sheets():
    sheets = [
        {"rater": "B01", "absent": True, "missing": 9},
        {"rater": "B02", "straight": True},
        {"rater": "B03", "identical_to": "B04"},
        {"rater": "B04", "identical_to": "B03", "copy_of": "B03", "copy_share": 1.0},
        {"rater": "B05", "copy_of": "B02", "copy_share": 0.95},
        {"rater": "B06", "missing": 3},
    ]
    odd = row("B07", inconsistency=2.44, spread=0.3, halo=0.61)
    assert say_sheets(audit_of(odd, sheets=sheets)) == [
        "1 名评委没有评分：B01。",
        "1 名评委有缺评，共 3 处。",
        "全部给分占满分的比例相同：B02。",
        "评分表完全相同：B03、B04。",
        "B05与在前的 B02 有 95% 的给分相同，宜了解原因。",
    ]
    words = say_audit(audit_of(odd))
    assert "2.4 倍" in words
    assert "30%" in words
    assert "相关 0.61" in words
    assert "也可能各项确实相关" in words
    assert say_audit(audit_of(row())) == "各评委的评分表没有发现异常。"


def test_favour_is_claimed_only_where_proven():
    group = {"group": "班子", "criterion": TOTAL, "own_pairs": 9, "own_points": 1.6, "own_p": 0.03}
    assert say_own_units(audit_of(row(), groups=[group]), "班子").endswith("平均高 1.6 分，随机分派时出现的机会为 3%。")
    assert "没有可证实" in say_own_units(audit_of(row(), groups=[group | {"own_p": 0.06}]), "班子")
    assert say_own_units(audit_of(row(), groups=[group | {"own_pairs": 0}]), "班子") == ""
    assert "不到 1%" in say_own_units(audit_of(row(), groups=[group | {"own_p": 0.001}]), "班子")


@pytest.mark.parametrize(("low", "word"), [(0.93, "很高"), (0.76, "较高"), (0.5, "一般"), (-0.4, "偏低")])
def test_agreement_is_graded_by_the_low_end(low, word):
    words = say_agreement({"group": "班子", "raters": 11, "order": 0.95, "order_low": low, "order_high": 0.99})
    assert f"一致程度{word}" in words
    assert "信度 0.95" in words


def test_raters_needed():
    spread = {"unit": 9.0, "rater": 16.0, "residual": 25.0}
    assert say_raters_needed(spread, today=11) == "次序信度要达到 0.80，需 12 名评委，现有 11 名，还差 1 名。"
    assert say_raters_needed(spread, today=12).endswith("已经够用。")
    assert "排不出先后" in say_raters_needed(spread | {"unit": 0.0}, today=12)


def test_adjustment():
    same = pd.DataFrame({"raw_rank": [1, 2], "adjusted_rank": [1, 2], "move": [0, 0]}, index=list("甲乙"))
    assert say_adjusted(same) == "若每名评委都给每个单位打分，名次不变。"
    swapped = same.assign(adjusted_rank=[2, 1], move=[-1, 1])
    assert "第一名由甲变为乙，2 个单位" in say_adjusted(swapped)
    below = pd.DataFrame({"raw_rank": [1, 2, 3], "adjusted_rank": [1, 3, 2], "move": [0, -1, 1]}, index=list("甲乙丙"))
    assert "第一名不变，2 个单位名次有变化，最大变动 1 位" in say_adjusted(below)


def test_first_place_is_certain_only_beyond_the_limit():
    clear = separate_units(sure([90, 80, 79.9, 79.8]))
    assert say_first(clear).startswith("第一名可以断定：领先第二名 10.00 分，超出")
    close = separate_units(sure([90, 89.95, 70]))
    assert say_first(close) == "第一名不能断定，乙仅差 0.05 分。"
    tie = separate_units(sure([90, 90, 70]))
    assert say_first(tie) == "甲、乙得分相同，并列第一。"


def test_only_is_not_said_of_a_gap_beyond_the_common_limit():
    found = separate_units(sure([90, 89, 70]))
    import dataclasses

    limits = found.limits.copy()
    limits.iloc[0, 1] = limits.iloc[1, 0] = 3.0
    above = found.above.copy()
    above.iloc[0, 1] = False
    wide = dataclasses.replace(found, limits=limits, above=above, limit=0.5)
    assert say_first(wide) == "第一名不能断定，乙相差 1.00 分，没有超出 3.00 分的判别界限。"


def test_blocks_hold_no_certain_pair():
    found = separate_units(sure([95, 90, 89.9, 89.8, 80]))
    blocks = find_blocks(found)
    assert blocks[["first", "last", "size"]].to_numpy().tolist() == [[2, 4, 3]]
    assert say_blocks(found) == "第 2—4 名分不出先后。"
    assert say_rank_certainty(found).startswith("第一名可以断定")
    apart = separate_units(sure([95, 85, 75]))
    assert say_rank_certainty(apart).endswith("各名次先后都可以断定。")
    together = separate_units(sure([90, 90.01, 90.02], sd=5))
    assert say_blocks(together) == "3 个单位都分不出先后。"


def test_blocks_are_longest_and_cover_every_uncertain_neighbour():
    found = separate_units(panels.make_table(9, 12, unit_sd=4, seed=2))
    order = found.estimates.sort_values(ascending=False).index
    above = found.above.loc[order, order].to_numpy()
    for block in find_blocks(found).itertuples():
        start, end = block.first - 1, block.last
        assert not above[start:end, start:end].any()
        assert start == 0 or above[start - 1, start:end].any()
        assert end == len(order) or above[start:end, end].any()


def test_limit_and_approximation():
    table = sure([90, 80, 70])
    assert say_limit(separate_units(table), "村").startswith("两村相差不到 ")
    assert say_limit(separate_units(table)).startswith("两个单位")
    assert say_approximate(separate_units(table)) == ""
    assert say_approximate(separate_units(table, trim_from=6)) == "已去掉一个最高分和一个最低分，范围为近似值。"
    table.iloc[0, 0] = np.nan
    assert say_approximate(separate_units(table)) == "有评分缺失，范围为近似值。"
    groups = {rater: "ab"[rater > 0] for rater in table}
    assert "评委太少" in say_limit(separate_units(table.fillna(90), groups=groups))


def test_a_pair_that_needs_more_than_the_first_limit_is_no_contradiction():
    rng = np.random.default_rng(5)
    rows = np.array([90.0, 80, 70, 60])[:, None] + rng.normal(0, 1, (4, 8)) * np.array([4, 1, 1, 1])[:, None]
    found = separate_units(pd.DataFrame(rows, index=list("甲乙丙丁"), columns=[f"A{i:02d}" for i in range(8)]))
    widest = max(found.limits.loc["甲", ["乙", "丙", "丁"]])
    assert widest > found.limit + 1
    assert say_limit(found, "村") == (
        f"两村相差不到 {found.limit:.2f} 分时，不能断定谁高谁低。评委看法分歧较大的，界限更宽，最宽 {widest:.2f} 分。"
    )


def test_the_limit_is_one_that_some_pair_has():
    # Four raters: every pair needs more than Tukey's limit.
    rng = np.random.default_rng(3)
    found = separate_units(pd.DataFrame(np.array([[90.0], [60], [30]]) + rng.normal(0, 2, (3, 4))))
    limits = found.limits.to_numpy()[np.triu_indices(3, 1)]
    assert limits.min() > found.limit + 0.01
    assert f"相差不到 {limits.min():.2f} 分" in say_limit(found)
    assert f"最宽 {limits.max():.2f} 分" in say_limit(found)
    apart = pd.DataFrame([[90, 80, np.nan, np.nan], [np.nan, np.nan, 91, 79]], index=list("甲乙"))
    assert say_limit(separate_units(apart)) == ""


def test_a_field_too_close_for_its_limits_is_not_laid_to_the_number_of_raters():
    """A difference above Tukey's limit and above the least of the pairs', and yet no pair told apart."""
    rng = np.random.default_rng(1)
    for _draw in range(40):
        marks = rng.normal(80, 2, (5, 1)) + rng.normal(0, 2, (5, 5))
        found = separate_units(pd.DataFrame(marks), draws=200)
        limits = found.limits.to_numpy()[np.triu_indices(5, 1)]
        spread = found.estimates.max() - found.estimates.min()
        if spread > limits.min() > found.limit and not found.above.to_numpy().any():
            break
    else:
        pytest.fail("no such field was drawn")
    assert say_limit(found).startswith(f"两个单位相差不到 {limits.min():.2f} 分时")


def test_where_nothing_can_be_told_apart_no_difference_is_said_to_do():
    # Two raters far apart from each other in spread: the units differ by more than the first limit, and yet no pair is.
    table = pd.DataFrame({"A01": [95.0, 85, 75, 65], "A02": [90.0, 88, 70, 69]}, index=list("甲乙丙丁"))
    found = separate_units(table)
    assert not found.above.to_numpy().any()
    assert found.estimates.max() - found.estimates.min() > found.limit
    assert say_limit(found) == "评委太少，任何相差都不能断定谁高谁低。"


def test_tiers_and_sets():
    sets = rank_sets(sure([95, 90, 89.9, 80]))
    assert say_tiers(sets).startswith("分为 3 档，第一档 1 个单位；")
    assert say_rank_set(sets, "甲") == "甲列第 1 名，可以断定。"
    assert say_rank_set(sets, "乙") == "乙列第 2 名，计入评委误差在第 2—3 名之间。"
    assert "同在一档" in say_tiers(rank_sets(sure([90, 90.01], sd=5)))


def test_leaving_out_a_rater():
    table = pd.DataFrame({"B01": [90.0, 70], "B02": [80.0, 85], "B03": [80.0, 85]}, index=list("甲乙"))
    found = leave_one_rater(table)
    assert found["changed"].tolist() == [True, False, False]
    assert found["moved"].tolist() == [2, 0, 0]
    assert found.loc[0, "first"] == ("乙",)
    assert say_leave_one_rater(found) == "3 名评委中任缺一位，有 1 种情形第一名改变。"
    assert say_leave_one_rater(found.iloc[1:]) == "2 名评委中任缺一位，第一名都不变。"


def test_weights_chances_and_missing():
    shares = pd.DataFrame([[0.7, 0.28, 0.02]], index=["甲"], columns=[1, 2, 3])
    assert say_acceptability(shares, "甲") == "权重在公布值附近变动时，甲有 70% 的情形列第一，常在第 1—2 名。"
    assert say_acceptability(shares, "甲", raters=True).startswith("换一批同类评委、权重略有变动时，甲有 70%")
    nearly = pd.DataFrame([[0.9996, 0.0004, 0.0]], index=["甲"], columns=[1, 2, 3])
    assert say_acceptability(nearly, "甲") == "权重在公布值附近变动时，甲有 99% 以上 的情形列第一。"
    chances = pd.DataFrame([[0.5, 0.77], [0.23, 0.5]], index=list("甲乙"), columns=list("甲乙"))
    assert say_prob_above(chances, "甲", "乙") == "换一批同类评委，甲有 77% 的情形排在乙之前。"
    ranges = pd.DataFrame({"missing": ["美丽庭院"], "best": [25], "worst": [35]}, index=["白苹村"])
    assert say_missing_range(ranges, "白苹村") == "白苹村缺“美丽庭院”：按满分、零分计，名次分别为第 25、第 35 名。"


def test_every_figure_says_how_to_read_it():
    for name in ("rank_sets", "acceptability", "severity", "agreement", "adjusted", "panel_curve"):
        module = importlib.import_module(
            f"lsb_nb.figures.{'ranks' if name in ('rank_sets', 'acceptability') else 'raters'}"
        )
        assert callable(getattr(module, f"plot_{name}"))
        assert say_how(name).endswith("。")
    with pytest.raises(ValueError, match=r"'rank_sets', .* not 'radar'"):
        say_how("radar")


def test_sentences_of_a_whole_audit():
    audit = audit_raters(panels.make_panel(), permutations=20)
    words = say_audit(audit) + "".join(say_severities(audit, group) for group in ("班子成员", "中层干部"))
    assert "nan" not in words
