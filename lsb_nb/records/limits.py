"""Words for a mark outside its range, and points as text."""

from __future__ import annotations

from lsb_nb.i18n import _
from lsb_nb.records import clean
from lsb_nb.records.workbook import Cell


def points_text(micro: int) -> str:
    """Write millionths of a point as points, without trailing zeros."""
    sign, whole, part = "-" if micro < 0 else "", abs(micro) // 10**6, abs(micro) % 10**6
    return sign + str(whole) + (f".{part:06d}".rstrip("0") if part else "")


def range_words(cell: Cell, micro: int, full: int, *, of_rater: bool = True) -> tuple[str, str]:
    """Say that a mark lies outside [0, full marks]; only one that a rater gave can be corrected in 更正."""
    shown = clean.as_text(cell)
    limit = points_text(full) if full >= 0 else _("满分")
    hint = _("改为 0 至 {limit} 之间的数，或在“更正”表中更正") if of_rater else _("改为 0 至 {limit} 之间的数")
    hint = hint.format(limit=limit)
    if micro < 0:
        return _("得分 {value} 小于 0").format(value=shown), hint
    return _("得分 {value} 超出满分 {limit}").format(value=shown, limit=limit), hint
