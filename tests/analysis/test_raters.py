"""Agreement, severity, variance components and the audit of raters, on made panels and against second opinions."""

import importlib.util
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t

import lsb_nb as lsb
from lsb_nb.analysis.raters import (
    TOTAL,
    adjust_tables,
    adjusted_ranking,
    audit_raters,
    code_raters,
    connected_parts,
    fit_severity,
    icc,
    kendall_w,
    krippendorff_alpha,
    measure_agreement,
    measure_halo,
    measure_panel_curve,
    measure_panel_curves,
    measure_reliability,
    panel_totals,
    rater_tables,
    raters_needed,
    variance_components,
)

_spec = importlib.util.spec_from_file_location("panels", Path(__file__).with_name("panels.py"))
panels = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(panels)
make_table, make_panel = panels.make_table, panels.make_panel
FULL = {criterion: full for criterion, full, _pillar in panels.CRITERIA}

tables = st.builds(make_table, st.integers(3, 9), st.integers(3, 7), seed=st.integers(0, 999))
holed = st.builds(make_table, st.integers(4, 9), st.integers(4, 7), seed=st.integers(0, 999), holes=st.just(0.2))


def long(table):
    return table.rename_axis(index="unit", columns="rater").stack().rename("mark").reset_index()  # noqa: PD013


# agreement


@settings(max_examples=15, deadline=None)
@given(tables)
def test_icc_agrees_with_pingouin(table):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pingouin

        theirs = pingouin.intraclass_corr(long(table), "unit", "rater", "mark")
    ours = icc(table)
    names = ["ICC1", "ICC2", "ICC3", "ICC1k", "ICC2k", "ICC3k"]
    expected = theirs["ICC"].to_numpy().astype(float)
    assert ours.loc[names, "value"].to_numpy() == pytest.approx(np.maximum(expected, 0), abs=1e-9)
    bounds = np.array([list(pair) for pair in theirs["CI95"]], dtype=float)
    assert ours.loc[names, "low"].round(2).to_numpy() == pytest.approx(bounds[:, 0], abs=0.0051)
    assert ours.loc[names, "high"].round(2).to_numpy() == pytest.approx(np.maximum(bounds[:, 1], 0), abs=0.0051)
    assert not ours["approximate"].any()


def test_icc_says_when_it_is_approximate_and_stays_near():
    full = make_table(30, 12, seed=4)
    holes = full.mask(np.random.default_rng(0).random(full.shape) < 0.05)
    assert icc(holes)["approximate"].all()
    assert icc(holes)["value"].to_numpy() == pytest.approx(icc(full)["value"].to_numpy(), abs=0.08)


def test_icc_of_raters_who_agree_in_order_but_not_in_level():
    units = pd.Series([80.0, 85, 90, 95])
    found = icc(pd.DataFrame({"a": units, "b": units - 10, "c": units + 3}))
    assert found.loc["ICC3", "value"] == pytest.approx(1)
    assert found.loc["ICC2", "value"] < 0.7


@settings(max_examples=25, deadline=None)
@given(holed, st.sampled_from(["nominal", "ordinal", "interval", "ratio"]))
def test_alpha_agrees_with_the_krippendorff_package(table, level):
    import krippendorff

    coarse = (table / 4).round()
    expected = krippendorff.alpha(reliability_data=coarse.T.to_numpy(), level_of_measurement=level)
    assert krippendorff_alpha(coarse, level=level) == pytest.approx(expected, abs=1e-9)


def test_alpha_is_silent_where_all_marks_are_equal():
    assert np.isnan(krippendorff_alpha(pd.DataFrame(np.full((4, 3), 80.0))))


def test_alpha_names_its_levels():
    with pytest.raises(ValueError, match="'nominal', 'ordinal', 'interval', 'ratio'; not 'metric'"):
        krippendorff_alpha(make_table(), level="metric")


@settings(max_examples=25, deadline=None)
@given(tables)
def test_w_is_the_friedman_test(table):
    from scipy.stats import friedmanchisquare

    coarse = (table / 3).round()
    if (coarse.max() == coarse.min()).all():
        return
    statistic, p = friedmanchisquare(*coarse.to_numpy())
    found = kendall_w(coarse)
    assert found["chi2"] == pytest.approx(statistic, abs=1e-9)
    assert found["p"] == pytest.approx(p, abs=1e-9)
    assert 0 <= found["W"] <= 1


def test_w_with_missing_marks_keeps_to_the_full_one():
    full = make_table(20, 10, seed=2)
    holes = full.mask(np.random.default_rng(1).random(full.shape) < 0.05)
    assert kendall_w(holes)["approximate"]
    assert kendall_w(holes)["W"] == pytest.approx(kendall_w(full)["W"], abs=0.06)
    assert kendall_w(holes)["chi2"] == pytest.approx(kendall_w(full)["chi2"], rel=0.15)


def test_skillings_mack_is_friedman_without_ties_and_gaps():
    from lsb_nb.analysis.agreement import _incomplete_w

    table = make_table(9, 6, seed=3)
    w, statistic = _incomplete_w(table, table.rank())
    assert w == pytest.approx(kendall_w(table)["W"], abs=1e-9)
    assert statistic == pytest.approx(kendall_w(table)["chi2"], abs=1e-9)


def test_halo_of_one_axis_is_full_and_of_noise_is_none():
    rng = np.random.default_rng(0)
    one = rng.normal(size=(500, 1))
    assert measure_halo(one @ np.ones((1, 4)))["mean_r"] == pytest.approx(1)
    assert abs(measure_halo(rng.normal(size=(500, 4)))["mean_r"]) < 0.1
    assert np.isnan(measure_halo(one)["mean_r"])


# severity


@settings(max_examples=20, deadline=None)
@given(holed)
def test_severity_agrees_with_statsmodels(table):
    if max(part.max() for part in connected_parts(table)) > 0 or table.isna().all(axis=None):
        return
    import statsmodels.formula.api as smf

    table = table.dropna(axis=0, how="all").dropna(axis=1, how="all")
    fit = fit_severity(table)
    model = smf.ols("mark ~ C(unit) + C(rater)", long(table).dropna()).fit()
    assert fit.sse == pytest.approx(model.ssr, abs=1e-8)
    assert fit.df == model.df_resid
    grid = pd.MultiIndex.from_product([table.index, table.columns], names=["unit", "rater"]).to_frame(index=False)
    fitted = model.predict(grid).to_numpy().reshape(table.shape)
    assert fit.units["adjusted"].to_numpy() == pytest.approx(fitted.mean(axis=1), abs=1e-8)
    assert fit.raters["severity"].to_numpy() == pytest.approx(fitted.mean(axis=0) - fitted.mean(), abs=1e-8)
    with np.errstate(invalid="ignore", divide="ignore"):
        outliers = model.get_influence().resid_studentized_internal
    ours = fit.studentised.to_numpy()[table.notna().to_numpy()]
    # A mark that alone links its rater or unit fits exactly: no residual to speak of.
    told = ~np.isnan(ours)
    assert ours[told] == pytest.approx(np.asarray(outliers)[told], abs=1e-6)


@settings(max_examples=30, deadline=None)
@given(holed, st.floats(-5, 5))
def test_adjusting_removes_a_shift_of_one_rater(table, shift):
    if max(part.max() for part in connected_parts(table)) > 0 or table.isna().all(axis=None):
        return
    rater = table.columns[0]
    moved = table.assign(**{rater: table[rater] + shift})
    before, after = fit_severity(table).units["adjusted"], fit_severity(moved).units["adjusted"]
    assert (after - before).to_numpy() == pytest.approx(shift / table.notna().any().sum(), abs=1e-8)


def test_raw_means_are_biased_by_the_severity_of_those_who_scored():
    table = make_table(6, 5, seed=1, noise=0.0)
    table.iloc[0, 0] = np.nan
    fit = fit_severity(table)
    unit = table.index[0]
    scored = fit.raters["severity"][table.loc[unit].notna()].mean()
    assert fit.units.loc[unit, "raw"] - fit.units.loc[unit, "adjusted"] == pytest.approx(scored, abs=0.02)


def test_a_complete_table_is_not_adjusted():
    fit = fit_severity(make_table(7, 5))
    assert fit.units["adjusted"].to_numpy() == pytest.approx(fit.units["raw"].to_numpy(), abs=1e-9)
    assert fit.raters["severity"].sum() == pytest.approx(0, abs=1e-9)


def test_a_disconnected_design_is_refused_with_the_names_of_its_parts():
    table = make_table(4, 4)
    table.iloc[:2, 2:] = np.nan
    table.iloc[2:, :2] = np.nan
    with pytest.raises(ValueError, match="2 部分") as caught:
        fit_severity(table)
    for name in (*table.index, *table.columns):
        assert name in str(caught.value)


def test_intervals_cover_the_true_severity():
    rng = np.random.default_rng(5)
    hits = []
    for _ in range(200):
        true = rng.normal(0, 4, 6)
        table = pd.DataFrame(rng.normal(0, 3, (10, 1)) + true + rng.normal(0, 5, (10, 6)))
        found = fit_severity(table).raters
        hits.append((found["low"] <= true - true.mean()) & (true - true.mean() <= found["high"]))
    assert 0.93 < np.mean(hits) < 0.97


def test_groups_are_adjusted_apart_and_then_weighted():
    table = make_table(6, 7, seed=6)
    table.iloc[0, :2] = np.nan
    groups = {rater: "ab"[i > 2] for i, rater in enumerate(table.columns)}
    found = adjust_tables(table, groups=groups, group_weights={"a": 3, "b": 1})
    parts = [fit_severity(table[[r for r in table if groups[r] == g]]).units["adjusted"] for g in "ab"]
    assert found["adjusted"].sort_index().to_numpy() == pytest.approx((0.75 * parts[0] + 0.25 * parts[1]).sort_index())
    assert (found["move"] == found["raw_rank"] - found["adjusted_rank"]).all()
    assert found["raw_rank"].is_monotonic_increasing


def test_a_group_without_weight_is_an_error():
    table = make_table(4, 4)
    with pytest.raises(ValueError, match="缺少评委组：b"):
        adjust_tables(table, groups=dict(zip(table, "aabb", strict=True)), group_weights={"a": 1})


# variance components and panel size


def test_components_find_what_went_in():
    found = pd.DataFrame([variance_components(make_table(36, 20, seed=s, noise=5.0)) for s in range(30)]).mean()
    assert found["unit"] == pytest.approx(9, rel=0.15)
    assert found["rater"] == pytest.approx(16, rel=0.2)
    assert found["residual"] == pytest.approx(25, rel=0.05)


def test_components_with_gaps_are_unbiased():
    panels_ = [make_table(20, 12, seed=s, noise=5.0, holes=0.3) for s in range(60)]
    found = pd.DataFrame([variance_components(table) for table in panels_]).mean()
    assert found["unit"] == pytest.approx(9, rel=0.15)
    assert found["residual"] == pytest.approx(25, rel=0.05)


def test_nested_components_of_unequal_groups_are_unbiased():
    rng = np.random.default_rng(0)
    found = []
    for _ in range(300):
        codes = np.repeat([0, 1, 2], [3, 5, 8])
        y = rng.normal(0, 3, (15, 1)) + rng.normal(0, 2, 3)[codes] + rng.normal(0, 4, 16)
        y = y + rng.normal(0, 1.5, (15, 3))[:, codes] + rng.normal(0, 5, (15, 16))
        found.append(variance_components(pd.DataFrame(y), groups=dict(enumerate(codes))))
    mean = pd.DataFrame(found).mean()
    assert mean["unit"] == pytest.approx(9, rel=0.12)
    assert mean["unit_group"] == pytest.approx(2.25, rel=0.25)
    assert mean["rater"] == pytest.approx(16, rel=0.1)
    assert mean["residual"] == pytest.approx(25, rel=0.03)


def test_relative_reliability_of_the_panel_is_icc3k():
    table = make_table(10, 6)
    found = measure_reliability(variance_components(table), raters=6)
    assert found["relative"] == pytest.approx(icc(table).loc["ICC3k", "value"])
    assert found["absolute"] == pytest.approx(icc(table).loc["ICC2k", "value"])


@settings(max_examples=50, deadline=None)
@given(
    st.floats(0.1, 20),
    st.floats(0.1, 50),
    st.floats(0, 50),
    st.floats(0.05, 0.98),
    st.sampled_from(["relative", "absolute"]),
)
def test_raters_needed_is_the_smallest_panel(unit, residual, rater, wanted, kind):
    components = {"unit": unit, "rater": rater, "residual": residual}
    n = raters_needed(components, wanted, kind=kind)
    assert measure_reliability(components, raters=n)[kind] >= wanted - 1e-7
    assert n == 1 or measure_reliability(components, raters=n - 1)[kind] < wanted


def test_no_panel_is_enough_where_units_do_not_differ():
    assert raters_needed({"unit": 0.0, "rater": 1.0, "residual": 2.0}, 0.8) is None
    with pytest.raises(ValueError, match="between 0 and 1"):
        raters_needed({"unit": 1.0, "residual": 2.0}, 1.0)


def test_the_curve_marks_todays_panel():
    curve = measure_panel_curve(variance_components(make_table()), today=6)
    assert curve.loc[curve["today"], "raters"].tolist() == [6]
    assert curve["relative"].is_monotonic_increasing
    assert (curve["absolute"] <= curve["relative"] + 1e-12).all()


# from records


def test_tables_are_points_of_the_total():
    records = make_panel()
    scores = lsb.score(records)
    tables = rater_tables(records, scores)
    assert {name: table.shape for name, table in tables.items()} == {"班子成员": (12, 5), "中层干部": (12, 8)}
    ratings = records.ratings
    total = ratings[(ratings["rater"] == "B01") & (ratings["unit"] == "示例3村")]["mark"].sum() / 1e6
    assert tables["中层干部"].loc["示例3村", "B01"] == pytest.approx(total)
    one = rater_tables(records, scores, criterion="环境")["中层干部"]
    assert one.to_numpy().max() <= 35
    with pytest.raises(ValueError, match="党建、环境、服务"):
        rater_tables(records, scores, criterion="卫生")


def test_the_panel_leads_back_to_the_published_scores():
    from lsb_nb.analysis.ranks import separate_units

    records = make_panel(recusal=True, adjustments=[("示例2村", 1.5)], vetoes=["示例5村"])
    scores = lsb.score(records)
    found = separate_units(**panel_totals(records, scores), draws=50)
    published = scores.units.loc[scores.units["rank"].notna(), "score"]
    assert found.estimates.to_numpy() == pytest.approx(published.to_numpy())
    assert "示例5村" not in found.estimates.index


def test_recused_marks_stay_out():
    records = make_panel(recusal=True)
    table = rater_tables(records, lsb.score(records))["班子成员"]
    recused = dict(zip(records.raters["rater"], records.raters["recused"], strict=True))
    for rater in table:
        assert set(table.index[table[rater].isna()]) == set(recused[rater])


def test_names_never_leave_unless_asked_for():
    rename = {"B01": "欧阳示例", "B02": "王示例"}
    records = make_panel(rename=rename)
    codes = code_raters(records)
    assert [codes[name] for name in rename.values()] == ["评委01", "评委02"]
    assert codes["B03"] == "B03"
    audit = audit_raters(records, permutations=20)
    for frame in (audit.raters, audit.sheets, audit.groups):
        text = frame.to_csv()
        assert "欧阳示例" not in text
        assert "干部A01" not in text
        assert "person" not in frame
    named = audit_raters(records, permutations=20, names=True)
    assert named.sheets.set_index("rater")["person"]["A01"] == "干部A01"
    assert "欧阳示例" in rater_tables(records, lsb.score(records), names=True)["中层干部"]


def test_the_audit_finds_the_severe_the_erratic_and_the_narrow():
    rng = np.random.default_rng(0)

    def change(marks):
        for key, value in marks.items():
            rater, _unit, criterion = key
            full = FULL[criterion]
            if rater == "B02":
                marks[key] = max(value - 0.12 * full, 0)
            elif rater == "B03":
                marks[key] = float(np.clip(value + rng.normal(0, 0.2) * full, 0, full))
            elif rater == "B04":
                marks[key] = 0.85 * full + 0.1 * (value - 0.85 * full)
            marks[key] = round(marks[key], 1)

    audit = audit_raters(make_panel(24, change=change), permutations=20)
    rows = audit.raters[(audit.raters["group"] == "中层干部") & (audit.raters["criterion"] == TOTAL)].set_index("rater")
    assert rows["severity"].idxmin() == "B02"
    assert rows.loc["B02", "high"] < 0
    assert rows["inconsistency"].idxmax() == "B03"
    assert rows["spread"].idxmin() == "B04"
    assert rows.loc["B04", "spread"] < 0.5
    assert (rows["severity"] == rows["severity"].clip(rows["low"], rows["high"])).all()
    assert set(audit.raters["criterion"]) == {TOTAL, "党建", "环境", "服务"}


def test_the_audit_finds_favour_for_the_own_unit():
    def change(marks):
        for rater, unit, criterion in marks:
            if rater.startswith("A") and (int(unit[2:-1]) - 1) % 6 == int(rater[1:]) - 1:
                full = FULL[criterion]
                marks[rater, unit, criterion] = round(min(marks[rater, unit, criterion] + 0.1 * full, full), 1)

    favoured = audit_raters(make_panel(24, 6, change=change)).groups.set_index(["group", "criterion"])
    fair = audit_raters(make_panel(24, 6)).groups.set_index(["group", "criterion"])
    assert favoured.loc[("班子成员", TOTAL), "own_p"] < 0.01
    assert fair.loc[("班子成员", TOTAL), "own_p"] > 0.05
    assert favoured.loc[("班子成员", TOTAL), "own_pairs"] == 24
    assert favoured.loc[("中层干部", TOTAL), "own_pairs"] == 0
    rows = audit_raters(make_panel(24, 6, change=change)).raters
    own = rows[(rows["criterion"] == TOTAL) & (rows["group"] == "班子成员")]
    assert own["own_points"].mean() == pytest.approx(10, abs=3)


def test_favour_of_chance_is_found_as_often_as_promised():
    p = []
    for seed in range(30):
        groups = audit_raters(make_panel(12, 5, 2, seed=seed), permutations=99).groups
        p.append(groups.set_index(["group", "criterion"]).loc[("班子成员", TOTAL), "own_p"])
    assert 0.3 < np.mean(p) < 0.7
    assert np.mean(np.array(p) <= 0.1) < 0.25


def test_halo_is_found_where_one_impression_colours_all_criteria():
    rng = np.random.default_rng(1)

    def change(marks):
        moods = {}
        for (rater, unit, criterion), value in marks.items():
            if rater == "B05":
                full = FULL[criterion]
                mood = moods.setdefault(unit, rng.normal(0, 0.15))
                marks[rater, unit, criterion] = round(float(np.clip(value + mood * full, 0, full)), 1)

    audit = audit_raters(make_panel(24, change=change), permutations=20)
    rows = audit.raters[audit.raters["criterion"] == TOTAL].set_index("rater")["halo"]
    assert rows.idxmax() == "B05"
    assert rows["B05"] > 0.6
    assert rows.drop("B05").max() < 0.6


def test_the_audit_looks_at_the_sheets():
    def change(marks):
        for rater, unit, criterion in list(marks):
            full = FULL[criterion]
            if rater == "B01":
                marks[rater, unit, criterion] = round(0.9 * full, 1)
            if rater == "B04":
                marks[rater, unit, criterion] = marks["B03", unit, criterion]
            if rater == "B06":
                marks[rater, unit, criterion] = marks["B05", unit, criterion]
            if (rater == "B07" and unit == "示例1村") or rater == "B08":
                del marks[rater, unit, criterion]
        marks["B06", "示例2村", "服务"] += 0.5

    sheets = audit_raters(make_panel(change=change), permutations=20).sheets.set_index("rater")
    assert sheets.index[sheets["straight"]].tolist() == ["B01"]
    assert sheets.loc["B01", "straight_criteria"] == 3
    assert (sheets.loc["B03", "identical_to"], sheets.loc["B04", "identical_to"]) == ("B04", "B03")
    assert sheets.loc["B06", "copy_of"] == "B05"
    assert sheets.loc["B06", "copy_share"] == pytest.approx(35 / 36)
    assert sheets["copy_of"].dropna().to_dict() == {"B04": "B03", "B06": "B05"}
    assert sheets.loc["B07", ["marks", "expected", "missing"]].tolist() == [33, 36, 3]
    assert sheets.index[sheets["absent"]].tolist() == ["B08"]


def test_void_sheets_are_seen_though_they_do_not_count():
    def change(marks):
        for rater, unit, criterion in list(marks):
            if rater == "B01":
                marks[rater, unit, criterion] = 0.8 * FULL[criterion]

    records = make_panel(change=change, rules={"全同分票作废": "是"})
    audit = audit_raters(records, permutations=20)
    assert audit.sheets.set_index("rater").loc["B01", "straight"]
    assert "B01" not in set(audit.raters["rater"])


def test_recusal_is_not_missing():
    sheets = audit_raters(make_panel(recusal=True), permutations=20).sheets
    assert (sheets["missing"] == 0).all()
    assert sheets["expected"].min() == 30


def test_what_does_not_apply_is_not_missing():
    def change(marks):
        for rater, unit, criterion in list(marks):
            if criterion == "服务" and (unit == "示例1村" or (unit == "示例2村" and rater == "B02")):
                marks[rater, unit, criterion] = "blank" if (rater, unit) == ("B03", "示例1村") else "not_applicable"

    sheets = audit_raters(make_panel(4, 0, 5, change=change), permutations=20).sheets.set_index("rater")
    assert sheets["missing"].sum() == 0
    assert sheets["expected"].to_dict() == {"B01": 11, "B02": 10, "B03": 11, "B04": 11, "B05": 11}


def test_severity_is_sure_only_with_all_raters_compared_at_once():
    fit = fit_severity(make_table(8, 20, noise=6, seed=1))
    raters = fit.raters
    alone = (raters["low"] > 0) | (raters["high"] < 0)
    far = t.ppf(1 - 0.025 / 20, fit.df) * raters["se"]
    assert raters["sure"].tolist() == (raters["severity"].abs() > far).tolist()
    assert raters["sure"].sum() < alone.sum()


def test_severities_of_equal_raters_are_rarely_sure():
    rng = np.random.default_rng(0)
    wrong = [fit_severity(pd.DataFrame(rng.normal(85, 5, (12, 30)))).raters["sure"].any() for _panel in range(200)]
    # Each rater alone at 5% would be wrong in most panels.
    assert np.mean(wrong) <= 0.09


@pytest.mark.parametrize("bad", [np.inf, -np.inf])
def test_infinite_marks_are_refused(bad):
    table = make_table()
    table.iloc[0, 0] = bad
    for measure in (icc, kendall_w, krippendorff_alpha, fit_severity, variance_components):
        with pytest.raises(ValueError, match="无穷大"):
            measure(table)


def test_too_few_marks_for_components_are_told():
    nothing = pd.Series({"unit": np.nan, "rater": np.nan, "residual": np.nan})
    with pytest.raises(ValueError, match="评分太少"):
        raters_needed(nothing)
    assert lsb.say_raters_needed(nothing, today=3) == "评分太少，不能推算要多少名评委。"


def test_curves_of_groups():
    tables = {"甲": make_table(8, 5), "乙": make_table(8, 9, seed=1), "丙": make_table(8, 1)}
    curves = measure_panel_curves(tables)
    assert curves["group"].unique().tolist() == ["甲", "乙"]
    assert curves.loc[curves["today"], "raters"].tolist() == [5, 9]
    own = measure_panel_curve(variance_components(tables["乙"]), today=9)
    assert curves.loc[curves["group"] == "乙", "relative"].tolist() == own["relative"].tolist()


def test_a_small_or_split_panel_is_audited_without_an_error():
    alone = audit_raters(make_panel(4, 0, 1), permutations=20)
    assert alone.raters["severity"].isna().all()
    assert alone.groups["order"].isna().all()

    def change(marks):
        for rater, unit, criterion in list(marks):
            if (rater < "B05") != (unit < "示例5村"):
                del marks[rater, unit, criterion]

    split = audit_raters(make_panel(9, 0, 8, change=change), permutations=20)
    assert split.raters["severity"].isna().all()
    assert split.raters["mean"].notna().all()


def test_agreement_sums_up():
    found = measure_agreement(make_table(10, 6))
    assert found["order_low"] <= found["order"] <= found["order_high"]
    assert measure_agreement(make_table(10, 6).iloc[:, :1]).isna().all()


def test_adjusting_leaves_a_complete_untrimmed_panel_as_published():
    records = make_panel(rules={"去极值最少评委数": "99"})
    scores = lsb.score(records)
    found = adjusted_ranking(records, scores)
    assert found["adjusted"].to_numpy() == pytest.approx(found["raw"].to_numpy(), abs=0.011)
    assert found.index.tolist() == scores.units.index.tolist()


def test_adjusting_undoes_the_luck_of_recusal():
    def change(marks):
        for key in marks:
            if key[0] == "A01":
                marks[key] = round(0.6 * marks[key], 1)

    records = make_panel(recusal=True, change=change, rules={"去极值最少评委数": "99"})
    found = adjusted_ranking(records, lsb.score(records))
    lucky = list(records.raters.set_index("rater")["recused"]["A01"])
    assert (found.loc[lucky, "bias"] > 2).all()
    assert found.drop(index=lucky)["bias"].max() < 1
    assert found.drop(index=lucky)["bias"].mean() < 0
    tables = rater_tables(records, lsb.score(records))
    direct = adjust_tables(tables, group_weights={"班子成员": 60, "中层干部": 40})
    assert found["adjusted"].to_numpy() == pytest.approx(direct["adjusted"].reindex(found.index).to_numpy(), abs=0.02)


def test_adjusting_names_the_group_and_criterion_it_cannot_link():
    def change(marks):
        for rater, unit, criterion in list(marks):
            if criterion == "环境" and rater.startswith("B") and (rater < "B05") != (unit < "示例5村"):
                del marks[rater, unit, criterion]

    records = make_panel(9, change=change)
    with pytest.raises(ValueError, match=r"中层干部.*环境.*2 部分"):
        adjusted_ranking(records, lsb.score(records))
