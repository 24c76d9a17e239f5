"""Rank sets, tiers, P(A>B), weight draws, and worst and best places, on made panels."""

import importlib.util
import tracemalloc
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lsb_nb as lsb
from lsb_nb.analysis.design import place
from lsb_nb.analysis.ranks import (
    central_weights,
    draw_totals,
    draw_weights,
    estimate_points,
    missing_rank_range,
    prob_above,
    rank_acceptability,
    rank_sets,
    rank_sets_from_estimates,
    separate_units,
    sets_from_separation,
    share_ranks,
    tiers,
    weigh_scores,
)
from lsb_nb.analysis.raters import panel_marks, panel_totals

_spec = importlib.util.spec_from_file_location("panels", Path(__file__).with_name("panels.py"))
panels = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(panels)
make_table, make_panel = panels.make_table, panels.make_panel

_spec = importlib.util.spec_from_file_location(
    "false_separation", Path(__file__).parents[2] / "benchmarks" / "false_separation.py"
)
false_separation = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(false_separation)


# rank sets


@settings(max_examples=20, deadline=None)
@given(
    st.integers(3, 9), st.integers(3, 14), st.integers(0, 999), st.sampled_from([0.0, 0.15]), st.sampled_from([None, 6])
)
def test_sets_hold_the_rank_and_count_the_pairs(units, raters, seed, holes, trim_from):
    table = make_table(units, raters, seed=seed, unit_sd=8, holes=holes)
    if table.isna().all(axis=None) or table.notna().any(axis=1).sum() < 2 or table.notna().any().sum() < 2:
        return
    found = separate_units(table, trim_from=trim_from, draws=200)
    sets, above = sets_from_separation(found), found.above.to_numpy()
    assert (sets["low"] <= sets["rank"]).all()
    assert (sets["rank"] <= sets["high"]).all()
    assert not (above & above.T).any()
    assert (sets["low"] == 1 + above.sum(axis=0)).all()
    assert (sets["high"] == len(sets) - above.sum(axis=1)).all()
    assert (found.limits.to_numpy()[above] >= found.limit).all()
    trimmed = trim_from is not None and table.shape[1] >= trim_from
    assert (sets["approximate"] == (trimmed or table.isna().to_numpy().any())).all()


def test_clear_differences_are_seen_and_small_ones_are_not():
    rng = np.random.default_rng(0)
    level = np.array([95.0, 94.9, 80.0, 79.9, 60.0])
    table = pd.DataFrame(level[:, None] + rng.normal(0, 4, 20) + rng.normal(0, 2, (5, 20)), index=list("ABCDE"))
    sets = rank_sets(table)
    assert sets[["low", "high"]].to_numpy().tolist() == [[1, 2], [1, 2], [3, 4], [3, 4], [5, 5]]
    assert tiers(sets).tolist() == [1, 1, 2, 2, 3]
    assert not sets["approximate"].any()


def test_the_severity_of_raters_does_not_matter():
    table = make_table(8, 12, unit_sd=6)
    harsher = table.assign(B03=table["B03"] - 20)
    a, b = separate_units(table), separate_units(harsher)
    assert a.limits.to_numpy() == pytest.approx(b.limits.to_numpy(), rel=1e-9)
    assert (a.above == b.above).all(axis=None)


def test_tukeys_limit_is_the_textbook_one():
    from scipy.stats import studentized_range

    table = make_table(7, 9)
    found = separate_units(table, draws=50)
    y = table.to_numpy()
    rest = y - y.mean(0) - y.mean(1)[:, None] + y.mean()
    s = np.sqrt((rest**2).sum() / (6 * 8))
    assert found.limit == pytest.approx(studentized_range.ppf(0.95, 7, 48) / np.sqrt(2) * s * np.sqrt(2 / 9))


def test_groups_are_never_pooled():
    from scipy.stats import studentized_range

    table = make_table(6, 11, unit_sd=5)
    groups = {rater: "ab"[i > 3] for i, rater in enumerate(table)}
    found = separate_units(table, groups=groups, group_weights={"a": 0.6, "b": 0.4}, draws=50)
    v, df = [], []
    for group, weight in (("a", 0.6), ("b", 0.4)):
        y = table[[r for r in table if groups[r] == group]].to_numpy()
        rest = y - y.mean(0) - y.mean(1)[:, None] + y.mean()
        df.append(5 * (y.shape[1] - 1))
        v.append(weight**2 * (rest**2).sum() / df[-1] / y.shape[1])
    nu = sum(v) ** 2 / sum(x**2 / d for x, d in zip(v, df, strict=True))
    assert found.limit == pytest.approx(studentized_range.ppf(0.95, 6, nu) * np.sqrt(sum(v)))
    a, b = (table[[r for r in table if groups[r] == g]].mean(axis=1) for g in "ab")
    assert found.estimates.to_numpy() == pytest.approx((0.6 * a + 0.4 * b).to_numpy())
    assert found.limit > separate_units(table, draws=50).limit


def test_the_bootstrap_is_the_formula_of_the_docstring():
    from scipy.stats import norm, t

    table = make_table(4, 7, unit_sd=5)
    y = table.to_numpy()
    picks = np.random.default_rng(0).integers(7, size=(300, 7))
    left, right = np.triu_indices(4, 1)
    d = (y[left] - y[right]).mean(axis=1)
    whole = ((y[left] - y[right]).var(axis=1, ddof=1) / 7).mean()
    worst = []
    for pick in picks:
        gaps = (y[left] - y[right])[:, pick]
        variance = gaps.var(axis=1, ddof=1) / 7
        worst.append(
            np.max(np.abs(gaps.mean(axis=1) - d) / np.sqrt(np.maximum(variance, 0.25 * max(variance.mean(), whole))))
        )
    critical = np.quantile(worst, 0.95, method="higher") * t.ppf(0.975, 6) / norm.ppf(0.975)
    found = separate_units(table, draws=300, seed=0)
    assert found.critical == pytest.approx(critical)
    se = (y[left] - y[right]).std(axis=1, ddof=1) / np.sqrt(7)
    se = np.maximum(se, np.sqrt(0.25 * np.mean(se**2)))
    assert found.limits.to_numpy()[left, right] == pytest.approx(np.maximum(found.limit, critical * se))


def test_trimmed_estimates_drop_one_at_each_end():
    table = make_table(5, 8)
    ordered = np.sort(table.to_numpy(), axis=1)
    assert estimate_points(table, trim_from=6).to_numpy() == pytest.approx(ordered[:, 1:-1].mean(axis=1))
    assert estimate_points(table, trim_from=9).to_numpy() == pytest.approx(table.mean(axis=1).to_numpy())


def test_trimming_turns_on_only_where_enough_marks_are():
    table = make_table(5, 8)
    table.iloc[0, :4] = np.nan
    found = estimate_points(table, trim_from=6)
    assert found.iloc[0] == pytest.approx(table.iloc[0].mean())
    assert found.iloc[1] == pytest.approx(np.sort(table.iloc[1])[1:-1].mean())


def test_a_single_rater_tells_nothing_apart():
    table = make_table(5, 6, unit_sd=30)
    groups = {rater: "ab"[i == 0] for i, rater in enumerate(table)}
    sets = rank_sets(table, groups=groups)
    assert (sets["low"] == 1).all()
    assert (sets["high"] == 5).all()


def test_marks_in_whole_numbers_still_tell_what_is_clear():
    table = pd.DataFrame(np.repeat([[9.0], [9.0], [5.0]], 12, axis=1), index=list("ABC"))
    table.iloc[1, 0] = 8
    table.iloc[2, 1] = 6
    sets = rank_sets(table)
    assert sets.loc["C", ["low", "high"]].tolist() == [3, 3]
    assert sets.loc["A", ["low", "high"]].tolist() == [1, 2]


def test_a_seed_gives_the_same_sets_and_the_table_is_left_alone():
    table = make_table(6, 8)
    copy = table.copy()
    pd.testing.assert_frame_equal(rank_sets(table, seed=3), rank_sets(table, seed=3))
    pd.testing.assert_frame_equal(table, copy)


def test_fixed_points_move_the_estimates_and_choose_the_units():
    table = make_table(6, 8)
    fixed = pd.Series({"示例2村": 50.0, "示例3村": 0.0, "示例5村": 0.0})
    found = separate_units(table, fixed=fixed)
    assert found.estimates.index.tolist() == list(fixed.index)
    assert found.estimates["示例2村"] == pytest.approx(table.loc["示例2村"].mean() + 50)
    assert found.above.loc["示例2村"].sum() == 2


@pytest.mark.parametrize("spreads", ["equal", "unequal"])
@pytest.mark.parametrize("trimmed", [False, True])
def test_truly_equal_villages_are_rarely_separated(spreads, trimmed):
    rate = false_separation.measure_rates(panels=60, units=11, draws=200, raters=10, spreads=spreads, trimmed=trimmed)[
        "false"
    ]
    # With a true rate of 5%, 9 or more of 60 happen once in 400 runs; the seed is fixed.
    assert rate <= 8 / 60


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("raters", [10, 20, 40])
@pytest.mark.parametrize("spreads", ["equal", "unequal"])
@pytest.mark.parametrize("trimmed", [False, True])
def test_false_separations_stay_under_five_percent(raters, spreads, trimmed):
    setting = {"raters": raters, "spreads": spreads, "trimmed": trimmed}
    assert false_separation.measure_rates(panels=300, units=36, draws=600, **setting)["false"] <= 0.05


# tiers


def test_tiers_from_sets_alone():
    sets = pd.DataFrame({"rank": [1, 2, 3, 4, 5], "low": [1, 1, 2, 3, 4], "high": [2, 3, 4, 5, 5]}, index=list("ABCDE"))
    assert tiers(sets).tolist() == [1, 1, 2, 2, 3]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=2, max_size=12), st.integers(0, 10))
def test_tiers_from_sets_are_those_from_pairs_where_all_pairs_have_one_limit(points, limit):
    values = np.array(points, dtype=float)
    above = values[:, None] - values[None, :] > limit
    ranks = 1 + (values[None, :] > values[:, None]).sum(axis=1)
    sets = pd.DataFrame({"rank": ranks, "low": 1 + above.sum(0), "high": len(values) - above.sum(1)})
    found = tiers(sets)
    order = np.argsort(ranks, kind="stable")
    first, tier = order[0], 1
    for unit in order:
        if above[first, unit]:
            first, tier = unit, tier + 1
        assert found[unit] == tier


# sets from estimates


def test_sets_from_estimates_are_narrower_one_by_one():
    estimates = pd.Series([10.0, 7, 6.5, 3], index=list("ABCD"))
    joint = rank_sets_from_estimates(estimates, pd.Series([0.5] * 4))
    single = rank_sets_from_estimates(estimates, pd.Series([0.5] * 4), method="marginal")
    assert joint["low"].tolist() == [1, 2, 2, 4]
    assert joint["high"].tolist() == [1, 3, 3, 4]
    assert (single["low"] >= joint["low"]).all()
    assert (single["high"] <= joint["high"]).all()


def test_sets_from_estimates_match_errors_by_unit():
    estimates = pd.Series([10.0, 7, 6.5, 3], index=list("ABCD"))
    errors = pd.Series([0.1, 5, 5, 0.1], index=list("ABCD"))
    found = rank_sets_from_estimates(estimates, errors)
    assert rank_sets_from_estimates(estimates, errors[::-1]).equals(found)
    assert rank_sets_from_estimates(estimates, errors.to_numpy()).equals(found)
    with pytest.raises(ValueError, match="one number for each of 4"):
        rank_sets_from_estimates(estimates, [1, 1])


@pytest.mark.parametrize("level", [0, 1, 95])
def test_a_level_lies_between_0_and_1(level):
    table = make_table(4, 6)
    for call in (
        lambda: rank_sets(table, level=level),
        lambda: rank_sets_from_estimates([1, 2], [1, 1], level),
        lambda: lsb.icc(table, level=level),
        lambda: lsb.fit_severity(table, level=level),
        lambda: lsb.shrink([1, 2], [1, 1], level=level),
    ):
        with pytest.raises(ValueError, match=f"between 0 and 1, such as 0.95; not {level}"):
            call()


def test_sets_from_estimates_refuse_what_they_cannot_use():
    with pytest.raises(ValueError, match="'simultaneous', 'marginal'; not 'joint'"):
        rank_sets_from_estimates([1, 2], [1, 1], method="joint")
    with pytest.raises(ValueError, match="positive"):
        rank_sets_from_estimates([1, 2], [1, 0])


# draws


def slow_totals(marks, picks, *, groups, shares, weights, trim_from, levels=None):
    """One draw by hand: group by group, criterion by criterion."""
    result = {}
    units = next(iter(marks.values())).index
    for unit in units:
        top = bottom = whole = 0.0
        for criterion, table in marks.items():
            whole += weights[criterion]
            points = base = 0.0
            for group, members in groups.items():
                drawn = [members[at] for at in sorted(picks[group])]
                if levels is None:
                    drawn = sorted((r for r in drawn if not np.isnan(table.loc[unit, r])), key=table.loc[unit].get)
                else:
                    drawn = sorted((r for r in drawn if not np.isnan(levels.loc[unit, r])), key=levels.loc[unit].get)
                if trim_from is not None and len(drawn) >= trim_from:
                    drawn = drawn[1:-1]
                values = [table.loc[unit, r] for r in drawn if not np.isnan(table.loc[unit, r])]
                if values:
                    points += shares[group] * np.mean(values)
                    base += shares[group]
            if base:
                top += weights[criterion] * points / base
                bottom += weights[criterion]
        result[unit] = top / bottom * whole if bottom else np.nan
    return pd.Series(result)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 999), st.sampled_from([None, 4, 6]), st.sampled_from([0.0, 0.3]), st.booleans(), st.booleans())
def test_draws_are_what_a_plain_loop_gives(seed, trim_from, holes, joint, whole):
    marks = {name: make_table(4, 11, seed=seed + i, holes=holes) for i, name in enumerate("xyz")}
    levels = pd.concat(marks).groupby(level=1, sort=False).mean() if whole else None
    raters = list(make_table(4, 11))
    members = {"a": raters[:4], "b": raters[4:]}
    groups = {rater: group for group, names in members.items() for rater in names}
    weights = draw_weights({"x": 5, "y": 3, "z": 2}, draws=3, seed=1)
    options = {"groups": groups, "group_weights": {"a": 6, "b": 4}, "trim_from": trim_from, "seed": seed}
    options |= {"levels": levels}
    given_weights = weights if joint else {"x": 5, "y": 3, "z": 2}
    found = draw_totals(marks, weights=given_weights, draws=3, **options)
    rng = np.random.default_rng(seed)
    picks = {group: rng.integers(len(names), size=(3, len(names))) for group, names in members.items()}
    for draw in range(3):
        chosen = {group: rows[draw] for group, rows in picks.items()}
        w = weights.iloc[draw] if joint else given_weights
        expected = slow_totals(
            marks, chosen, groups=members, shares={"a": 0.6, "b": 0.4}, weights=w, trim_from=trim_from, levels=levels
        )
        assert found.iloc[draw].to_numpy() == pytest.approx(expected.to_numpy(), nan_ok=True)


def test_draws_centre_on_the_published_totals():
    records = make_panel(10, 8, 12, adjustments=[("示例1村", 2)], rules={"去极值最少评委数": "99"})
    scores = lsb.score(records)
    found = draw_totals(**panel_marks(records, scores), draws=4_000)
    assert found.mean().to_numpy() == pytest.approx(scores.units["total"].to_numpy(), abs=0.1)


def test_whole_sheets_are_trimmed_as_the_rule_says():
    def stray(marks):
        # One rater's sheets are neither the highest nor the lowest, though they hold the highest and lowest marks.
        for rater, unit, criterion in marks:
            marks[rater, unit, criterion] = 20 + 2 * int(rater[1:])
            if rater == "A03":
                marks[rater, unit, criterion] = {"党建": 40, "环境": 20, "服务": 0}[criterion] + 6

    criteria = [("党建", 100, "甲"), ("环境", 100, "甲"), ("服务", 100, "乙")]
    rules = {"去极值口径": "整张", "去极值最少评委数": "3"}
    records = make_panel(5, 5, 6, change=stray, criteria=criteria, rules=rules)
    panel = panel_marks(records, lsb.score(records))
    assert panel["levels"].loc["示例1村", "A03"] == pytest.approx(0.26)
    totals = draw_totals(**panel, draws=300)
    assert not np.allclose(totals, draw_totals(**panel | {"levels": None}, draws=300))
    assert totals.mean().to_numpy() == pytest.approx(lsb.score(records).units["total"].to_numpy(), abs=0.5)
    assert panel_marks(make_panel(), lsb.score(make_panel()))["levels"] is None


def test_drawn_panels_of_one_mind_give_the_published_total():
    def agree(marks):
        for rater, unit, criterion in marks:
            marks[rater, unit, criterion] = marks["A01", unit, criterion]

    records = make_panel(recusal=True, change=agree, adjustments=[("示例1村", 2)])
    scores = lsb.score(records)
    found = draw_totals(**panel_marks(records, scores), draws=20)
    assert found.dropna().to_numpy() == pytest.approx(np.tile(scores.units["total"], (len(found.dropna()), 1)))


def test_what_a_unit_lacks_goes_to_its_pillar():
    whole = pd.DataFrame([[80.0] * 3, [60.0] * 3])
    marks = {"a": whole.where(whole > 60), "b": whole / 2, "c": whole / 4}
    weights, pillars = {"a": 0.5, "b": 0.2, "c": 0.3}, {"a": "甲", "b": "甲", "c": "乙"}
    assert draw_totals(marks, weights=weights, pillars=pillars, draws=1).iloc[0].tolist() == pytest.approx(
        [0.5 * 80 + 0.2 * 40 + 0.3 * 20, 0.7 * 30 + 0.3 * 15]
    )
    # Without pillars pro rata: the others count 2 to 3.
    assert draw_totals(marks, weights=weights, draws=1).iloc[0, 1] == pytest.approx(0.4 * 30 + 0.6 * 15)


def test_draws_of_one_mind_give_the_published_total_where_a_criterion_does_not_apply():
    def agree(marks):
        for rater, unit, criterion in marks:
            marks[rater, unit, criterion] = marks["A01", unit, criterion]
        for rater, unit, criterion in marks:
            if (unit, criterion) == ("示例2村", "环境"):
                marks[rater, unit, criterion] = "not_applicable"

    records = make_panel(change=agree, criteria=[("党建", 40, "甲"), ("环境", 35, "甲"), ("服务", 25, "乙")])
    scores = lsb.score(records)
    found = draw_totals(**panel_marks(records, scores), draws=20)
    assert found.iloc[0].to_numpy() == pytest.approx(scores.units["total"].to_numpy(dtype=float))


def test_weightings_must_name_every_criterion():
    scores = pd.DataFrame([[1.0, 2.0]], columns=["a", "b"])
    with pytest.raises(ValueError, match="missing: b"):
        weigh_scores(scores, pd.DataFrame([[0.5, 0.5]], columns=["a", "c"]))
    with pytest.raises(ValueError, match=r"2 criteria; not of shape \(1, 3\)"):
        weigh_scores(scores, np.ones((1, 3)))


def test_draws_are_small():
    rng = np.random.default_rng(0)
    marks = {f"c{i}": pd.DataFrame(rng.normal(80, 5, (36, 40))) for i in range(15)}
    weights = draw_weights(dict.fromkeys(marks, 1.0))
    levels = sum(marks.values()) / len(marks)
    for options in ({}, {"trim_from": 6}, {"trim_from": 6, "levels": levels}, {"weights": weights}):
        tracemalloc.start()
        totals = draw_totals(marks, **options)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 100e6
        assert totals.shape == (10_000, 36)


@settings(max_examples=30, deadline=None)
@given(st.integers(2, 6), st.integers(1, 40), st.integers(0, 999))
def test_chances_are_shares_of_draws(units, draws, seed):
    values = np.random.default_rng(seed).integers(0, 4, (draws, units)).astype(float)
    found = prob_above(pd.DataFrame(values)).to_numpy()
    expected = [[np.mean((a > b) + 0.5 * (a == b)) for b in values.T] for a in values.T]
    assert found == pytest.approx(np.array(expected))
    assert found + found.T == pytest.approx(np.ones((units, units)))


def test_chances_pass_over_missing_totals():
    values = pd.DataFrame({"A": [2.0, np.nan, 2.0], "B": [1.0, 1.0, 3.0]})
    assert prob_above(values).loc["A", "B"] == pytest.approx(0.5)


# weights


def test_weight_draws_centre_on_the_official_weights():
    official = {"甲": 50, "乙": 30, "丙": 20, "丁": 0}
    found = draw_weights(official, draws=20_000)
    assert found.sum(axis=1).to_numpy() == pytest.approx(np.ones(20_000))
    assert found.mean().to_numpy() == pytest.approx([0.5, 0.3, 0.2, 0.0], abs=0.002)
    assert (found["丁"] == 0).all()
    share = np.array([0.5, 0.3, 0.2])
    assert found.std()[:3].to_numpy() == pytest.approx(np.sqrt(share * (1 - share) / 101), rel=0.03)
    assert draw_weights(official, concentration=1000).std().iloc[0] < found.std().iloc[0] / 2
    with pytest.raises(ValueError, match="positive"):
        draw_weights({"甲": 0})


def test_acceptability_rows_are_shares_of_places():
    rng = np.random.default_rng(0)
    scores = pd.DataFrame(rng.normal(80, 5, (7, 4)), index=list("ABCDEFG"), columns=list("wxyz"))
    found = rank_acceptability(scores, draw_weights(dict.fromkeys("wxyz", 1)))
    assert found.sum(axis=1).to_numpy() == pytest.approx(np.ones(7))
    assert found.sum(axis=0).to_numpy() == pytest.approx(np.ones(7))
    assert found.columns.tolist() == list(range(1, 8))
    certain = scores.assign(**{c: scores[c] + 30.0 * (scores.index == "C") for c in scores})
    assert rank_acceptability(certain, draw_weights(dict.fromkeys("wxyz", 1))).loc["C", 1] == 1


def test_equal_totals_share_a_place():
    scores = pd.DataFrame({"x": [1.0, 1.0, 0.0]}, index=list("ABC"))
    found = rank_acceptability(scores, pd.DataFrame({"x": [1.0, 1.0]}))
    assert found.to_numpy().tolist() == [[1, 0, 0], [1, 0, 0], [0, 0, 1]]


def test_a_left_out_criterion_gives_its_weight_to_its_pillar(make_field):
    scores = make_field(9, 6, holes=0.15)
    official = scores.structure["weight"]
    once = pd.DataFrame([official])
    found = weigh_scores(scores.criteria, once, pillars=scores.structure["pillar"])
    assert found.iloc[0].to_numpy() == pytest.approx(scores.units["before"].to_numpy())
    flat = weigh_scores(scores.criteria, once).iloc[0]
    here = scores.criteria.notna() * official
    assert flat.to_numpy() == pytest.approx(
        ((scores.criteria.fillna(0) * here).sum(axis=1) / here.sum(axis=1)).to_numpy()
    )


def test_central_weights_are_those_that_make_a_unit_first():
    scores = pd.DataFrame({"x": [1.0, 0.0, 0.4], "y": [0.0, 1.0, 0.4]}, index=list("ABC"))
    weights = draw_weights({"x": 1, "y": 1}, concentration=2)
    found = central_weights(weigh_scores(scores, weights), weights)
    assert found.loc["A", "x"] == pytest.approx(0.75, abs=0.01)
    assert found.loc["B", "y"] == pytest.approx(0.75, abs=0.01)
    assert found.loc["C"].isna().all()


# missing scores


def test_a_missing_score_counts_in_full_and_as_nothing(make_scores):
    values = pd.DataFrame({"x": [90.0, 80, 70, 60], "y": [90.0, np.nan, 70, 60]}, index=list("ABCD"))
    found = missing_rank_range(make_scores(values, adjustments={"B": 1.0}))
    assert found.index.tolist() == ["B"]
    assert found.loc["B", ["rank", "best", "worst"]].tolist() == [2, 1, 4]
    assert found.loc["B", ["best_score", "worst_score"]].tolist() == [91.0, 41.0]
    assert found.loc["B", "missing"] == "y"


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 999))
def test_the_published_place_lies_between_best_and_worst(seed):
    rng = np.random.default_rng(seed)
    values = pd.DataFrame(rng.uniform(40, 100, (8, 5)).round(2), index=list("ABCDEFGH"))
    values = values.mask(rng.random(values.shape) < 0.2)
    values.iloc[:, 0] = 70.0
    from_conftest = importlib.util.spec_from_file_location("made", Path(__file__).with_name("conftest.py"))
    made = importlib.util.module_from_spec(from_conftest)
    from_conftest.loader.exec_module(made)
    scores = made._make(values.rename(columns=str))
    found = missing_rank_range(scores)
    assert (found["best"] <= found["rank"]).all()
    assert (found["rank"] <= found["worst"]).all()
    assert set(found.index) == set(values.index[values.isna().any(axis=1)])


def test_sets_of_a_scored_quarter():
    records = make_panel(12, 8, 12)
    scores = lsb.score(records)
    sets = rank_sets(**panel_totals(records, scores), draws=200)
    assert sets["rank"].tolist() == scores.units["rank"].tolist()
    assert sets["approximate"].all()


@pytest.mark.parametrize("rule", [{"标准化方法": "极差"}, {"标准化方法": "标准分"}, {"合成方法": "几何"}])
def test_worst_and_best_are_only_known_on_the_scale_of_full_marks(rule):
    scores = lsb.score(make_panel(rules=rule))
    with pytest.raises(ValueError, match="满分"):
        missing_rank_range(scores)
    assert missing_rank_range(scores, on_error="keep").empty
    with pytest.raises(ValueError, match="'raise', 'keep'"):
        missing_rank_range(scores, on_error="ignore")


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 9), st.integers(1, 8), st.integers(0, 999), st.sampled_from([0, 1, 12]))
def test_places_count_those_above(rows, units, seed, digits):
    rng = np.random.default_rng(seed)
    values = np.round(rng.normal(0, 2, (rows, units)), digits)
    values[rng.random(values.shape) < 0.1] = np.nan
    filled = np.nan_to_num(values, nan=-np.inf)
    expected = 1 + (filled[:, None, :] > filled[:, :, None]).sum(axis=-1)
    assert np.array_equal(place(values), expected)
    if rows:
        shares = share_ranks(pd.DataFrame(values)).to_numpy()
        assert shares == pytest.approx(np.stack([(expected == p).mean(axis=0) for p in range(1, units + 1)], axis=1))
