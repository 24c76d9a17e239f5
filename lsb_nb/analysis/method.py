"""The rules of a scheme in words, its weights, and where the numbers come from."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import platform
import re
from importlib import metadata
from pathlib import Path
from typing import Any

import pandas as pd

from lsb_nb.analysis.words import join_names, run_on
from lsb_nb.bundles import Records, Scores
from lsb_nb.i18n import _, language
from lsb_nb.numbers import percent, plain
from lsb_nb.scheme import Scheme

PACKAGES = ("lsb_nb", "pandas", "numpy", "matplotlib", "seaborn")


def say_rules(scheme: Scheme) -> list[tuple[str, str]]:
    """Say in words how the scheme makes a score, from the rules in force.

    Returns
    -------
    list of (str, str)
        Heading and sentences, in the order of computing.
    """
    methods = {criterion.method for criterion in scheme.criteria}
    rows = [
        (_("评分"), _ratings(scheme, methods)),
        (_("板块与总分"), _totals(scheme)),
        (_("加减分与否决"), _adjustments(scheme)),
        (_("名次"), _places(scheme)),
        (_("等次"), _bands(scheme)),
    ]
    return [(heading, text) for heading, text in rows if text]


def _pairs(values: Any) -> str:
    return _("、").join(f"{name} {plain(value)}" for name, value in dict(values).items())


def _ratings(scheme: Scheme, methods: set[str]) -> str:
    parts = []
    if "评委打分" in methods:
        how = {
            "逐项": _("评委打分按评委组逐项取平均；某单位某项的有效评分达到 {n} 个时，去掉一个最高分和一个最低分。"),
            "整张": _("评委打分按评委组取平均；某单位的评委达到 {n} 名时，去掉总分率最高和最低的各一张票。"),
        }
        parts.append(how[scheme.rule("去极值口径")].format(n=scheme.rule("去极值最少评委数")))
        parts.append(_("缺席、弃权、回避不计入，绝不按零分计。"))
        if scheme.rule("回避"):
            parts.append(_("评委对应回避单位的评分不计入。"))
        if scheme.rule("全同分票作废"):
            parts.append(_("给各单位评分全部相同的票作废。"))
    if methods & {"评委打分", "等次测评"}:
        weights = scheme.rule("评委组权重")
        parts.append(
            _("评委组权重：{weights}；某组没有有效评分时，其余组按比例补足。").format(weights=_pairs(weights))
            if weights
            else _("各评委组权重相等。")
        )
    if "等次测评" in methods:
        parts.append(_("等次测评折算：{grades}。").format(grades=_pairs(scheme.rule("等次分值"))))
    if "台账计算" in methods:
        credit = {name: value for name, value in scheme.rule("部分完成计分").items() if value and name != "已完成"}
        parts.append(_("台账计算：到期承诺中已完成的比例，以季度末日为准。"))
        if credit:
            parts.append(_("部分完成计分：{credit}。").format(credit=_pairs(credit)))
    if "直接录入" in methods:
        parts.append(_("直接录入的指标按录入分值计。"))
    if "进步计算" in methods:
        parts.append(_("进步计算：后期均分与起点相同单位的期望之差，50 分为相当，每高 1 分加 5 分。"))
    return run_on(parts)


def _totals(scheme: Scheme) -> str:
    scale = {
        "满分": _("指标得分为得分占满分的百分比。"),
        "极差": _("指标得分按极差法换算到 0—100。"),
        "标准分": _("指标得分换算为均值 50、标准差 10 的标准分。"),
        "位次分": _("指标得分按位次换算。"),
    }
    mean = {
        "算术": _("板块分为指标得分的加权平均，总分为板块分的加权平均。"),
        "几何": _("板块分、总分均为加权几何平均。"),
        "调和": _("板块分、总分均为加权调和平均。"),
    }
    absent = {
        "重新分配": _("不适用和未评分的指标不计，权重在本板块内重新分配。"),
        "计满分": _("不适用的指标计满分；未评分的指标不计，权重在本板块内重新分配。"),
    }
    shares: dict[str, Any] = dict.fromkeys(scheme.pillar_weights, 0)
    for criterion, weight in scheme.effective_weights().items():
        shares[next(c.pillar for c in scheme.criteria if c.name == criterion)] += weight
    weights = _pairs({name: round(float(share * 100), 6) for name, share in shares.items()})
    return run_on(
        [
            scale[scheme.rule("标准化方法")],
            mean[scheme.rule("合成方法")],
            _("板块权重：{weights}。").format(weights=weights),
            absent[scheme.rule("不适用指标")],
            _("板块、环节得分取两位小数时按最大余数法进位，与加减分相加等于两位小数的总分。")
            if scheme.rule("合成方法") == "算术"
            else "",
        ]
    )


def _adjustments(scheme: Scheme) -> str:
    cap = scheme.rule("加减分上限")
    first = _("加减分合计不超过正负 {cap} 分。").format(cap=plain(cap)) if cap else _("加减分不计入总分。")
    return run_on([first, _("一票否决的单位保留得分，不参与排名。")])


def _places(scheme: Scheme) -> str:
    chain = scheme.rule("并列处理")
    tie = (
        _("总分相同的，依次比较{chain}；仍相同的并列，其后名次空出。").format(chain=join_names(chain))
        if chain
        else _("总分相同的并列，其后名次空出。")
    )
    return run_on([_("总分四舍五入保留两位小数，按两位小数的总分由高到低排列。"), tie])


def _bands(scheme: Scheme) -> str:
    quotas = scheme.rule("等次名额")
    if quotas:
        shares = _("、").join(f"{_(name)} {percent(share)}" for name, share in quotas)
        return _("按名额：{shares}，其余为{rest}；逐等次从余下的单位中取，名额放不下的并列单位归入下面的等次。").format(
            shares=shares, rest=_(scheme.band_rest())
        )
    lines = [_("{band} {line} 分以上").format(band=_(name), line=plain(line)) for name, line in scheme.rule("等次线")]
    return _("{lines}，以下为{rest}。").format(lines=_("、").join(lines), rest=_(scheme.band_names()[-1]))


def measure_weights(scores: Scores) -> pd.DataFrame:
    """List the criteria with what they weigh.

    Returns
    -------
    pandas.DataFrame
        In the order of 指标: ``criterion, pillar, segment, method, full_marks`` (points on the sheet), ``weight``
        (points of the total; they sum to 100).
    """
    frame = scores.structure[["pillar", "segment", "method", "full_marks"]].copy()
    frame["weight"] = scores.structure["weight"].astype(float) * 100
    return frame.reset_index(names="criterion")


def say_command(path: str | os.PathLike[str], *, quarter: str, scenario: str = "") -> str:
    """Give the command that makes the report again; of the path only what lies inside the project is told."""
    place = Path(os.fspath(path))
    name = place.resolve().name if place.name in ("", ".", "..") else place.name
    folder = f"data/{name}" if place.resolve().parent.name == "data" else name
    words = ["lsb", "report", _quoted(folder), "--quarter", quarter]
    if scenario:
        words += ["--scenario", _quoted(Path(scenario).name)]
    if language() != "zh":
        words += ["--lang", language()]
    return " ".join(words)


def _quoted(word: str) -> str:
    """Quote a word with a space in it as every shell understands, that of Windows included."""
    return word if re.fullmatch(r"[\w@%+=:,./-]+", word) else f'"{word}"'


def measure_provenance(
    records: Records, scores: Scores, *, path: str | os.PathLike[str], scenario: str = ""
) -> pd.DataFrame:
    """List what a number stands on: inputs with their SHA-256, scheme, versions, time and the command to repeat it.

    Inputs are the files of the quarter and of all earlier ones, which changes and trends go back to. The time is that
    of ``SOURCE_DATE_EPOCH`` where it is set. Sheets of single raters are listed without their names; one row sums them
    up (the SHA-256 of their sorted hashes, a line each).

    Returns
    -------
    pandas.DataFrame
        ``item, value``, ``code`` (bool: set in a fixed-width face), ``fold`` (bool: one of many, shown on demand).
    """
    scheme = scores.scheme
    assert isinstance(scheme, Scheme)
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    now = dt.datetime.fromtimestamp(int(epoch), dt.UTC) if epoch else dt.datetime.now().astimezone()
    sources = records.sources[records.sources["quarter"] <= scores.quarter]
    sheets = ["评分表" in Path(file).parts[:-1] for file in sources["file"]]
    rows: list[tuple[str, str, bool, bool]] = [
        (_("{file}，SHA-256").format(file=file), digest, True, False)
        for file, digest, single in zip(sources["file"], sources["sha256"], sheets, strict=True)
        if not single
    ]
    for quarter, table in sources[sheets].groupby("quarter", sort=False):
        digests = sorted(table["sha256"])
        whole = hashlib.sha256("\n".join(digests).encode()).hexdigest()
        rows.append(
            (_("{quarter} 评委评分表 {n} 份，合并 SHA-256").format(quarter=quarter, n=len(digests)), whole, True, False)
        )
        rows += [(_("{quarter} 评委评分表").format(quarter=quarter), digest, True, True) for digest in digests]
    rows.append((_("计分方案“{name}”摘要").format(name=_(scheme.name)), scheme.digest(), True, False))
    rows.append((_("生成时间"), f"{now:%Y-%m-%d %H:%M %z}".strip(), False, False))
    versions = [f"Python {platform.python_version()}"]
    for package in PACKAGES:
        try:
            versions.append(f"{package} {metadata.version(package)}")
        except metadata.PackageNotFoundError:
            continue
    rows.append((_("版本"), _("、").join(versions), False, False))
    # `lsb report` tells how it was called; a notebook run by hand knows less
    command = os.environ.get("LSB_COMMAND") or say_command(path, quarter=scores.quarter, scenario=scenario)
    rows.append((_("重算命令"), command, True, False))
    return pd.DataFrame(rows, columns=["item", "value", "code", "fold"])
