"""Units under another suffix, without one, or by an alias."""

from typing import Any

import pytest

SUFFIXES = (
    "村党总支", "村党支部", "社区党总支", "社区党支部", "社区党委", "社区居委会", "居委会", "村民委员会", "村委会",
    "行政村", "社区", "村",
)  # fmt: skip


@pytest.mark.parametrize("suffix", ["", *SUFFIXES])
def test_every_suffix(office: Any, suffix: str) -> None:
    names = {unit: unit.removesuffix("社区").removesuffix("村") + suffix for unit in office.units}
    rows = [[rater, names[unit], *marks] for rater, unit, *marks in office.wide()]
    office.holds({"评分": [["评委", "单位", "环境", "党建"], *rows]})


@pytest.mark.parametrize("spelling", ["甲 子 村", "　甲子村\n", "甲子村村委会", "老甲", "老 甲"])
def test_spaces_full_names_and_aliases(office: Any, spelling: str) -> None:
    rows = [[rater, spelling if unit == "甲子村" else unit, *marks] for rater, unit, *marks in office.wide()]
    units = [["单位", "别名"], ["甲子村", "老甲、大甲"], ["乙丑村", None], ["丙寅社区", None]]
    office.holds({"单位": units, "评分": [["评委", "单位", "环境", "党建"], *rows]})


def test_one_name_in_each_file(office: Any) -> None:
    for rater, suffix in zip(office.marks, ("村委会", "社区"), strict=True):
        rows = [
            [unit.removesuffix("社区").removesuffix("村") + suffix, *marks] for unit, *marks in office.by_rater(rater)
        ]
        office.desk.rater(f"{rater}.csv", [["单位", "环境", "党建"], *rows])
    office.holds({})
