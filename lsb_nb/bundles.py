"""What is handed on: `Records` of an activity, `Scores` of a quarter, and `DataProblems` where the input forbids both.

Each is a bundle of frames whose columns `lsb_nb.schema` names. Nothing here reads, computes or draws.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from lsb_nb.schema import PROBLEM_COLUMNS, SHEETS, SOURCE_COLUMNS
from lsb_nb.text import key as folded


@dataclasses.dataclass(frozen=True)
class Records:
    """Everything an activity's workbooks say, checked: one frame per sheet, every frame led by `quarter`.

    Attributes
    ----------
    name : str
        活动名称 of the latest quarter, else the folder's name.
    folder : pathlib.Path
        The activity's folder; photo paths are relative to it.
    quarters : tuple of str
        Codes such as ``2021Q4``, oldest first.
    frames : mapping of str to pandas.DataFrame
        Keys of `SHEETS`; columns by `frame_columns`. Marks (``mark``, ``becomes``), ``full_marks`` and signed
        ``points`` are whole millionths of a point (Int64). In ``ratings`` corrections are already applied and
        each rater, unit and criterion stands once; ``state`` is one of `STATES`. ``raters`` always has every
        rater: without a 评委 sheet they stand in order of first appearance in the group 评委. ``units`` and
        ``criteria`` keep the order of their sheets. Names are the canonical ones. Dates are `datetime.date` or None.
        ``weight`` is a decimal text or None; ``recused`` and ``aliases`` are tuples; ``month`` is text, ``2021-12``.
        ``criterion`` of a ledger is "" where the cell is blank, None where the sheet has no such column. Names of
        ``ratings`` are categorical, in the order of their sheets (of the latest quarter's first). A sheet that the
        workbook lacks is a frame without rows.
    problems : pandas.DataFrame
        `PROBLEM_COLUMNS`: every warning; errors too where the caller asked to go on.
    sources : pandas.DataFrame
        `SOURCE_COLUMNS`: every file read, with its SHA-256.
    """

    name: str
    folder: Path
    quarters: tuple[str, ...]
    frames: Mapping[str, pd.DataFrame]
    problems: pd.DataFrame
    sources: pd.DataFrame

    def __getattr__(self, name: str) -> pd.DataFrame:
        """Give a frame by its name: ``records.ratings``."""
        if name in SHEETS:
            return self.frames[name]
        raise AttributeError(name)

    @property
    def invented(self) -> bool:
        """Whether the sheet 活动 says 示例数据: that everything in it is made up."""
        return bool(self.frames["activity"]["content"].astype(str).str.contains("示例数据", regex=False).any())

    def at(self, quarter: str) -> Records:
        """Give the records of one quarter only.

        Raises
        ------
        KeyError
            If the activity has no such quarter; the message lists those it has.
        """
        if quarter not in self.quarters:
            raise KeyError(f"没有 {quarter} 这一季度，现有：{'、'.join(self.quarters)}")
        items = self.frames["activity"]
        own = items[items["quarter"] == quarter]
        named = [
            t for item, t in zip(own["item"], own["content"], strict=True) if folded(str(item)) == "活动名称" and t
        ]
        return dataclasses.replace(
            self,
            name=named[0] if named else self.name if self.quarters == (quarter,) else self.folder.name,
            quarters=(quarter,),
            frames={
                key: frame[frame["quarter"] == quarter].reset_index(drop=True) for key, frame in self.frames.items()
            },
            problems=self.problems[self.problems["quarter"] == quarter].reset_index(drop=True),
            sources=self.sources[self.sources["quarter"] == quarter].reset_index(drop=True),
        )


class DataProblems(Exception):  # noqa: N818 - the name is what a reader sees
    """Raised once with every problem of the input.

    Attributes
    ----------
    problems : pandas.DataFrame
        `PROBLEM_COLUMNS`, errors first.
    """

    def __init__(self, problems: pd.DataFrame) -> None:
        self.problems = problems.reset_index(drop=True)
        errors = self.problems[self.problems["severity"] == "error"]
        lines = [
            "　".join(str(row[key]) for key in ("file", "sheet", "cell", "reason") if row[key])
            for row in errors.head(5).to_dict("records")
        ]
        super().__init__(f"{len(errors)} 处错误：" + "；".join(lines))


def problem_frame(rows: list[dict[str, object]]) -> pd.DataFrame:
    """Make a frame of problems with all `PROBLEM_COLUMNS`, None where a row says nothing."""
    return pd.DataFrame(
        [{key: row.get(key) for key in PROBLEM_COLUMNS} for row in rows], columns=list(PROBLEM_COLUMNS), dtype=object
    )


@dataclasses.dataclass(frozen=True)
class Scores:
    """The scores of one quarter under one scheme.

    Attributes
    ----------
    activity, quarter : str
        Which quarter of which activity.
    units : pandas.DataFrame
        Indexed by ``unit`` in published order: ``rank`` (Int64; NA when vetoed or 未评), ``score`` (published,
        float with 2 decimals; NaN when 未评), ``total`` (unrounded, with adjustment), ``before`` (step 10),
        ``adjustment`` (clipped), ``vetoed``, ``rated`` (False: 未评), ``band`` (text or None), ``area``, ``kind``,
        ``place`` (on the sheet 单位, from 0).
    pillars : pandas.DataFrame
        units × pillars, unrounded pillar scores in [0, 100]; NaN when left out.
    criteria : pandas.DataFrame
        units × criteria, normalised scores; NaN when left out.
    full : pandas.DataFrame
        units × criteria, scores before normalisation (满分 scale); NaN when unrated or not applicable.
    weights : pandas.DataFrame
        units × criteria, effective weights (sum to 1 for a rated unit, 0 where left out), after step 8.
    states : pandas.DataFrame
        units × criteria, ``rated``, ``unrated`` or ``not_applicable``.
    structure : pandas.DataFrame
        Indexed by ``criterion`` in the order of 指标: ``pillar, segment, method, full_marks`` (points, float),
        ``weight`` (official effective weight, sums to 1), ``pillar_weight``.
    scheme : object
        The `lsb_nb.scheme.Scheme` in force.
    problems : pandas.DataFrame
        Warnings of loading and scoring, `PROBLEM_COLUMNS`.
    dropped : pandas.DataFrame
        Marks left out: ``rater, unit, criterion, why`` (``recused``, ``void`` or ``trimmed``).
    published_pillars, published_criteria : pandas.DataFrame
        `pillars` and `criteria` as published, with 2 decimals.
    history : pandas.DataFrame
        `SOURCE_COLUMNS`: the files of the earlier quarters that 进步计算 went back to.
    """

    activity: str
    quarter: str
    units: pd.DataFrame
    pillars: pd.DataFrame
    criteria: pd.DataFrame
    full: pd.DataFrame
    weights: pd.DataFrame
    states: pd.DataFrame
    structure: pd.DataFrame
    scheme: object
    problems: pd.DataFrame
    dropped: pd.DataFrame
    published_pillars: pd.DataFrame = dataclasses.field(default_factory=pd.DataFrame)
    published_criteria: pd.DataFrame = dataclasses.field(default_factory=pd.DataFrame)
    history: pd.DataFrame = dataclasses.field(default_factory=lambda: pd.DataFrame(columns=list(SOURCE_COLUMNS)))

    @classmethod
    def later(cls, makers: Mapping[str, Callable[[], object]], **ready: object) -> Scores:
        """Make scores whose frames are built when they are first asked for: a slider asks for few of them."""
        scores = object.__new__(cls)
        scores.__dict__.update(ready, _makers=dict(makers))
        return scores

    def __getattr__(self, name: str) -> Any:
        """Build a frame that is asked for the first time."""
        makers = self.__dict__.get("_makers", {})
        if name not in makers:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        self.__dict__[name] = value = makers[name]()
        return value

    @property
    def ranks(self) -> pd.Series:
        """Give each unit's ``rank`` (Int64; NA when vetoed or 未评) in published order, without the frame `units`."""
        make = self.__dict__.get("_makers", {}).get("ranks")
        ranks: pd.Series = self.units["rank"] if make is None else make()
        return ranks

    @property
    def ranked(self) -> pd.Index:
        """List the units that have a rank, in published order."""
        ranks = self.ranks
        return ranks.index[ranks.notna()]

    def __getstate__(self) -> dict[str, object]:
        """Give every frame, so that a copy or a pickle stands alone."""
        return {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}

    def __setstate__(self, state: Mapping[str, object]) -> None:
        """Take back what `__getstate__` gave."""
        self.__dict__.update(state)
