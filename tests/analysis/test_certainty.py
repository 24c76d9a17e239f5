"""The published ranking judged from records: what can be told apart, or one sentence why nothing can."""

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import lsb_nb as lsb
from lsb_nb.analysis.certainty import measure_leave_one_rater, measure_rank_shares, separate_ranks
from lsb_nb.analysis.ranks import rank_sets, sets_from_separation
from lsb_nb.analysis.raters import adjusted_ranking, audit_raters, panel_totals
from lsb_nb.analysis.words_ranks import say_approximate, say_blocks, say_first, say_limit, say_rank_certainty, say_tiers
from lsb_nb.figures.ranks import plot_rank_sets


def neighbour(name):
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


make_panel = neighbour("panels").make_panel
town = neighbour("small_town")


def judged(records):
    scores = lsb.score(records)
    return scores, separate_ranks(records, scores, draws=200)


def test_the_published_ranking_is_judged_as_it_stands():
    records = make_panel(adjustments=[("示例2村", 1.5)], vetoes=["示例5村"])
    scores, found = judged(records)
    ranked = scores.units[scores.units["rank"].notna()]
    assert found.reason == ""
    assert found.estimates.to_numpy() == pytest.approx(ranked["score"].to_numpy(dtype=float))
    sets = sets_from_separation(found)
    assert sets["rank"].tolist() == ranked["rank"].tolist()
    pd.testing.assert_frame_equal(sets, rank_sets(**panel_totals(records, scores), draws=200))


@pytest.mark.parametrize(
    ("records", "why"),
    [
        (town.make_records(), "本季没有逐名评委的评分"),
        (make_panel(1, 2, 3), "不足两个"),
        (make_panel(6, 1, 5), "只有一名评委"),
        (make_panel(6, 3, 5, rules={"标准化方法": "标准分"}), "不是满分制算术合成"),
        (make_panel(6, 3, 5, rules={"合成方法": "几何"}), "不是满分制算术合成"),
    ],
    ids=["no raters", "one unit", "one rater", "z scores", "geometric"],
)
def test_where_nothing_can_be_judged_one_sentence_says_why(records, why):
    _scores, found = judged(records)
    assert why in say_rank_certainty(found)
    assert say_rank_certainty(found).count("。") == 1
    assert not found.above.to_numpy().any()
    sets = sets_from_separation(found)
    assert sets.empty
    for words in (say_first(found), say_blocks(found), say_limit(found), say_tiers(sets), say_approximate(found)):
        assert words == ""
    figure = lsb.as_figure(plot_rank_sets(sets), title="", subtitle="x", alt="x", note="x")
    assert str(figure) == ""
    assert str(lsb.beside(str(figure), "<p>y</p>")) == "<p>y</p>"


def test_without_raters_nothing_of_the_audit_fails():
    records = town.make_records()
    scores = lsb.score(records)
    audit = audit_raters(records, scores=scores)
    assert audit.raters.empty
    assert {"criterion", "severity", "sure"} <= set(audit.raters)
    assert {"criterion", "order", "own_p"} <= set(audit.groups)
    assert "missing" in audit.sheets
    assert lsb.say_audit(audit) == "本季没有逐名评委的评分，不分析评委。"
    assert adjusted_ranking(records, scores).empty
    assert measure_rank_shares(records, scores).empty
    assert lsb.say_leave_one_rater(measure_leave_one_rater(records, scores)) == ""
    assert lsb.measure_panel_curves(lsb.rater_tables(records, scores)).empty


def test_columns_of_an_empty_audit_are_those_of_a_full_one():
    full, none = audit_raters(make_panel(), permutations=20), audit_raters(town.make_records(), permutations=20)
    for name in ("raters", "sheets", "groups"):
        assert set(getattr(none, name)) == set(getattr(full, name)), name


def split(marks):
    for rater, unit, criterion in list(marks):
        if (rater < "B05") != (unit < "示例5村"):
            del marks[rater, unit, criterion]
        elif unit < "示例5村":
            marks[rater, unit, criterion] *= 0.5


def test_units_without_a_link_are_never_told_apart():
    records = make_panel(9, 0, 8, change=split)
    scores, found = judged(records)
    one = [unit for unit in found.estimates.index if unit < "示例5村"]
    other = [unit for unit in found.estimates.index if unit >= "示例5村"]
    assert found.estimates[one].max() < found.estimates[other].min() - 20
    assert not found.above.loc[other, one].to_numpy().any()
    assert np.isinf(found.limits.loc[other, one].to_numpy()).all()
    assert "有的单位没有共同的评委，相互之间不判断先后。" in say_rank_certainty(found)
    assert adjusted_ranking(records, scores, on_error="keep").empty
    with pytest.raises(ValueError, match="互不相连的 2 部分"):
        adjusted_ranking(records, scores)


def test_shares_stand_in_published_order_and_add_up():
    records = make_panel(8, 4, 6)
    scores = lsb.score(records)
    shares = measure_rank_shares(records, scores, draws=300)
    assert shares.index.tolist() == scores.units.index.tolist()
    assert shares.sum(axis=1).to_numpy() == pytest.approx(1)


def test_the_name_of_what_to_do_is_checked():
    with pytest.raises(ValueError, match="'raise', 'keep'"):
        adjusted_ranking(None, None, on_error="ignore")
