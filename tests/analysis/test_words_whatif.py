"""Tipping weights in words."""

import numpy as np
import pandas as pd

from lsb_nb.analysis import words_whatif as words
from lsb_nb.analysis.tipping import measure_tipping

NAN = float("nan")


def tipping(*rows):
    frame = pd.DataFrame(rows, columns=["better", "worse", "criterion", "kind", "weight", "printed", "first"])
    return frame.assign(change=frame["printed"] - frame["weight"])


def test_the_smallest_change_that_gives_another_first():
    table = tipping(
        ("甲村", "乙村", "人居环境", "criterion", 25.0, 31.0, "乙村"),
        ("甲村", "乙村", "党建", "criterion", 20.0, 17.0, "乙村"),
        ("甲村", "丙村", "治理", "criterion", 20.0, 21.0, "乙村"),
    )
    down = "党建的权重由 20.0 降到 17.0，第一名由甲村变为乙村。"
    assert words.say_tipping(table) == down
    # at the third row's weight another unit than its own comes first, so it is not said
    assert words.say_tipping(table, most=3) == down + "人居环境的权重由 25.0 升到 31.0，第一名由甲村变为乙村。"


def test_no_change_gives_another_first():
    table = tipping(
        ("甲村", "乙村", "环境", "criterion", 25.0, NAN, None), ("甲村", "乙村", "党建", "criterion", 9.0, NAN, None)
    )
    assert words.say_tipping(table) == "单独调整 2 个权重中的任何一个，第一名都仍是甲村。"
    assert words.say_tight(table) == "相邻名次在任何单项权重下都不互换，可换 0 对。"
    assert words.say_tipping(table.head(0)) == "参与排名的不足 2 个单位，没有可比的名次。"


def test_the_tightest_pair():
    table = tipping(
        ("甲村", "乙村", "环境", "criterion", 25.0, 25.4, "乙村"),
        ("乙村", "丙村", "党建", "criterion", 9.0, 6.0, "甲村"),
    )
    head = "乙村与甲村最容易互换：环境的权重由 25.0 改为 25.4 即可"
    assert words.say_tight(table) == head + "；权重相差 1 分以内就互换的有 1 对。"
    assert words.say_tight(table.iloc[1:]).endswith("改为 6.0 即可。")


def left_out(*rows, mean=None):
    frame = pd.DataFrame(rows, columns=["criterion", "moved", "largest", "first_changes"])
    return frame.assign(mean=[len(frame) - i for i in range(len(frame))] if mean is None else mean)


def test_leave_one_out():
    stays = words.say_leave_one_out(left_out(("环境", 7, 3, False), ("党建", 2, 1, False)), "村")
    assert stays == "去掉环境，7 个村名次变动，最多 3 位，平均 2.00 位为各项最大；去掉任何一项，第一名都不变。"
    turns = words.say_leave_one_out(left_out(("环境", 7, 3, False), ("党建", 2, 1, True)), "村")
    assert turns.endswith("去掉党建，第一名改变。")
    assert words.say_leave_one_out(left_out(("环境", 0, 0, False))) == "去掉 1 项指标中的任何一项，名次都不变。"


def test_the_largest_effect_is_said_of_one_and_each_turn_alone():
    tied = left_out(("环境", 7, 3, True), ("党建", 7, 3, True), mean=[1.5, 1.5])
    assert words.say_leave_one_out(tied, "村") == (
        "去掉环境，7 个村名次变动，最多 3 位；单独去掉环境或党建，第一名都改变。"
    )
    four = left_out(*((name, 7, 3, True) for name in ("环境", "党建", "治理", "服务")))
    assert words.say_leave_one_out(four).endswith("；单独去掉环境、党建、治理等 4 个，第一名都改变。")


def test_a_shared_first_place_is_left_by_the_way_that_is_printed(make_scores):
    field = {"环境": {"甲村": 90.0, "乙村": 80.0}, "党建": {"甲村": 80.0, "乙村": 90.0}}
    said = words.say_tipping(measure_tipping(make_scores(field)), most=2)
    assert "环境的权重由 50.0 降到 49.9，第一名由甲村、乙村（并列）变为乙村。" in said
    assert "党建的权重由 50.0 升到 50.1" in said


def methods(columns):
    return pd.DataFrame(columns, index=["甲村", "乙村", "丙村"]).astype("Int64")


def test_methods():
    same = methods({"满分·算术": [1, 2, 3], "极差·算术": [1, 2, 3]})
    assert words.say_methods(same, "村") == (
        "换用其他 1 种标准化和合成方法，第一名都不变，3 个村名次始终不变，最多变动 0 位。"
    )
    moved = methods({"满分·算术": [1, 2, 3], "极差·算术": [1, 2, 3], "位次分·算术": [3, 2, 1]})
    assert words.say_methods(moved, "村") == (
        "换用其他 2 种标准化和合成方法，1 种改变第一名，1 个村名次始终不变，"
        "变动最大的是甲村、丙村，与公布名次相差 2 位。"
    )
    assert words.say_methods(same.iloc[:, :1]) == "没有其他可用的方法可比，共 1 种。"
    unranked = moved.copy()
    unranked.loc["丁村"] = pd.array([pd.NA] * 3, dtype="Int64")
    assert words.say_methods(unranked, "村") == words.say_methods(moved, "村")
    assert np.isfinite(len(words.say_methods(unranked)))


def test_a_shared_first_place_names_all_who_share_it(make_scores):
    table = measure_tipping(make_scores({"甲": {"a村": 80.0, "b村": 80.0}, "乙": {"a村": 70.0, "b村": 70.0}}))
    assert words.say_tipping(table).endswith("第一名都仍是a村、b村。")
