"""What the three demo activities share: their description, the invented truth and the raters' marks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

QUARTERS = ("2020Q3", "2020Q4", "2021Q1", "2021Q2", "2021Q3", "2021Q4")
ADDED = QUARTERS.index("2021Q2")
DISCLAIMER = "示例数据：地名、人物、分数均为虚构"
STEMS = "甲乙丙丁戊己庚辛壬癸子丑"
MISSING_WORDS = (None, "—", "缺席", "请假", "弃权")


def quarter_start(quarter: str) -> dt.date:
    """Return the first day of a quarter such as ``2021Q4``."""
    return dt.date(int(quarter[:4]), 3 * int(quarter[5]) - 2, 1)


def quarter_end(quarter: str) -> dt.date:
    """Return the last day of a quarter such as ``2021Q4``."""
    year, number = int(quarter[:4]), int(quarter[5])
    following = dt.date(year + number // 4, 3 * (number % 4) + 1, 1)
    return following - dt.timedelta(days=1)


@dataclass(frozen=True)
class Criterion:
    """One scored item.

    Parameters
    ----------
    name, pillar, segment, method : str
        As they stand in the sheet 指标.
    full : float
        Full marks since 2021Q2.
    level : float
        Share of the full marks an ordinary unit earns.
    before : float, optional
        Full marks until 2021Q1; 0 for the criterion added in 2021Q2.
    note : str
        The column 说明.
    """

    name: str
    full: float
    pillar: str
    segment: str
    level: float
    method: str = "评委打分"
    before: float | None = None
    note: str = ""

    def full_marks(self, q: int) -> float:
        """Return the full marks in quarter number `q`."""
        return self.full if q >= ADDED or self.before is None else self.before


@dataclass(frozen=True)
class Rater:
    """One rater and the habits that the audit of raters should find.

    `severity`, `spread` and the values of `favour` are shares of the full marks; `flat` below 1 pulls
    every mark towards the middle; `step` is the smallest difference the rater writes.
    """

    code: str
    group: str
    role: str = ""
    own: str = ""
    severity: float | None = None
    spread: float = 0.05
    flat: float = 1.0
    step: float = 0.5
    favour: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Correction:
    """A wrongly copied mark and what the sheet 更正 makes of it."""

    rater: str
    unit: str
    criterion: str
    wrong: float
    right: float | str
    reason: str


@dataclass(frozen=True)
class Activity:
    """Everything that distinguishes one demo activity; see the modules named after them."""

    seed: int
    folder: str
    name: str
    organiser: str
    how: str
    kind: str
    units: tuple[str, ...]
    leaders: dict[str, str]
    criteria: tuple[Criterion, ...]
    raters: tuple[Rater, ...]
    rules: dict[str, tuple[tuple[str, str], ...]]
    ability: dict[str, float]
    path: dict[str, tuple[float, ...]]
    absent: dict[str, dict[str, str]]
    inapplicable: tuple[tuple[str, str, str], ...] = ()
    corrections: dict[str, tuple[Correction, ...]] = field(default_factory=dict)
    adjustments: dict[str, tuple[tuple[str, float, str], ...]] = field(default_factory=dict)
    vetoes: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)

    def rng(self, *purpose: int) -> np.random.Generator:
        """Return a generator of its own for each purpose, so that one part can change without the others."""
        return np.random.default_rng([self.seed, *purpose])

    def criteria_in(self, quarter: str, method: str | None = None) -> list[tuple[int, Criterion, float]]:
        """Return (number, criterion, full marks) of the criteria in use in a quarter."""
        q = QUARTERS.index(quarter)
        found = [(k, c, c.full_marks(q)) for k, c in enumerate(self.criteria)]
        return [(k, c, full) for k, c, full in found if full and method in (None, c.method)]

    def is_inapplicable(self, quarter: str, unit: str, criterion: str) -> bool:
        """Tell whether the criterion does not exist for the unit in that quarter."""
        return any(unit == u and criterion == c and quarter >= since for u, c, since in self.inapplicable)

    @cached_property
    def truth(self) -> np.ndarray:
        """Share of the full marks each unit deserves, shape (quarters, units, criteria)."""
        rng = self.rng(1)
        n, m = len(self.units), len(self.criteria)
        pillars = sorted({c.pillar for c in self.criteria})
        place = [pillars.index(c.pillar) for c in self.criteria]
        ability = rng.normal(0, 0.036, n)
        slope = rng.normal(0.003, 0.004, n)
        ability = np.array([self.ability.get(u, a) for u, a in zip(self.units, ability, strict=True)])
        base = np.array([c.level for c in self.criteria]) + ability[:, None]
        base = base + rng.normal(0, 0.02, (n, len(pillars)))[:, place] + rng.normal(0, 0.035, (n, m))
        out = np.empty((len(QUARTERS), n, m))
        for q in range(len(QUARTERS)):
            way = np.array([self.path.get(u, slope[i] * np.arange(6))[q] for i, u in enumerate(self.units)])
            noise = rng.normal(0, 0.018, (n, m)) + rng.normal(0, 0.008, (n, 1)) + rng.normal(0, 0.006, m)
            out[q] = base + way[:, None] + noise
        return np.clip(out, 0.4, 0.985)

    def marks(self, quarter: str) -> np.ndarray:
        """Return the cells the raters wrote.

        Returns
        -------
        numpy.ndarray
            Objects, shape (raters, units, criteria): a number, a word for a missing mark, 不适用 or None.
        """
        q, shape = QUARTERS.index(quarter), (len(self.raters), len(self.units), len(self.criteria))
        habits, rng = self.rng(2), self.rng(3, q)
        severity = habits.normal(0, 0.022, shape[0])
        halo = habits.normal(0, 0.02, shape[:2])[:, :, None] + rng.normal(0, 0.012, shape[:2])[:, :, None]
        noise, chance = rng.normal(0, 1, shape), rng.random(shape)
        word = rng.integers(0, len(MISSING_WORDS), shape)
        cells = np.full(shape, None, dtype=object)
        for r, rater in enumerate(self.raters):
            shift = severity[r] if rater.severity is None else rater.severity
            # A wavering rater wavers about whole units too, or the mean over many criteria would hide it.
            share = self.truth[q] + shift + halo[r] * rater.spread / 0.05 + rater.spread * noise[r]
            share = 0.86 + rater.flat * (share - 0.86)
            for k, criterion, full in self.criteria_in(quarter, "评委打分"):
                for u, unit in enumerate(self.units):
                    mark = (share[u, k] + rater.favour.get(unit, 0.0)) * full
                    mark = min(max(round(mark / rater.step) * rater.step, 0.3 * full), full)
                    cells[r, u, k] = round(float(mark), 2)
                    if chance[r, u, k] < 0.004:
                        cells[r, u, k] = MISSING_WORDS[word[r, u, k]]
                    if rater.own == unit and r % 4:
                        cells[r, u, k] = "回避"
                    if rater.code in self.absent.get(quarter, {}):
                        cells[r, u, k] = self.absent[quarter][rater.code]
                    if self.is_inapplicable(quarter, unit, criterion.name):
                        cells[r, u, k] = "不适用"
        for c in self.corrections.get(quarter, ()):
            cells[self.rater_number(c.rater), self.units.index(c.unit), self.number(c.criterion)] = c.wrong
        return cells

    def rater_number(self, code: str) -> int:
        """Return the place of a rater in `raters`."""
        return [r.code for r in self.raters].index(code)

    def number(self, criterion: str) -> int:
        """Return the place of a criterion in `criteria`."""
        return [c.name for c in self.criteria].index(criterion)


def leaders_of(units: tuple[str, ...], count: int) -> dict[str, str]:
    """Assign the units to `count` leaders in turn; leaders are named by role only."""
    return {unit: f"班子成员{STEMS[i % count]}" for i, unit in enumerate(units)}


def panel(
    letter: str, group: str, roles: list[str], habits: dict[str, dict], owns: tuple[str, ...] = ()
) -> list[Rater]:
    """Return the raters of one group, coded `letter` and two digits, with the habits given for some of them."""
    codes = [f"{letter}{i:02d}" for i in range(1, len(roles) + 1)]
    own = owns or ("",) * len(codes)
    return [Rater(c, group, role, o, **habits.get(c, {})) for c, role, o in zip(codes, roles, own, strict=True)]
