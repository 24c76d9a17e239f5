"""Reference numbers for raters: agreement, severity, connectivity, variance components, halo."""

import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lsb_nb.analysis.raters import (
    connected_parts,
    fit_severity,
    icc,
    kendall_w,
    krippendorff_alpha,
    measure_halo,
    measure_reliability,
    measure_squares,
    raters_needed,
    variance_components,
)

FOLDER = Path(os.environ.get("LSB_REFERENCES", Path(__file__).parents[3] / "shared" / "references")) / "stats"
pytestmark = pytest.mark.skipif(not FOLDER.exists(), reason="reference numbers are not here")


def reference(name):
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def test_icc():
    given = reference("icc_shrout_fleiss_1979")
    table = pd.DataFrame(given["data"]["x"])
    found, expected = icc(table), given["expected"]
    for form in found.index:
        assert found.loc[form, "value"] == pytest.approx(expected[form], abs=given["tolerance"])
        assert round(found.loc[form, "value"], 2) == given["published"][form]
    squares = measure_squares(table)
    for ours, theirs in {"between": "MSB", "within": "MSW", "rater": "MSJ", "residual": "MSE", "unit": "MSB"}.items():
        assert squares[ours] == pytest.approx(expected[theirs], abs=given["tolerance"])


def test_kendall():
    given = reference("kendall_w_ties_siegel")
    found, expected = kendall_w(pd.DataFrame(given["data"]["x"]).T), given["expected"]
    for name in ("W", "W_uncorrected", "chi2", "df", "p"):
        assert found[name] == pytest.approx(expected[name], abs=given["tolerance"])


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
def test_krippendorff(level):
    given = reference("krippendorff_alpha_C")
    table = pd.DataFrame(given["data"]["x"], dtype=float).T
    assert krippendorff_alpha(table, level=level) == pytest.approx(given["expected"][level], abs=given["tolerance"])


def test_incomplete_two_way():
    given = reference("incomplete_twoway_catalyst")
    table = pd.DataFrame(given["data"]["y"], dtype=float)
    fit, expected, close = fit_severity(table), given["expected"], given["tolerance"]["fixed"]
    assert fit.units["adjusted"].to_numpy() == pytest.approx(expected["adjusted_mean"], abs=close)
    assert (fit.units["adjusted"] - fit.mu).to_numpy() == pytest.approx(expected["unit_effect"], abs=close)
    assert fit.units["raw"].to_numpy() == pytest.approx(expected["raw_mean"], abs=close)
    assert fit.raters["severity"].to_numpy() == pytest.approx(expected["rater_effect"], abs=close)
    assert (fit.mu, fit.sse, fit.df) == pytest.approx((expected["mu"], expected["sse"], expected["df"]), abs=close)
    assert fit.ss_units == pytest.approx(expected["ss_unit_adjusted"], abs=close)
    assert fit.ss_units / 3 / fit.sigma**2 == pytest.approx(expected["F"], abs=1e-9)
    c = fit.covariance.to_numpy()
    assert np.sqrt(c[0, 0] + c[1, 1] - 2 * c[0, 1]) == pytest.approx(
        expected["se_pair_diff_unit2_minus_unit1"], abs=1e-9
    )


def test_incomplete_two_way_random_raters():
    given = reference("incomplete_twoway_catalyst")
    table = pd.DataFrame(given["data"]["y"], dtype=float)
    fit, expected, close = (
        fit_severity(table, random=("raters",)),
        given["expected"]["reml"],
        given["tolerance"]["reml"],
    )
    assert fit.units["adjusted"].to_numpy() == pytest.approx(expected["unit_mean"], abs=close)
    assert fit.raters["severity"].to_numpy() == pytest.approx(expected["rater_blup"], abs=close)
    components = variance_components(table)
    assert components["rater"] == pytest.approx(expected["var_rater"], abs=close)
    assert components["residual"] == pytest.approx(expected["var_resid"], abs=close)


def test_connectivity():
    given = reference("connectivity_constructed")
    present = pd.DataFrame(given["data"]["scores_present"])
    table = present.where(present == 1).astype(float)
    units, _raters = connected_parts(table)
    assert units.tolist() == given["expected"]["unit_component"]
    assert units.nunique() == given["expected"]["components"]
    with pytest.raises(ValueError, match="2 部分"):
        fit_severity(table)


def test_nested_variance():
    given = reference("gtheory_brennan_3_2")
    y = np.array(given["data"]["y"])
    people, tasks, raters = y.shape
    table = pd.DataFrame(y.reshape(people, tasks * raters))
    found = variance_components(table, groups={i: i // raters for i in range(tasks * raters)})
    names = {"residual": "prt", "unit_group": "pt", "rater": "rt", "unit": "p", "group": "t"}
    for ours, theirs in names.items():
        assert found[ours] == pytest.approx(given["expected"]["variance"][theirs], abs=given["tolerance"])
    for row in given["expected"]["dstudy"]:
        pair = measure_reliability(found, raters=row["n_r"], groups=row["n_t"])
        assert pair.tolist() == pytest.approx([row["relative"], row["absolute"]], abs=given["tolerance"])


def test_crossed_mixed():
    given = reference("crossed_mixed_penicillin")
    table = pd.DataFrame(given["data"]["x"], dtype=float)
    fit, expected, close = fit_severity(table, random=("raters", "units")), given["expected"], given["tolerance"]
    components = variance_components(table)
    for ours, theirs in {"unit": "var_unit", "rater": "var_rater", "residual": "var_resid"}.items():
        assert components[ours] == pytest.approx(expected[theirs], abs=close)
    assert fit.mu == pytest.approx(expected["mu"], abs=close)
    assert (fit.units["adjusted"] - fit.mu).to_numpy() == pytest.approx(expected["unit_blup"], abs=close)


def test_halo():
    given = reference("halo_usjudgeratings")
    found = measure_halo(pd.DataFrame(given["data"]["x"]))
    for name in ("mean_r", "first_share"):
        assert found[name] == pytest.approx(given["expected"][name], abs=given["tolerance"])


def test_raters_needed_as_written_in_the_methods():
    spread = {"unit": 3.0**2, "rater": 4.0**2, "residual": 5.0**2}
    assert [raters_needed(spread, 0.8), raters_needed(spread, 0.9)] == [12, 25]
