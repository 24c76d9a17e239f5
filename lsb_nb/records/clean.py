"""A cell's content to a mark, a number, a date, a month, a text or a list of names.

Readers of numbers give whole millionths of a point; readers that cannot read raise `Unreadable` with reason and hint.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import NamedTuple

from lsb_nb.i18n import _
from lsb_nb.quarters import last_day
from lsb_nb.records.workbook import Cell, Odd
from lsb_nb.text import INVISIBLE, fold, key

MISSING_WORDS = frozenset({"", "—", "——", "–", "-", "/", "缺席", "弃权", "回避", "请假", "n/a"})
NOT_APPLICABLE = "不适用"
TOO_LARGE = 10**15
"""Millionths; a number of a thousand million points or more is read as this, and is out of any range."""

_NUMBER = re.compile(r"([+-]?)([0-9]*)(?:\.([0-9]*))?")
_DASHES = str.maketrans("—–", "--")
_DAY = re.compile(r"([0-9]{4})([-./])([0-9]{1,2})\2([0-9]{1,2})")
_DAY_WORDS = re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日")
_MONTH = re.compile(r"([0-9]{4})(?:年([0-9]{1,2})月|-([0-9]{1,2}))")
_MONTH_END = re.compile(r"([0-9]{1,2})月底")
_MONTH_ALONE = re.compile(r"(?:([0-9]{4})[./])?([0-9]{1,2})月?")
_SERIAL = re.compile(r"[0-9]{1,8}(?:\.[0-9]*)?")
_NO_INK = " \t\r\n\xa0\u3000" + INVISIBLE
_UNSEEN = re.compile(f"[{re.escape(INVISIBLE)}]")
_SPACE = re.compile(rf"[\s{re.escape(INVISIBLE)}]")
_BESIDE_CHINESE = re.compile(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])")
_YEAR_AND_MONTH = re.compile(r"(?:19|20)[0-9]{2}\.(?:0?[1-9]|1[0-2])")
_LAST_SERIAL = 2958465


class Unreadable(ValueError):  # noqa: N818 - says what the cell is
    """The cell says nothing of the kind asked for; `reason` and `hint` are for the user."""

    def __init__(self, reason: str, hint: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint


class Mark(NamedTuple):
    """What a source cell of a score says: `state` is one of `lsb_nb.schema.STATES`, `micro` counts for ``mark``."""

    state: str
    micro: int


def as_text(cell: Cell) -> str:
    """Give a cell as a reader of the sheet sees it, trimmed; whole numbers without a point."""
    if isinstance(cell, str):
        return cell.strip(_NO_INK)
    if isinstance(cell, Odd):
        return cell.text or _("公式")
    return format(Decimal(repr(cell)), "f").removesuffix(".0") if cell == cell and abs(cell) < 1e300 else str(cell)


def as_words(cell: Cell) -> str:
    """Give a text as written, without what is invisible: two that look alike are one."""
    return _UNSEEN.sub("", as_text(cell)).strip(_NO_INK)


def as_name(cell: Cell) -> str:
    """Give a name for display: as written, without line breaks, spaces between Chinese characters and the invisible."""
    text = as_text(cell)
    return _BESIDE_CHINESE.sub("", " ".join(_UNSEEN.sub("", text).split())) if _SPACE.search(text) else text


def is_blank(cell: Cell) -> bool:
    """Say whether a cell holds nothing but spaces."""
    return isinstance(cell, str) and not as_text(cell)


def refuse_odd(cell: Cell) -> None:
    """Refuse what is neither text nor number."""
    if not isinstance(cell, Odd):
        return
    if cell.kind == "error":
        raise Unreadable(_("公式的结果是错误值 {value}").format(value=cell.text), _("改正公式，或改填数值"))
    if cell.kind == "formula":
        raise Unreadable(_("公式没有保存计算结果"), _("用 WPS 或 Excel 打开、重新计算并保存，或改填数值"))
    if cell.kind == "percent":
        raise Unreadable(
            _("这一格显示为百分数（存的是 {value}），不能当作分数").format(value=cell.text),
            _("把单元格格式改为“常规”，再填分数"),
        )
    if cell.kind == "bool":
        raise Unreadable(_("{value} 不是数字").format(value=cell.text), _("改填数字，缺席等情况留空或填“缺席”"))
    raise Unreadable(
        _("这是日期或时间（{value}），不是数字").format(value=cell.text), _("把单元格格式改为“常规”，再填数字")
    )


def read_number(cell: Cell, *, unit: str = "分") -> int:
    """Read a signed number, half-up (away from zero) to millionths.

    Parameters
    ----------
    cell : str, float or Odd
        Full-width digits, inner spaces, a leading sign, a missing digit before or after the point, and one
        trailing `unit` are read. Nothing else is: no exponent, percent sign, thousands comma or word.

    Raises
    ------
    Unreadable
        If the cell is not a number.
    """
    refuse_odd(cell)
    if isinstance(cell, float):
        if cell != cell or abs(cell) >= TOO_LARGE:
            return TOO_LARGE if cell > 0 else -TOO_LARGE
        text = format(Decimal(repr(cell)), "f")
    else:
        text = key(as_text(cell)).translate(_DASHES)
        text = text.removesuffix(unit) if unit else text
    match = _NUMBER.fullmatch(text)
    if match is None or not (match[2] or match[3]):
        raise Unreadable(
            _("“{value}”不是数字").format(value=as_text(cell)),
            _("只填数字，如 92.5；不要用百分号、千分位逗号或文字"),
        )
    sign, whole, part = match[1], match[2].lstrip("0"), match[3] or ""
    if len(whole) > 9:
        return -TOO_LARGE if sign == "-" else TOO_LARGE
    micro = int((whole or "0") + part[:6].ljust(6, "0")) + (part[6:7] >= "5")
    return -micro if sign == "-" else micro


def read_mark(cell: Cell) -> Mark:
    """Read a source cell of a score, without its range.

    Raises
    ------
    Unreadable
        If it is neither a number, nor blank or another missing word, nor 不适用.
    """
    if isinstance(cell, str):
        word = fold(as_text(cell)).strip().lower()
        if word in MISSING_WORDS:
            return Mark("missing" if word else "blank", 0)
        if word == NOT_APPLICABLE:
            return Mark("not_applicable", 0)
    return Mark("mark", read_number(cell))


def read_count(cell: Cell) -> int:
    """Read a count of ballots: whole, not negative; blank is 0."""
    if is_blank(cell):
        return 0
    try:
        micro = read_number(cell, unit="")
    except Unreadable as error:
        raise Unreadable(error.reason, _("填不小于 0 的整数；没有票的留空")) from None
    if micro < 0 or micro % 10**6 or abs(micro) >= TOO_LARGE:
        raise Unreadable(
            _("票数“{value}”不是不小于 0 的整数").format(value=as_text(cell)), _("填不小于 0 的整数；没有票的留空")
        )
    return micro // 10**6


def read_weight(cell: Cell) -> str | None:
    """Give a weight as a decimal text for `lsb_nb.scheme` to read exactly; None when blank."""
    return None if is_blank(cell) else as_text(cell)


def read_date(cell: Cell, quarter: str, *, date1904: bool = False) -> dt.date:
    """Read a date in any accepted form.

    Parameters
    ----------
    cell : str, float or Odd
        An Excel date (time of day ignored), a serial number, ``2021-12-3``, ``2021.12.3``, ``2021/12/3``,
        ``2021年12月3日``, ``20211203``; a month (``2021年12月``, ``2021-12``, ``12月底``) means its last day.
    quarter : str
        Gives the year of ``12月底``.
    date1904 : bool
        The workbook counts days from 1904, so that its serial numbers are 1462 smaller.

    Raises
    ------
    Unreadable
        If it is none of these, or no such day exists.
    """
    if isinstance(cell, Odd) and cell.kind == "date":
        return dt.date.fromisoformat(cell.text)
    refused = Unreadable(
        _("“{value}”不是日期").format(value=as_text(cell)),
        _("写作 2021-12-3、2021年12月3日，或 2021年12月（指月末）"),
    )
    if isinstance(cell, Odd):
        if cell.kind in ("error", "formula"):
            refuse_odd(cell)
        raise refused
    text = key(as_text(cell))
    try:
        if match := _DAY.fullmatch(text):
            return dt.date(int(match[1]), int(match[3]), int(match[4]))
        if match := _DAY_WORDS.fullmatch(text):
            return dt.date(int(match[1]), int(match[2]), int(match[3]))
        if match := _MONTH.fullmatch(text):
            return _month_end(int(match[1]), int(match[2] or match[3]))
        if match := _MONTH_END.fullmatch(text):
            return _month_end(int(quarter[:4]), int(match[1]))
        # 2021.12 would be a day of 1905 as a serial number; whoever writes it means a month.
        if _SERIAL.fullmatch(text) and not _YEAR_AND_MONTH.fullmatch(text):
            whole = text.partition(".")[0]
            if len(whole) == 8 and whole == text:
                return dt.date(int(text[:4]), int(text[4:6]), int(text[6:]))
            if len(whole) < 8 and 1 <= int(whole) <= _LAST_SERIAL:
                if date1904:
                    return dt.date(1904, 1, 1) + dt.timedelta(days=int(whole))
                # Serial 60 is the 29 February 1900 that never was; days before it count from one day later.
                return dt.date(1899, 12, 30) + dt.timedelta(days=int(whole) + (int(whole) < 60))
    except ValueError:
        raise refused from None
    raise refused


def read_month(cell: Cell, quarter: str, *, date1904: bool = False) -> str:
    """Read a month as ``YYYY-MM``: a date in any form, ``12月`` or ``12`` (the quarter's year), ``2021.12``."""
    text = key(as_text(cell))
    if (match := _MONTH_ALONE.fullmatch(text)) and 1 <= int(match[2]) <= 12:
        return f"{match[1] or quarter[:4]}-{int(match[2]):02d}"
    try:
        return f"{read_date(cell, quarter, date1904=date1904):%Y-%m}"
    except Unreadable as error:
        raise Unreadable(
            _("“{value}”不是月份").format(value=as_text(cell)) if not isinstance(cell, Odd) else error.reason,
            _("写作 2021年12月、2021-12 或 12月"),
        ) from None


def _month_end(year: int, month: int) -> dt.date:
    if not 1 <= month <= 12:
        raise ValueError(month)
    return (
        last_day(f"{year:04d}Q{(month + 2) // 3}") if month % 3 == 0 else dt.date(year, month + 1, 1) - dt.timedelta(1)
    )


def split_names(cell: Cell) -> tuple[str, ...]:
    """Split names at 、 ， , ； or ; and drop empty ones; missing words alone mean none."""
    text = as_text(cell)
    if fold(text).lower() in MISSING_WORDS or text in ("无", "否"):
        return ()
    return tuple(name for part in re.split("[、，,；;\n]", text) if (name := as_name(part)))
