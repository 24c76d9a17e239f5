"""Tables of an English workbook: no Chinese of ours left, heads with a capital, the workbook's own names untouched."""

from __future__ import annotations

import re

import pandas as pd
import pytest

import lsb_nb as lsb
from lsb_nb.analysis.words import say_bands
from lsb_nb.i18n import use_language


@pytest.fixture(autouse=True)
def english():
    use_language("en")
    yield
    use_language("zh")


def heads(table):
    return re.findall(r"<th [^>]*>([^<]*)", table)


def test_methods_and_what_is_refused_are_named_in_english():
    frame = pd.DataFrame({"满分·算术": pd.array([1], dtype="Int64"), "位次分·调和": [1]}, index=["A"])
    frame.attrs["refused"] = {"极差·几何": "a score is 0", "标准分·几何": "a score is 0"}
    table = lsb.table_methods(frame, note="As of today.")
    assert heads(table) == ["Unit", "Full marks · arithmetic", "Rank score · harmonic"]
    assert "As of today. Range · geometric cannot be used" in table
    assert not re.search("[\u4e00-\u9fff]", table)


def test_states_of_commitments_are_words_and_other_names_stay():
    rest = {"total": 1.0, "due": 1.0, "kept": 1.0, "late": 0.0, "longest": 0.0, "rate": 1.0}
    table = lsb.table_promises(pd.DataFrame([{"state": "滞后", **rest}, {"state": "待定", **rest}]))
    assert ">Lagging<" in table
    assert ">待定<" in table
    assert all(head[:1].isupper() for head in heads(table))
    assert ">已完成<" in lsb.table_promises(pd.DataFrame([{"category": "已完成", **rest}]))


def test_names_of_raters_are_listed_only_where_they_were_asked_for():
    raters = pd.DataFrame({"group": ["g", "g"], "rater": ["A01", "A01"], "person": ["某人", "某人"]})
    assert heads(lsb.table_people(raters)) == ["Rater group", "Rater", "Name"]
    assert lsb.table_people(raters).count("某人") == 1
    told = lsb.table_people(raters.drop(columns="person"))
    assert "<table" not in told
    assert "names to True" in told


def test_quotation_marks_in_a_notebook_are_as_narrow_as_in_the_report():
    assert "'halt'" in lsb.page_style().partition("body{")[0].partition("}&{")[2]
    use_language("zh")
    assert "}&{font-feature-settings" not in lsb.page_style()


def test_a_title_begins_with_a_capital():
    assert lsb.headline("first place stays the same; no place changes.") == "First place stays the same"
    bands = pd.DataFrame({"count": [1, 0]}, index=["优秀", "较差"])
    assert say_bands(bands) == "Excellent: 1; none in poor."
    use_language("zh")
    assert lsb.headline("x 第一名不变；其余。") == "x 第一名不变"
