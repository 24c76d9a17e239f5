"""COINr 1.1.14 on its ASEM example: 51 units, 49 indicators, three levels of aggregation, seven ways."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lsb_nb.scoring.aggregate import aggregate
from lsb_nb.scoring.normalise import normalise
from lsb_nb.scoring.standing import rank_units

REFERENCES = Path(os.environ.get("LSB_REFERENCES") or Path(__file__).parents[2].parent / "shared" / "references")
if not REFERENCES.is_dir():
    pytest.skip("the reference numbers are not here", allow_module_level=True)

MINMAX = {"method": "minmax"}
CASES = {
    "A_amean_minmax0_100": ("inputs", MINMAX, {}),
    "B_raw_with_missing_amean": ("inputs_raw", MINMAX, {}),
    "B2_raw_missing_thresh0.9": ("inputs_raw", MINMAX, {"min_share": 0.9}),
    "C_gmean_minmax1_100": ("inputs", MINMAX | {"low": 1}, {"method": "geometric"}),
    "D_weight_change": ("inputs", MINMAX, {}),
    "F_hmean_minmax1_100": ("inputs", MINMAX | {"low": 1}, {"method": "harmonic"}),
    "G_zscore10_2_amean": ("inputs", {"method": "zscore", "mean": 10, "sd": 2}, {}),
}


def read(name):
    return pd.read_csv(REFERENCES / "composite" / f"{name}.csv", keep_default_na=False, na_values=[""])


def build(case):
    """Every level of one case, from the public functions alone."""
    inputs, scale, mean = CASES[case]
    structure = read("structure").set_index("iCode")
    if case.startswith("D_"):
        structure["Weight"] = read("weights_D").set_index("iCode")["Weight"].reindex(structure.index)
    indicators = structure[structure["Level"] == 1]
    values = read(inputs).set_index("uCode")[list(indicators.index)] * indicators["Direction"]
    level = normalise(values, **scale)
    found = {1: level}
    for number in (2, 3, 4):
        parents = structure.index[structure["Level"] == number]
        children = {p: structure.index[structure["Parent"] == p] for p in parents}
        level = pd.DataFrame({p: aggregate(level[list(c)], structure["Weight"], **mean) for p, c in children.items()})
        found[number] = level
    return found


@pytest.mark.parametrize("case", CASES)
def test_every_score_and_rank_of_every_level(case):
    expected = read("expected")
    expected = expected[expected["case"] == case]
    assert len(expected) == 3060
    for number, level in build(case).items():
        want = expected[expected["level"] == number]
        scores = want.pivot_table(index="uCode", columns="iCode", values="score", dropna=False)
        ranks = want.pivot_table(index="uCode", columns="iCode", values="rank", dropna=False)
        np.testing.assert_allclose(level[scores.columns].loc[scores.index], scores, rtol=0, atol=1e-9)
        for code in scores.columns:
            column = level.loc[scores.index, code].to_numpy()
            present = ~np.isnan(column)
            billionths = np.where(present, np.round(np.nan_to_num(column) * 10**9), 0).astype(np.int64)
            found = np.where(present, rank_units([billionths], present), np.nan)
            different = scores.index[~((found == ranks[code]) | (np.isnan(found) & ranks[code].isna()))]
            # COINr ranks bare floats: of three units at 5.1 and two at 3.4 one stands apart by its last bit.
            apart = ["JPN" if case.startswith("G_") else "GRC"] if code == "TolMin" else []
            assert list(different) in ([], apart), code


def test_the_normalised_table():
    want = read("normalised_0_100").set_index("uCode")
    level = build("A_amean_minmax0_100")[1]
    np.testing.assert_allclose(level[want.columns].loc[want.index], want, rtol=0, atol=1e-9)
