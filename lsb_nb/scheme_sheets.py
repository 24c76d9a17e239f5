"""How a scheme is read from the sheets 指标 and 规则 of a quarter's records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

import pandas as pd

from lsb_nb.bundles import DataProblems, Records, problem_frame
from lsb_nb.i18n import _, language
from lsb_nb.rules import RULES, find_clashes, order_quotas, parse_rule
from lsb_nb.schema import DEFAULT_PILLAR, METHODS, MICRO
from lsb_nb.scheme import Criterion, Scheme, check_weights, match_names
from lsb_nb.text import WEIGHT_DECIMALS, WEIGHT_DIGITS, key, parse_decimal

Texts = tuple[str | None, ...]
"""The cells of a row as texts, None for a blank one."""
_BLANK = type(None)


class _Row(NamedTuple):
    criterion: str | None
    pillar: str | None
    segment: str | None
    method: str | None
    full_marks: str | None
    weight: str | None


class _Fault(NamedTuple):
    """What is wrong with the row `at` of 指标 or 规则, at one of its columns or as a whole."""

    frame: str
    at: int
    column: str | None
    value: str | None
    reason: str
    hint: str


def scheme_of(records: Records) -> Scheme:
    """Read the scheme of one quarter, raising `DataProblems` where it cannot be read."""
    scheme, problems = build_scheme(records)
    if problems:
        raise DataProblems(problem_frame(problems))
    return scheme


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
    criteria = _texts(records.criteria, _Row._fields)
    scheme, faults = _read(criteria, _texts(records.rules, ("rule", "value")), language())
    # The scheme that was remembered stays as it was read, whatever is done to this one.
    rules = {name: dict(value) if isinstance(value, dict) else value for name, value in scheme.rules.items()}
    scheme = Scheme(scheme.criteria, dict(scheme.pillar_weights), rules, scheme.given)
    return scheme, [_problem(fault, records) for fault in faults]


def lone_faults(values: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Say what is wrong with the cells of one row of 指标 by themselves: column, reason and hint.

    Serves rows that are not among the criteria, as the name is missing or stands twice.
    """
    faults: list[_Fault] = []
    _criteria([_Row(*(_text(values.get(name)) for name in _Row._fields))], faults)
    return [(fault.column, fault.reason, fault.hint) for fault in faults if fault.column is not None]


def _texts(frame: pd.DataFrame, names: Sequence[str]) -> tuple[Texts, ...]:
    if not len(frame):
        return ()
    cells, known = frame.to_numpy(dtype=object), frame.columns.tolist()
    columns = [cells[:, known.index(name)].tolist() for name in names]
    return tuple(zip(*(_column_texts(column) for column in columns), strict=True))


def _column_texts(column: list[Any]) -> list[str | None]:
    kinds = set(map(type, column))
    # columns of texts alone or of blanks alone, which most are, take the short way
    if kinds == {_BLANK} or (kinds == {str} and all(map(str.strip, column))):
        return column
    return [_text(value) for value in column]


def _text(value: Any) -> str | None:
    if isinstance(value, str):
        return value if value.strip() else None
    return None if value is None or value is pd.NA or value != value else str(value)


@lru_cache(maxsize=64)
def _read(criteria: tuple[Texts, ...], rules: tuple[Texts, ...], lang: str) -> tuple[Scheme, tuple[_Fault, ...]]:
    """Read the texts of both sheets, remembering by what they say: a scheme is read whenever a quarter is scored.

    `lang` is the language in use: the faults are written in it.
    """
    faults: list[_Fault] = []
    read = _criteria([_Row(*row) for row in criteria], faults)
    pillars = list(dict.fromkeys(c.pillar for c in read))
    values, rows = _rules(rules, faults)

    def complain(rule: str, reason: str, hint: str) -> None:
        faults.append(_Fault("rules", rows[rule], None, rules[rows[rule]][1], reason, hint))

    pillar_weights = dict.fromkeys(pillars, Fraction(0))
    for criterion in read:
        pillar_weights[criterion.pillar] += criterion.weight
    if values["板块权重"] is not None and read:
        found, wrong = check_weights(values["板块权重"], pillars, _("板块"))
        if wrong:
            complain("板块权重", wrong, _("在“规则”表改正板块权重"))
        else:
            pillar_weights = {pillar: found[pillar] for pillar in pillars}
            values["板块权重"] = pillar_weights
    if values["并列处理"] and read:
        found, unknown = match_names(dict.fromkeys(values["并列处理"]), [*pillars, *(c.name for c in read)])
        values["并列处理"] = tuple(found)
        if unknown:
            reason = _("没有“{name}”这个板块或指标").format(name=unknown[0])
            complain("并列处理", reason, _("填“并列”，或以顿号分隔的板块、指标"))
    values["等次分值"] = dict(RULES["等次分值"].default) | dict(values["等次分值"])
    values["部分完成计分"] = {"已完成": Fraction(1)} | dict(values["部分完成计分"])
    for name, reason, hint in find_clashes(values):
        complain(name, reason, hint)
        values[name] = RULES[name].default
    values["等次名额"] = order_quotas(values)[0] or None
    # a criterion whose full marks could not be read may be the one that weighs
    if all(c.full_marks for c in read) and read and not any(c.weight and pillar_weights[c.pillar] for c in read):
        reason, hint = _("没有一项指标的权重大于 0"), _("至少给一项指标和它的板块大于 0 的权重")
        faults.append(_Fault("criteria", 0, None, None, reason, hint))
    return Scheme(tuple(read), pillar_weights, values, tuple(rows)), tuple(faults)


def _rules(texts: Sequence[Texts], faults: list[_Fault]) -> tuple[dict[str, Any], dict[str, int]]:
    """Read the sheet 规则: every rule's value, and the rows of those that it states."""
    values: dict[str, Any] = {name: rule.default for name, rule in RULES.items()}
    rows: dict[str, int] = {}
    for at, (rule, value) in enumerate(texts):
        name = key(rule or "")
        repeated = name in rows
        if repeated:
            reason = _("规则“{rule}”重复").format(rule=name)
            faults.append(_Fault("rules", at, "rule", rule, reason, _("只保留一行")))
        try:
            read = parse_rule(name, value or "")
        except KeyError as error:
            hint = _("改正规则名称，或删去这一行")
            faults.append(_Fault("rules", at, "rule", rule, str(error.args[0]), hint))
            continue
        except ValueError as error:
            reason = _("规则“{rule}”的取值无法识别：{why}").format(rule=name, why=error)
            faults.append(_Fault("rules", at, None, value, reason, _("改正取值")))
            read = values[name]
        if not repeated:
            values[name], rows[name] = read, at
    return values, rows


def _criteria(rows: Sequence[_Row], faults: list[_Fault]) -> list[Criterion]:
    weighed = all(row.weight is not None for row in rows)
    for column, reason, hint in (
        ("weight", _("有的指标填了权重，“{name}”没有填"), _("“权重”要么全填，要么全不填")),
        ("pillar", _("有的指标填了板块，“{name}”没有填"), _("“板块”要么全填，要么全不填")),
    ):
        blank = [at for at, row in enumerate(rows) if getattr(row, column) is None]
        if 0 < len(blank) < len(rows):
            reason = reason.format(name=rows[blank[0]].criterion)
            faults.append(_Fault("criteria", blank[0], column, None, reason, hint))
    criteria: list[Criterion] = []
    pillar_names: dict[str, str] = {}
    for at, row in enumerate(rows):
        pillar = DEFAULT_PILLAR if row.pillar is None else row.pillar
        pillar = pillar_names.setdefault(key(pillar), pillar)
        method = METHODS[0] if row.method is None else key(row.method)
        if method not in METHODS:
            reason = _("没有“{method}”这种计分方式").format(method=row.method)
            hint = _("可用的有：{known}").format(known="、".join(METHODS))
            faults.append(_Fault("criteria", at, "method", row.method, reason, hint))
            method = METHODS[0]
        # a column that was changed may hold floats, which are whole and small enough to be exact
        full = int(float(row.full_marks or 0))
        weight = Fraction(full, MICRO)
        if weighed:
            try:
                weight = parse_decimal(str(row.weight), decimals=WEIGHT_DECIMALS, digits=WEIGHT_DIGITS)
                if weight < 0:
                    raise ValueError(_("权重不能为负"))
            except ValueError as error:
                hint = _("“权重”填不小于 0 的数")
                faults.append(_Fault("criteria", at, "weight", row.weight, str(error), hint))
                weight = Fraction(full, MICRO)
        criteria.append(Criterion(str(row.criterion), pillar, row.segment, method, full, weight))
    return criteria


def _problem(fault: _Fault, records: Records) -> dict[str, object]:
    """Locate a fault at its row, at the cell of its column where the loader has left the columns' letters."""
    frame = records.frames[fault.frame]
    row: Mapping[Any, Any] = frame.iloc[fault.at].to_dict()
    cell = row.get("cell")
    letters = frame.attrs.get("letters", {}).get(row.get("quarter"), {}).get(fault.column)
    digits = str(cell).lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    if letters and digits.isdigit():
        cell = letters + digits
    said: dict[str, object] = {"severity": "error", "quarter": records.quarters[0], "value": fault.value}
    where = {"file": row.get("file"), "sheet": row.get("sheet"), "cell": cell}
    return said | {"reason": fault.reason, "hint": fault.hint} | where
