"""Published and constructed numbers for change, drive, shrinkage and tipping weights."""

import json
import os
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lsb_nb.analysis import trends, whatif
from lsb_nb.analysis.joint import least_moved, nearest_tie

REFERENCES = Path(os.environ.get("LSB_REFERENCES") or Path(__file__).parents[2].parent / "shared" / "references")
if not REFERENCES.is_dir():
    pytest.skip("the reference numbers are not here", allow_module_level=True)


def read(name):
    return json.loads((REFERENCES / "stats" / f"{name}.json").read_text(encoding="utf-8"))


def test_das_gupta_two_factors():
    case = read("decomposition_dasgupta_2factor")
    (a0, a1), (b0, b1) = case["data"]["a"], case["data"]["b"]
    split = trends.split_change([a0], [b0], [a1], [b1])
    assert split["scheme"].sum() == pytest.approx(case["expected"]["effect_a"], abs=case["tolerance"])
    assert split["performance"].sum() == pytest.approx(case["expected"]["effect_b"], abs=case["tolerance"])
    assert [split["scheme"].sum(), split["performance"].sum()] == pytest.approx(case["expected"]["exact"], rel=1e-12)


def test_scheme_change():
    case = read("decomposition_scheme_change")
    w0, w1, s0, s1 = (np.array(case["data"][key], float) for key in ("w0", "w1", "s0", "s1"))
    split = trends.split_change(w0 / 100, s0, w1 / 100, s1)
    exact = [[float(Fraction(text)) for text in case["expected"][key]] for key in ("exact_score", "exact_scheme")]
    np.testing.assert_allclose(split["performance"], exact[0], atol=case["tolerance"])
    np.testing.assert_allclose(split["scheme"], exact[1], atol=case["tolerance"])
    change = case["expected"]["total1"] - case["expected"]["total0"]
    assert split[["performance", "scheme"]].to_numpy().sum() == pytest.approx(change, abs=case["tolerance"])


def test_tipping_weights():
    case = read("weight_stability")
    scores = pd.DataFrame(case["data"]["scores"], index=list("ABC"), columns=list("wxyz"))
    weights = pd.Series(case["data"]["weights"], index=list("wxyz"))
    found = whatif.tipping_points(scores, weights, pairs="all").set_index(["better", "worse", "criterion"])
    assert len(found) == len(case["expected"]["ties"])
    for tie in case["expected"]["ties"]:
        row = found.loc[("ABC"[tie["better"]], "ABC"[tie["worse"]], "wxyz"[tie["criterion"]])]
        if tie["tie_weight"] is None:
            assert np.isnan(row["tie_weight"])
        else:
            assert row["tie_weight"] == pytest.approx(tie["tie_weight"], abs=case["tolerance"])
            assert row["change"] == pytest.approx(tie["change"], abs=case["tolerance"])
    totals = whatif.compute_totals(scores, weights)
    np.testing.assert_allclose(totals, case["expected"]["total"], atol=case["tolerance"])
    least = least_moved(scores, weights).iloc[0]
    assert least["moved"] == pytest.approx(case["expected"]["top2"]["min_weight_moved"], abs=case["tolerance"])
    assert least["interior"] == case["expected"]["top2"]["interior"]
    nearest = nearest_tie(scores, weights).iloc[0]
    assert nearest["distance"] == pytest.approx(case["expected"]["top2"]["l2"], abs=case["tolerance"])
    np.testing.assert_allclose(
        nearest[list("wxyz")].astype(float), case["expected"]["top2"]["dw"], atol=case["tolerance"]
    )


def test_gain_against_start():
    case = read("ancova_gain_anorexia")
    rows = pd.DataFrame(case["data"]["rows"], columns=case["data"]["columns"])
    # the published fit takes CBT as its base; so does sorted order
    fit = trends.fit_gain(rows["Prewt"], rows["Postwt"] - rows["Prewt"], groups=rows["Treat"])
    names = {"intercept": "intercept", "prewt": "start", "cont": "Cont", "ft": "FT"}
    for key, term in names.items():
        assert fit.loc[term, "coefficient"] == pytest.approx(case["expected"]["coef"][key], abs=case["tolerance"])
        assert fit.loc[term, "standard_error"] == pytest.approx(case["expected"]["se"][key], abs=case["tolerance"])
    assert fit["rss"].iloc[0] == pytest.approx(case["expected"]["rss"], abs=case["tolerance"])
    drive = trends.drive_index(rows[["Prewt", "Postwt"]])
    np.testing.assert_allclose(drive["drive"], case["expected"]["residual_gain"], atol=case["tolerance"])
    line = case["expected"]["post_on_pre"]
    expected = line["b0"] + (line["b1"] - 1) * rows["Prewt"]
    np.testing.assert_allclose(drive["expected"], expected, atol=case["tolerance"])


def test_slopes():
    case = read("slopes_sleepstudy")
    rows = pd.DataFrame(case["data"]["rows"], columns=case["data"]["columns"])
    history = rows.pivot_table(index="Subject", columns="Days", values="Reaction")
    found = trends.fit_slopes(history)
    expected, near = case["expected"], case["tolerance"]
    for column, key in (("slope", "ols"), ("robust", "theil_sen"), ("mixed", "eb_slope")):
        truth = [expected[key][str(int(subject))] for subject in history.index]
        np.testing.assert_allclose(found[column], truth, atol=near["eb" if column == "mixed" else key])
    model = found.attrs
    fixed = expected["fixed"]
    got = [model[key] for key in ("intercept", "slope", "intercept_error", "slope_error")]
    assert got == pytest.approx([fixed["b0"], fixed["b1"], fixed["se0"], fixed["se1"]], rel=near["reml_fixed"])
    got = [model[key] for key in ("sd_intercept", "sd_slope", "correlation", "sigma")]
    truth = [expected[key] for key in ("sd0", "sd1", "cor", "sigma")]
    assert got == pytest.approx(truth, rel=near["reml_var"])


def test_eight_schools():
    case = read("shrinkage_eight_schools")
    found = trends.shrink(pd.Series(case["data"]["effect"]), pd.Series(case["data"]["se"]))
    expected, near = case["expected"], case["tolerance"]
    assert found["shrunk"].to_numpy() == pytest.approx([expected["shrunk_all"]] * 8, abs=near)
    first = found.iloc[0]
    got = [first[key] for key in ("pooled", "pooled_error", "q", "df", "tau2")]
    assert got == pytest.approx([expected[key] for key in ("pooled", "se", "Q", "df", "tau2_DL")], abs=near)
    assert not found["proven"].any()
