"""Hand-made frames of invented units, as `lsb_nb.analysis.overview` gives them."""

import pandas as pd
import pytest

UNITS = ("鹿吟村", "荷汀村", "枫渡村", "雪桁村", "锦帆村")


@pytest.fixture
def ranking():
    return pd.DataFrame(
        {
            "rank": pd.array([1, 2, 2, pd.NA, pd.NA], dtype="Int64"),
            "score": [91.9, 88.1, 88.1, 85.0, float("nan")],
            "adjustment": [0.5, 0.0, -1.25, 0.0, 0.0],
            "band": ["优秀", "良好", "良好", "良好", None],
            "status": ["ranked", "ranked", "ranked", "vetoed", "unrated"],
            "previous": pd.array([3, 2, pd.NA, 1, 4], dtype="Int64"),
            "previous_status": ["ranked", "ranked", "absent", "ranked", "ranked"],
            "change": pd.array([2, 0, pd.NA, pd.NA, pd.NA], dtype="Int64"),
        },
        index=pd.Index(UNITS, name="unit"),
    )


@pytest.fixture
def parts(ranking):
    points = {"亮承诺": [27.1, 26.0, 27.0, 25.0, float("nan")], "赛实绩": [64.3, 62.1, 62.35, 60.0, float("nan")]}
    full, median = {"亮承诺": 30.0, "赛实绩": 70.0}, {"亮承诺": 27.0, "赛实绩": 62.35}
    return pd.DataFrame(
        [
            {"unit": unit, "part": part, "rank": ranking["rank"].iloc[i], "status": ranking["status"].iloc[i]}
            | {"points": points[part][i], "full_marks": full[part], "median": median[part], "exact": True}
            for i, unit in enumerate(UNITS)
            for part in points
        ]
    )
