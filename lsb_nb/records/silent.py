"""Raters and groups of whom no mark has come, units that one rater left out: neither must pass unnoticed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from lsb_nb.i18n import _
from lsb_nb.records.context import Context
from lsb_nb.records.ledger import Place
from lsb_nb.schema import METHODS

MOST_NAMED = 3
"""So many raters without a mark are told one by one, where their sheet is; more are told in one line."""

FEWEST_RATERS = 3
"""Fewer raters do not show what is usual."""


def check_silent(frames: dict[str, pd.DataFrame], context: Context) -> None:
    """Every rater has said something, every group has given a mark or a ballot; nothing is noted where none has."""
    raters, ratings = frames["raters"], frames["ratings"]
    if METHODS[0] not in context.methods:
        return
    states = ratings["state"].astype("category").cat
    code = {state: at for at, state in enumerate(states.categories)}
    spoke = _raters_where(ratings, states.codes.to_numpy() != code.get("blank", -1))
    if not spoke:
        return
    marked = _raters_where(ratings, states.codes.to_numpy() == code.get("mark", -2))
    rated = {group for rater, group in zip(raters["rater"], raters["group"], strict=True) if rater in marked}
    voted = set(frames["ballots"]["group"])
    hint = _("评委表是否漏交，或没有填写；确实没有评分的可不理会")
    groups = list(dict.fromkeys(raters["group"]))
    # a rater whose group could not be read may be of any: then raters are named, one by one
    silent = [] if None in groups else [group for group in groups if group not in rated | voted]
    for group in silent:
        members = raters.loc[raters["group"] == group, "rater"].tolist()
        reason = _("评委组“{group}”没有任何分数（{n} 名评委）").format(group=group, n=len(members))
        context.note("warning", _list_of_raters(context), reason, hint, value=group)
    names = [
        rater
        for rater, group in zip(raters["rater"], raters["group"], strict=True)
        if rater not in spoke and group not in silent
    ]
    if len(names) > MOST_NAMED:
        reason = _("{n} 名评委一个分数也没有：{names}").format(n=len(names), names="、".join(names))
        context.note("warning", _list_of_raters(context), reason, hint)
        return
    for name in names:
        rows = ratings[ratings["rater"].astype(object) == name]
        place = _list_of_raters(context)
        if len(rows):
            place = Place(context.quarter, str(rows["file"].iloc[0]), str(rows["sheet"].iloc[0]) or None)
        reason = _("评委“{name}”一个分数也没有").format(name=name)
        context.note("warning", place, reason, hint, value=name)


def check_gaps(frames: dict[str, pd.DataFrame], context: Context) -> None:
    """Tell of a unit that one rater's sheet has no row for, though those of all the others do."""
    ratings = frames["ratings"]
    rater, unit = (ratings[name].astype("category").cat for name in ("rater", "unit"))
    there = np.zeros((len(rater.categories), len(unit.categories)), dtype=bool)
    there[rater.codes.to_numpy(), unit.codes.to_numpy()] = True
    present = np.flatnonzero(there.any(axis=1))
    there = there[present]
    if len(there) < FEWEST_RATERS:
        return
    recused = dict(zip(frames["raters"]["rater"], frames["raters"]["recused"], strict=True))
    alone = there.sum(axis=0) == len(there) - 1
    for name, row in zip(rater.categories[present], there, strict=True):
        lacking = [each for each in unit.categories[alone & ~row] if each not in recused.get(name, ())]
        if lacking:
            place = ratings.loc[ratings["rater"].astype(object) == name, ["file", "sheet"]].iloc[0]
            reason = _("评委“{name}”的评分里没有 {units}，其他评委的都有").format(name=name, units="、".join(lacking))
            context.note(
                "warning", Place(context.quarter, str(place["file"]), str(place["sheet"]) or None), reason,
                _("核对是否漏了这些单位；确实没有评的可不理会"),
            )  # fmt: skip


def _raters_where(ratings: pd.DataFrame, kept: np.ndarray) -> set[str]:
    """Give the raters of some rows, by codes: comparing as many texts takes a tenth of reading them."""
    raters = ratings["rater"].astype("category").cat
    return set(raters.categories[np.unique(raters.codes.to_numpy()[kept])])


def _list_of_raters(context: Context) -> Place:
    if "raters" in context.tables:
        return context.tables["raters"][0].place
    return Place(context.quarter, context.file)
