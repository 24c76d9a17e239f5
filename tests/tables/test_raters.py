"""Raters as tables: codes only, what is printed is what was measured, nothing unescaped."""

import html
import importlib.util
import re
from pathlib import Path

import pytest

import lsb_nb as lsb
from lsb_nb.analysis.audit import TOTAL
from lsb_nb.numbers import fixed, signed

_spec = importlib.util.spec_from_file_location("panels", Path(__file__).parents[1] / "analysis" / "panels.py")
panels = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(panels)
EVIL = "<b>组</b>"


def cells(table):
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", table, re.S)
    return [
        [html.unescape(re.sub("<[^>]+>", "", c)) for c in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", r, re.S)]
        for r in rows
    ]


@pytest.fixture(scope="module")
def audit():
    def change(marks):
        for rater, unit, criterion in list(marks):
            if rater == "B04":
                marks[rater, unit, criterion] = marks["B03", unit, criterion]
            if rater == "B05" and criterion == "服务":
                del marks[rater, unit, criterion]
            if (rater, unit, criterion) == ("B06", "示例1村", "党建"):
                del marks[rater, unit, criterion]

    return lsb.audit_raters(panels.make_panel(change=change), names=True, permutations=20)


def test_raters_stand_by_group_the_mildest_first_without_names(audit):
    rows = audit.raters[audit.raters["criterion"] == TOTAL]
    table = lsb.table_raters(rows)
    _head, *body = cells(table)
    assert len(body) == len(rows) == 13
    assert [line[0] for line in body] == ["班子成员"] * 5 + ["中层干部"] * 8
    for group in ("班子成员", "中层干部"):
        part = rows[rows["group"] == group].sort_values("severity", ascending=False)
        assert [line[1] for line in body if line[0] == group] == part["rater"].tolist()
        assert [line[3] for line in body if line[0] == group] == [signed(value, 1) for value in part["severity"]]
    assert "干部A01" not in table


def test_only_sheets_to_look_into_are_listed(audit):
    table = lsb.table_sheets(audit.sheets)
    _head, *body = cells(table)
    assert {line[1] for line in body} == {"B03", "B04", "B05"}
    by = {line[1]: line for line in body}
    assert by["B05"][3] == "12"
    assert by["B03"][6] == "B04"
    assert by["B04"][7:] == ["B03", "100%"]
    assert "没有需要核实的评分表" in lsb.table_sheets(audit.sheets[audit.sheets["rater"] == "B06"])


def test_agreement_and_its_forms(audit):
    whole = audit.groups[audit.groups["criterion"] == TOTAL]
    _head, *body = cells(lsb.table_agreement(whole))
    assert [line[3] for line in body] == [fixed(value) for value in whole["order"]]
    table = panels.make_table()
    forms = lsb.icc(table)
    _head, *body = cells(lsb.table_icc({EVIL: forms}))
    assert [line[1] for line in body] == forms.index.tolist()
    assert [line[3] for line in body] == [fixed(value) for value in forms["value"]]
    assert body[0][0] == EVIL
    assert EVIL not in lsb.table_icc({EVIL: forms})
    assert "没有逐名评委的评分" in lsb.table_icc({})


def test_several_sentences_are_several_paragraphs():
    assert (
        str(lsb.paragraph("甲。", "", "<乙>。", css="say")) == '<p class="say">甲。</p><p class="say">&lt;乙&gt;。</p>'
    )
    assert str(lsb.paragraph("")) == ""
