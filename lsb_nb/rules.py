"""The rules a workbook or a scenario may set: key -> how its value is read, what it is when left out."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any, NamedTuple

from lsb_nb.i18n import _
from lsb_nb.schema import COMMITMENT_STATES, GRADES
from lsb_nb.text import fold, key, parse_decimal

NORMALISATIONS = MappingProxyType({"满分": "full_marks", "极差": "minmax", "标准分": "zscore", "位次分": "rank_points"})
AGGREGATIONS = MappingProxyType({"算术": "arithmetic", "几何": "geometric", "调和": "harmonic"})
LOWEST_BAND = "较差"
USUAL_BANDS = ("优秀", "良好", "一般", LOWEST_BAND)
"""Bands whose order everybody knows, best first."""


class Rule(NamedTuple):
    """One rule: the reader of its value and its default."""

    parse: Callable[[str], Any]
    default: Any


def _choice(*allowed: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if key(text) not in allowed:
            raise ValueError(_("只能填：{allowed}").format(allowed="、".join(allowed)))
        return key(text)

    return parse


def _yes_no(text: str) -> bool:
    return _choice("是", "否")(text) == "是"


def split_list(text: str) -> list[str]:
    """Split a value at 、 ， or , into trimmed parts; empty parts fall away."""
    return [part for part in (fold(piece) for piece in re.split("[、,，]", str(text))) if part]


def split_pairs(text: str) -> list[tuple[str, str]]:
    """Split ``甲=60、乙：40`` into pairs of name and value.

    Raises
    ------
    ValueError
        If a part has no sign between name and value, or a name comes twice.
    """
    pairs: list[tuple[str, str]] = []
    for part in split_list(text):
        match = re.fullmatch(r"(.*?)\s*[=:]\s*([^=:]*)", part)
        if match is None or not match[1] or not match[2]:
            raise ValueError(_("“{part}”应写作 名称=数值").format(part=part))
        if key(match[1]) in {key(name) for name, _value in pairs}:
            raise ValueError(_("“{name}”出现两次").format(name=match[1]))
        pairs.append((match[1], match[2]))
    if not pairs:
        raise ValueError(_("应写作 名称=数值，以顿号分隔"))
    return pairs


def _numbers(text: str, low: Fraction | None, high: Fraction | None) -> dict[str, Fraction]:
    values = {name: parse_decimal(value) for name, value in split_pairs(text)}
    for name, value in values.items():
        if (low is not None and value < low) or (high is not None and value > high):
            limits = f"{float(low or 0):g}" + ("" if high is None else f"—{float(high):g}")
            raise ValueError(
                _("“{name}”的数值应在 {limits} 之内").format(name=name, limits=limits if high else f"≥{limits}")
            )
    return values


def _weights(text: str) -> dict[str, Fraction]:
    values = _numbers(text, Fraction(0), None)
    if not any(values.values()):
        raise ValueError(_("权重不能全为 0"))
    return values


def _named(allowed: tuple[str, ...], high: int) -> Callable[[str], dict[str, Fraction]]:
    def parse(text: str) -> dict[str, Fraction]:
        values = {key(name): value for name, value in _numbers(text, Fraction(0), Fraction(high)).items()}
        if unknown := [name for name in values if name not in allowed]:
            raise ValueError(_("不认识“{name}”，只能是：{allowed}").format(name=unknown[0], allowed="、".join(allowed)))
        return values

    return parse


def _credit(text: str) -> dict[str, Fraction]:
    values = _named(COMMITMENT_STATES, 1)(text)
    if values.get("已完成", Fraction(1)) != 1:
        raise ValueError(_("“已完成”总是计 1"))
    return values


def _least_raters(text: str) -> int:
    value = parse_decimal(text)
    if value.denominator != 1 or value < 3:
        raise ValueError(_("应为不小于 3 的整数"))
    return int(value)


def _cap(text: str) -> Fraction:
    if key(text) == "不计":
        return Fraction(0)
    value = parse_decimal(text)
    if value < 0:
        raise ValueError(_("应为不小于 0 的数，或填“不计”"))
    return value


def _tie_break(text: str) -> tuple[str, ...]:
    parts = tuple(split_list(text))
    if not parts:
        raise ValueError(_("应填“并列”，或以顿号分隔的板块、指标"))
    return () if tuple(key(part) for part in parts) == ("并列",) else parts


def _bands(text: str) -> tuple[tuple[str, Fraction], ...]:
    pairs = [(name, parse_decimal(value)) for name, value in split_pairs(text)]
    ordered = sorted(pairs, key=lambda pair: -pair[1])
    if len({line for _name, line in pairs}) < len(pairs):
        raise ValueError(_("两个等次的分数线相同"))
    usual = [key(name) for name, _line in ordered if key(name) in USUAL_BANDS]
    for upper, lower in itertools.pairwise(usual):
        if USUAL_BANDS.index(upper) > USUAL_BANDS.index(lower):
            raise ValueError(_("“{best}”的分数线应高于“{worse}”").format(best=lower, worse=upper))
    return tuple(ordered)


def _quotas(text: str) -> tuple[tuple[str, Fraction], ...]:
    shares: list[tuple[str, Fraction]] = []
    for name, value in split_pairs(text):
        folded = key(value)
        share = parse_decimal(folded[:-1]) / 100 if folded.endswith("%") else parse_decimal(folded)
        if not 0 <= share <= 1:
            raise ValueError(_("“{name}”的比例应在 0% 至 100% 之间，如 30%").format(name=name))
        shares.append((name, share))
    if sum(share for _name, share in shares) > 1:
        raise ValueError(_("各等次比例之和超过 100%"))
    return tuple(shares)


def order_quotas(rules: Mapping[str, Any]) -> tuple[tuple[tuple[str, Fraction], ...], str]:
    """Order the quotas as their bands stand in 等次线, best first, and name the band of the units beyond them.

    Parameters
    ----------
    rules : mapping
        Values of 等次线 and 等次名额.

    Returns
    -------
    tuple of (str, Fraction), str
        The quotas, and the first band below the lowest of them. Quotas of bands without any line keep the order they
        are written in, and 较差 is below them.

    Raises
    ------
    ValueError
        If only some of the quotas are on the scale, or nothing is below the lowest.
    """
    quotas = tuple(rules["等次名额"] or ())
    scale = list(dict.fromkeys([*(key(name) for name, _line in rules["等次线"]), LOWEST_BAND]))
    strangers = [name for name, _share in quotas if key(name) not in scale]
    if len(strangers) == len(quotas):
        return quotas, LOWEST_BAND
    if strangers:
        reason = _("等次名额里的“{name}”不在等次线中，无法排出先后：{lines}")
        raise ValueError(reason.format(name=strangers[0], lines="、".join(scale)))
    ordered = tuple(sorted(quotas, key=lambda pair: scale.index(key(pair[0]))))
    lowest = scale.index(key(ordered[-1][0]))
    if lowest + 1 == len(scale):
        raise ValueError(_("“{name}”是最低的等次，名额以外的单位无处可归").format(name=ordered[-1][0]))
    names = {key(name): name for name, _line in rules["等次线"]}
    return ordered, names.get(scale[lowest + 1], LOWEST_BAND)


def find_clashes(rules: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """List the rules whose values do not go together: rule, reason, hint."""
    found = []
    if rules["不适用指标"] == "计满分" and rules["标准化方法"] != "满分":
        reason = _("不适用指标“计满分”只能与标准化方法“满分”同用，现为“{method}”").format(method=rules["标准化方法"])
        found.append(("不适用指标", reason, _("改为“重新分配”，或把标准化方法改为“满分”")))
    try:
        order_quotas(rules)
    except ValueError as error:
        hint = _("等次名额只写最低等次以上的等次，名称与等次线一致，如 优秀=30%、良好=50%")
        found.append(("等次名额", str(error), hint))
    return found


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "回避": Rule(_yes_no, False),
        "全同分票作废": Rule(_yes_no, False),
        "去极值最少评委数": Rule(_least_raters, 6),
        "去极值口径": Rule(_choice("逐项", "整张"), "逐项"),
        "评委组权重": Rule(_weights, None),
        "等次分值": Rule(
            _named(tuple(GRADES), 100),
            MappingProxyType({"好": Fraction(100), "较好": Fraction(80), "一般": Fraction(60), "较差": Fraction(40)}),
        ),
        "部分完成计分": Rule(_credit, MappingProxyType({})),
        "标准化方法": Rule(_choice(*NORMALISATIONS), "满分"),
        "不适用指标": Rule(_choice("重新分配", "计满分"), "重新分配"),
        "板块权重": Rule(_weights, None),
        "合成方法": Rule(_choice(*AGGREGATIONS), "算术"),
        "加减分上限": Rule(_cap, Fraction(5)),
        "并列处理": Rule(_tie_break, ()),
        "等次线": Rule(_bands, (("优秀", Fraction(90)), ("良好", Fraction(80)), ("一般", Fraction(60)))),
        "等次名额": Rule(_quotas, None),
        "公布末位": Rule(_yes_no, True),
    }
)
"""Rule key -> `Rule`. A new rule is one line here, its use in scoring, and one test."""


def parse_rule(rule: str, text: str) -> Any:
    """Read the value of one rule.

    Parameters
    ----------
    rule : str
        A key of `RULES`, in any width and spacing.
    text : str
        The value as written.

    Returns
    -------
    bool, int, str, fractions.Fraction, tuple or dict
        By the rule: yes/no rules give a bool, weights a dict of name to Fraction, lines and quotas a tuple of
        (name, Fraction). Names are as written; compare them by `lsb_nb.text.key`.

    Raises
    ------
    KeyError
        If there is no such rule; the message lists those there are.
    ValueError
        If the value cannot be read; the message says what is allowed.
    """
    if key(rule) not in RULES:
        raise KeyError(_("没有“{rule}”这条规则，可用的有：{known}").format(rule=rule, known="、".join(RULES)))
    return RULES[key(rule)].parse(str(text))
