"""The ranking table: places, ties, movement, left-out units; every text from a file is escaped."""

import re

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from lsb_nb.tables.ranking import table_ranking


def grid(html):
    soup = BeautifulSoup(html, "html.parser")
    heads = [th.get_text(" ", strip=True) for th in soup.select("thead th")]
    rows = [[td.get_text(" ", strip=True) for td in tr.select("td")] for tr in soup.select("tbody tr")]
    return heads, rows


def test_columns_and_places(ranking, parts):
    heads, rows = grid(table_ranking(ranking, parts))
    assert heads == ["名次", "升降", "单位", "总分", "亮承诺 满分 30", "赛实绩 满分 70", "等次", "上季名次"]
    assert [row[0] for row in rows] == ["1", "2", "2", "不排名", "未评"]
    assert [row[3] for row in rows] == ["91.90", "88.10", "88.10", "85.00", "—"]
    assert rows[0][4:6] == ["27.10", "64.30"]


def test_movement_has_a_sign_beside_the_colour(ranking, parts):
    _heads, rows = grid(table_ranking(ranking, parts))
    assert [row[1] for row in rows] == ["▲2", "平", "新", "—", "—"]


def test_a_veto_in_the_quarter_before_is_not_new(ranking, parts):
    ranking.loc["枫渡村", "previous_status"] = "vetoed"
    _heads, rows = grid(table_ranking(ranking, parts))
    assert rows[2][1] == "—"
    assert rows[2][-1] == "不排名"


def test_adjustments_are_told_beside_the_name(ranking, parts):
    _heads, rows = grid(table_ranking(ranking, parts))
    assert "含加分 +0.5" in rows[0][2]
    assert "含减分 −1.25" in rows[2][2]
    assert "含" not in rows[1][2]


def test_without_a_quarter_before_there_is_no_movement(ranking, parts):
    alone = ranking.assign(previous=pd.array([pd.NA] * 5, dtype="Int64"), change=pd.array([pd.NA] * 5, dtype="Int64"))
    heads, _rows = grid(table_ranking(alone, parts))
    assert "升降" not in heads
    assert "上季名次" not in heads


def test_bars_are_shares_of_the_full_marks(ranking, parts):
    html = table_ranking(ranking, parts)
    widths = [float(width) for width in re.findall(r'<i style="width:([\d.]+)%', html)]
    expected = [p / f * 100 for p, f in zip(parts["points"], parts["full_marks"], strict=True) if p == p]
    assert widths == pytest.approx(expected, abs=0.051)
    assert html.count("<u ") == len(widths), "each bar has its median tick"


def test_tiers_share_a_cell_and_a_wash(ranking, parts):
    tiers = pd.Series(["第一档", "第一档", "第二档"], index=ranking.index[:3])
    soup = BeautifulSoup(table_ranking(ranking, parts, tiers=tiers), "html.parser")
    assert [(cell.get_text(" "), cell["rowspan"]) for cell in soup.select("td.tier")] == [
        ("第一档 2 个", "2"), ("第二档 1 个", "1"), ("不排名 1 个", "1"), ("未评 1 个", "1"),
    ]  # fmt: skip
    assert ["todd" in tr.get("class", []) for tr in soup.select("tbody tr")] == [True, True, False, False, False]


def test_more_columns_may_be_added(ranking, parts):
    extra = pd.DataFrame({"名次范围": ["1—2", "1—3"]}, index=ranking.index[:2])
    heads, rows = grid(table_ranking(ranking, parts, extra=extra))
    assert heads[-1] == "名次范围"
    assert [row[-1] for row in rows] == ["1—2", "1—3", "—", "—", "—"]


def test_names_are_escaped(ranking, parts):
    evil = "</td><script>alert(1)</script>"
    html = table_ranking(
        ranking.rename(index={"鹿吟村": evil}), parts.replace("鹿吟村", evil), note=evil, subtitle=evil
    )
    assert "<script" not in html
    assert html.count("&lt;script&gt;") >= 3
