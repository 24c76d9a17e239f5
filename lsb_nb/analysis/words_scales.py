"""The line under a figure's title: measure, unit, scope, quarter; and the type of chart for its alternative text."""

from __future__ import annotations

import pandas as pd

from lsb_nb.i18n import _
from lsb_nb.numbers import quarter_words


def say_scale(name: str, quarter: str) -> str:
    """Say what a figure measures, in what unit, and of which quarter.

    Parameters
    ----------
    name : str
        Which figure: ``lost, behind, top, fixes, strengths, teachers, history, grid, change, slope, drive, progress,
        tipping, left_out, methods, promises, findings, countdown, carried, months, rank_sets, severity, agreement,
        panel_curve, adjusted, acceptability, photos, tasks``.
    quarter : str
        ``2021Q4``.

    Raises
    ------
    ValueError
        For another name; the message lists those allowed.
    """
    scales = {
        "lost": _("失分，分（负数为加分）；行按名次，列按板块内失分多少；斜线格为不适用或未评分"),
        "behind": _("与对照相差，分"),
        "top": _("平均失分，分"),
        "fixes": _("补到前两成水平可多得的分"),
        "strengths": _("各项指标的名次"),
        "teachers": _("比本单位高出的分"),
        "history": _("历次名次；升降 8 位以上着色，下降为虚线"),
        "grid": _("历次名次，同一尺度；两条细线为第一名和末位"),
        "change": _("得分变化，分"),
        "slope": _("名次；前三名、升降最大和升降 7 位以上的注名，下降为虚线"),
        "drive": _("起点与变化，分；斜线为同起点的平均变化"),
        "progress": _("同起点进步值与区间，分"),
        "tipping": _("使第一名易位的权重，分"),
        "left_out": _("去掉一项指标后各单位名次的平均变动，位"),
        "methods": _("各种标准化、合成方法下的名次"),
        "promises": _("承诺事项，项"),
        "findings": _("问题，项"),
        "countdown": _("月末未销号的问题，项"),
        "carried": _("上季度结转的问题，项"),
        "months": _("月排名与季度名次"),
        "rank_sets": _("名次的可能范围（95%），点为公布名次"),
        "severity": _("与本组平均相差，总分的分"),
        "agreement": _("各组的次序信度，合计与各项指标"),
        "panel_curve": _("次序信度，按评委人数"),
        "adjusted": _("名次；左为公布，右为人人都给每个单位打分"),
        "acceptability": _("列在各名次的百分比"),
        "photos": _("整治前、整治中、整治后"),
        "tasks": _("下季度任务，项"),
    }
    if name not in scales:
        raise ValueError(f"`name` must be one of {', '.join(map(repr, scales))}; not {name!r}.")
    return _("{scale}；{quarter}").format(scale=scales[name], quarter=quarter_words(quarter))


def say_alt(name: str, words: str) -> str:
    """Put the type of chart before the words that stand for a figure where it is not seen.

    Parameters
    ----------
    name : str
        Which figure, as for `say_scale`.
    words : str
        What the figure shows.

    Raises
    ------
    ValueError
        For another name; the message lists those allowed.
    """
    bars, stacked, lines, dots = _("条形图"), _("堆叠条形图"), _("折线图"), _("点图")
    ranges, shades, slope = _("区间图"), _("热力图"), _("斜率图")
    kinds = {
        "lost": shades, "behind": _("瀑布图"), "top": bars, "fixes": dots, "strengths": dots, "teachers": _("棒棒糖图"),
        "history": lines, "grid": _("小幅折线图"), "change": stacked, "slope": slope, "drive": _("散点图"),
        "progress": ranges, "tipping": _("箭头图"), "left_out": bars, "methods": ranges, "promises": stacked,
        "findings": stacked, "countdown": lines, "carried": stacked, "months": dots, "rank_sets": ranges,
        "severity": ranges, "agreement": ranges, "panel_curve": lines, "adjusted": slope, "acceptability": shades,
        "photos": _("照片"), "tasks": stacked,
    }  # fmt: skip
    if name not in kinds:
        raise ValueError(f"`name` must be one of {', '.join(map(repr, kinds))}; not {name!r}.")
    return _("{kind}：{words}").format(kind=kinds[name], words=words)


def say_list_title(progress: pd.DataFrame) -> str:
    """Title the list of the most improved: 进步榜 only where differences are proven; without a judgement no claim."""
    if progress["shrunk"].isna().all():
        return _("无法比较进步，不列进步榜")
    return _("进步榜") if progress["proven"].any() else _("进步没有可证实的差别")


def say_grid_title(history: pd.DataFrame) -> str:
    """Title the small charts with how many units they show."""
    return _("{n} 个单位的历次名次").format(n=history["unit"].nunique())
