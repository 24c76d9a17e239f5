"""Blank files to hand out: filled in, they read back unchanged."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from lsb_nb.checking import check_activity
from lsb_nb.cli import main
from lsb_nb.records import templates
from lsb_nb.records.load import load_quarter
from lsb_nb.records.templates import write_templates
from lsb_nb.scoring.composite import score

ROOT = Path(__file__).parents[2]
WANTED = {
    "units": "东街村、东关街村、西坡社区",
    "criteria": "亮承诺/年度承诺=25、赛实绩/人居环境=12.5、赛实绩/五星支部=22.5、比干劲/现场汇报=40",
    "raters": "班子成员/A01、班子成员/A02、中层干部/B01",
}


def test_filled_in_they_read_back_unchanged(tmp_path: Path) -> None:
    workbook, *sheets = write_templates(tmp_path / "my-town", "2022Q1", **WANTED)
    given = {}
    for index, path in enumerate(sheets):
        book = load_workbook(path)
        page = book.active
        criteria = [page.cell(3, column).value.split("（")[0] for column in range(2, 6)]
        for row in range(4, 7):
            for column, criterion in enumerate(criteria, start=2):
                mark = "缺席" if (index, row) == (1, 5) else 5 + index + row / 4 + column / 8
                page.cell(row, column).value = mark
                given[path.stem, page.cell(row, 1).value, criterion] = mark
        book.save(path)
    records = load_quarter(workbook)
    assert records.problems.empty
    read = {
        (row["rater"], row["unit"], row["criterion"]): row["mark"] / 1e6 if row["state"] == "mark" else "缺席"
        for row in records.ratings.to_dict("records")
    }
    assert read == given
    assert records.criteria["full_marks"].tolist() == [25_000_000, 12_500_000, 22_500_000, 40_000_000]
    assert records.criteria["pillar"].tolist() == ["亮承诺", "赛实绩", "赛实绩", "比干劲"]
    assert records.raters["group"].tolist() == ["班子成员", "班子成员", "中层干部"]
    assert score(records).units["rank"].notna().all()


def test_blank_they_have_no_errors_but_nothing_to_score(tmp_path: Path) -> None:
    workbook, *_sheets = write_templates(tmp_path, "2022Q1", **WANTED)
    records = load_quarter(workbook, on_error="keep")
    assert not (records.problems["severity"] == "error").any()
    assert not score(records).units["rated"].any()


def test_limits_and_lists_are_inside(tmp_path: Path) -> None:
    workbook, sheet, *_rest = write_templates(tmp_path, "2022Q1", **WANTED)
    rules = load_workbook(sheet).active.data_validations.dataValidation
    assert any("<=12.5" in rule.formula1 and '"缺席"' in rule.formula1 for rule in rules)
    book = load_workbook(workbook)
    lists = {rule.formula1 for rule in book["加减分"].data_validations.dataValidation}
    assert "='单位'!$A$2:$A$4" in lists or "'单位'!$A$2:$A$4" in lists
    assert any("已完成" in (rule.formula1 or "") for rule in book["承诺台账"].data_validations.dataValidation)


@pytest.mark.parametrize("demo", ["demo-street", "demo-town", "demo-sandtable"])
def test_last_quarter_is_taken_over(tmp_path: Path, demo: str) -> None:
    like = ROOT / "data" / demo / "2021Q4.xlsx"
    workbook = write_templates(tmp_path, "2022Q1", like=like)[0]
    old, new = load_quarter(like), load_quarter(workbook, on_error="keep")
    assert not (new.problems["severity"] == "error").any(), new.problems.to_string()
    assert new.units["unit"].tolist() == old.units["unit"].tolist()
    columns = ["criterion", "full_marks", "pillar", "segment", "method"]
    assert new.criteria[columns].astype(str).equals(old.criteria[columns].astype(str))
    assert (
        new.raters[["rater", "group", "recused"]]
        .astype(str)
        .equals(old.raters[["rater", "group", "recused"]].astype(str))
    )
    rules = dict(zip(new.rules["rule"], new.rules["value"], strict=True))
    assert dict(zip(old.rules["rule"], old.rules["value"], strict=True)).items() <= rules.items()


@pytest.mark.parametrize(("demo", "named"), [("demo-street", False), ("demo-town", True)])
def test_the_ledger_counts_as_it_did(tmp_path: Path, demo: str, named: bool) -> None:
    """A column 指标 that the office never had would stay blank, and then no commitment counts."""
    workbook = write_templates(tmp_path, "2022Q1", like=ROOT / "data" / demo / "2021Q4.xlsx")[0]
    heads = [cell.value for cell in load_workbook(workbook)["承诺台账"][1]]
    assert ("指标" in heads) is named
    assert heads[:5] == ["编号", "单位", "承诺事项", "完成时限", "完成情况"]


def test_a_way_of_scoring_brings_its_sheet(tmp_path: Path) -> None:
    criteria = "亮承诺/兑现率=30（台账计算）、测评=20 (等次测评)、数据=10（直接录入）、环境=40"
    written = write_templates(tmp_path, "2022Q1", units="甲村", criteria=criteria, raters="A01")
    book = load_workbook(written[0])
    methods = [row[4].value for row in book["指标"].iter_rows(min_row=2)]
    assert methods == ["台账计算", "等次测评", "直接录入", "评委打分"]
    assert {"承诺台账", "等次测评", "直接录入"} <= set(book.sheetnames)
    rows = [[cell.value for cell in row] for row in load_workbook(written[1]).active.iter_rows()]
    words = " ".join(str(value) for row in rows for value in row)
    assert "环境" in words
    assert "测评" not in words


def test_nothing_is_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = ["template", str(tmp_path), "--quarter", "2022Q1", "--units", "甲村", "--criteria", "环境=10"]
    assert main(line) == 0
    first = capsys.readouterr().out.split()
    before = {path: Path(path).read_bytes() for path in first}
    assert main(line) == 2
    assert "已存在" in capsys.readouterr().err
    assert {path: Path(path).read_bytes() for path in first} == before


@pytest.mark.parametrize(
    ("units", "criteria", "word"),
    [
        (None, "环境=10", "--units"),
        ("甲村", None, "--criteria"),
        ("甲村、甲 村", "环境=10", "重复"),
        ("甲村", "环境", "满分"),
        ("甲村", "环境=0", "大于 0"),
        ("甲村", "环境=10（抽签）", "抽签.*等次测评"),
    ],
)
def test_what_is_missing_or_wrong_is_said(tmp_path: Path, units: str | None, criteria: str | None, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        write_templates(tmp_path, "2022Q1", units=units, criteria=criteria)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("units", "criteria", "raters"),
    [
        ("合 计、甲村", "环境=10", "A01"),
        ("说明、甲村", "环境=10", "A01"),
        ("甲村", "总分=100", "A01"),
        ("甲村", "平均分（10分）=10、环境=10", "A01"),
        ("甲村", "评委编号=10", "A01"),
        ("甲村", "环境=10", "A01、小计"),
    ],
)
def test_a_name_that_reads_as_no_data_is_refused(tmp_path: Path, units: str, criteria: str, raters: str) -> None:
    with pytest.raises(ValueError, match="请换一个名称"):
        write_templates(tmp_path, "2022Q1", units=units, criteria=criteria, raters=raters)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("rater", [".A01", "~$A01", ".."])
def test_a_rater_whose_file_would_be_hidden_is_refused(tmp_path: Path, rater: str) -> None:
    with pytest.raises(ValueError, match="文件名"):
        write_templates(tmp_path, "2022Q1", units="甲村", criteria="环境=10", raters=rater)


@pytest.mark.parametrize(("group", "listed"), [("领导", True), ("领导“甲”组", True), ('领导"甲"组', False)])
def test_groups_stand_in_a_list_that_can_hold_them(tmp_path: Path, group: str, listed: bool) -> None:
    raters = f"{group}/A01、中层/B01"
    book = write_templates(tmp_path / "a", "2022Q1", units="甲村", criteria="民主测评=10", raters=raters)[0]
    edited = load_workbook(book)
    edited["指标"]["E2"].value = "等次测评"
    page = edited.create_sheet("等次测评")
    page.append(["单位", "指标", "评委组", "好", "较好", "一般", "较差"])
    page.append(["甲村", "民主测评", group, 3, 2, 1, 0])
    edited.save(book)
    for sheet in (tmp_path / "a" / "2022Q1" / "评分表").iterdir():
        sheet.unlink()
    new = write_templates(tmp_path / "b", "2022Q1", like=book)[0]
    lists = {rule.formula1 for rule in load_workbook(new)["等次测评"].data_validations.dataValidation}
    assert (f'"{group},中层"' in lists) is listed
    assert not any(rule and rule.startswith('"') and '"' in rule[1:-1] for rule in lists)


def test_a_rater_without_a_group_takes_the_group_before(tmp_path: Path) -> None:
    raters = "A00、班子/A01、A02、中层/B01、B02"
    workbook = write_templates(tmp_path, "2022Q1", units="甲村", criteria="环境=10", raters=raters)[0]
    found = load_quarter(workbook).raters
    assert found["group"].tolist() == ["评委", "班子", "班子", "中层", "中层"]
    assert found["rater"].tolist() == ["A00", "A01", "A02", "B01", "B02"]


@pytest.mark.parametrize("full", ["33.333333", "1234567", "0.5", "999999999.999999"])
def test_full_marks_of_any_length_read_back(tmp_path: Path, full: str) -> None:
    workbook, sheet, *_rest = write_templates(tmp_path, "2022Q1", units="甲村", criteria=f"环境={full}")
    book = load_workbook(sheet)
    assert book.active["B3"].value == f"环境（{full}分）"
    book.active["B4"].value = 0.25
    book.save(sheet)
    records = load_quarter(workbook)
    assert records.criteria["full_marks"].tolist() == [round(float(full) * 10**6)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_lists_come_from_text_files(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "单位.txt"
    file.write_bytes("甲村\r\n乙社区\n\n".encode(encoding))
    workbook = write_templates(tmp_path / "a", "2022Q1", units=str(file), criteria="环境=10")[0]
    assert load_quarter(workbook).units["unit"].tolist() == ["甲村", "乙社区"]


def test_a_list_that_is_missing_or_no_text_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"PK\x00\xff\xff\x80")
    for name in ("没有.txt", "a.txt"):
        with pytest.raises(ValueError, match=name):
            write_templates(tmp_path / "a", "2022Q1", units=str(tmp_path / name), criteria="环境=10")
    assert [file.name for file in tmp_path.iterdir()] == ["a.txt"]


def test_a_failure_half_way_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[Path] = []
    save = templates._save

    def full_disk(path: Path, fill: object) -> None:
        if len(written) == 2:
            raise OSError(28, "No space left on device", str(path))
        written.append(path)
        save(path, fill)

    monkeypatch.setattr(templates, "_save", full_disk)
    line = ["template", str(tmp_path / "new"), "--quarter", "2022Q1", "--units", "甲村", "--criteria", "环境=10"]
    assert main(line) == 2
    assert len(written) == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("like", [None, "demo-street", "demo-town", "demo-sandtable"])
def test_a_fresh_template_is_checked_in_a_few_lines(tmp_path: Path, like: str | None) -> None:
    wanted = WANTED if like is None else {"like": ROOT / "data" / like / "2021Q4.xlsx"}
    write_templates(tmp_path / "a", "2022Q1", **wanted)
    found = check_activity(tmp_path / "a")
    assert set(found["severity"]) == {"warning"}, found.to_string()
    assert len(found) <= 6, found.to_string()
    assert not found["reason"].str.contains("现有：$|现有：（", regex=True).any()
