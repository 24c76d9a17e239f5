"""Sentences about what is lost, promised and overdue."""

from __future__ import annotations

import pandas as pd

from lsb_nb.analysis.words import (
    NAMED,
    count_units,
    join_names,
    per_unit,
    run_on,
    say_bands,
    say_left_out,
    say_mean,
    say_missing,
    say_places,
)
from lsb_nb.analysis.words_trends import say_progress
from lsb_nb.i18n import _
from lsb_nb.numbers import fixed, percent, signed


def say_not_applicable(frame: pd.DataFrame) -> str:
    """Say which criteria do not apply and what follows from it (`measure_not_applicable`)."""
    sentences = []
    for row in frame.to_dict("records"):
        words = {"unit": row["unit"], "criterion": row["criterion"]}
        if row["as_full"]:
            sentences.append(_("{unit}“{criterion}”不适用，按规则计满分。").format(**words))
        elif pd.isna(row["rank_full"]):
            sentences.append(_("{unit}“{criterion}”不适用，权重在本板块内重新分配。").format(**words))
        elif row["rank_full"] == row["rank_zero"]:
            sentences.append(
                _(
                    "{unit}“{criterion}”不适用，权重在本板块内重新分配；该项若按满分、零分计，名次都是第 {full} 名。"
                ).format(**words, full=row["rank_full"])
            )
        else:
            sentences.append(
                _(
                    "{unit}“{criterion}”不适用，权重在本板块内重新分配；"
                    "该项若按满分、零分计，名次分别为第 {full}、第 {zero} 名。"
                ).format(**words, full=row["rank_full"], zero=row["rank_zero"])
            )
    return run_on(sentences)


def say_common(losses: pd.DataFrame, kind: str = "单位") -> str:
    """Say on which criterion most is lost in proportion (`measure_common_losses`)."""
    if losses.empty or losses["loss"].isna().all():
        return _("没有参与排名的单位，不比较失分。")
    if losses["loss"].iloc[0] <= 0:
        return _("各项指标均未失分。")
    row = losses.iloc[0]
    words = {"criterion": row["criterion"], "mean": per_unit(kind), "loss": fixed(row["loss"])}
    many = {"units": count_units(int(row["units"]), kind), "many": int(row["many"])}
    if row["many"]:
        return _("{criterion}{mean}失 {loss} 分，{units}中有 {many} 个失分超过两成。").format(**words, **many)
    return _("{criterion}{mean}失 {loss} 分，没有单位失分超过两成。").format(**words)


def say_single(gaps: pd.DataFrame) -> str:
    """Say the largest gap of one unit on one criterion (`measure_single_gaps`); largest only where it stands alone."""
    if gaps.empty:
        return _("没有明显低于中位的单项（0 项）。")
    row = gaps.iloc[0]
    words = {"unit": row["unit"], "criterion": row["criterion"], "gap": fixed(row["gap"])}
    if (gaps["gap"] == row["gap"]).sum() > 1:
        return _("{unit}{criterion}低于中位 {gap} 分。").format(**words)
    return _("{unit}{criterion}低于中位 {gap} 分，为单项差距最大。").format(**words)


def say_best(best: pd.DataFrame) -> str:
    """Say who leads each pillar (`measure_best`)."""
    parts = [
        _("{pillar}为{names}（{points} 分）").format(
            pillar=pillar, names=join_names(row["units"], limit=NAMED), points=fixed(row["points"])
        )
        for pillar, row in best.iterrows()
    ]
    return _("各板块得分最高的单位：{parts}。").format(parts=_("；").join(parts)) if parts else ""


def say_commitments(table: pd.DataFrame) -> str:
    """Say how many commitments were due and kept (`measure_commitments`)."""
    if table.empty:
        return say_missing("commitments")
    due, kept, lagging = (int(table[name].sum()) for name in ("due", "kept", "lagging"))
    if not due:
        return _("本季没有到期承诺。")
    sentence = _("到期承诺 {due} 项，兑现 {kept} 项，兑现率 {rate}").format(due=due, kept=kept, rate=percent(kept, due))
    return sentence + (_("；滞后 {n} 项。").format(n=lagging) if lagging else _("；无滞后。"))


def say_overdue(facts: pd.Series) -> str:
    """Say how many findings are past their deadline (`measure_overview`); empty where there is no ledger."""
    if facts["findings"] is None:
        return ""
    if not facts["overdue"]:
        return _("整改问题 {n} 项，无逾期。").format(n=facts["findings"])
    return _("{n} 项问题逾期未销号，最长 {days} 天，涉及{units}。").format(
        n=facts["overdue"], days=facts["longest"], units=_spaced(count_units(facts["overdue_units"], facts["kind"]))
    )


def _spaced(words: str) -> str:
    """Put a space between Han and a digit that follows."""
    return f" {words}" if words[:1].isdigit() else words


def say_parts_note(parts: pd.DataFrame) -> str:
    """Say where printed points do not fit the heads or do not add up, and why (`measure_parts`); empty if they do."""
    rated = parts[parts["status"] != "unrated"]
    moved = rated.loc[(rated["own_full"] - rated["full_marks"]).abs() > 0.02, "unit"]
    said = []
    if len(moved):
        names = join_names(list(dict.fromkeys(moved)), limit=NAMED)
        said.append(_("{units}有不适用或未评分的指标，其权重移到别的指标，满分与表头不同。").format(units=names))
    apart = rated.loc[~rated["exact"], "unit"]
    if len(apart) == len(rated) and len(rated):
        said.append(_("有的指标不在表中，或总分不是加权平均，各部分相加不等于总分。"))
    elif len(apart):
        names = join_names(list(dict.fromkeys(apart)), limit=NAMED)
        said.append(_("{units}有板块不适用，总分按其余板块折算，各板块相加不等于总分。").format(units=names))
    return run_on(said)


def say_adjustments(frame: pd.DataFrame) -> str:
    """Say which adjustments were cut to the cap (`measure_adjustments`); empty where none was."""
    cut = frame[frame["capped"]].drop_duplicates("unit")
    return run_on(
        [
            _("{unit}加减分合计 {given} 分，按上限计 {counted} 分。").format(
                unit=row["unit"], given=signed(row["given"]), counted=signed(row["counted"])
            )
            for row in cut.to_dict("records")
        ]
    )


def say_key(
    facts: pd.Series,
    bands: pd.DataFrame,
    losses: pd.DataFrame,
    commitments: pd.DataFrame,
    *,
    progress: pd.DataFrame | None = None,
    certainty: str = "",
) -> list[tuple[str, str]]:
    """Give the key sentences of the quarter, each with the numeral of the section that bears it out.

    Parameters
    ----------
    facts, bands, losses, commitments
        From `measure_overview`, `measure_bands`, `measure_common_losses`, `measure_commitments`.
    progress : pandas.DataFrame, optional
        From `measure_progress`.
    certainty : str
        Whether first place is certain, as `say_first` puts it.

    Returns
    -------
    list of (str, str)
        Sentence and section; what there are no data for is left out.
    """
    rows = [
        (run_on([say_mean(facts), say_places(facts), say_bands(bands), say_left_out(facts)]), "二"),
        (certainty, "六"),
        (say_progress(progress, facts["kind"]), "五") if progress is not None else ("", ""),
        (say_common(losses, facts["kind"]), "四") if len(losses) else ("", ""),
        (run_on([say_commitments(commitments) if len(commitments) else "", say_overdue(facts)]), "八"),
    ]
    return [row for row in rows if row[0]]
