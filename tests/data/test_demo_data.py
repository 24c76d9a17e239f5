"""The demo data: the script regenerates it cell by cell, and it holds what the views need to show."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from python_calamine import CalamineWorkbook

from lsb_nb.records.load import load_quarter
from lsb_nb.scoring.composite import score

DATA = Path(__file__).parents[2] / "data"
ACTIVITIES = {"demo-street": 11, "demo-town": 20, "demo-sandtable": 36}
QUARTERS = ("2020Q3", "2020Q4", "2021Q1", "2021Q2", "2021Q3", "2021Q4")
OFFICE_QUARTERS = {"demo-street": "2021Q4", "demo-town": "2021Q3", "demo-sandtable": "2021Q4"}
BOOKS = (".xlsx", ".xls")
# What an office's dress makes of the sheets' names.
OTHER_NAMES = {"村社区": "单位", "考核指标": "指标", "问题整改台账": "问题台账", "点评记录": "点评"}


def files(root: Path) -> dict[str, Path]:
    return {
        p.relative_to(root).as_posix(): p
        for name in ACTIVITIES
        for p in sorted((root / name).rglob("*"))
        if p.is_file()
    }


def cells(path: Path) -> dict[str, list[list]]:
    book = CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def merges(path: Path) -> dict[str, list]:
    book = CalamineWorkbook.from_path(path)
    return {name: sorted(book.get_sheet_by_name(name).merged_cell_ranges or []) for name in book.sheet_names}


def table(activity: str, quarter: str, name: str) -> list[dict]:
    """Return the rows of a sheet below its header, keyed by heading; title rows are passed over."""
    for sheet, rows in cells(DATA / activity / f"{quarter}.xlsx").items():
        if OTHER_NAMES.get(sheet, sheet) == name:
            head = next(i for i, row in enumerate(rows) if sum(cell != "" for cell in row) > 1)
            return [dict(zip(rows[head], row, strict=True)) for row in rows[head + 1 :]]
    return []


def column(rows: list[dict], *headings: str) -> list:
    return [row[heading] for row in rows for heading in headings if row.get(heading, "") != ""]


@pytest.fixture(scope="module")
def regenerated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("demo")
    subprocess.run([sys.executable, str(DATA / "make_demo.py"), "--out", str(out)], check=True)
    return out


def test_same_files(regenerated: Path) -> None:
    assert list(files(regenerated)) == list(files(DATA))


def test_same_cells(regenerated: Path) -> None:
    for name, path in files(DATA).items():
        if path.suffix in BOOKS:
            assert cells(regenerated / name) == cells(path), name
            if path.suffix == ".xlsx":
                assert merges(regenerated / name) == merges(path), name
        elif path.suffix == ".csv":
            assert (regenerated / name).read_bytes() == path.read_bytes(), name


def test_same_pixels(regenerated: Path) -> None:
    pictures = [name for name in files(DATA) if name.endswith(".png")]
    assert len(pictures) > 60
    for name in pictures:
        with Image.open(regenerated / name) as new, Image.open(DATA / name) as old:
            assert np.array_equal(np.asarray(new.convert("RGB")), np.asarray(old.convert("RGB"))), name


def test_size() -> None:
    assert sum(path.stat().st_size for path in files(DATA).values()) <= 12_000_000


@pytest.mark.parametrize("activity", ACTIVITIES)
def test_six_quarters_that_say_they_are_invented(activity: str) -> None:
    assert [p.stem for p in sorted((DATA / activity).glob("*.xlsx"))] == list(QUARTERS)
    for quarter in QUARTERS:
        info = {row["项目"]: row["内容"] for row in table(activity, quarter, "活动")}
        assert info["说明"] == "示例数据：地名、人物、分数均为虚构"
        assert (info["季度"], info["格式版本"]) == (quarter, 1)


@pytest.mark.parametrize(("activity", "count"), ACTIVITIES.items())
def test_units(activity: str, count: int) -> None:
    for quarter in QUARTERS:
        units = column(table(activity, quarter, "单位"), "单位", "村别", "村（社区）")
        assert len(units) == len(set(units)) == count
        assert column(table(activity, quarter, "点评"), "单位", "村别", "村（社区）") == units


def test_no_unit_is_named_twice() -> None:
    names = [unit for activity in ACTIVITIES for unit in column(table(activity, "2020Q3", "单位"), "单位")]
    assert len({name.removesuffix("社区").removesuffix("村") for name in names}) == len(names)


@pytest.mark.parametrize("activity", ACTIVITIES)
def test_criterion_added_in_2021q2(activity: str) -> None:
    named = {q: set(column(table(activity, q, "指标"), "指标", "考核项目")) - {"合计"} for q in QUARTERS}
    assert named["2020Q3"] == named["2021Q1"]
    assert len(named["2021Q2"] - named["2021Q1"]) == 1
    assert named["2021Q1"] < named["2021Q2"] == named["2021Q4"]


@pytest.mark.parametrize("activity", ACTIVITIES)
def test_full_marks_sum_to_100(activity: str) -> None:
    for quarter in QUARTERS:
        rows = [row for row in table(activity, quarter, "指标") if "合计" not in row.values()]
        assert sum(column(rows, "满分", "标准分")) == 100


def test_every_method_is_in_use() -> None:
    methods = {m for activity in ACTIVITIES for m in column(table(activity, "2021Q4", "指标"), "计分方式")}
    assert methods == {"评委打分", "等次测评", "台账计算", "直接录入"}


def test_veto_adjustments_and_corrections() -> None:
    assert len(table("demo-town", "2021Q4", "一票否决")) == 1
    for activity in ACTIVITIES:
        assert table(activity, "2021Q4", "加减分")
        assert table(activity, "2021Q4", "更正")


def test_recusal_and_group_weights() -> None:
    assert {"规则": "回避", "取值": "是"} in table("demo-town", "2021Q4", "规则")
    assert column(table("demo-town", "2021Q4", "评委"), "回避单位")
    for activity in ("demo-street", "demo-sandtable"):
        assert "评委组权重" in column(table(activity, "2021Q4", "规则"), "规则")


def test_raters_have_codes_and_roles_only() -> None:
    for activity in ACTIVITIES:
        for row in table(activity, "2021Q2", "评委"):
            assert row["评委"][0] in "ABC"
            assert row["评委"][1:].isdigit()
            assert row["姓名"] == "" or row["姓名"].startswith("班子成员") or row["姓名"].endswith("党支部书记")


@pytest.mark.parametrize("activity", ACTIVITIES)
def test_office_quarter(activity: str) -> None:
    quarter = OFFICE_QUARTERS[activity]
    folder = DATA / activity / quarter / "评分表"
    kinds = {path.suffix for path in folder.iterdir()}
    assert kinds == {".xlsx", ".xls", ".csv"}
    texts, seen = [], ""
    for path in folder.glob("*.csv"):
        raw = path.read_bytes()
        try:
            texts.append(("utf-8", raw.decode("utf-8-sig")))
        except UnicodeDecodeError:
            texts.append(("gb18030", raw.decode("gb18030")))
    seen = "".join(text for _, text in texts)
    assert {encoding for encoding, _ in texts} == {"utf-8", "gb18030"}
    for form in ("缺席", "分,", "．", "平均分", "居委会" if activity == "demo-street" else "村民委员会"):
        assert form in seen, form
    assert any(merges(path)["评分表"] for path in folder.glob("*.xlsx"))


def test_not_applicable() -> None:
    rows = [row for row in table("demo-town", "2021Q4", "评分") if row["单位"] == "椒屿村"]
    assert {row["示范庭院创建"] for row in rows} == {"不适用"}


def test_findings_overdue_and_recurring() -> None:
    rows = table("demo-town", "2021Q4", "问题台账")
    assert {"已销号", "整改中", "逾期未销号", "复发"} == {row["状态"] for row in rows}
    assert all(row["复发日期"] == "" or row["复发日期"] > row["销号日期"] for row in rows)
    for activity in ACTIVITIES:
        assert table(activity, "2021Q4", "问题台账")


def test_photographs() -> None:
    rows = table("demo-sandtable", "2021Q4", "照片")
    assert {row["阶段"] for row in rows} == {"整治前", "整治中", "整治后"}
    assert len(rows) < 8 * 3 * 3
    for row in rows:
        assert (DATA / "demo-sandtable" / row["文件"]).is_file()


def test_months() -> None:
    rows = table("demo-town", "2021Q4", "月排名")
    assert {row["月份"] for row in rows} == {"2021年10月", "2021年11月", "2021年12月"}
    assert len(rows) == 60


@pytest.mark.parametrize("activity", ACTIVITIES)
def test_what_happens_in_real_rounds_happens_in_each(activity: str) -> None:
    """A published tie, a veto, one that falls back, several that rise, and marks that are missing."""
    results = {q: score(load_quarter(DATA / activity / f"{q}.xlsx")).units for q in QUARTERS}
    ranked = {q: units[units["rank"].notna()] for q, units in results.items()}
    assert any(units["score"].duplicated().any() for units in ranked.values())
    assert any(units["vetoed"].any() for units in results.values())
    moved = results["2021Q4"]["total"] - results["2020Q3"]["total"]
    assert moved.min() < -8
    assert (moved > 5).sum() >= 2
    for quarter in QUARTERS:
        ratings = load_quarter(DATA / activity / f"{quarter}.xlsx").ratings
        assert ratings["state"].isin(["missing", "blank"]).any(), quarter


@pytest.mark.parametrize("activity", ACTIVITIES)
def test_a_leader_favours_the_village_assigned_to_that_leader(activity: str) -> None:
    gaps = []
    for quarter in ("2020Q3", "2021Q2"):
        records = load_quarter(DATA / activity / f"{quarter}.xlsx")
        leader = records.units.set_index("unit")["leader"]
        person = records.raters.set_index("rater")["person"]
        marks = records.ratings[records.ratings["state"] == "mark"].merge(records.criteria[["criterion", "full_marks"]])
        marks["share"] = marks["mark"].astype(float) / marks["full_marks"].astype(float)
        # A rater's habit and a unit's standing are taken out; what is left is how this rater sees this unit.
        share = marks.groupby(["rater", "unit"])["share"].mean().unstack()
        left = share.sub(share.mean(axis=1), axis=0)
        left = left - left.mean()
        own = [(rater, unit) for rater in left.index for unit in left if person[rater] == leader[unit]]
        gaps.append({pair: left.loc[pair] for pair in own})
    first, second = gaps
    assert [pair for pair in first if first[pair] > 0.08 and second.get(pair, 0) > 0.08]
