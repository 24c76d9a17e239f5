"""History with one, two, missing quarters and late units; 同起点进步 agrees with the scored method."""

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import lsb_nb as lsb
from lsb_nb.analysis.drive import drive_index, fit_slopes, measure_growth, shrink
from lsb_nb.analysis.trends import measure_history, measure_progress, shared_history

CODES = ("2020Q3", "2020Q4", "2021Q1", "2021Q2", "2021Q3", "2021Q4")


@pytest.fixture
def run(make_scores):
    """`n` units over some quarters: truth + drift·quarter + noise, two criteria."""

    def make(codes=CODES, n=12, *, noise=1.0, drift=1.5, late=None, seed=0):
        rng = np.random.default_rng(seed)
        start, slope = rng.normal(75, 5, n), rng.normal(0, drift, n)
        history = {}
        for code in codes:
            t = CODES.index(code)
            values = np.column_stack([start + slope * t, start + slope * t]) + rng.normal(0, noise, (n, 2))
            table = pd.DataFrame(
                values.clip(1, 100).round(2), index=[f"示例{i}村" for i in range(n)], columns=["甲", "乙"]
            )
            if late and t < CODES.index(late):
                table = table.iloc[1:]
            history[code] = make_scores(table, quarter=code)
        return history

    return make


def test_history_of_one_quarter(run):
    history = measure_history(run(["2021Q4"]))
    assert set(history["step"]) == {0}
    assert history["risen"].eq(0).all()


def test_a_missing_quarter_leaves_its_place_empty(run):
    history = measure_history(run(["2021Q1", "2021Q4"]))
    assert sorted(set(history["step"])) == [0, 3]


def test_a_late_unit_is_marked(run):
    history = measure_history(run(late="2021Q2"))
    assert set(history.loc[history["joined"], "unit"]) == {"示例0村"}
    assert history.loc[history["unit"] == "示例0村", "quarter"].min() == "2021Q2"


def test_quarters_are_compared_on_shared_criteria(make_scores):
    units = {"甲村": 80.0, "乙村": 60.0}
    early = make_scores({"共有": units, "旧项": {"甲村": 0.0, "乙村": 100.0}}, quarter="2021Q3")
    other = {"新项": "台账计算"}
    late = make_scores({"共有": units, "新项": {"甲村": 50.0, "乙村": 50.0}}, methods=other)
    table = shared_history({"2021Q4": late, "2021Q3": early})
    assert table.loc["甲村"].tolist() == [80.0, 80.0]
    assert table.attrs["shared"] == ["共有"]
    assert set(table.attrs["left_out"]) == {"旧项", "新项"}


def test_progress_needs_four_consecutive_quarters(run):
    few = measure_progress(run(["2020Q3", "2021Q2", "2021Q3", "2021Q4"]))
    assert few.attrs["state"] == "too few quarters"
    assert few.attrs["quarters"] == ("2021Q2", "2021Q3", "2021Q4")
    assert not few["proven"].any()
    assert measure_progress(run(["2021Q4"])).attrs["state"] == "too few quarters"
    assert measure_progress(run(CODES[2:])).attrs["state"] == "enough"


def test_progress_needs_five_units_and_spread(run, make_scores):
    assert measure_progress(run(n=4)).attrs["state"] == "too few units"
    table = {"甲": {f"示例{i}村": 80.0 for i in range(6)}}
    same = {code: make_scores(table, quarter=code) for code in CODES}
    assert measure_progress(same).attrs["state"] == "no spread"


def test_a_late_unit_has_no_drive(run):
    progress = measure_progress(run(late="2021Q2"))
    assert np.isnan(progress["drive"]["示例0村"])
    assert progress.index[-1] == "示例0村"
    assert progress["drive"].drop("示例0村").notna().all()


def test_true_differences_are_proven_and_noise_is_not(run):
    real = measure_progress(run(n=36, drift=2.0, noise=0.5))
    assert real["proven"].sum() > 10
    assert real["shrunk"][real["drive"].notna()].is_monotonic_decreasing
    noise = [measure_progress(run(n=36, drift=0.0, noise=2.0, seed=s))["proven"].sum() for s in range(6)]
    assert np.mean(noise) < 1


def test_fair_to_the_start(run):
    frames = [measure_progress(run(n=36, drift=1.5, noise=1.0, seed=s)) for s in range(3)]
    assert abs(np.mean([frame["drive"].corr(frame["start"]) for frame in frames])) < 1e-9
    # raw change is not: what chance took from a start comes back. With level SD 5 and v = (6/√2)²/3 = 6 the variance of
    # a half's mean by chance, the expected correlation is −v/√(2v(25+v)) = −0.31; over 10 fields of 36 units its
    # standard error is about 0.05, so −0.1 lies 4 of them away
    steady = [measure_progress(run(n=36, drift=0.0, noise=6.0, seed=s)) for s in range(10)]
    assert np.mean([frame["change"].corr(frame["start"]) for frame in steady]) < -0.1


def test_regression_to_the_mean_is_foreseen(run):
    told, seen = [], []
    for seed in range(15):
        frame = measure_progress(run(n=36, drift=0.0, noise=6.0, seed=seed)).sort_values("start")
        told.append(frame["chance"].head(6).mean())
        seen.append((frame["change"] - frame["change"].mean()).head(6).mean())
    assert np.mean(told) == pytest.approx(np.mean(seen), abs=0.4)
    assert np.mean(seen) > 0.5


def test_vetoed_units_do_not_make_the_line(make_scores, run):
    history = run()
    struck = history["2021Q4"]
    units = struck.units.assign(vetoed=struck.units.index == "示例3村")
    history["2021Q4"] = type(struck)(**{**struck.__dict__, "units": units})
    assert "示例3村" not in measure_progress(history).index


def test_drive_by_hand():
    history = pd.DataFrame({"a": [60.0, 70, 80, 90, 100], "b": [61.0, 72, 81, 92, 99]})
    drive = drive_index(history)
    slope, level = np.polyfit(history["a"], history["b"], 1)
    np.testing.assert_allclose(drive["drive"], history["b"] - level - slope * history["a"], atol=1e-9)
    assert drive["drive"].sum() == pytest.approx(0, abs=1e-9)
    assert drive["standard_error"].isna().all()


def test_drive_of_an_odd_number_of_quarters_has_the_shorter_half_first():
    history = pd.DataFrame(np.arange(25.0).reshape(5, 5) ** 1.1)
    assert drive_index(history)["start"][0] == pytest.approx(history.iloc[0, :2].mean())


def test_given_standard_errors_are_used():
    history = pd.DataFrame({"a": [60.0, 70, 80, 90, 100], "b": [61.0, 72, 81, 92, 99]})
    drive = drive_index(history, standard_errors=2.0)
    slope = np.polyfit(history["a"], history["b"], 1)[0]
    assert drive["standard_error"][0] == pytest.approx(2 * np.sqrt(1 + slope**2))
    by_unit = drive_index(history, standard_errors=pd.Series([2.0, 1, 1, 1, 1]))
    assert by_unit["standard_error"][0] == pytest.approx(drive["standard_error"][0])
    with pytest.raises(ValueError, match="at least 2"):
        drive_index(history[["a"]])


def test_shrinking_keeps_order_and_pulls_the_uncertain_more():
    found = shrink([10.0, 10.0, -10.0, -10.0, 0.0], [1.0, 6.0, 1.0, 1.0, 1.0])
    assert 0 < found["shrunk"][1] < found["shrunk"][0] < 10
    assert found["proven"].tolist() == [True, False, True, True, False]
    assert (found["lower"] < found["shrunk"]).all()


def test_shrink_passes_over_what_is_missing():
    found = shrink(pd.Series({"a": 1.0, "b": np.nan, "c": 3.0}), pd.Series({"a": 1.0, "b": 1.0, "c": 1.0}))
    assert np.isnan(found["shrunk"]["b"])
    assert found["df"].iloc[0] == 1
    assert not shrink([1.0], [1.0])["proven"].any()


def test_slopes_and_growth_by_hand():
    history = pd.DataFrame([[1.0, 2, 3], [2.0, 4, 8], [5.0, 5, 5], [1.0, np.nan, 4]], index=list("abcd"))
    slopes = fit_slopes(history)
    assert slopes["slope"].tolist() == pytest.approx([1.0, 3.0, 0.0, 1.5])
    assert np.isnan(slopes["mixed"]["d"])
    growth = measure_growth(history)
    assert growth["compound"]["b"] == pytest.approx(1.0)
    assert growth["percent"]["a"] == pytest.approx(100.0)


def test_drive_is_what_the_scored_method_gives():
    records = lsb.load_activity(Path(__file__).parents[2] / "data" / "demo-town")
    criteria = records.criteria
    extra = criteria[criteria["quarter"] == "2021Q4"].tail(1).assign(criterion="进步", method="进步计算")
    frames = dict(records.frames) | {"criteria": pd.concat([criteria, extra], ignore_index=True)}
    scores = lsb.score(dataclasses.replace(records, frames=frames), "2021Q4")
    history = lsb.score_history(records, quarter="2021Q4") | {"2021Q4": scores}
    progress = measure_progress(history)
    scored = scores.full["进步"].reindex(progress.index)
    assert scored.notna().sum() > 10
    np.testing.assert_allclose((50 + 5 * progress["drive"]).clip(0, 100), scored, atol=1e-9)
