"""Shaded tables: parts and total in a row, the shade follows the printed value, what is missing is hatched."""

import html
import re

import numpy as np
import pandas as pd

import lsb_nb as lsb
from lsb_nb.figures import theme
from lsb_nb.tables.heat import POINT_STEPS


def gaps_frame():
    rows = [
        ("甲村", 1, "亮承诺", "环境", "criterion", 1.3, 1.0),
        ("甲村", 1, "比干劲", "汇报", "criterion", 0.2, 1.0),
        ("甲村", 1, None, None, "weights", 0.0, 1.0),
        ("甲村", 1, None, None, "adjustment", -0.5, 1.0),
        ("<b>乙", pd.NA, "亮承诺", "环境", "criterion", 2.5, 2.5),
        ("<b>乙", pd.NA, "比干劲", "汇报", "criterion", np.nan, 2.5),
        ("<b>乙", pd.NA, None, None, "weights", 0.0, 2.5),
        ("<b>乙", pd.NA, None, None, "adjustment", 0.0, 2.5),
    ]
    frame = pd.DataFrame(rows, columns=["unit", "rank", "pillar", "criterion", "kind", "shown", "total"])
    frame.attrs = {
        "order": ["环境", "汇报"], "decimals": 1, "means": {"环境": 1.9, "汇报": 0.2},
        "points": {"环境": 60.0, "汇报": 40.0}, "pillar_points": {"亮承诺": 60.0, "比干劲": 40.0},
    }  # fmt: skip
    return frame


def rows_of(table):
    lines = re.findall(r"<tr[^>]*>(.*?)</tr>", table, re.S)
    cells = [re.findall(r"<t[hd]([^>]*)>(.*?)</t[hd]>", line, re.S) for line in lines]
    return [[(css, html.unescape(re.sub("(<[^>]+>)+", " ", c)).strip()) for css, c in line] for line in cells]


def words(line):
    return [text for css, text in line if "gapc" not in css]


def test_a_row_holds_every_part_and_the_total():
    pillars, criteria, first, second, mean = rows_of(lsb.table_gaps(gaps_frame()))
    assert words(pillars) == ["", "亮承诺 60", "比干劲 40", ""]
    assert words(criteria) == ["", "环境 60", "汇报 40", "加减分", "合计"]
    assert words(first) == ["1　甲村", "1.3", "0.2", "−0.5", "1.0"]
    assert words(second) == ["—　<b>乙", "2.5", "—", "", "2.5"]
    assert words(mean) == ["平均", "1.9", "0.2", "", ""]


def test_the_shade_follows_the_printed_value():
    _pillars, _criteria, first, second, _mean = rows_of(lsb.table_gaps(gaps_frame()))
    assert [css for css, _text in first[1:4]] == [' class="c3"', ' class="gapc"', ' class="c0"']
    assert [css for css, _text in second[1:4]] == [' class="c5"', ' class="gapc"', ' class="cna"']


def test_table_and_figure_shade_alike():
    assert theme.LOSS_STEPS[1:-1] == POINT_STEPS


def test_a_rule_stands_where_the_tier_changes():
    table = lsb.table_gaps(gaps_frame(), tiers=pd.Series({"甲村": 1, "<b>乙": 2}))
    assert table.count('<tr class="tb">') == 1
    assert '<tr class="tb">' not in lsb.table_gaps(gaps_frame(), tiers=pd.Series({"甲村": 1, "<b>乙": 1}))


def test_nothing_to_shade_is_said():
    assert "没有可列的内容" in lsb.table_gaps(gaps_frame().head(0), title="题")
