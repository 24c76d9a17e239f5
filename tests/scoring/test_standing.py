"""Places, published order, vetoes and bands."""

from __future__ import annotations

import pandas as pd
import pytest

from lsb_nb.bundles import DataProblems
from lsb_nb.scoring.composite import score

CRITERIA = [("甲", 100, "亮承诺", "直接录入"), ("乙", 100, "赛实绩", "直接录入")]


def book(make, table, **more):
    entries = [
        (u, c, m) for u, marks in table.items() for c, m in zip(("甲", "乙"), marks, strict=True) if m is not None
    ]
    return score(make(units=list(table), criteria=CRITERIA, entries=entries, **more)).units


def ranks(units):
    return {unit: None if pd.isna(rank) else int(rank) for unit, rank in units["rank"].items()}


TIED = {"东村": (70, 90), "西村": (80, 80), "南村": (90, 90), "北村": (50, 50)}


def test_equal_scores_share_a_place_and_the_next_is_skipped(make):
    units = book(make, TIED)
    assert ranks(units) == {"南村": 1, "东村": 2, "西村": 2, "北村": 4}
    assert units.index.tolist() == ["南村", "东村", "西村", "北村"]


def test_places_go_by_published_scores(make):
    units = book(make, {"东村": ("80.001", 80), "西村": ("80.004", 80)})
    assert ranks(units) == {"东村": 1, "西村": 1}
    assert units.index.tolist() == ["东村", "西村"]


@pytest.mark.parametrize(
    ("chain", "want"),
    [("亮承诺", ["西村", "东村"]), ("赛实绩", ["东村", "西村"]), ("甲", ["西村", "东村"]), ("并列", ["东村", "西村"])],
)
def test_a_chain_breaks_ties(make, chain, want):
    units = book(make, TIED, rules={"并列处理": chain})
    assert [unit for unit in units.index if unit in want] == want
    assert ranks(units)[want[1]] == (2 if chain == "并列" else 3)


def test_a_chain_goes_on_where_its_first_link_ties(make):
    table = {"东村": (80, 80), "西村": (80, 80), "南村": (None, 80)}
    assert ranks(book(make, table, rules={"并列处理": "乙、甲"})) == {"东村": 1, "西村": 1, "南村": 3}


def test_a_vetoed_unit_keeps_its_score_and_the_others_rank_without_it(make):
    units = book(make, TIED, vetoes=["南村"])
    assert ranks(units) == {"东村": 1, "西村": 1, "北村": 3, "南村": None}
    assert units.index.tolist() == ["东村", "西村", "北村", "南村"]
    assert units.loc["南村", ["score", "vetoed", "band"]].tolist() == [90, True, None]


def test_vetoed_by_score_then_those_not_assessed(make):
    table = {
        "空村": (None, None),
        "东村": (70, 70),
        "西村": (80, 80),
        "南村": (80, 80),
        "北村": (50, 50),
        "白村": (None, None),
    }
    units = book(make, table, vetoes=["空村", "东村", "西村", "南村"])
    assert units.index.tolist() == ["北村", "西村", "南村", "东村", "空村", "白村"]


def bands(units):
    return units["band"].to_dict()


def test_bands_by_lines_on_the_published_score(make):
    table = {
        "东村": ("89.994", "89.994"),
        "西村": ("89.995", "89.995"),
        "南村": (80, 80),
        "北村": (60, 60),
        "中村": ("59.99", "59.99"),
    }
    assert bands(book(make, table)) == {"西村": "优秀", "东村": "良好", "南村": "良好", "北村": "一般", "中村": "较差"}


def test_other_lines(make):
    assert bands(book(make, TIED, rules={"等次线": "一等=85、二等=80"})) == {
        "南村": "一等", "东村": "二等", "西村": "二等", "北村": "较差",
    }  # fmt: skip


def test_a_line_finer_than_the_published_score_is_not_rounded(make):
    table = {"东村": ("89.99", "89.99"), "西村": (90, 90)}
    assert bands(book(make, table, rules={"等次线": "优秀=89.995"})) == {"西村": "优秀", "东村": "较差"}


def many(make, scores, rules, **more):
    return bands(book(make, {f"村{i}": (s, s) for i, s in enumerate(scores)}, rules=rules, **more))


def test_quotas_take_the_best_share_of_the_ranked_units(make):
    found = many(make, [99, 98, 97, 96, 95, 94, 93, 92, 91, 90], {"等次名额": "优秀=30%、良好=50%"})
    assert list(found.values()) == ["优秀"] * 3 + ["良好"] * 5 + ["一般"] * 2


def test_a_tie_across_the_boundary_falls_below(make):
    found = many(make, [99, 98, 97, 97, 95, 94, 93, 92, 91, 90], {"等次名额": "优秀=30%、良好=50%"})
    assert list(found.values()) == ["优秀"] * 2 + ["良好"] * 5 + ["一般"] * 3
    assert set(many(make, [90, 90, 90], {"等次名额": "优秀=50%"}).values()) == {"良好"}


@pytest.mark.parametrize("quotas", ["良好=50%、优秀=30%", "优秀=30%、良好=50%"])
def test_quotas_stand_in_the_order_of_their_lines_and_the_rest_below_them(make, quotas):
    """Whatever the order they are written in: the best get 优秀, and nobody beyond the quotas is better than 良好."""
    found = many(make, [99, 98, 97, 96, 95, 94, 93, 92, 91, 90], {"等次名额": quotas})
    assert list(found.values()) == ["优秀"] * 3 + ["良好"] * 5 + ["一般"] * 2


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ({"等次名额": "良好=50%"}, ["良好", "良好", "一般", "一般"]),
        ({"等次名额": "优秀=25%、一般=25%"}, ["优秀", "一般", "较差", "较差"]),
        ({"等次名额": "一等=25%、二等=25%"}, ["一等", "二等", "较差", "较差"]),
        ({"等次名额": "乙=25%、甲=25%", "等次线": "乙=60、丙=50、甲=90"}, ["甲", "乙", "丙", "丙"]),
    ],
)
def test_the_rest_is_never_better_than_a_quota_band(make, rules, expected):
    assert list(many(make, [99, 98, 97, 96], rules).values()) == expected


@pytest.mark.parametrize("quotas", ["优秀=30%、较差=10%", "优秀=30%、二等=10%"])
def test_quotas_that_leave_no_band_for_the_rest_are_refused(make, quotas):
    with pytest.raises(DataProblems) as caught:
        many(make, [99, 98, 97, 96], {"等次名额": quotas})
    row = caught.value.problems.iloc[0]
    assert (row["sheet"], row["value"]) == ("规则", quotas)
    assert "优秀=30%、良好=50%" in row["hint"]


def test_quotas_count_ranked_units_only(make):
    found = many(make, [99, 98, 97, 96], {"等次名额": "优秀=34%"}, vetoes=["村0"])
    assert found == {"村0": None, "村1": "优秀", "村2": "良好", "村3": "良好"}
