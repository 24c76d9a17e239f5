"""Ledgers in words."""

import datetime as dt

import pandas as pd

from lsb_nb.analysis import words_progress as words
from lsb_nb.schema import STAGES

FLAGS = ("opened", "carried", "is_open", "overdue", "closed_now", "reopened", "recurring")


def promises(*rows):
    columns = ["number", "category", "is_due", "kept", "days_late"]
    return pd.DataFrame(rows, columns=columns).astype({"is_due": bool, "kept": bool}).assign(state="")


def test_promises():
    kept, late, later = ("1", "基建", True, True, 0), ("2", "党建", True, False, 12), ("3", "党建", False, False, 0)
    assert words.say_promises(promises(kept, late, later)) == (
        "到期承诺 2 项，兑现 1 项，兑现率 50%；未兑现 1 项，最长逾期 12 天，“党建”最多（1 项）。"
    )
    assert words.say_promises(promises(kept, later)) == "到期承诺 1 项，兑现 1 项，兑现率 100%，全部兑现。"
    assert words.say_promises(promises(later)) == "承诺 1 项都未到期，到期 0 项。"
    assert words.say_promises(promises()) == "没有承诺事项，共 0 项。"
    tied = words.say_promises(promises(late, ("4", "基建", True, False, 3)))
    assert "最多" not in tied


def findings(*rows):
    frame = pd.DataFrame(
        [{"unit": "甲村", "days_overdue": 0, "repeats": 0, "days_to_close": None} | row for row in rows]
    )
    for flag in FLAGS:
        frame[flag] = frame[flag].fillna(False).astype(bool) if flag in frame else False
    return frame.astype({"days_to_close": "Int64"}) if len(frame) else frame


def test_findings():
    done = {"opened": True, "closed_now": True, "days_to_close": 9}
    late = {"carried": True, "is_open": True, "overdue": True, "days_overdue": 24}
    head = "本季新增 1 项、结转 1 项，销号 1 项，未销号 1 项"
    assert words.say_findings(findings(done, late), "村") == head + "；逾期 1 项，最长 24 天，涉及 1 个村。"
    assert words.say_findings(findings(done, {"carried": True, "is_open": True})) == head + "，没有逾期。"
    assert words.say_findings(findings(done)).endswith("未销号 0 项，全部清零。")
    assert words.say_findings(pd.DataFrame()) == "问题台账没有记录，共 0 项。"
    back = {"is_open": True, "reopened": True, "recurring": True}
    assert words.say_findings(findings(done, back)) == (
        "本季新增 1 项、结转 0 项、往季销号本季复发 1 项，销号 1 项，未销号 1 项，没有逾期。"
    )


def test_days_to_close():
    def days(*numbers):
        return words.say_days_to_close(findings(*({"days_to_close": n} for n in numbers)))

    assert days(9) == "已销号 1 项，从发现到销号最长 9 天。"
    # half of the findings are not “mostly”
    assert days(0, 10) == "已销号 2 项，从发现到销号最长 10 天。"
    assert days(1, 2, 3, 4, 40) == "已销号 5 项，从发现到销号多为 4 天以内，最长 40 天。"
    assert words.say_days_to_close(findings({"is_open": True})) == "本季没有销号，共 0 项。"
    assert words.say_days_to_close(findings({})) == "还没有写明日期的销号，共 0 项。"


def test_repeats():
    again, back = {"repeats": 2}, {"recurring": True}
    assert words.say_repeats(findings(again, again, {"repeats": 1, "unit": "乙村"}, back)) == (
        "复发 1 项，同一单位同一点位（指标）跨季度重复 3 项，甲村最多（2 项）。"
    )
    assert words.say_repeats(findings(back)) == "复发 1 项，没有同一点位跨季度重复的问题。"
    assert words.say_repeats(findings({})) == "没有复发，也没有同一点位跨季度重复的问题（0 项）。"


def countdown(*, gone=0, **ends):
    rows = [(label, day, open_, gone) for label, open_ in ends.items() for day in (dt.date(2021, 12, 31),)]
    return pd.DataFrame(rows, columns=["label", "day", "open", "gone"])


def test_countdown():
    assert words.say_countdown(countdown(三堆=0, 残垣=0)) == "2 类问题全部清零：三堆、残垣。"
    assert words.say_countdown(countdown(三堆=2, 残垣=1)) == "2 类问题均未清零：“三堆”还有 2 项、“残垣”还有 1 项。"
    assert words.say_countdown(countdown(三堆=0, 残垣=1)) == "“三堆”已清零；“残垣”还有 1 项未销号。"
    assert words.say_countdown(countdown(三堆=2, gone=1)) == (
        "1 类问题均未清零：“三堆”还有 2 项。其中 1 项未销号而本季台账未列，需核对。"
    )
    assert words.say_countdown(countdown()) == "没有可清零的问题类别，共 0 类。"


def test_carry_over():
    frame = pd.DataFrame({"now": ["closed", "open", "missing"]})
    assert words.say_carry_over(frame) == (
        "上季度结转 3 项，本季销号 1 项，仍未销号 1 项；另有 1 项未转入本季台账，需核对。"
    )
    assert words.say_carry_over(frame.head(2)) == "上季度结转 2 项，本季销号 1 项，仍未销号 1 项。"
    assert words.say_carry_over(frame.head(0)) == "上季度没有结转的问题（0 项）。"


def test_months():
    def months(*, absent=(), **apart):
        places = pd.Series(1.0, index=list(apart)).drop(list(absent))
        return pd.DataFrame({"2021-10": places, "rank": 1, "apart": pd.Series(apart, dtype=float)})

    assert words.say_months(months(甲村=2.0, 乙村=-1.0)) == "甲村季度名次与月均名次相差最大，高 2.0 位。"
    assert words.say_months(months(甲村=1.0, 乙村=-2.0)) == "乙村季度名次与月均名次相差最大，低 2.0 位。"
    assert words.say_months(months(甲村=2.0, 乙村=-2.0)) == "甲村、乙村季度名次与月均名次相差最大，均为 2.0 位。"
    assert words.say_months(months(甲村=0.3)) == "月均名次与季度名次相差都不到一位，最多 0.3 位。"
    assert words.say_months(months(甲村=0.0)) == "月排名与季度名次一致，相差 0 位。"
    assert words.say_months(months(甲村=2.0, 乙村=None, absent=["乙村"])) == (
        "甲村季度名次与月均名次相差最大，高 2.0 位。有 1 个月只排了部分单位，名次不宜直接相比。"
    )
    assert words.say_months(months(甲村=None)) == "没有可对照的月排名（0 个月）。"


def test_photos():
    whole = [("甲村", "村口", stage, "ok") for stage in STAGES]
    part = [("乙村", "坑塘", *pair) for pair in zip(STAGES, ("broken", "absent", "ok"), strict=True)]
    frame = pd.DataFrame([*whole, *part], columns=["unit", "place", "stage", "status"])
    assert words.say_photos(frame) == "照片 2 组，三个阶段齐全 1 组；未提供 1 张、损坏 1 张。"
    assert words.say_photos(frame.head(3)) == "照片 1 组，三个阶段齐全 1 组。"
    assert words.say_photos(frame.head(0)) == "没有照片，共 0 组。"
    # a broken second picture does not make a stage incomplete, a second good one does not fill another stage
    again = pd.concat([frame.head(3), frame.iloc[[0]].assign(status="broken")])
    assert words.say_photos(again) == "照片 1 组，三个阶段齐全 1 组；损坏 1 张。"
    assert words.say_photos(pd.concat([frame.iloc[[0, 1, 1]]])) == "照片 1 组，三个阶段齐全 0 组。"


def test_tasks():
    frame = pd.DataFrame({"unit": ["甲村", "甲村", "乙村"], "source": ["finding", "gap", "gap"]})
    assert words.say_tasks(frame, "村") == "为 2 个村拟定任务 3 项：未销号问题 1 项、补短板 2 项。"
    assert words.say_tasks(frame.head(0)) == "没有需要列入下季度的任务（0 项）。"
