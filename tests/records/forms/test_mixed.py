"""Any mixture of the accepted forms says the same: files made at random from a known truth are read back as it.

LSB_FUZZ_EXAMPLES sets how many activities are made (make fuzz).
"""

import datetime as dt
import os
import random
from fractions import Fraction
from typing import Any

import pytest
from openpyxl.utils import get_column_letter

from lsb_nb.schema import CRITERION_ALIASES, POINTS_ALIASES, RATER_ALIASES, UNIT_ALIASES
from lsb_nb.scheme_sheets import scheme_of

EXAMPLES = int(os.environ.get("LSB_FUZZ_EXAMPLES", "60"))
NAMES = ("甲子", "乙丑", "丙寅", "丁卯", "戊辰")
SUFFIXES = ("村", "社区", "村委会", "村党支部", "社区居委会", "")
CRITERIA = {"人居环境": 25, "五星支部": 20, "产业": 12.5, "平安建设": 40}
MISSING = ("—", "——", "-", "/", "缺席", "弃权", "请假", "N/A", "n/a")
TOTALS = ("合计", "小 计", "平均分", "总分", "最高分")
BANDS = ("优秀=95、良好=80", "优秀＝９５，良好：80", "良好=80,优秀= 95")
Rows = list[list[Any]]


class World:
    """A truth, and a pen that writes it down in ways that differ and mean the same."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        dice = self.dice
        self.units = [name + dice.choice(("村", "社区")) for name in NAMES[: dice.randint(2, 5)]]
        self.criteria = dict(dice.sample(sorted(CRITERIA.items()), dice.randint(1, 4)))
        self.raters = dice.sample(["A1", "B07", "C-3", "评审员甲", "12"], dice.randint(1, 4))
        self.days = [dt.date(2021, 1, 1) + dt.timedelta(dice.randint(0, 400)) for _each in range(4)]
        self.days += [dice.choice([dt.date(2021, 12, 31), dt.date(2021, 11, 30), dt.date(2020, 2, 29)])]
        self.marks: dict[tuple[str, str, str], float | str] = {}
        for rater in self.raters:
            for unit in self.units:
                for criterion, full in self.criteria.items():
                    shape = dice.random()
                    mark: float | str = dice.randint(0, int(full * 4)) / 4
                    if shape < 0.1:
                        mark = "missing"
                    elif shape < 0.15:
                        mark = "not_applicable"
                    elif shape < 0.3:
                        mark = round(dice.uniform(0, full), 6)
                    self.marks[rater, unit, criterion] = mark

    def name(self, unit: str) -> str:
        """Write a unit under another suffix, or with spaces."""
        stem = unit.removesuffix("社区").removesuffix("村")
        text = self.dice.choice([unit, unit, stem + self.dice.choice(SUFFIXES)])
        return self.dice.choice([text, text, " ".join(text), f"　{text}\n"])

    def mark(self, key: tuple[str, str, str]) -> Any:
        """Write a mark as a number, or as a text that means it."""
        mark = self.marks[key]
        if mark == "missing":
            return self.dice.choice(MISSING)
        if mark == "not_applicable":
            return self.dice.choice(["不适用", " 不适用 "])
        text = f"{mark:.6f}".rstrip("0").rstrip(".")
        wide = text.translate(str.maketrans("0123456789.", "０１２３４５６７８９．"))
        return self.dice.choice([mark, mark, mark, text, wide, f"{text}分", f" {text} ", f"+{text}", f"{text} 分"])

    def criterion(self, name: str) -> str:
        """Write a criterion in a header, often with its full marks."""
        full = f"{self.criteria[name]:g}"
        return self.dice.choice(
            [name, name, f"{name}（{full}分）", f"{name}\n({full})", f"{name}（满分{full}分）", " ".join(name)]
        )

    def unit_header(self) -> str:
        """Write 单位, by whatever name."""
        return self.dice.choice(["单位", *UNIT_ALIASES])

    def framed(self, rows: Rows, header: int = 1) -> Rows:
        """Put titles above, totals and notes below, and a column of numbers and of totals beside a table."""
        dice, width = self.dice, len(rows[0])
        rows = [list(row) for row in rows]
        if dice.random() < 0.4:
            total = dice.choice(TOTALS)
            rows = [[*row, total if at == 0 else (None if at < header else "9999")] for at, row in enumerate(rows)]
        if dice.random() < 0.3:
            rows = [["序号" if at == 0 else (None if at < header else str(at)), *row] for at, row in enumerate(rows)]
        width = len(rows[0])
        if dice.random() < 0.4:
            rows.append([dice.choice(TOTALS), *["7777"] * (width - 1)])
        if dice.random() < 0.3:
            rows.append([dice.choice(["说明：缺席不计", "填表人", "审核：某"]), *[None] * (width - 1)])
        self.beside = int(rows[0][0] == "序号")
        above = [[text, *[None] * (width - 1)] for text in ("观摩评比", "二〇二一年第四季度")[: dice.randint(0, 2)]]
        self.above = len(above)
        return above + rows

    def merged(self, rows: Rows, header: int) -> tuple[Rows, list[str]]:
        """Merge what stands twice below itself under the rater, and the cells of a header of two rows."""
        areas = []
        start = header
        for at in range(header + 1, len(rows) + 1):
            if at == len(rows) or rows[at][0] != rows[start][0]:
                areas.append((start, 0, at - 1, 0))
                start = at
        if header == 2:
            areas += [(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, len(rows[0]) - 1)]
        rows = [list(row) for row in rows]
        for top, left, bottom, right in areas:
            for at in range(top, bottom + 1):
                for column in range(left, right + 1):
                    if (at, column) != (top, left):
                        rows[at][column] = None
        framed = self.framed(rows, header)
        down, across = self.above + 1, self.beside + 1
        return framed, [
            f"{get_column_letter(left + across)}{top + down}:{get_column_letter(right + across)}{bottom + down}"
            for top, left, bottom, right in areas
        ]

    def day(self, day: dt.date) -> Any:
        """Write a day, a month where it is the last one."""
        texts: list[Any] = [
            day, dt.datetime.combine(day, dt.time(9, 5)), f"{day.year}-{day.month}-{day.day}", f"{day:%Y.%m.%d}",
            f"{day.year}/{day.month}/{day.day}", f"{day.year}年{day.month}月{day.day}日", f"{day:%Y%m%d}",
            (day - dt.date(1899, 12, 30)).days, str((day - dt.date(1899, 12, 30)).days),
        ]  # fmt: skip
        if (day + dt.timedelta(1)).day == 1:
            texts += [f"{day.year}年{day.month}月", f"{day:%Y-%m}", *([f"{day.month}月底"] * (day.year == 2021))]
        return self.dice.choice(texts)

    def long(self, raters: list[str]) -> Rows:
        """One row per mark."""
        rows = [
            [rater, self.name(unit), criterion, self.mark((rater, unit, criterion))]
            for rater in raters
            for unit in self.units
            for criterion in self.criteria
        ]
        self.dice.shuffle(rows)
        head = [
            self.dice.choice(["评委", *RATER_ALIASES]), self.unit_header(),
            self.dice.choice(["指标", *CRITERION_ALIASES]), self.dice.choice(["分值", *POINTS_ALIASES]),
        ]  # fmt: skip
        order = self.dice.sample(range(4), 4)
        return [[row[at] for at in order] for row in [head, *rows]]

    def wide(self, raters: list[str], *, signed: bool = False) -> tuple[Rows, int]:
        """One row per rater and unit, or per unit; the header takes one row or two."""
        criteria = self.dice.sample(list(self.criteria), len(self.criteria))
        rows = [
            [*([] if signed else [rater]), self.name(unit), *(self.mark((rater, unit, c)) for c in criteria)]
            for rater in raters
            for unit in self.dice.sample(self.units, len(self.units))
        ]
        keys = [*([] if signed else [self.dice.choice(["评委", *RATER_ALIASES])]), self.unit_header()]
        names = [self.criterion(name) for name in criteria]
        if self.dice.random() < 0.3:
            return [[*keys, "赛实绩", *[None] * (len(names) - 1)], [*[None] * len(keys), *names], *rows], 2
        return [[*keys, *names], *rows], 1

    def by_criterion(self, criterion: str, raters: list[str]) -> Rows:
        """One row per unit, one column per rater."""
        rows = [[self.name(unit), *(self.mark((rater, unit, criterion)) for rater in raters)] for unit in self.units]
        return [[self.unit_header(), *raters], *rows]


def lay_out(world: World, desk: Any) -> list[str]:
    """Write the truth into files of mixed forms; give the names of the forms."""
    dice = world.dice
    sheets: dict[str, Any] = {
        dice.choice(["单位", "村社区", "单位名单"]): [[world.unit_header(), "类型"], *([u, None] for u in world.units)],
        dice.choice(["指标", "评分指标", "考核指标"]): [["指标", "满分"], *world.criteria.items()],
        dice.choice(["评委", "评委名单"]): [["评委", "评委组"], *([r, "班子"] for r in world.raters)],
        "规则": [["规则", "取值"], ["等次线", dice.choice(BANDS)]],
    }  # fmt: skip
    sheets |= {title: None for title in ("单位", "指标", "评分") if title not in sheets}
    suffix, merges = dice.choice([".xlsx", ".xlsx", ".xls"]), {}
    if suffix == ".xlsx":
        due = [world.day(day) for day in world.days]
        rows = [[n, world.name(dice.choice(world.units)), "修路", day, "已完成"] for n, day in enumerate(due)]
        sheets[dice.choice(["承诺台账", "承诺事项"])] = [["编号", "村居", "承诺事项", "完成期限", "完成情况"], *rows]
    else:
        world.days = []
    left = dice.sample(world.raters, len(world.raters))
    forms: list[str] = []
    titles = dice.sample(["评分", "打分", "打分表"], 3)
    while left:
        form = dice.choice(["long", "wide", "by criterion", "file", "file"])
        if form in forms and form != "file":
            continue
        here = [left.pop() for _each in range(dice.randint(1, len(left)) if form != "file" else 1)]
        forms.append(form)
        if form == "long":
            sheets[titles.pop()] = world.framed(world.long(here))
        elif form == "wide":
            title = titles.pop()
            rows, header = world.wide(here)
            if suffix == ".xlsx" and dice.random() < 0.5:
                sheets[title], merges[title] = world.merged(rows, header)
            else:
                sheets[title] = world.framed(rows, header)
        elif form == "by criterion":
            sheets |= {f"评分·{name}": world.framed(world.by_criterion(name, here)) for name in world.criteria}
        else:
            rows = world.framed(*world.wide(here, signed=True))
            stem, kind = here[0], dice.choice([".xlsx", ".xls", ".csv"])
            if dice.random() < 0.5:
                stem, rows = f"表{len(forms)}", [[f"评委：{here[0]}"], *rows]
            desk.rater(stem + kind, rows, encoding=dice.choice(["utf-8", "utf-8-sig", "gb18030"]))
            forms[-1] += kind
    correct(world, desk, sheets)
    desk.book(sheets, suffix=suffix, merges=merges)
    return forms


def correct(world: World, desk: Any, sheets: dict[str, Any]) -> None:
    """Let 更正 bring about some of the truth: the sheets say nothing of these marks, or the truth is changed."""
    if world.dice.random() < 0.5:
        return
    rows = []
    for key in world.dice.sample(sorted(world.marks), min(3, len(world.marks))):
        rater, unit, criterion = key
        world.marks[key] = world.dice.choice([1.25, "missing"])
        rows.append([rater, world.name(unit), criterion, world.mark(key), "看错", "某"])
    sheets["更正"] = [["评委", "单位", "指标", "更正为", "理由", "经办"], *rows]


SILENT = (97, 1709)
"""Seeds of truths without any mark, from one file and from two."""


@pytest.mark.parametrize("seed", sorted({*range(EXAMPLES), *SILENT}))
def test_any_mixture_of_forms_says_the_truth(desk: Any, seed: int) -> None:
    world = World(seed)
    forms = lay_out(world, desk)
    records = desk.read()
    said = [reason.partition("（")[0] for reason in records.problems["reason"]]
    silent = not any(isinstance(mark, int | float) for mark in world.marks.values())
    assert said == ["评委组“班子”没有任何分数"] * silent, (forms, records.problems.to_string())
    assert desk.marks() == world.marks, forms
    assert records.units["unit"].tolist() == world.units
    assert records.commitments["due"].tolist() == world.days
    bands = scheme_of(records).rules["等次线"]
    assert dict(bands)["优秀"] == Fraction(95)
