"""评分·‹指标›: rows are units, columns are raters, one sheet per criterion."""

from typing import Any

import pytest


@pytest.mark.parametrize("dot", ["·", " · ", "•", "・"])
def test_a_sheet_per_criterion(office: Any, dot: str) -> None:
    office.holds({f"评分{dot}{name}": [["单位", "A1", "A2"], *office.by_criterion(name)] for name in office.full})


def test_with_titles_numbers_and_totals(office: Any) -> None:
    sheets = {}
    for name in office.full:
        rows = [[n, *row, "x"] for n, row in enumerate(office.by_criterion(name), 1)]
        head = [["打分汇总", None, None, None, None], ["序号", "村（社区）", "A1", "A2", "平均分"]]
        sheets[f"打分·{name}"] = [*head, *rows, ["合 计", None, 1, 2, 3]]
    office.holds(sheets)


def test_one_criterion_so_and_the_other_wide(office: Any) -> None:
    office.holds(
        {
            "评分·环境": [["单位", "A2", "A1"], *([u, b, a] for u, a, b in office.by_criterion("环境"))],
            "评分": [["评委", "单位", "党建"], *([rater, unit, b] for rater, unit, _a, b in office.wide())],
        }
    )
