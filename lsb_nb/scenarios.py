"""Scenarios: a named variation of the scheme with its reason, as a TOML file."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd

from lsb_nb.bundles import DataProblems, Records, problem_frame
from lsb_nb.i18n import _
from lsb_nb.quarters import parse_quarter
from lsb_nb.rules import find_clashes, order_quotas, parse_rule
from lsb_nb.schema import FORMAT
from lsb_nb.scheme import Scheme, check_weights, match_names
from lsb_nb.swap import replacing
from lsb_nb.text import key, parse_decimal

_TEXTS = ("activity", "quarter", "workbook_sha256", "name", "reason", "created")
_TABLES = ("pillar_weights", "criterion_weights", "rules")


@dataclasses.dataclass(frozen=True)
class Scenario:
    """A named variation of the scheme. Weights are decimal texts by name; what is empty stays as in the workbook."""

    name: str
    reason: str
    activity: str = ""
    quarter: str = ""
    workbook_sha256: str = ""
    created: str = ""
    pillar_weights: Mapping[str, str] = dataclasses.field(default_factory=dict)
    criterion_weights: Mapping[str, str] = dataclasses.field(default_factory=dict)
    rules: Mapping[str, str] = dataclasses.field(default_factory=dict)


def _refuse(file: str, value: object, reason: str, hint: str) -> DataProblems:
    row: dict[str, object] = {"severity": "error", "file": file, "value": None if value is None else str(value)}
    return DataProblems(problem_frame([row | {"reason": reason, "hint": hint}]))


def read_scenario(path: str | os.PathLike[str]) -> Scenario:
    """Read a scenario file.

    Raises
    ------
    DataProblems
        If the file is missing, is not TOML, has a newer format number, or holds an unknown key or a wrong type.
    """
    file = Path(path)
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError:
        raise _refuse(
            file.name, None, _("找不到情景文件，或无法打开"), _("检查路径：{path}").format(path=path)
        ) from None
    except (ValueError, RecursionError) as error:
        # Not only TOMLDecodeError: Python refuses to read whole numbers of thousands of digits.
        raise _refuse(
            file.name,
            None,
            _("不是可读的 TOML 文件：{why}").format(why=_where(error)),
            _("用记事本改正后再试；中文名称两边要加英文引号"),
        ) from None
    number = content.pop("format", FORMAT)
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        reason = _("情景文件的格式号 format 应为从 1 起的整数")
        raise _refuse(file.name, number, reason, _("写作 format = {n}").format(n=FORMAT))
    if number > FORMAT:
        hint = _("请升级 lsb_nb 后再打开")
        raise _refuse(file.name, number, _("情景文件的格式号比本程序新（本程序为 {n}）").format(n=FORMAT), hint)
    known = (*_TEXTS, *_TABLES)
    for name, value in content.items():
        if name not in known:
            raise _refuse(file.name, name, _("不认识“{name}”").format(name=name), "、".join(("format", *known)))
        if isinstance(value, dict) != (name in _TABLES):
            raise _refuse(file.name, name, _("“{name}”的写法不对").format(name=name), _("请对照自述文件中的例子"))
    for table in _TABLES:
        names = list(map(key, content.get(table, {})))
        if repeated := [name for name in content.get(table, {}) if names.count(key(name)) > 1]:
            reason = _("[{table}] 里“{name}”重复").format(table=table, name=repeated[0])
            raise _refuse(file.name, repeated[-1], reason, _("只保留一处"))
    fields: dict[str, Any] = {name: str(content.get(name, "")) for name in _TEXTS}
    fields |= {name: {k: _text(v) for k, v in content.get(name, {}).items()} for name in _TABLES}
    return Scenario(**fields)


def _where(error: Exception) -> str:
    """Say in the language in use where a TOML file breaks off: the reader's own words are English, with the place."""
    if found := re.search(r"line (\d+), column (\d+)", str(error)):
        return _("第 {line} 行第 {column} 个字符处写法不对").format(line=found[1], column=found[2])
    if isinstance(error, UnicodeDecodeError):
        return _("不是 UTF-8 编码")
    return _("文件末尾不完整，或同一项写了两次") if "end of document" in str(error) else _("内容无法识别")


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return f"{Decimal(repr(value)):f}"  # 1e-05 is a weight too, but parse_decimal reads no exponents
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


def write_scenario(scenario: Scenario, path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
    """Write a scenario file: a temporary file first, then renamed.

    Raises
    ------
    FileExistsError
        If the file is there and `overwrite` is not set.
    """
    import tomli_w

    file = Path(path)
    content: dict[str, Any] = {"format": FORMAT} | {name: getattr(scenario, name) for name in _TEXTS}
    for name in ("pillar_weights", "criterion_weights"):
        if table := getattr(scenario, name):
            content[name] = {k: _number(v) for k, v in table.items()}
    if scenario.rules:
        content["rules"] = dict(scenario.rules)
    try:
        with replacing(file, fresh=not overwrite) as stream:
            tomli_w.dump(content, stream)
    except FileExistsError:
        raise FileExistsError(_("“{path}”已存在，未覆盖").format(path=file.name)) from None
    return file


def _number(text: str) -> int | float | str:
    value = parse_decimal(text)
    if value.denominator == 1:
        return int(value)
    return float(text) if Fraction(repr(float(text))) == value else text


def check_scenario(scenario: Scenario, records: Records, *, quarter: str, file: str = "") -> pd.DataFrame:
    """Say whether a scenario was made for these records; what it does not name fits any.

    Parameters
    ----------
    scenario : Scenario
    records : Records
        Holds `quarter`.
    quarter : str
        The quarter that is to be scored.
    file : str
        Name of the scenario's file.

    Returns
    -------
    pandas.DataFrame
        `PROBLEM_COLUMNS`: a warning where the workbook has changed since.

    Raises
    ------
    DataProblems
        If it names another quarter or another activity (neither 活动名称 nor the folder's name).
    """
    check_quarter(scenario, quarter, file=file)
    items = records.frames["activity"]
    names = [records.name, records.folder.name]
    names += [text for item, text in zip(items["item"], items["content"], strict=True) if key(item) == "活动名称"]
    if scenario.activity and key(scenario.activity) not in map(key, names):
        reason = _("情景是为“{other}”做的，不是“{name}”").format(other=scenario.activity, name=records.name)
        raise _refuse(file, scenario.activity, reason, _("换用本活动的情景，或改正 activity"))
    own = records.sources.loc[records.sources["quarter"] == quarter, "sha256"]
    return _outdated(scenario, own.iloc[0] if len(own) else "", quarter=quarter, file=file)


def check_workbook(scenario: Scenario, content: bytes, *, quarter: str, file: str = "") -> pd.DataFrame:
    """Warn, as `check_scenario` does, where a workbook of this content is not the one the scenario was saved for."""
    return _outdated(scenario, hashlib.sha256(content).hexdigest(), quarter=quarter, file=file)


def _outdated(scenario: Scenario, own: str, *, quarter: str, file: str) -> pd.DataFrame:
    told = scenario.workbook_sha256
    if not told or not own or told.lower() == own:
        return problem_frame([])
    reason = _("情景保存之后，{quarter} 的工作簿已有改动").format(quarter=quarter)
    hint = _("核对情景的权重和规则是否仍然合用")
    where: dict[str, object] = {"severity": "warning", "quarter": quarter, "file": file, "value": told}
    return problem_frame([where | {"reason": reason, "hint": hint}])


def check_quarter(scenario: Scenario, quarter: str, *, file: str = "") -> None:
    """Refuse, with `DataProblems`, a scenario that was made for another quarter."""
    if not scenario.quarter:
        return
    hint = _("换用本季度的情景，或改正 quarter")
    try:
        named = parse_quarter(scenario.quarter)
    except ValueError as error:
        raise _refuse(file, scenario.quarter, str(error), hint) from None
    if named != quarter:
        reason = _("情景是为 {other} 做的，不是 {quarter}").format(other=named, quarter=quarter)
        raise _refuse(file, scenario.quarter, reason, hint)


def apply_scenario(scheme: Scheme, scenario: Scenario, *, file: str = "") -> Scheme:
    """Give the scheme as a scenario varies it.

    Criterion weights replace those inside their pillar and never alter the pillar's weight.

    Raises
    ------
    DataProblems
        If a name is unknown, a table is incomplete, a value cannot be read, or 板块权重 comes beside
        ``[pillar_weights]``.
    """
    pillars = list(scheme.pillar_weights)
    rules = dict(scheme.rules)
    pillar_weights = dict(scheme.pillar_weights)
    given = dict.fromkeys(scheme.given)
    for name, text in scenario.rules.items():
        if key(name) == "板块权重" and scenario.pillar_weights:
            hint = _("只保留一处")
            raise _refuse(file, name, _("[pillar_weights] 与规则“板块权重”不能同时给出"), hint)
        try:
            rules[key(name)] = parse_rule(name, text)
        except (KeyError, ValueError) as error:
            raise _refuse(
                file, text, _("情景规则“{rule}”：{why}").format(rule=name, why=error.args[0]), _("改正后再试")
            ) from None
        given[key(name)] = None
    if "等次分值" in map(key, scenario.rules):
        rules["等次分值"] = dict(scheme.rules["等次分值"]) | rules["等次分值"]
    if "部分完成计分" in map(key, scenario.rules):
        rules["部分完成计分"] = {"已完成": Fraction(1)} | dict(scheme.rules["部分完成计分"]) | rules["部分完成计分"]
    if "并列处理" in map(key, scenario.rules):
        found, unknown = match_names(dict.fromkeys(rules["并列处理"]), [*pillars, *(c.name for c in scheme.criteria)])
        if unknown:
            raise _refuse(file, unknown[0], _("没有“{name}”这个板块或指标").format(name=unknown[0]), _("改正并列处理"))
        rules["并列处理"] = tuple(found)
    for name, reason, hint in find_clashes(rules):
        raise _refuse(file, name, reason, hint)
    rules["等次名额"] = order_quotas(rules)[0] or None
    weights = _read(scenario.pillar_weights, file)
    if "板块权重" in map(key, scenario.rules):
        weights = rules["板块权重"]
    if weights:
        found, wrong = check_weights(weights, pillars, _("板块"))
        if wrong:
            raise _refuse(file, "pillar_weights", wrong, _("列出全部板块，或全部不列"))
        pillar_weights = {pillar: found[pillar] for pillar in pillars}
    found, unknown = match_names(_read(scenario.criterion_weights, file), [c.name for c in scheme.criteria])
    if unknown:
        raise _refuse(file, unknown[0], _("没有“{name}”这个指标").format(name=unknown[0]), _("改正 criterion_weights"))
    for pillar in pillars:
        names = [c.name for c in scheme.in_pillar(pillar)]
        if 0 < len([name for name in names if name in found]) < len(names):
            missing = next(name for name in names if name not in found)
            reason = _("板块“{pillar}”缺少指标“{name}”的权重").format(pillar=pillar, name=missing)
            raise _refuse(file, "criterion_weights", reason, _("一个板块的指标要么全列，要么全不列"))
    criteria = tuple(dataclasses.replace(c, weight=found.get(c.name, c.weight)) for c in scheme.criteria)
    varied = Scheme(criteria, pillar_weights, rules, tuple(given), scenario.name, scenario.reason)
    if not any(varied.effective_weights().values()):
        raise _refuse(file, None, _("没有一项指标的权重大于 0"), _("至少给一项大于 0 的权重"))
    return varied


def _read(table: Mapping[str, str], file: str) -> dict[str, Fraction]:
    values = {}
    for name, text in table.items():
        try:
            values[name] = parse_decimal(text)
        except ValueError as error:
            raise _refuse(file, text, str(error), _("权重填不小于 0 的数")) from None
        if values[name] < 0:
            raise _refuse(file, text, _("“{name}”的权重为负").format(name=name), _("权重填不小于 0 的数"))
    return values
