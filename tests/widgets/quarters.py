"""Quarters made of chance, for the explorer's tests and benchmarks: invented names, any size, any rule."""

from __future__ import annotations

import base64
import hashlib
import random
from pathlib import Path
from typing import Any

import pandas as pd

from lsb_nb.bundles import Records, Scores, problem_frame
from lsb_nb.report.fonts import font_faces
from lsb_nb.report.island import island_html, island_script, island_style
from lsb_nb.schema import MICRO, SHEETS, frame_columns
from lsb_nb.scoring.composite import score

QUARTER = "2021Q4"
CRITERIA = (
    ("年度承诺完成", 8, "亮承诺"),
    ("为民办实事", 6, "亮承诺"),
    ("承诺公示公开", 4, "亮承诺"),
    ("问题整改", 6, "亮承诺"),
    ("群众知晓度", 6, "亮承诺"),
    ("人居环境整治", 14, "赛实绩"),
    ("五星支部创建", 10, "赛实绩"),
    ("集体经济增收", 8, "赛实绩"),
    ("基层治理", 7, "赛实绩"),
    ("美丽庭院", 6, "赛实绩"),
    ("平安建设", 5, "赛实绩"),
    ("现场汇报", 6, "比干劲"),
    ("随机问答", 5, "比干劲"),
    ("回访满意度", 5, "比干劲"),
    ("创新做法", 4, "比干劲"),
)
_FIRST = "鹿荷枫雪锦棠月橘溪兰松雁鹤竹杏梅桐麦槐葛青霜苇画笠朴柳蓼砚榆白晴丹星云玉"
_SECOND = "吟汀渡桁帆梨塘坪午皋砚落涧陇荫垄序坞穗溪"


def names(count: int) -> list[str]:
    """Invented villages, all different."""
    found = [a + b + "村" for b in _SECOND for a in _FIRST]
    return list(dict.fromkeys(found))[:count]


def make_records(
    units: list[str],
    criteria: list[tuple[Any, ...]],
    marks: dict[tuple[int, int], Any],
    *,
    rules: dict[str, str] | None = None,
    adjustments: dict[int, float] | None = None,
    vetoes: tuple[int, ...] = (),
) -> Records:
    """Records with directly entered marks.

    `criteria` are (name, full marks, pillar[, weight text]); `marks` by places: points, None, or "na".
    """
    rows: dict[str, list[dict[str, Any]]] = {
        "units": [{"unit": unit, "kind": "村", "aliases": ()} for unit in units],
        "criteria": [
            {"criterion": c[0], "full_marks": round(c[1] * MICRO), "pillar": c[2], "method": "直接录入"}
            | {"weight": c[3] if len(c) > 3 else None}
            for c in criteria
        ],
        "rules": [{"rule": rule, "value": value} for rule, value in (rules or {}).items()],
        "entries": [
            {"unit": units[u], "criterion": criteria[k][0]}
            | (
                {"state": "not_applicable" if mark == "na" else "missing"}
                if mark is None or mark == "na"
                else {"mark": round(mark * MICRO), "state": "mark"}
            )
            for (u, k), mark in marks.items()
        ],
        "adjustments": [{"unit": units[u], "points": round(p * MICRO)} for u, p in (adjustments or {}).items()],
        "vetoes": [{"unit": units[u]} for u in vetoes],
    }
    frames = {}
    for name in SHEETS:
        columns = frame_columns(name)
        made = [
            {"quarter": QUARTER, "file": "x.xlsx", "sheet": SHEETS[name].title, "cell": "A1"} | r
            for r in rows.get(name, [])
        ]
        frame = pd.DataFrame(made, columns=columns, dtype=object)
        for column in ("mark", "becomes", "full_marks", "points"):
            if column in columns and name != "monthly":
                frame[column] = pd.array([pd.NA if pd.isna(v) else int(v) for v in frame[column]], dtype="Int64")
        frames[name] = frame
    sources = pd.DataFrame([{"quarter": QUARTER, "file": "x.xlsx", "sha256": "ab" * 32, "bytes": 1}])
    return Records("示例镇观摩评比", Path("demo"), (QUARTER,), frames, problem_frame([]), sources)


def make_quarter(count: int, *, seed: int = 1, **options: Any) -> Scores:
    """A plausible quarter: `count` villages, 15 criteria, one veto, one item not applicable, a few adjustments."""
    chance = random.Random(seed)
    units = names(count)
    marks: dict[tuple[int, int], Any] = {}
    for u in range(count):
        strength = chance.gauss(0.86, 0.035)
        for k, (_name, full, _pillar) in enumerate(CRITERIA):
            marks[u, k] = round(full * min(0.995, max(0.4, chance.gauss(strength, 0.045))), 2)
    marks[count // 2, 9] = "na"
    given: dict[str, Any] = {"vetoes": (count - 1,), "adjustments": {0: 0.5, count // 3: -1.0}} | options
    return score(make_records(units, list(CRITERIA), marks, **given))


def make_history(scores: Scores, *, seed: int = 2) -> pd.DataFrame:
    """Six quarters of published totals that end in the present one."""
    chance = random.Random(seed)
    quarters = ["2020Q3", "2020Q4", "2021Q1", "2021Q2", "2021Q3"]
    rows = [
        {"quarter": QUARTER, "unit": unit, "rank": row["rank"], "score": row["score"]}
        for unit, row in scores.units[["rank", "score"]].iterrows()
    ]
    for back, quarter in enumerate(reversed(quarters), 1):
        now = [
            (unit, round(value - back * 0.9 + chance.gauss(0, 1.2), 2))
            for unit, value in scores.units["score"].items()
            if value == value
        ]
        order = sorted((value for _unit, value in now), reverse=True)
        rows += [
            {"quarter": quarter, "unit": unit, "rank": order.index(value) + 1, "score": value} for unit, value in now
        ]
    return pd.DataFrame(rows)


def page(bundle: dict[str, Any], *, title: str = "权重试验", fonts: bool = False) -> str:
    """An offline page with one island, as strict as the exported report."""
    script = island_script()
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = (
        "default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'; "
        f"script-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    island = island_html(bundle)
    faces = font_faces(title + "什么会改变名次" + island + script) if fonts else ""
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><title>{title}</title>'
        "<style>body{margin:0;font-family:'LSB Sans',sans-serif}main{padding:0}h1{font-size:20px;margin:14px}"
        "@media(prefers-color-scheme:dark){body{background:#14181C;color:#E9EBEE}}"
        f"h2{{font-size:16px;margin:0 14px 10px}}</style><style>{faces}{island_style()}</style></head>"
        f"<body><main><h1>{title}</h1><h2>什么会改变名次</h2>{island}</main><script>{script}</script></body></html>"
    )
