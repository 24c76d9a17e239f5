"""No rater, handler or person in charge is named, however the name is written; roles are told."""

import datetime as dt
import importlib.util
import json
from pathlib import Path

import pandas as pd
import pytest

from lsb_nb.analysis.commitments import measure_commitments, measure_overdue_commitments
from lsb_nb.analysis.notes import measure_comments, measure_corrections, measure_warnings
from lsb_nb.analysis.privacy import name_hider
from lsb_nb.analysis.words import say_scenario
from lsb_nb.scenarios import Scenario, apply_scenario
from lsb_nb.schema import MICRO
from lsb_nb.scoring.composite import score
from lsb_nb.tables.notes import table_warnings
from lsb_nb.widgets.explorer import Explorer

_spec = importlib.util.spec_from_file_location("small_town", Path(__file__).with_name("small_town.py"))
town = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(town)

NAMES = ["阿不都热合曼·买买提", "Alim Ertan", "王志长", "欧阳站", "李组", "张三丰主任", "李庄", "13800001111"]
ROLES = [
    "村党支部书记", "荷汀村党支部书记", "荷汀村", "党政办工作人员", "村委会副主任", "分包村班子成员", "包社区领导",
    "副镇长", "第一书记", "班子成员甲", "社区网格长", "派出所", "驻村干部", "村党支部组织委员",
]  # fmt: skip


def make_private(**sheets):
    people = [{"unit": "荷汀村", "person": name, "number": f"T{i}", "task": "修路"} for i, name in enumerate(NAMES)]
    people += [{"unit": "荷汀村", "person": "、".join(ROLES), "number": "T99", "task": "修路"}]
    raters = [{"rater": code, "group": "班子成员"} for code in ("B1", "07", "老钱")]
    return town.make_records(tasks=people, raters=raters, **sheets)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("text", ["由{}负责，年底前完成", "{}", "（{}）核对"])
def test_every_entry_of_a_column_of_persons_is_hidden(name, text):
    hide = name_hider(make_private())
    assert hide(text.format(name)) == text.format("某同志")


def test_an_assigned_leader_is_told_by_role_only():
    records = town.make_records()
    for leader, shown in (("周九如", "某同志"), ("班子成员甲", "班子成员甲")):
        records.frames["units"] = records.frames["units"].assign(leader=leader)
        assert name_hider(records)(f"{leader}到村督办") == f"{shown}到村督办"


@pytest.mark.parametrize("role", ROLES)
def test_a_complete_role_is_told(role):
    text = f"由{role}负责"
    assert name_hider(make_private())(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ｂ１抄错", "某评委抄错"),
        ("b 1 抄错，B10、AB1 无误", "某评委 抄错，B10、AB1 无误"),
        ("老 钱抄错", "某评委抄错"),
        ("评委“０７”抄错 07 项", "评委“某评委”抄错 07 项"),
        ("阿不都热合曼・买买提、ＡＬＩＭ　ｅｒｔａｎ", "某同志、某同志"),
        ("阿不都热合曼同志", "某同志同志"),
        ("李庄村与李庄", "李庄村与某同志"),
        ("另见 2021Q4/评分表/07.xlsx B3，评分表/王 志长.csv", "另见 2021Q4/评分表 B3，评分表"),
        ("07", "某评委"),
    ],
)
def test_names_are_found_in_any_spelling(text, shown):
    marks = {"2021Q4": {**town.MARKS["2021Q4"], "李庄村": (20, 30, 15)}}
    records = make_private()
    records.frames["units"] = town.make_records(marks).units
    assert name_hider(records)(text) == shown


def test_a_piece_of_an_entry_that_is_a_role_is_told_and_the_name_beside_it_is_not():
    records = town.make_records(tasks=[{"unit": "荷汀村", "person": "村党支部书记 王志长", "task": "修路"}])
    assert name_hider(records)("村党支部书记王志长") == "村党支部书记某同志"


def test_a_rater_named_like_a_unit_is_hidden_as_a_rater_only():
    records = town.make_records(raters=[{"rater": "荷汀村", "group": "村党支部书记"}])
    assert name_hider(records)("荷汀村变化大；评委“荷汀村”未到") == "荷汀村变化大；评委“某评委”未到"


def make_problems():
    rows = [
        {"severity": "warning", "quarter": "2021Q4", "file": "2021Q4/评分表/07.xlsx", "sheet": "王志长", "cell": "B3"}
        | {"value": "07", "reason": "同一分数出现两次（另见 2021Q4/评分表/07.xlsx B4）", "hint": "问 Ｂ１"}
    ]
    return pd.DataFrame(rows)


def test_frames_tables_and_seed_name_nobody(tmp_path):
    said = "，".join(NAMES) + "，Ｂ１，评委“07”，老钱"
    due = {"due": dt.date(2021, 12, 1), "state": "滞后", "number": "C1", "unit": "荷汀村"}
    records = make_private(
        commitments=[due | {"commitment": said, "category": said, "progress": said, "person": NAMES[0]}],
        comments=[{"unit": "荷汀村", "role": said, "highlights": said, "problems": said, "requirements": said}],
        corrections=[
            {"rater": "B1", "unit": "荷汀村", "criterion": "环境整治", "becomes": 9 * MICRO, "state": "mark"}
            | {"reason": said, "handler": NAMES[2]}
        ],
    )
    scores = score(records, "2021Q4")
    object.__setattr__(scores, "problems", make_problems())
    warnings = measure_warnings(records, scores)
    frames = [
        warnings, measure_comments(records, scores), measure_corrections(records, quarter="2021Q4"),
        measure_overdue_commitments(records, quarter="2021Q4"), measure_commitments(records, quarter="2021Q4"),
    ]  # fmt: skip
    scenario = Scenario("突出承诺", said, pillar_weights={"亮承诺": "80", "赛实绩": "10", "比干劲": "10"})
    varied = score(records, "2021Q4", scheme=apply_scenario(scores.scheme, scenario))
    explorer = Explorer(varied, official=scores, records=records, scenarios=[scenario], folder=tmp_path)
    told = [json.dumps(frame.astype(str).to_dict(), ensure_ascii=False) for frame in frames]
    told += [str(table_warnings(warnings)), json.dumps(explorer.seed, ensure_ascii=False), str(explorer.island())]
    told += [say_scenario(varied, scores, records)]
    assert "某同志" in told[6]
    for text in told:
        for name in [*NAMES, "Ｂ１", "“07”", "老钱", "07.xlsx", '"07"', "B1"]:
            assert name not in text.replace("李庄村", ""), (name, text)
