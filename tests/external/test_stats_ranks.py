"""Reference numbers for ranks: csranks, SMAA, and 200 saved weight draws on a three-level index."""

import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lsb_nb.analysis.design import place
from lsb_nb.analysis.ranks import (
    central_weights,
    draw_weights,
    prob_above,
    rank_acceptability,
    rank_sets_from_estimates,
    share_ranks,
    weigh_scores,
)
from lsb_nb.scoring.aggregate import aggregate

FOLDER = Path(os.environ.get("LSB_REFERENCES", Path(__file__).parents[3] / "shared" / "references"))
pytestmark = pytest.mark.skipif(not FOLDER.exists(), reason="reference numbers are not here")


def reference(name):
    return json.loads((FOLDER / "stats" / f"{name}.json").read_text(encoding="utf-8"))


def table(name):
    return pd.read_csv(FOLDER / "composite" / name, keep_default_na=False, na_values=[""])


@pytest.mark.parametrize("method", ["simultaneous", "marginal"])
@pytest.mark.parametrize("seed", [0, 1])
def test_rank_sets_from_estimates(method, seed):
    given = reference("csranks_pisa2018_math")
    data, expected = given["data"], given["expected"]
    scores = pd.Series(data["score"], index=data["name"])
    sets = rank_sets_from_estimates(scores, pd.Series(data["se"]), method=method, draws=20_000, seed=seed)
    assert sets["rank"].tolist() == expected["rank"]
    kind = {"simultaneous": "simul", "marginal": "marg"}[method]
    for bound, letter in (("low", "L"), ("high", "U")):
        admissible = expected["admissible"][f"{kind}_{letter}"]
        wrong = [n for n, v, allowed in zip(sets.index, sets[bound], admissible, strict=True) if v not in allowed]
        assert wrong == []
    if method == "simultaneous":
        assert (sets["low"] <= 5).tolist() == expected["best5_R"]


def test_exact_first_rank_acceptability():
    given = reference("smaa_exact_3criteria")
    scores = pd.DataFrame(given["data"]["scores"], columns=list("abc"))
    draws = 100_000
    weights = draw_weights(dict.fromkeys("abc", 1), concentration=3, draws=draws)
    found = rank_acceptability(scores, weights)[1]
    for value, exact in zip(found, given["expected"]["first_rank"], strict=True):
        assert abs(value - exact) <= 4 * np.sqrt(exact * (1 - exact) / draws)


def test_smaa_with_saved_draws():
    given = reference("smaa_thrombo")
    saved = np.load(FOLDER / "stats" / given["data"]["npz"])
    totals = weigh_scores(saved["meas"], saved["weights"])
    expected, close = given["expected"], given["tolerance"]
    assert rank_acceptability(saved["meas"], saved["weights"]).to_numpy() == pytest.approx(
        np.array(expected["rank_acceptability"]), abs=close
    )
    assert share_ranks(totals).to_numpy() == pytest.approx(np.array(expected["rank_acceptability"]), abs=close)
    assert central_weights(totals, saved["weights"]).to_numpy() == pytest.approx(
        np.array(expected["central_weights"]), abs=close
    )
    wins = prob_above(totals).to_numpy()
    assert wins[~np.eye(2, dtype=bool)] == pytest.approx(
        [expected["pairwise_win"][0][1], expected["pairwise_win"][1][0]]
    )


def test_saved_weight_draws_give_the_same_ranks():
    scores = table("normalised_0_100.csv").set_index("uCode")
    structure = table("structure.csv").set_index("iCode")
    draws = table("sens_weight_draws.csv").set_index("iCode")
    expected = table("sens_ranks.csv").set_index("uCode").reindex(scores.index)
    saved = table("sens_scores.csv").set_index("uCode").reindex(scores.index)
    for column in expected.columns:
        values = scores
        for level in (1, 2, 3):
            below = structure.index[structure["Level"] == level]
            parents = structure.loc[below, "Parent"]
            values = pd.DataFrame(
                {
                    parent: aggregate(values[list(members)], draws[column][list(members)])
                    for parent, members in parents.groupby(parents).groups.items()
                }
            )
        assert values.iloc[:, 0].to_numpy() == pytest.approx(saved[column].to_numpy(), abs=1e-9)
        assert place(values.iloc[:, 0].to_numpy()).tolist() == expected[column].tolist()


def test_saved_weight_draws_in_one_call():
    scores = table("normalised_0_100.csv").set_index("uCode")
    structure = table("structure.csv").set_index("iCode")
    draws = table("sens_weight_draws.csv").set_index("iCode").drop(columns="Level")
    bottom = structure.index[structure["Level"] == 1]
    share = draws.copy()
    for level in (3, 2, 1):
        names = structure.index[structure["Level"] == level]
        parents = structure.loc[names, "Parent"]
        within = draws.loc[names] / draws.loc[names].groupby(parents.to_numpy()).transform("sum")
        share.loc[names] = within.to_numpy() * (1.0 if level == 3 else share.loc[parents].to_numpy())
    weights = share.loc[bottom].T
    acceptability = rank_acceptability(scores[list(bottom)], weights)
    expected = table("sens_ranks.csv").set_index("uCode").reindex(scores.index)
    counted = np.stack([(expected.to_numpy() == place_).mean(axis=1) for place_ in acceptability.columns], axis=1)
    assert np.array_equal(acceptability.to_numpy(), counted)
