"""What a history can and cannot say."""

import numpy as np
import pandas as pd
import pytest

from lsb_nb.analysis import words_trends as words
from lsb_nb.analysis.change import measure_change, measure_movers
from lsb_nb.analysis.words_scales import say_alt, say_list_title, say_scale
from lsb_nb.analysis.words_trends import say_paths

COLUMNS = [
    "start",
    "later",
    "change",
    "expected",
    "drive",
    "standard_error",
    "shrunk",
    "lower",
    "upper",
    "proven",
    "chance",
]


def history(quarters, late=(), left_out=()):
    codes = ["2020Q3", "2020Q4", "2021Q1", "2021Q2", "2021Q3", "2021Q4"]
    rows = []
    for quarter in quarters:
        for unit in ("甲村", "乙村"):
            if unit in late and quarter != quarters[-1]:
                continue
            step = codes.index(quarter) - codes.index(quarters[0])
            rows.append((quarter, unit, step, unit in late and len(quarters) > 1))
    frame = pd.DataFrame(rows, columns=["quarter", "unit", "step", "joined"])
    frame.attrs = {"shared": ["环境", "党建"], "left_out": list(left_out)}
    return frame


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        (history(["2021Q4"]), "仅有一个季度的数据可用，不计算变化；满四个季度后比较进步。"),
        (
            history(["2021Q3", "2021Q4"]),
            "2021年第三季度至2021年第四季度共 2 个季度，能看变化，不能评进步（需 4 个季度）。",
        ),
        (
            history(["2020Q3", "2021Q1", "2021Q2", "2021Q4"]),
            "2020年第三季度至2021年第四季度共 4 个季度，中间缺 2 个季度。",
        ),
        (
            history(["2021Q1", "2021Q2", "2021Q3", "2021Q4"], late=("乙村",)),
            "2021年第一季度至2021年第四季度共 4 个季度；乙村中途加入，此前无可比。",
        ),
        (
            history(["2021Q1", "2021Q2", "2021Q3", "2021Q4"], left_out=("防疫",)),
            "2021年第一季度至2021年第四季度共 4 个季度；按 2 项共有指标比较，防疫不可比。",
        ),
    ],
)
def test_history(frame, expected):
    assert words.say_history(frame) == expected


def change(rows, added=(), dropped=()):
    columns = ["score0", "score1", "change", "performance", "scheme", "adjustment", "present"]
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    frame.attrs = {"quarters": ("2021Q3", "2021Q4"), "added": list(added), "dropped": list(dropped)}
    return frame


def test_change_of_the_field():
    rows = {"甲村": [80.0, 82.0, 2.0, 1.5, 0.5, 0.0, "both"], "乙村": [80.0, 79.0, -1.0, -1.0, 0.0, 0.0, "both"]}
    frame = change(rows)
    head = "与 2021年第三季度相比，2 个村平均变化 +0.50 分，1 个提高、1 个下降"
    assert words.say_change(frame, "村") == head + "，其中方案变动占 +0.25 分。"
    same = change({unit: [a, b, c, c, 0.0, 0.0, p] for unit, (a, b, c, _p, _s, _a, p) in rows.items()}, added=["防疫"])
    assert words.say_change(same, "村") == head + "；新增防疫。"
    alone = change({"丙村": [np.nan, 80.0, np.nan, np.nan, np.nan, np.nan, "after"]})
    assert words.say_change(alone, "村") == "与 2021年第三季度没有可比的单位，共 0 个。"
    assert words.say_unit_change(alone, "丙村") == "丙村在相比的两个季度中缺一个的得分，不计算变化（可比 0 项）。"
    assert words.say_unit_change(frame, "甲村") == "甲村由 80.00 分到 82.00 分，变化 +2.00 分：工作 +1.50，方案 +0.50。"


def movers(*rows):
    return pd.DataFrame(rows, columns=["unit", "rank0", "rank1", "risen", "criterion", "points"])


def test_movers():
    up, down = ("甲村", 9, 2, 7, "环境", 1.2), ("乙村", 1, 3, -2, None, np.nan)
    assert words.say_movers(movers(up, down)) == (
        "甲村由第 9 名升至第 2 名，主要是环境（+1.20 分）。乙村由第 1 名降至第 3 名。"
    )
    tied = words.say_movers(movers(up, ("丙村", 10, 3, 7, "环境", 1.0)))
    assert tied == "甲村、丙村各上升 7 位，升幅最大。没有单位名次下降。"
    assert words.say_movers(movers()) == "名次没有变化，变动 0 个单位。"
    alone = movers()
    alone.attrs["compared"] = False
    assert words.say_movers(alone) == "没有上一季度的数据，不计算变化（可比 0 个季度）。"


def progress(shrunk, proven, state="enough", quarters=6, drive=1.0):
    n = len(shrunk)
    frame = pd.DataFrame(0.0, index=[f"示例{i}村" for i in range(n)], columns=COLUMNS)
    frame["start"], frame["change"], frame["expected"], frame["drive"] = np.arange(70.0, 70 + n), 3.0, 1.0, drive
    frame["shrunk"], frame["proven"] = shrunk, proven
    frame["lower"], frame["upper"] = frame["shrunk"] - 1.0, frame["shrunk"] + 1.0
    frame["chance"] = np.linspace(0.5, -0.5, n)
    frame.attrs = {"state": state, "quarters": tuple(range(quarters))}
    return frame


def test_one_unit_is_told_why_nothing_is_judged():
    table = progress([np.nan] * 4, [False] * 4, state="no spread", drive=np.nan)
    assert "起点没有差别" in words.say_progress_unit(table, "示例0村")
    assert "缺少季度数据" not in words.say_progress_unit(table, "示例0村")
    table.loc["示例1村":, "drive"] = 1.0
    assert "缺少季度数据" in words.say_progress_unit(table, "示例0村")


def test_progress_only_when_proven():
    some = progress([3.0, 2.0, 0.1, -2.0], [True, True, False, True])
    assert words.say_progress(some, "村") == (
        "2 个村的进步超出同起点单位，示例0村最多，多 3.0 分（区间 2.0 至 4.0）。"
        "示例3村的进步少于同起点单位，少 2.0 分。其余 1 个村与同起点单位没有可证实的差别，不排先后。"
    )
    none = progress([0.1, 0.0], [False, False])
    assert words.say_progress(none, "村") == "各村进步没有可证实的差别，6 个季度内不排先后，本季不发进步榜。"
    assert "示例" not in words.say_progress(none, "村")


def test_progress_says_what_is_lacking():
    short = progress([np.nan, np.nan], False, "too few quarters", quarters=2)
    assert words.say_progress(short, "村") == "连续数据只有 2 个季度，满 4 个季度后比较进步。"
    small = progress([np.nan] * 3, False, "too few units", drive=np.nan)
    assert words.say_progress(small, "村") == "各季度齐全的只有 3 个村，不足以比较进步。"
    flat = progress([np.nan] * 6, False, "no spread", drive=np.nan)
    assert words.say_progress(flat, "村") == "各村起点没有差别，相差 0 分，无法按同起点比较。"


def test_one_unit():
    table = progress([3.0, 0.1, -2.0, np.nan], [True, False, True, False])
    head = "变化 +3.0 分，同起点单位平均 +1.0 分；"
    tail = "比同起点单位多提高 3.0 分（区间 2.0 至 4.0）。"
    assert words.say_progress_unit(table, "示例0村") == "示例0村" + head + tail
    assert words.say_progress_unit(table, "示例1村") == "示例1村" + head + "差别未能证实（区间 −0.9 至 1.1）。"
    assert "少提高 2.0 分" in words.say_progress_unit(table, "示例2村")
    assert words.say_progress_unit(table, "示例3村").endswith("季度不足，不作判断。")
    assert words.say_progress_unit(table, "无此村") == "无此村缺少季度数据，不评进步（可比 0 次）。"


def test_regression_to_the_mean_has_a_number():
    table = progress([0.0] * 12, [False] * 12)
    expected = f"{np.linspace(0.5, -0.5, 12)[:4].mean():.2f}"
    assert f"起点最低的 4 个也会平均“提高” {expected} 分" in words.say_regression(table)
    table["chance"] = np.nan
    assert "未能估出幅度" in words.say_regression(table)


def test_quarters_that_could_not_be_used_are_named():
    class Told:
        quarters = ("2021Q1", "2021Q4", "2022Q1")
        problems = pd.DataFrame({"file": ["2021Q2.xlsx", "2021Q4.xlsx", "2021Q3/评分表/2021Q3.csv", None, "甲.xlsx"]})

    assert words.say_unused(Told, {"2021Q4": None}) == (
        "2021年第一季度、2021年第二季度的数据有错误，2 个季度没有用来比较，请用 lsb check 查看并改正。"
    )
    assert words.say_unused(Told, dict.fromkeys(("2021Q1", "2021Q2", "2021Q4"))) == ""


def test_the_list_claims_nothing_without_a_judgement():
    judged = pd.DataFrame({"shrunk": [1.8, 0.1], "proven": [True, False]})
    assert say_list_title(judged) == "进步榜"
    assert say_list_title(judged.assign(proven=False)) == "进步没有可证实的差别"
    assert say_list_title(judged.assign(shrunk=np.nan, proven=False)) == "无法比较进步，不列进步榜"


def test_who_cannot_be_compared_is_counted(make_scores):
    before = make_scores({"环境": {"甲村": 80.0, "丁村": 70.0}}, quarter="2021Q3")
    after = make_scores({"环境": {"甲村": 85.0, "乙村": 80.0, "丙村": 70.0}})
    said = words.say_change(measure_change(before, after), "村")
    assert said.endswith("；2 个村新加入，没有可比；1 个村本季未参加。")
    strangers = make_scores({"环境": {"丁村": 80.0}}, quarter="2021Q3")
    movers = measure_movers(strangers, after)
    assert words.say_movers(movers) == "没有两个季度都参与排名的单位（0 个），不比较名次。"
    assert words.say_movers(measure_movers(make_scores({"环境": {"甲村": 80.0}}, quarter="2021Q3"), after)) == (
        "名次没有变化，变动 0 个单位。"
    )


def test_no_rise_by_chance_is_not_called_one():
    frame = pd.DataFrame({"start": [70.0, 80.0, 90.0], "chance": [0.0, 0.0, 0.0]})
    assert words.say_regression(frame).endswith("起点最低的 1 个估计只会因此平均提高 0.00 分。")
    assert "“提高” 0.40 分" in words.say_regression(frame.assign(chance=[0.4, 0.0, -0.4]))


def test_words_for_a_figure_begin_with_its_type_of_chart():
    assert say_alt("grid", "甲村上升。") == "小幅折线图：甲村上升。"
    with pytest.raises(ValueError, match="not 'pie'") as refused:
        say_alt("pie", "")
    with pytest.raises(ValueError, match="not 'pie'") as scales:
        say_scale("pie", "2021Q4")
    assert str(refused.value) == str(scales.value)  # every figure with a scale has a type


def test_who_rose_most_is_named_only_when_alone():
    frame = history(["2021Q3", "2021Q4"]).assign(rank=1)
    risen = frame["unit"].map({"甲村": 2, "乙村": -2}).astype("Int64")
    assert say_paths(frame.assign(risen=risen)) == "1 个单位名次上升、1 个下降、0 个不变，甲村升幅最大（2 位）。"
    assert say_paths(frame.assign(risen=risen.abs())) == "2 个单位名次上升、0 个下降、0 个不变。"
    assert say_paths(frame.assign(risen=-risen.abs())) == "0 个单位名次上升、2 个下降、0 个不变。"
    assert say_paths(history(["2021Q4"]).assign(risen=0, rank=1)) == ""


def test_a_unit_with_one_place_is_not_said_to_have_stayed():
    frame = history(["2021Q3", "2021Q4"], late=["乙村"]).assign(rank=1, risen=0)
    assert say_paths(frame) == "0 个单位名次上升、0 个下降、1 个不变。"
    vetoed = history(["2021Q3", "2021Q4"]).assign(rank=[1, None, 1, 2], risen=0)
    assert say_paths(vetoed) == "0 个单位名次上升、0 个下降、1 个不变。"
