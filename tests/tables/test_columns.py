"""Tables of gaps, change, weights and ledgers: every row, every part, nothing unescaped."""

import datetime as dt
import html
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import lsb_nb as lsb
from lsb_nb.tables.columns import Shown, list_rows, moved, share, whole

NAN = float("nan")


def cells(table):
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", table, re.S)
    return [
        [html.unescape(re.sub("<[^>]+>", "", c)) for c in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", r, re.S)]
        for r in rows
    ]


def test_forms():
    assert [moved(3), moved(-2), moved(0), moved(pd.NA)] == ["▲3", "▼2", "0", "—"]
    assert [whole(7.0), whole(NAN), share(0.834), share(NAN)] == ["7", "—", "83%", "—"]


def test_rows_limits_and_notes():
    frame = pd.DataFrame({"a": [1, 2, 3]}, index=["<b>甲", "乙", "丙"])
    table = list_rows(frame, [Shown("index", "单位"), Shown("a", "数", whole, "n")], limit=2, note="注。")
    assert cells(table) == [["单位", "数"], ["<b>甲", "1"], ["乙", "2"]]
    assert "<b>甲" not in table
    assert "注。另有 1 项未列。" in table
    assert "没有可列的内容" in list_rows(frame.head(0), [Shown("a", "数")])
    assert "无" in list_rows(frame.head(0), [Shown("a", "数")], empty="无")


def test_waterfall_names_its_parts():
    frame = pd.DataFrame({"label": ["环境", "ahead", "total"], "points": [2.0, -0.5, 1.5]})
    assert cells(lsb.table_waterfall(frame))[1:] == [["环境", "+2.00"], ["高于对照", "−0.50"], ["合计", "+1.50"]]


def test_change_shows_who_joined():
    columns = [
        "rank0",
        "rank1",
        "risen",
        "score0",
        "score1",
        "change",
        "performance",
        "scheme",
        "adjustment",
        "present",
    ]
    frame = pd.DataFrame(
        [[5, 2, 3, 80.0, 82.0, 2.0, 1.5, 0.5, 0.0, "both"], [pd.NA, 3, pd.NA, NAN, 81.0, NAN, NAN, NAN, NAN, "after"]],
        index=["甲村", "乙村"], columns=columns,
    )  # fmt: skip
    rows = cells(lsb.table_change(frame))
    assert rows[1] == ["甲村", "5", "2", "▲3", "80.00", "82.00", "+2.00", "+1.50", "+0.50", "0.00", ""]
    assert rows[2][1:4] == ["—", "3", "—"]
    assert rows[2][-1] == "本季新加入"


def test_progress_shows_raw_change_and_interval():
    columns = ["start", "change", "expected", "shrunk", "lower", "upper", "proven"]
    frame = pd.DataFrame(
        [[70.0, 5.0, 3.0, 1.8, 0.4, 3.2, True], [80.0, 1.0, NAN, NAN, NAN, NAN, False]], ["甲村", "乙村"], columns
    )
    rows = cells(lsb.table_progress(frame))
    assert rows[1] == ["甲村", "70.0", "+5.0", "+3.0", "+1.8", "0.4 至 3.2", "可证实"]
    # nothing was judged where there is no value
    assert rows[2][-2:] == ["—", "—"]
    known = frame.assign(shrunk=[1.8, 0.1], proven=[True, False])
    assert cells(lsb.table_progress(known))[2][-1] == "未证实"


def test_without_a_quarter_before_tables_say_so_and_list_nobody():
    frame = pd.DataFrame({"rank1": [1, 2], "present": "after"}, index=["甲村", "乙村"])
    frame.attrs = {"quarters": (None, "2021Q4")}
    assert "没有上一季度的数据" in lsb.table_change(frame)
    assert "甲村" not in lsb.table_change(frame)
    columns = ["unit", "rank0", "rank1", "risen", "change", "criterion", "points"]
    movers = pd.DataFrame(columns=columns)
    assert "名次没有变化" in lsb.table_movers(movers)
    movers.attrs["compared"] = False
    assert "没有上一季度的数据" in lsb.table_movers(movers)


def test_history_puts_quarters_side_by_side():
    frame = pd.DataFrame(
        {
            "quarter": ["2021Q3", "2021Q4", "2021Q4"],
            "unit": ["甲村", "甲村", "乙村"],
            "rank": [2, 1, pd.NA],
            "score": [80.0, 90.0, 70.0],
        }
    )
    rows = cells(lsb.table_history(frame))
    assert rows[1:] == [["甲村", "2（80.00）", "1（90.00）"], ["乙村", "—", "—（70.00）"]]


def test_movers_and_adjustments_as_cause():
    columns = ["unit", "rank0", "rank1", "risen", "change", "criterion", "points"]
    frame = pd.DataFrame([["甲村", 9, 2, 7, 3.0, "加减分", 1.0]], columns=columns)
    assert cells(lsb.table_movers(frame))[1] == ["甲村", "9", "2", "▲7", "+3.00", "加减分", "+1.00"]
    assert "变动 0 个单位" in lsb.table_movers(frame.head(0))


def test_tipping_lists_the_smallest_first():
    columns = ["better", "worse", "gap", "criterion", "kind", "weight", "printed"]
    frame = pd.DataFrame(
        [["甲村", "乙村", 1.0, "环境", "criterion", 25.0, 31.0], ["甲村", "乙村", 1.0, "亮承诺", "pillar", 30.0, 28.0],
         ["甲村", "丙村", 2.0, "党建", "criterion", 9.0, NAN]], columns=columns,
    )  # fmt: skip
    rows = cells(lsb.table_tipping(frame))
    assert [row[3:] for row in rows[1:]] == [
        ["亮承诺", "板块", "30.0", "28.0", "−2.0"],
        ["环境", "指标", "25.0", "31.0", "+6.0"],
    ]


def test_methods_name_what_is_refused():
    frame = pd.DataFrame({"满分·算术": pd.array([1, pd.NA], dtype="Int64")}, index=["甲村", "乙村"])
    frame.attrs["refused"] = {"极差·几何": "有 0 分"}
    table = lsb.table_methods(frame)
    assert "极差·几何不可用：有 0 分。" in table
    assert cells(table)[2] == ["乙村", "—"]


def test_carry_over_puts_what_is_missing_first():
    frame = pd.DataFrame(
        {"number": ["1", "2"], "unit": "甲村", "finding": "柴堆", "due": None, "now": ["closed", "missing"]}
    )
    assert [row[-1] for row in cells(lsb.table_carry_over(frame))[1:]] == ["未转入", "已销号"]


def test_photos_have_a_frame_for_each_stage():
    frame = pd.DataFrame(
        [
            ("甲<村", "村口", "整治前", "ok", "QUJD", "照片/前.jpg"),
            ("甲<村", "村口", "整治前", "ok", "QUJE", "照片/又.jpg"),
            ("甲<村", "村口", "整治中", "absent", None, None),
            ("甲<村", "村口", "整治后", "broken", np.nan, "照片/后.jpg"),
        ],
        columns=["unit", "place", "stage", "status", "image", "told"],
    )
    sheet = lsb.table_photos(frame)
    assert sheet.count("aspect-ratio") == 4
    # a second photo stands below the first, the other stages leave their places free
    assert sheet.index("QUJD") < sheet.index("未提供") < sheet.index("QUJE")
    assert sheet.count("<div></div>") == 2
    # what cannot be shown is listed with its file and what to do; what nobody gave is not
    assert "照片/后.jpg" in sheet
    assert "另存为 JPG" in sheet
    assert "照片/前.jpg" not in sheet
    assert "不能用的照片" not in lsb.table_photos(frame.head(3))
    assert "data:image/webp;base64,QUJD" in sheet
    assert "未提供" in sheet
    assert "文件损坏" in sheet
    assert "甲<村" not in sheet
    try:
        lsb.use_language("en")
        english = lsb.table_photos(frame)
    finally:
        lsb.use_language("zh")
    assert all(words in english for words in ("村口 before", "during　not provided", ">after</td>"))
    assert "整治" not in english


@pytest.mark.parametrize("name", ["table_promises", "table_findings"])
def test_summaries_head_their_first_column(name):
    columns = [
        "total",
        "due",
        "kept",
        "late",
        "longest",
        "rate",
        "carried",
        "opened",
        "closed_now",
        "is_open",
        "overdue",
    ]
    columns += ["recurring", "repeated", "days"]
    frame = pd.DataFrame([["观摩", *([1.0] * len(columns))]], columns=["source", *columns])
    assert cells(getattr(lsb, name)(frame))[0][0] == "来源"


def test_everything_of_a_demo_can_be_listed():
    records = lsb.load_activity(Path(__file__).parents[2] / "data" / "demo-street")
    quarter = records.quarters[-1]
    scores = lsb.score(records, quarter)
    fixes, findings = lsb.fix_first(scores), lsb.measure_findings(records, quarter)
    tables = [
        lsb.table_top_gaps(lsb.measure_top_gaps(scores)),
        lsb.table_fixes(fixes),
        lsb.table_strengths(lsb.measure_strengths(scores)),
        lsb.table_teachers(lsb.find_teachers(scores)),
        lsb.table_leave_one_out(lsb.measure_leave_one_out(scores)),
        lsb.table_repeats(findings),
        lsb.table_countdown(lsb.measure_countdown(records, quarter)),
        lsb.table_tasks(lsb.draft_tasks(findings, fixes, quarter=quarter)),
    ]
    for table in tables:
        rows = cells(table)
        assert len(rows) > 1
        assert len({len(row) for row in rows}) == 1
        assert "nan" not in table
        assert "<NA>" not in table


def test_the_plan_has_one_row_per_unit():
    day = dt.date(2022, 1, 31)
    rows = [
        ("甲村", "整改", day, "finding", "W1", NAN, "<i>堆物"),
        ("甲村", "兑现", day, "promise", "C1", NAN, "修路"),
        ("甲村", "补", day, "gap", None, 0.5, "环境"),
        ("甲村", "补", day, "gap", None, 0.25, "服务"),
        ("乙村", "补", day, "gap", None, 1.0, "环境"),
    ]
    columns = ["unit", "task", "due", "source", "number", "points", "subject"]
    plan = lsb.table_plan(pd.DataFrame(rows, columns=columns))
    assert cells(plan) == [
        ["单位", "整改问题限时", "兑现承诺限时", "补短板可得分"],
        ["甲村", "<i>堆物01-31", "修路01-31", "环境+0.50服务+0.25"],
        ["乙村", "—", "—", "环境+1.00"],
    ]
    assert "<i>堆物" not in plan
    assert "没有可列的内容" in lsb.table_plan(pd.DataFrame(rows, columns=columns).head(0))


def test_months_without_a_month_are_not_a_table_of_places():
    months = pd.DataFrame({"rank": [1, 2], "apart": [NAN, NAN]}, index=["甲村", "乙村"])
    assert "甲村" not in lsb.table_months(months)
    assert "没有可对照的月排名" in lsb.table_months(months)
    assert "甲村" in lsb.table_months(months.assign(**{"2021-10": [2, 1]}))
