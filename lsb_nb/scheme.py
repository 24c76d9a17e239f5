"""`Scheme`: the weights and rules of one quarter, frozen, and how it is read from a workbook."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pandas as pd

from lsb_nb.bundles import DataProblems, Records, problem_frame
from lsb_nb.i18n import _
from lsb_nb.rules import LOWEST_BAND, RULES, find_clashes, order_quotas, parse_rule
from lsb_nb.schema import DEFAULT_PILLAR, METHODS, MICRO
from lsb_nb.text import WEIGHT_DECIMALS, WEIGHT_DIGITS, key, parse_decimal

OFFICIAL = "公布方案"


@dataclasses.dataclass(frozen=True)
class Criterion:
    """One criterion as the scheme weighs it; `full_marks` in millionths of a point, `weight` before normalising."""

    name: str
    pillar: str
    segment: str | None
    method: str
    full_marks: int
    weight: Fraction


@dataclasses.dataclass(frozen=True)
class Scheme:
    """Weights and rules of a quarter.

    Attributes
    ----------
    criteria : tuple of Criterion
        In the order of the sheet 指标.
    pillar_weights : mapping of str to Fraction
        Pillars in order of first appearance; weights as written, not normalised.
    rules : mapping of str to object
        Every key of `lsb_nb.rules.RULES` with its value in force.
    given : tuple of str
        Rules that the workbook or the scenario states; the others stand at their default.
    name, reason : str
        公布方案, or a scenario's name and its reason.
    """

    criteria: tuple[Criterion, ...]
    pillar_weights: Mapping[str, Fraction]
    rules: Mapping[str, Any]
    given: tuple[str, ...] = ()
    name: str = OFFICIAL
    reason: str = ""

    def rule(self, name: str) -> Any:
        """Give the value in force of one rule."""
        return self.rules[name]

    def in_pillar(self, pillar: str) -> tuple[Criterion, ...]:
        """List the criteria of one pillar."""
        return tuple(criterion for criterion in self.criteria if criterion.pillar == pillar)

    def effective_weights(self) -> dict[str, Fraction]:
        """Give each criterion's share of the total (they sum to 1) when nothing is left out.

        Returns
        -------
        dict of str to Fraction
            Pillar share × share within the pillar; a pillar whose criteria all weigh 0 counts as left out.
        """
        inner = {pillar: sum(c.weight for c in self.in_pillar(pillar)) for pillar in self.pillar_weights}
        outer = sum(weight for pillar, weight in self.pillar_weights.items() if inner[pillar])
        return {
            c.name: self.pillar_weights[c.pillar] / outer * c.weight / inner[c.pillar]
            if outer and inner[c.pillar]
            else Fraction(0)
            for c in self.criteria
        }

    def band_names(self) -> tuple[str, ...]:
        """List the bands in use, best first, the lowest included."""
        lines = [name for name, _line in self.rule("等次线")]
        quotas = [name for name, _share in self.rule("等次名额") or ()]
        names = [*quotas, self.band_rest()] if quotas else [*lines, LOWEST_BAND]
        return tuple(dict.fromkeys(names))

    def band_rest(self) -> str:
        """Name the band of the units beyond the quotas: the first line below the lowest quota, else 较差."""
        return order_quotas(self.rules)[1]

    def digest(self) -> str:
        """Give the SHA-256 of everything that decides a number, in hexadecimal."""
        content = {
            "criteria": [[c.name, c.pillar, c.method, c.full_marks, str(c.weight)] for c in self.criteria],
            "pillars": [[name, str(weight)] for name, weight in self.pillar_weights.items()],
            "rules": {name: _plain(value) for name, value in self.rules.items()},
        }
        return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return str(value)


def match_names(values: Mapping[str, Any], known: list[str]) -> tuple[dict[str, Any], list[str]]:
    """Put the names of a rule's value into their canonical spelling; list those that are not known."""
    by_key = {key(name): name for name in known}
    found = {by_key[key(name)]: value for name, value in values.items() if key(name) in by_key}
    return found, [name for name in values if key(name) not in by_key]


def check_weights(values: Mapping[str, Any], known: list[str], what: str) -> tuple[dict[str, Any], str | None]:
    """Match weights to all of `known` and no other; the second value says what is wrong, or is None."""
    found, unknown = match_names(values, known)
    if unknown:
        return found, _("没有“{name}”这个{what}，现有：{known}").format(
            name=unknown[0], what=what, known="、".join(known)
        )
    if missing := [name for name in known if name not in found]:
        return found, _("缺少{what}“{name}”，应列出全部：{known}").format(
            what=what, name=missing[0], known="、".join(known)
        )
    if not any(found.values()):
        return found, _("权重不能全为 0")
    return found, None


def build_scheme(records: Records) -> tuple[Scheme, list[dict[str, object]]]:
    """Read the scheme of one quarter's records.

    Parameters
    ----------
    records : Records
        One quarter (`Records.at`).

    Returns
    -------
    scheme : Scheme
        Rules that could not be read stand at their default.
    problems : list of dict
        Errors with `PROBLEM_COLUMNS`, located at the cells of 规则 and 指标.
    """
    problems: list[dict[str, object]] = []
    quarter = records.quarters[0]

    def complain(row: Mapping[Any, Any], value: object, reason: str, hint: str) -> None:
        problems.append(
            {"severity": "error", "quarter": quarter, "value": None if value is None else str(value), "reason": reason}
            | {"hint": hint, "file": row.get("file"), "sheet": row.get("sheet"), "cell": row.get("cell")}
        )

    criteria = _criteria(records, complain)
    rules: dict[str, Any] = {name: rule.default for name, rule in RULES.items()}
    rows: dict[str, Mapping[Any, Any]] = {}
    for row in _rows(records.rules, ("rule", "value")):
        name = key(row["rule"])
        if name in rows:
            at = _at(records.rules, row, "rule")
            complain(at, row["rule"], _("规则“{rule}”重复").format(rule=name), _("只保留一行"))
            continue
        try:
            rules[name] = parse_rule(name, row["value"])
        except KeyError as error:
            at = _at(records.rules, row, "rule")
            complain(at, row["rule"], str(error.args[0]), _("改正规则名称，或删去这一行"))
            continue
        except ValueError as error:
            reason = _("规则“{rule}”的取值无法识别：{why}").format(rule=name, why=error)
            complain(_whole(records.rules, row), row["value"], reason, _("改正取值"))
        rows[name] = row

    pillars = list(dict.fromkeys(c.pillar for c in criteria))
    pillar_weights = dict.fromkeys(pillars, Fraction(0))
    for criterion in criteria:
        pillar_weights[criterion.pillar] += criterion.weight
    if rules["板块权重"] is not None:
        found, wrong = check_weights(rules["板块权重"], pillars, _("板块"))
        if wrong:
            at = _whole(records.rules, rows["板块权重"])
            complain(at, at["value"], wrong, _("在“规则”表改正板块权重"))
        else:
            pillar_weights = {pillar: found[pillar] for pillar in pillars}
            rules["板块权重"] = pillar_weights
    if rules["并列处理"]:
        found, unknown = match_names(dict.fromkeys(rules["并列处理"]), [*pillars, *(c.name for c in criteria)])
        rules["并列处理"] = tuple(found)
        if unknown:
            reason = _("没有“{name}”这个板块或指标").format(name=unknown[0])
            at = _whole(records.rules, rows["并列处理"])
            complain(at, at["value"], reason, _("填“并列”，或以顿号分隔的板块、指标"))
    rules["等次分值"] = dict(RULES["等次分值"].default) | dict(rules["等次分值"])
    rules["部分完成计分"] = {"已完成": Fraction(1)} | dict(rules["部分完成计分"])
    for name, reason, hint in find_clashes(rules):
        at = _whole(records.rules, rows[name])
        complain(at, at["value"], reason, hint)
        rules[name] = RULES[name].default
    rules["等次名额"] = order_quotas(rules)[0] or None
    scheme = Scheme(tuple(criteria), pillar_weights, rules, tuple(rows))
    if criteria and not any(c.weight and pillar_weights[c.pillar] for c in criteria):
        first = records.criteria.iloc[0].to_dict()
        complain(first, None, _("没有一项指标的权重大于 0"), _("至少给一项指标和它的板块大于 0 的权重"))
    return scheme, problems


def _rows(frame: pd.DataFrame, names: tuple[str, ...]) -> list[dict[str, Any]]:
    # A scheme is read whenever a quarter is scored: only what it is made of, the place in the frame for `_at`.
    if frame.empty:
        return []
    cells, known = frame.to_numpy(dtype=object), frame.columns.tolist()
    columns = [range(len(frame)), *(cells[:, known.index(name)].tolist() for name in names)]
    return [dict(zip(("at", *names), row, strict=True)) for row in zip(*columns, strict=True)]


def _criteria(records: Records, complain: Any) -> list[Criterion]:
    rows = _rows(records.criteria, ("criterion", "pillar", "segment", "method", "full_marks", "weight"))
    for row in rows:
        row |= {name: None for name in ("pillar", "segment", "method", "weight") if _blank(row[name])}
    weighed = [row for row in rows if row["weight"] is not None]
    named = [row for row in rows if row["pillar"] is not None]
    if 0 < len(weighed) < len(rows):
        row = next(row for row in rows if row["weight"] is None)
        complain(
            _at(records.criteria, row, "weight"),
            None,
            _("有的指标填了权重，“{name}”没有填").format(name=row["criterion"]),
            _("“权重”要么全填，要么全不填"),
        )
    if 0 < len(named) < len(rows):
        row = next(row for row in rows if row["pillar"] is None)
        complain(
            _at(records.criteria, row, "pillar"),
            None,
            _("有的指标填了板块，“{name}”没有填").format(name=row["criterion"]),
            _("“板块”要么全填，要么全不填"),
        )
    criteria: list[Criterion] = []
    pillar_names: dict[str, str] = {}
    for row in rows:
        pillar = DEFAULT_PILLAR if row["pillar"] is None else str(row["pillar"])
        pillar = pillar_names.setdefault(key(pillar), pillar)
        method = METHODS[0] if row["method"] is None else key(row["method"])
        if method not in METHODS:
            reason = _("没有“{method}”这种计分方式").format(method=row["method"])
            complain(
                _at(records.criteria, row, "method"),
                row["method"],
                reason,
                _("可用的有：{known}").format(known="、".join(METHODS)),
            )
            method = METHODS[0]
        full = 0 if pd.isna(row["full_marks"]) else int(row["full_marks"])
        weight = Fraction(full, MICRO)
        if len(weighed) == len(rows):
            try:
                weight = parse_decimal(str(row["weight"]), decimals=WEIGHT_DECIMALS, digits=WEIGHT_DIGITS)
                if weight < 0:
                    raise ValueError(_("权重不能为负"))
            except ValueError as error:
                complain(_at(records.criteria, row, "weight"), row["weight"], str(error), _("“权重”填不小于 0 的数"))
                weight = Fraction(full, MICRO)
        segment = None if row["segment"] is None else str(row["segment"])
        criteria.append(Criterion(str(row["criterion"]), pillar, segment, method, full, weight))
    return criteria


def _whole(frame: pd.DataFrame, row: Mapping[Any, Any]) -> Mapping[Any, Any]:
    whole: dict[Any, Any] = frame.iloc[row["at"]].to_dict()
    return whole


def _at(frame: pd.DataFrame, row: Mapping[Any, Any], column: str) -> Mapping[Any, Any]:
    """Give the whole row, at the cell of one of its columns where the loader has left the columns' letters."""
    whole = _whole(frame, row)
    letters = frame.attrs.get("letters", {}).get(whole["quarter"], {}).get(column)
    digits = str(whole["cell"]).lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return {**whole, "cell": letters + digits} if letters and digits.isdigit() else whole


def _blank(value: object) -> bool:
    return value is None or value is pd.NA or value != value or not str(value).strip()


def scheme_of(records: Records) -> Scheme:
    """Read the scheme of one quarter, raising `DataProblems` where it cannot be read."""
    scheme, problems = build_scheme(records)
    if problems:
        raise DataProblems(problem_frame(problems))
    return scheme
