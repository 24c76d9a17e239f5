"""What blank files are made for: units, criteria, raters and rules, from the command line or an earlier workbook."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from lsb_nb.i18n import _
from lsb_nb.records.headers import is_footnote, is_total
from lsb_nb.records.limits import points_text
from lsb_nb.rules import RULES, split_list
from lsb_nb.schema import DEFAULT_GROUP, METHODS, MICRO, RATER_ALIASES
from lsb_nb.text import fold, key, parse_decimal

if TYPE_CHECKING:
    import pandas as pd

_LIST_SUFFIXES = (".txt", ".csv", ".tsv", ".lst", ".xlsx", ".xls")
# A file whose name begins with a dot or ~$ counts as hidden and would be passed over.
_FORBIDDEN = re.compile(r'[\\/:*?"<>|\[\]\x00-\x1f]|^(?:\.|~\$)')
_RATER_HEADERS = frozenset(("评委", *RATER_ALIASES))


class Plan(NamedTuple):
    """What the blank files are made for; `units`, `criteria`, `raters` and `rules` are rows of their sheets.

    `named` says whether the ledger of commitments names the criterion each of them counts for.
    """

    activity: list[tuple[str, str]]
    units: list[dict[str, Any]]
    criteria: list[dict[str, Any]]
    raters: list[dict[str, Any]]
    rules: list[tuple[str, str]]
    named: bool


def make_plan(like: Any, units: str | None, criteria: str | None, raters: str | None) -> Plan:
    """Read what is wanted; the arguments and errors are those of `lsb_nb.records.templates.write_templates`."""
    activity = [("活动名称", ""), ("组织单位", ""), ("评比方式", ""), ("日期", "")]
    named = False
    unit_rows: list[dict[str, Any]] = []
    criterion_rows: list[dict[str, Any]] = []
    rater_rows: list[dict[str, Any]] = []
    rules = [(name, _rule_text(rule.default)) for name, rule in RULES.items() if rule.default not in (None, {})]
    if like is not None:
        from lsb_nb.records.load import load_quarter

        records = load_quarter(like)
        kept = ("活动名称", "组织单位", "评比方式")
        content = dict(zip(records.activity["item"], records.activity["content"], strict=True))
        activity = [(name, str(content.get(name) or "")) for name in kept] + [("日期", "")]
        named = any(isinstance(name, str) and name for name in records.commitments["criterion"])
        unit_rows = _rows(records.units)
        criterion_rows = _rows(records.criteria)
        rater_rows = _rows(records.raters)
        given = dict(zip(records.rules["rule"], records.rules["value"], strict=True))
        rules = [*((name, text) for name, text in rules if name not in given), *given.items()]
    if units:
        unit_rows = [{"unit": name} for name in _listed(units)]
    if criteria:
        criterion_rows = [_criterion(text) for text in _listed(criteria)]
    if raters:
        rater_rows = _raters(_listed(raters))
    if not rater_rows:
        rater_rows = [{"rater": f"评委{n}", "group": DEFAULT_GROUP} for n in range(1, 6)]
    if not unit_rows:
        raise ValueError(_("没有单位：用 --units 甲村、乙村 列出，或用 --like 沿用一个工作簿"))
    if not criterion_rows:
        raise ValueError(_("没有指标：用 --criteria 人居环境=25、五星支部=20 列出，或用 --like 沿用一个工作簿"))
    for what, names in (
        (_("单位"), [row["unit"] for row in unit_rows]),
        (_("指标"), [row["criterion"] for row in criterion_rows]),
        (_("评委"), [row["rater"] for row in rater_rows]),
    ):
        keys = [key(name) for name in names]
        if repeated := [name for name, own in zip(names, keys, strict=True) if keys.count(own) > 1]:
            raise ValueError(_("{what}“{name}”重复").format(what=what, name=repeated[0]))
    _refuse_misread(unit_rows, criterion_rows, rater_rows)
    if bad := [row["rater"] for row in rater_rows if _FORBIDDEN.search(row["rater"])]:
        raise ValueError(_("评委“{name}”含有文件名不允许的字符").format(name=bad[0]))
    blank: dict[str, Any] = {"method": None, "pillar": None, "segment": None}
    # Left blank, that column would count no commitment at all; without it all of them count.
    named = named or sum(key(row.get("method") or "") == "台账计算" for row in criterion_rows) > 1
    return Plan(activity, unit_rows, [blank | row for row in criterion_rows], rater_rows, rules, named)


def _refuse_misread(units: list[dict[str, Any]], criteria: list[dict[str, Any]], raters: list[dict[str, Any]]) -> None:
    """Refuse names that reading takes for a total, a note or a header: their marks would be passed over unseen."""
    misread = [
        *(
            (_("单位"), row["unit"])
            for row in units
            if is_total(row["unit"]) or (len(row) == 1 and is_footnote(row["unit"]))
        ),
        *(
            (_("指标"), row["criterion"])
            for row in criteria
            if is_total(row["criterion"]) or key(row["criterion"]) in _RATER_HEADERS
        ),
        *((_("评委"), row["rater"]) for row in raters if is_total(row["rater"])),
    ]
    if misread:
        what, name = misread[0]
        reason = _("“{name}”不能作{what}的名称：读表时会当作合计、说明或表头，请换一个名称")
        raise ValueError(reason.format(name=name, what=what))


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def _listed(text: str) -> list[str]:
    file = Path(text)
    try:
        is_file = file.is_file()
    except (OSError, ValueError):
        is_file = False
    if not is_file:
        if file.suffix.lower() in _LIST_SUFFIXES:
            raise ValueError(_("找不到文件：{path}").format(path=text))
        return split_list(text)
    content = file.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            lines = content.decode(encoding).splitlines()
        except UnicodeDecodeError:
            continue
        if "\x00" not in content.decode(encoding):
            return [line for line in map(fold, lines) if line]
    raise ValueError(_("{path} 不是文本文件：应每行写一个名称").format(path=text))


def _criterion(text: str) -> dict[str, Any]:
    match = re.fullmatch(r"(?:([^/=:]+)/)?([^/=:]+)[=:]([^=:()]+)(?:\((.+)\))?", fold(text))
    if match is None:
        raise ValueError(_("“{text}”应写作 指标=满分、板块/指标=满分，或在满分后加（计分方式）").format(text=text))
    method = METHODS[0] if match[4] is None else key(match[4])
    if method not in METHODS:
        reason = _("没有“{method}”这种计分方式").format(method=match[4])
        raise ValueError(_("；").join([reason, _("可用的有：{known}").format(known="、".join(METHODS))]))
    full = math.floor(parse_decimal(match[3]) * MICRO + Fraction(1, 2))
    if full <= 0:
        raise ValueError(_("“{text}”的满分应大于 0").format(text=text))
    pillar = fold(match[1]) if match[1] else None
    return {"criterion": fold(match[2]), "pillar": pillar, "full_marks": full, "method": method}


def _raters(texts: list[str]) -> list[dict[str, Any]]:
    """Read ``评委组/评委``; an entry without a group belongs to the group before it."""
    rows = []
    group = DEFAULT_GROUP
    for text in texts:
        given, slash, name = fold(text).rpartition("/")
        group = fold(given) if slash else group
        if not fold(name) or not group:
            raise ValueError(_("“{text}”应写作 评委，或 评委组/评委").format(text=text))
        rows.append({"rater": fold(name), "group": group})
    return rows


def _rule_text(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if value == ():
        return "并列"
    pairs = value.items() if hasattr(value, "items") else value if isinstance(value, tuple) else None
    if pairs is None:
        return _plain(value)
    return "、".join(f"{name}={_plain(number)}" for name, number in pairs)


def _plain(value: Any) -> str:
    return points_text(int(value * MICRO)) if isinstance(value, Fraction) else str(value)
