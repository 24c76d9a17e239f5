"""Texts without the name of a rater, a handler or a person in charge; roles may be told."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd

from lsb_nb.bundles import Records
from lsb_nb.i18n import _
from lsb_nb.text import key

PERSON_COLUMNS = (
    ("raters", "person"),
    ("units", "leader"),
    ("corrections", "handler"),
    ("comments", "person"),
    ("commitments", "person"),
    ("findings", "person"),
    ("tasks", "person"),
)
"""Sheets and columns that hold names; an entry there is a name unless it is a complete role."""

_SCOPES = "街道办事处 街道 办事处 社区 行政村 片区 镇 乡 村 县 区 市"
_BODIES = """党委 党工委 党总支 党支部 总支 支部 支委 村委会 村民委员会 居委会 居民委员会 委员会 村委 居委 两委 监委会
村监会 监督委员会 政府 人大 政协 纪委 纪工委 监委 武装部 人武部 工会 团委 团支部 妇联 组织部 宣传部 统战部 党政办公室
党政办 党政综合办 综合办公室 综合办 办公室 组织办 组织办公室 党建办 党建办公室 党建工作办公室 宣传办 纪检办
综治办 综治中心 平安办 平安建设办 应急办 应急管理办 农业办 农办 农业农村办 经济发展办 经济办 经发办 城建办
村建办 规划办 环保办 生态办 民政办 社会事务办 社会事务办公室 公共服务办 卫健办 计生办 退役军人服务站 乡村振兴办
扶贫办 人居环境办 环境办 创建办 督查办 督导办 考核办 财政所 司法所 派出所 自然资源所 国土所 市场监管所
农业服务中心 便民服务中心 党群服务中心 文化站 文化服务中心 水利站 农机站 林业站 卫生院 卫生室 卫生服务中心 学校
物业 物业公司 业委会 合作社 志愿服务队 督查组 督导组 考核组 评比组 观摩组 工作组 工作队 工作专班 专班 领导小组"""
_POSTS = """第一书记 书记 主任 委员 主席 主任委员 常务副镇长 镇长 乡长 县长 区长 部长 所长 站长 院长 校长 科长 股长 局长
处长 队长 组长 班长 支队长 组织委员 宣传委员 统战委员 纪检委员 政法委员 党建专干 专干 干事 文书 会计 报账员
妇女主任 民兵连长 治保主任 团支书 支书 两委委员 两委成员 网格长 网格员 专职网格员 楼长 楼栋长 楼门长 单元长 片长
街长 路长 河长 村长 村民小组长 小组长 联络员 信息员 保洁员 护林员 调解员 宣传员 监督员 工作人员 工作队员 队员
科员 办事员 经办人 负责人 主要负责人 分管负责人 责任人 成员 班子成员 干部 中层干部 领导 主要领导 分管领导 党员
党员代表 居民代表 村民代表 群众代表 代表 志愿者 评委"""
_TIES = "包 包联 包保 包抓 分包 联系 挂联 挂点 挂钩 驻 蹲点 对口联系 分管 主管"
_WHOLE = """县直部门 部门 各部门 责任部门 相关部门 职能部门 站所 各站所 主要领导 包联领导 专家 第三方 群众 本人
全体班子成员 其他"""


def _any(words: str) -> str:
    return "(?:" + "|".join(map(re.escape, sorted(words.split(), key=len, reverse=True))) + ")"


_ROLE = (
    rf"(?:{_any(_SCOPES)}*{_any(_BODIES)}*(?:常务)?副?{_any(_POSTS)}|{_any(_SCOPES)}*{_any(_BODIES)}+"
    rf"|{_any(_SCOPES)}*{_any(_TIES)}{_any(_SCOPES)}*的?(?:{_any(_BODIES)}*副?{_any(_POSTS)})?|{_any(_WHOLE)})"
)
_APART = re.compile(r"[、，,；;/\\|\n\r]+")
_DOTS = str.maketrans(dict.fromkeys("•‧・･∙⋅᛫●﹒", "·"))
_RATER_FILE = re.compile(r"评分表\s*[/\\].+?\.(?:xlsx|xlsm|xls|et|csv)", re.IGNORECASE)


def name_hider(records: Records) -> Callable[[Any], Any]:
    """Make a function that takes the names of raters and persons out of a text.

    Every entry of a column of persons is hidden, unless it is a complete role from a closed list (with or without a
    unit's name before it), a unit or a rater group. Names are found whatever their width, case and inner spaces.
    Codes of digits only, and of one character, are hidden where they stand alone, in quotation marks or after 评委, for
    elsewhere they may be any number. The file of one rater becomes 评分表.

    Parameters
    ----------
    records : Records
        Whose raters and persons are not to be told.

    Returns
    -------
    callable
        Text -> text; what is not a text passes unchanged.
    """
    units = _entries(records, "units", "unit") | _entries(records, "units", "aliases")
    groups = _entries(records, "raters", "group")
    written = _entries(records, "raters", "rater") | _entries(records, "corrections", "rater")
    codes = {_folded(code)[0].strip() for code in written}
    people = _people(records, units, groups)
    kept = {key(name) for name in units | groups}
    hidden = {name: _("某同志") for name in people} | {code: _("某评委") for code in codes if code}
    words = [(name, word) for name, word in hidden.items() if key(name) not in kept]
    # a unit's name that holds a person's stays whole
    words += [(_folded(name)[0], "") for name in units if any(key(part) in key(name) for part in hidden)]
    words.sort(key=lambda pair: len(pair[0]), reverse=True)
    # a rater named like a unit is hidden only where the text speaks of a rater
    shared = [_spaced(key(code)) for code in codes if key(code) in kept]
    parts = [f"((?<=评委){code}|(?<=评委[“‘「]){code})" for code in shared]
    parts += [f"({_anywhere(name)})" for name, _word in words]
    shown_as = [*[_("某评委")] * len(shared), *(word for _name, word in words)]
    pattern = re.compile("|".join(parts), re.IGNORECASE) if parts else None
    alone = {key(name).casefold(): word for name, word in hidden.items() if key(name) not in kept}

    def hide(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        value = _RATER_FILE.sub("评分表", value)
        if pattern is None:
            return value
        text, places = _folded(value)
        if (whole := alone.get(key(text).casefold())) is not None:
            return whole
        shown, at = [], 0
        for found in pattern.finditer(text):
            group = found.lastindex or 1
            word = shown_as[group - 1]
            start, end = found.span(group)
            if word:
                shown += [value[at : places[start]], word]
                at = places[end]
        return "".join([*shown, value[at:]])

    return hide


def hide_names(frame: pd.DataFrame, records: Records, *, columns: Iterable[str] | None = None) -> pd.DataFrame:
    """Give a frame whose texts name no rater and no person (see `name_hider`).

    Columns that hold nothing but names (``rater, person, handler``) are dropped; ``unit`` and ``number`` stay.
    """
    hide = name_hider(records)
    kept = frame.drop(columns=[name for name in ("rater", "person", "handler") if name in frame.columns])
    for column in kept.columns if columns is None else columns:
        if column not in ("unit", "number") and kept[column].dtype.kind not in "iufbM":
            kept[column] = kept[column].map(hide)
    return kept


def _entries(records: Records, sheet: str, column: str) -> set[str]:
    frame = records.frames[sheet]
    if column not in frame.columns:
        return set()
    found: set[str] = set()
    for value in frame[column].dropna():
        found |= set(value) if isinstance(value, tuple | list) else {str(value)}
    return {name for name in found if key(name)}


def _people(records: Records, units: set[str], groups: set[str]) -> set[str]:
    """Give every name in a column of persons, and the parts of names that are written in parts."""
    told = {key(name) for name in units | groups}
    # "荷汀村党支部书记" is a role, and so is "荷汀党支部书记"; "荷汀" alone may be a name
    stems = told | {name[: -len(end)] for name in told for end in ("村", "社区") if name.endswith(end)} - {""}
    full, before = ("|".join(map(re.escape, sorted(each, key=len, reverse=True))) for each in (told, stems))
    role = re.compile(rf"(?:{full or '(?!)'}|(?:{before or '(?!)'})?{_ROLE})[甲乙丙丁戊己庚辛壬癸子丑寅卯]?")
    names: set[str] = set()
    for sheet, column in PERSON_COLUMNS:
        for entry in _entries(records, sheet, column):
            for piece in _APART.split(_folded(entry)[0]):
                if not key(piece) or role.fullmatch(key(piece)):
                    continue
                parts = [part for part in re.split(r"[\s·]+", piece.strip()) if part]
                with_role = [part for part in parts if role.fullmatch(key(part))]
                names |= {part for part in parts if len(part) > 1 and part not in with_role}
                if not with_role:
                    names.add(piece.strip())
    return names


def _folded(text: str) -> tuple[str, list[int]]:
    """Fold width and compatibility forms; beside it, for each place in the folded text, the place in the text."""
    letters: list[str] = []
    places: list[int] = []
    for i, letter in enumerate(text):
        if unicodedata.category(letter) == "Cf":
            continue
        plain = unicodedata.normalize("NFKC", letter).translate(_DOTS)
        letters.append(plain)
        places += [i] * len(plain)
    return "".join(letters), [*places, len(text)]


def _spaced(name: str) -> str:
    return r"\s*".join(map(re.escape, name))


def _anywhere(name: str) -> str:
    """Give the pattern that finds a name and no longer word or number that holds it."""
    letters = key(name)
    body = _spaced(letters)
    if len(letters) == 1 or (letters.isdecimal() and len(letters) < 5):
        return rf"(?<=[“‘「\"']){body}(?=[”’」\"'])|(?<=评委)\s*{body}(?![0-9])"
    first = r"(?<![0-9A-Za-z])" if letters[0].isascii() and letters[0].isalnum() else ""
    last = r"(?![0-9A-Za-z])" if letters[-1].isascii() and letters[-1].isalnum() else ""
    return first + body + last
