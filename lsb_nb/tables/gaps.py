"""Gaps, what to fix first, strong sides and teachers as tables."""

from __future__ import annotations

from typing import Any

import pandas as pd

from lsb_nb.i18n import _
from lsb_nb.markup import Markup
from lsb_nb.schema import GAP_PARTS
from lsb_nb.tables.columns import Shown, list_rows, points, points_signed, whole, worded
from lsb_nb.tables.layout import cell_text


def _name(label: Any) -> str:
    return cell_text(_(GAP_PARTS[label]) if label in GAP_PARTS else label)


def table_waterfall(waterfall: pd.DataFrame, *, title: str = "", subtitle: str = "", note: str = "") -> Markup:
    """List the parts of one unit's gap; they add up to the last row.

    Parameters
    ----------
    waterfall : pandas.DataFrame
        From `measure_waterfall`.
    title, subtitle, note : str
        Plain texts above and below.
    """
    columns = [Shown("label", _("构成"), _name), Shown("points", _("差距"), points_signed, "n")]
    return list_rows(waterfall, columns, title=title, subtitle=subtitle, note=note)


def table_top_gaps(top: pd.DataFrame, *, title: str = "", subtitle: str = "", note: str = "") -> Markup:
    """List the largest gaps of the field with weighted points, and who shares them.

    Parameters
    ----------
    top : pandas.DataFrame
        From `measure_top_gaps`.
    title, subtitle, note : str
        Plain texts above and below.
    """
    columns = [
        Shown("criterion", _("指标")), Shown("pillar", _("板块")), Shown("full_marks", _("满分"), points, "n"),
        Shown("loss", _("平均失分"), points, "n"), Shown("sharing", _("失分超两成"), whole, "n"),
        Shown("units", _("参评"), whole, "n"),
        Shown("common", _("性质"), worded({True: _("共性")}, _("个性"))), Shown("worst", _("失分最多"), css="nw"),
        Shown("worst_loss", _("失分"), points, "n"),
    ]  # fmt: skip
    return list_rows(top, columns, title=title, subtitle=subtitle, note=note)


def table_fixes(
    fixes: pd.DataFrame, *, limit: int | None = None, title: str = "", subtitle: str = "", note: str = ""
) -> Markup:
    """List what units can attain, gaps within noise marked.

    Parameters
    ----------
    fixes : pandas.DataFrame
        From `fix_first`.
    limit : int, optional
        Rows shown.
    title, subtitle, note : str
        Plain texts above and below.
    """
    columns = [
        Shown("unit", _("单位"), css="nw"), Shown("criterion", _("指标")), Shown("score", _("得分率"), points, "n"),
        Shown("target", _("前两成"), points, "n"), Shown("attainable", _("可得分"), points, "n"),
        Shown("kept", _("说明"), worded({False: _("误差之内")})),
    ]  # fmt: skip
    return list_rows(fixes, columns, limit=limit, title=title, subtitle=subtitle, note=note)


def table_strengths(strengths: pd.DataFrame, *, title: str = "", subtitle: str = "", note: str = "") -> Markup:
    """List strong and weak sides with their places.

    Parameters
    ----------
    strengths : pandas.DataFrame
        From `measure_strengths`.
    title, subtitle, note : str
        Plain texts above and below.
    """
    kind = worded({"strength": _("强项")}, _("弱项"))
    columns = [
        Shown("unit", _("单位"), css="nw"), Shown("kind", _("强弱"), kind), Shown("criterion", _("指标")),
        Shown("rank", _("名次"), whole, "n"),
        Shown("of", _("共"), whole, "n"), Shown("value", _("得分率"), points, "n"),
    ]  # fmt: skip
    return list_rows(strengths, columns, title=title, subtitle=subtitle, note=note)


def table_teachers(
    teachers: pd.DataFrame, *, limit: int | None = None, title: str = "", subtitle: str = "", note: str = ""
) -> Markup:
    """List whom to learn from.

    Parameters
    ----------
    teachers : pandas.DataFrame
        From `find_teachers`.
    limit : int, optional
        Rows shown.
    title, subtitle, note : str
        Plain texts above and below.
    """
    columns = [
        Shown("unit", _("单位"), css="nw"),
        Shown("criterion", _("短板")), Shown("attainable", _("可得分"), points, "n"),
        Shown("teacher", _("可学单位"), css="nw"), Shown("ahead", _("高出"), points, "n"),
        Shown("mutual", _("说明"), worded({True: _("可互学")})),
    ]  # fmt: skip
    return list_rows(teachers, columns, limit=limit, title=title, subtitle=subtitle, note=note)
