"""Random workbooks over every rule, small enough to score by hand and mean enough to hit ties."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import strategies as st

from lsb_nb.schema import COMMITMENT_STATES, MICRO

PILLARS = ("亮承诺", "赛实绩", "比干劲")
FULL = ("100", "10", "25", "1", "7", "33.333333", "0.3")
STATES = ("missing", "blank", "not_applicable")


def numbers(*values: str) -> st.SearchStrategy[str]:
    return st.sampled_from(values)


@st.composite
def books(draw: Any, *, methods: tuple[str, ...] = (), units: list[str] | None = None) -> dict[str, Any]:
    """Arguments of `factory.make_records` for one quarter."""
    units = units or [f"村{i}" for i in range(draw(st.integers(1, 6)))]
    allowed = methods or ("评委打分", "评委打分", "评委打分", "等次测评", "台账计算", "直接录入")
    weighted = draw(st.booleans())
    criteria = []
    for i in range(draw(st.integers(1, 5))):
        weight = (
            draw(numbers("0", "1", "2.5", "10", "0.333333333333", "0.33333333333333333", "999999999", "3"))
            if weighted
            else None
        )
        pillar = draw(st.sampled_from(PILLARS[: draw(st.integers(1, 3))]))
        criteria.append((f"指标{i}", draw(st.sampled_from(FULL)), pillar, draw(st.sampled_from(allowed)), weight))
    groups = ["甲组", "乙组", "丙组"][: draw(st.integers(1, 3))]
    how_many = draw(st.sampled_from((1, 2, 3, 4, 5, 6, 7, 8, 10, 16)))
    raters = [
        {
            "rater": f"B{i:02d}",
            "group": draw(st.sampled_from(groups)),
            "recused": tuple(draw(st.lists(st.sampled_from(units), max_size=2, unique=True))),
        }
        for i in range(how_many)
    ]
    rules = draw(rule_sets(sorted({r["group"] for r in raters}), sorted({c[2] for c in criteria}), criteria))
    # Geometric and harmonic means refuse zeros: most books of theirs get none.
    low = 1 if rules.get("合成方法", "算术") != "算术" and draw(st.integers(0, 5)) else 0
    return {
        "units": units,
        "criteria": criteria,
        "raters": raters,
        "rules": rules,
        "ratings": draw(ratings(units, criteria, raters, low)),
        "ballots": draw(ballots(units, criteria, groups)),
        "entries": [
            (u, c[0], draw(marks(c[1], low, st.integers(0, 3).map(lambda k: (1, 10, 1000, MICRO)[k]))))
            for u in units
            for c in criteria
            if c[3] == "直接录入" and draw(st.integers(0, 4))
        ],
        "commitments": draw(commitments(units, criteria)),
        "adjustments": draw(
            st.lists(
                st.tuples(
                    st.sampled_from(units), numbers("1", "-2.5", "0.005", "7", "-9", "0.000001", "99999999.123456")
                ),
                max_size=4,
            )
        ),
        "vetoes": draw(st.lists(st.sampled_from(units), max_size=2)),
    }


@st.composite
def marks(draw: Any, full: str, low: int, steps: st.SearchStrategy[int]) -> Any:
    """One cell: mostly a mark, in steps of full marks ÷ `steps` or of a fixed decimal."""
    if draw(st.integers(0, 9)) == 9:
        return draw(st.sampled_from(STATES))
    whole = round(float(full) * MICRO)
    step = draw(steps)
    micro = draw(st.integers(min(low, step), step)) * whole // step
    return f"{micro / MICRO:.6f}"


@st.composite
def ratings(draw: Any, units: list[str], criteria: list[Any], raters: list[Any], low: int) -> list[Any]:
    """Marks of every rater; a rater may be monotonous, a cell missing, a row absent."""
    rows = []
    style = draw(st.sampled_from((2, 20, 1000, MICRO, 200)))
    seed = draw(st.randoms(use_true_random=False))
    for rater in raters:
        flat = draw(st.integers(0, 7)) == 7
        level = seed.randint(low, style)
        for unit in units:
            for name, full, _pillar, method, _weight in criteria:
                if method != "评委打分" or seed.random() < 0.04:
                    continue
                if seed.random() < 0.08:
                    rows.append((rater["rater"], unit, name, seed.choice(STATES)))
                    continue
                whole = round(float(full) * MICRO)
                micro = (level if flat else seed.randint(low, style)) * whole // style
                rows.append((rater["rater"], unit, name, f"{micro / MICRO:.6f}"))
    if draw(st.booleans()):
        unit, criterion = draw(st.sampled_from(units)), draw(st.sampled_from(criteria))[0]
        rows = [(*r[:3], "not_applicable") if r[1:3] == (unit, criterion) else r for r in rows]
    return rows


@st.composite
def ballots(draw: Any, units: list[str], criteria: list[Any], groups: list[str]) -> list[Any]:
    counts = st.one_of(st.none(), st.integers(0, 7), st.sampled_from((2000, 999_999_999)))
    return [
        (unit, c[0], group, *(draw(counts) for _ in range(4)))
        for unit in units
        for c in criteria
        for group in groups
        if c[3] == "等次测评" and draw(st.integers(0, 5))
    ]


@st.composite
def commitments(draw: Any, units: list[str], criteria: list[Any]) -> list[Any]:
    if not any(c[3] == "台账计算" for c in criteria):
        return []
    column = draw(st.booleans())
    names = ["", *(c[0] for c in criteria)]
    days = (dt.date(2021, 10, 8), dt.date(2021, 12, 31), dt.date(2022, 1, 1))
    rows = st.builds(
        lambda unit, state, day, name: {
            "unit": unit,
            "state": state,
            "due": day,
            "criterion": name if column else None,
        },
        st.sampled_from(units),
        st.sampled_from(COMMITMENT_STATES),
        st.sampled_from(days),
        st.sampled_from(names),
    )
    return draw(st.lists(rows, max_size=14))


@st.composite
def rule_sets(draw: Any, groups: list[str], pillars: list[str], criteria: list[Any]) -> dict[str, str]:
    """Any combination of rules; now and then one that must be refused."""
    rules: dict[str, str] = {}

    def maybe(rule: str, *values: str) -> None:
        if draw(st.booleans()):
            rules[rule] = draw(st.sampled_from(values))

    maybe("回避", "是", "否")
    maybe("全同分票作废", "是", "否")
    maybe("去极值最少评委数", "3", "4", "5", "9")
    maybe("去极值口径", "逐项", "整张")
    maybe("等次分值", "好=95", "好=100、较好=85.5、一般=0、较差=33.333", "好=99.999999999、较好=33.333333333")
    maybe("部分完成计分", "推进中=0.5", "推进中=0.3333333、滞后=0.25", "推进中=0.333333333")
    maybe("标准化方法", "满分", "极差", "标准分", "位次分")
    maybe("合成方法", "算术", "几何", "调和")
    if rules.get("标准化方法", "满分") == "满分" or draw(st.integers(0, 9)) == 9:
        maybe("不适用指标", "重新分配", "计满分")
    maybe("加减分上限", "不计", "3", "0.005", "100", "999999999.999999999")
    maybe("等次线", "优秀=90、良好=80、一般=60", "甲=75.005、乙=50", "甲=50")
    maybe(
        "等次名额",
        "优秀=30%、良好=50%",
        "优秀=50%",
        "甲=34%、乙=33%",
        "一般=20%、优秀=30%",
        "良好=20%、较差=10%",
        "甲=20%",
    )
    weights = ("0", "1", "1", "60", "0.7", "33.33", "0.123456789", "999999999.999999999")
    if draw(st.booleans()):
        named = groups if draw(st.integers(0, 15)) else groups[:-1] or ["别组"]
        rules["评委组权重"] = "、".join(f"{g}={draw(st.sampled_from(weights))}" for g in named)
    if draw(st.booleans()):
        rules["板块权重"] = "，".join(f"{p}={draw(st.sampled_from(weights))}" for p in pillars)
    if draw(st.booleans()):
        chain = draw(
            st.lists(st.sampled_from([*pillars, *(c[0] for c in criteria)]), min_size=1, max_size=2, unique=True)
        )
        rules["并列处理"] = "、".join(chain)
    return rules


@st.composite
def histories(draw: Any) -> dict[str, dict[str, Any]]:
    """Several quarters for 进步计算, the last one the current."""
    units = [f"村{i}" for i in range(draw(st.sampled_from((4, 5, 6, 7))))]
    count = draw(st.integers(3, 9))
    quarters = [f"{2019 + i // 4}Q{i % 4 + 1}" for i in range(12 - count, 12)]
    seed = draw(st.randoms(use_true_random=False))
    style = draw(st.sampled_from((2, 10, 1000)))
    weights = [draw(st.sampled_from(("0", "1", "2.5", "4"))) for _ in range(4)]
    rules = {}
    if draw(st.booleans()):
        rules["不适用指标"] = "计满分"
    if draw(st.booleans()):
        rules["板块权重"] = "亮承诺=3、赛实绩=1"
    dropped = draw(st.sampled_from((None, None, quarters[0], quarters[-2])))
    books = {}
    for quarter in quarters:
        criteria = [
            ("甲", "100", "亮承诺", "直接录入", weights[0]),
            ("乙", seed.choice(("10", "25")), "赛实绩", "直接录入", weights[1]),
            ("丙", "7", "赛实绩", "评委打分" if quarter == dropped else "直接录入", weights[2]),
            ("进步", "10", "赛实绩", "进步计算", weights[3]),
        ]
        there = [u for u in units if quarter == quarters[-1] or seed.random() < 0.97]
        entries = []
        for unit in there:
            for name, full, _pillar, method, _weight in criteria:
                if method == "直接录入" and seed.random() < 0.97:
                    mark = f"{seed.randint(0, style) * int(full) / style:.6f}"
                    entries.append((unit, name, mark if seed.random() < 0.95 else "not_applicable"))
        vetoes = [u for u in there if seed.random() < 0.05]
        books[quarter] = {"units": there, "criteria": criteria, "rules": rules, "entries": entries, "vetoes": vetoes}
    if draw(st.integers(0, 5)) == 5 and count > 4:
        del books[quarters[draw(st.integers(0, count - 2))]]
    return books
