"""The page and Python agree on every rank and every published score, under any weights."""

from __future__ import annotations

import json
import random
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lsb_nb.bundles import DataProblems
from lsb_nb.scoring.composite import score
from lsb_nb.scoring.rescore import rescore
from lsb_nb.widgets.seed import build_seed, in_sheet_order
from lsb_nb.widgets.weights import TOTAL, Whole, scheme_of_weights, whole_weights

JS = Path(__file__).parents[1] / "js"
PILLARS = ("亮承诺", "赛实绩", "比干劲")


def test_node_tests(node: str) -> None:
    done = subprocess.run(
        [node, "--test", str(JS / "explorer.test.mjs")], capture_output=True, text=True, encoding="utf-8", timeout=120
    )
    assert done.returncode == 0, done.stdout[-3000:]


def draw_book(chance: random.Random) -> dict[str, Any]:
    """Arguments of `make_records`: few distinct marks, so that ties are common, and every rule."""
    units = [f"村{i}" for i in range(chance.randint(1, 9))]
    pillars = PILLARS[: chance.randint(1, 3)]
    weighted = chance.random() < 0.5
    criteria: list[tuple[Any, ...]] = []
    for i in range(chance.randint(len(pillars), 7)):
        pillar = pillars[i] if i < len(pillars) else chance.choice(pillars)
        weight = chance.choice(["0", "1", "2.5", "10", "0.333333333333", "3"]) if weighted else None
        criteria.append((f"指标{i}", chance.choice([100, 10, 25, 7, 33.333333]), pillar, weight))
    if weighted and all(c[3] == "0" for c in criteria):
        criteria[0] = (*criteria[0][:3], "1")
    step = chance.choice([2, 4, 10, 1000, 10**6])
    low = 1 if chance.random() < 0.7 else 0
    gone = chance.choice([0.0, 0.1, 0.4])
    marks: dict[tuple[int, int], Any] = {}
    for u in range(len(units)):
        for k, c in enumerate(criteria):
            mark = chance.randint(low, step) * round(c[1] * 10**6) // step / 10**6
            marks[u, k] = mark if chance.random() >= gone else chance.choice([None, "na"])
    rules: dict[str, str] = {}
    if chance.random() < 0.5:
        rules["标准化方法"] = chance.choice(["满分", "极差", "标准分", "位次分"])
    if rules.get("标准化方法", "满分") == "满分" and chance.random() < 0.4:
        rules["不适用指标"] = "计满分"
    if chance.random() < 0.5:
        rules["合成方法"] = chance.choice(["算术", "几何", "调和"])
    if chance.random() < 0.5:
        names = [*pillars, *(c[0] for c in criteria)]
        rules["并列处理"] = "、".join(chance.sample(names, chance.randint(1, min(3, len(names)))))
    if chance.random() < 0.3:
        shares = [chance.randint(0, 3) for _p in pillars]
        shares[0] = shares[0] or 1
        live = {c[2] for c in criteria if not weighted or c[3] != "0"}
        if any(share for share, pillar in zip(shares, pillars, strict=True) if pillar in live):
            rules["板块权重"] = "、".join(f"{p}={s}" for p, s in zip(pillars, shares, strict=True))
    if chance.random() < 0.3:
        rules["加减分上限"] = chance.choice(["2", "0.5", "不计"])
    return {
        "units": units,
        "criteria": criteria,
        "marks": marks,
        "rules": rules,
        "adjustments": {u: chance.choice([1, -2.5, 0.005, 7, -9]) for u in range(len(units)) if chance.random() < 0.2},
        "vetoes": tuple(u for u in range(len(units)) if chance.random() < 0.15),
    }


def draw_weights(chance: random.Random, whole: Whole, groups: list[list[int]]) -> Whole:
    """Whole-number weights: sometimes the official ones, sometimes round, sometimes zero, sometimes any."""

    def split(count: int) -> list[int]:
        kind = chance.random()
        if kind < 0.3:
            cuts = sorted(chance.randint(0, 20) * (TOTAL // 20) for _i in range(count - 1))
        elif kind < 0.45:
            parts = [0] * count
            parts[chance.randrange(count)] = TOTAL
            return parts
        else:
            cuts = sorted(chance.randint(0, TOTAL) for _i in range(count - 1))
        return [b - a for a, b in zip([0, *cuts], [*cuts, TOTAL], strict=True)]

    pillar = list(whole.pillar) if chance.random() < 0.3 else split(len(whole.pillar))
    inner = list(whole.inner)
    for group in groups:
        if chance.random() < 0.7:
            for k, part in zip(group, split(len(group)), strict=True):
                inner[k] = part
    # a pillar without criteria to weigh gets none itself, as on the page
    return Whole(tuple(pillar), tuple(inner))


def answer(records: Any, scheme: Any, units: list[str]) -> dict[str, Any]:
    try:
        scores = score(records, scheme=scheme)
    except DataProblems as problems:
        reasons = problems.problems.loc[problems.problems["severity"] == "error", "reason"]
        assert reasons.str.contains("合成方法").all(), reasons.tolist()
        return {"refused": True}
    frame = scores.units
    place = {unit: i for i, unit in enumerate(units)}
    cents = {unit: None if value != value else round(value * 100) for unit, value in frame["score"].items()}
    ranks = frame["rank"].fillna(0).astype(int)
    pillars = np.round(scores.published_pillars.reindex(units).to_numpy(float) * 100)
    return {
        "refused": False,
        "order": [place[unit] for unit in frame.index],
        "rank": [int(ranks[unit]) for unit in units],
        "cents": [cents[unit] for unit in units],
        "pillars": [[None if x != x else int(x) for x in row] for row in pillars],
    }


def compare(node: str, tmp_path: Path, cases: list[dict[str, Any]]) -> dict[str, Any]:
    file = tmp_path / "cases.json"
    file.write_text(json.dumps(cases), encoding="utf-8")
    done = subprocess.run(
        [node, str(JS / "agree.mjs"), str(file)], capture_output=True, text=True, encoding="utf-8", timeout=250
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def make_case(quarters: Any, chance: random.Random, tries: int) -> dict[str, Any] | None:
    records = quarters.make_records(**draw_book(chance))
    try:
        scores = score(records)
    except DataProblems:
        return None
    scheme: Any = scores.scheme
    units = [str(unit) for unit in in_sheet_order(scores).index]
    whole = whole_weights(scheme)
    names = list(scheme.pillar_weights)
    groups = [[k for k, c in enumerate(scheme.criteria) if c.pillar == name] for name in names]
    made = []
    for i in range(tries):
        weights = whole if i == 0 else draw_weights(chance, whole, groups)
        varied = scheme_of_weights(scheme, [scheme], weights)
        if not any(varied.effective_weights().values()):
            continue
        want = answer(records, varied, units)
        if i == 1 and not want["refused"]:
            again = rescore(scores, varied)
            assert again.units.index.tolist() == [units[u] for u in want["order"]]
            assert again.units["rank"].fillna(0).astype(int).tolist() == [want["rank"][u] for u in want["order"]]
        made.append({"weights": weights._asdict(), "want": want})
    return {"seed": build_seed(scores), "official": whole._asdict(), "tries": made}


@pytest.mark.parametrize("seed", range(4))
def test_ranks_and_published_scores_agree(node: str, quarters: Any, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    cases = [case for _i in range(75) if (case := make_case(quarters, chance, 10)) is not None]
    found = compare(node, tmp_path, cases)
    assert found["count"] > 500
    assert found["many"] == 0, found["wrong"]
    refused = sum(t["want"]["refused"] for case in cases for t in case["tries"])
    assert refused < found["count"] / 3


@pytest.mark.slow
def test_ranks_and_published_scores_agree_at_length(node: str, quarters: Any, tmp_path: Path) -> None:
    chance = random.Random()
    cases = [case for _i in range(1500) if (case := make_case(quarters, chance, 20)) is not None]
    found = compare(node, tmp_path, cases)
    assert found["many"] == 0, found["wrong"]


def test_agreement_where_no_double_can_tell(node: str, quarters: Any, tmp_path: Path) -> None:
    # 92.345 − 0.000001·w: at w = 0.0005 exactly 92.3449999995, which rounds up; a billionth more weight rounds down
    criteria = [("甲", 100, "P"), ("乙", 100, "P")]
    records = quarters.make_records(
        ["东", "南"], criteria, {(0, 0): 92.344999, (0, 1): 92.345, (1, 0): 92.34, (1, 1): 92.34}
    )
    scores = score(records)
    scheme: Any = scores.scheme
    tries = []
    for part in range(49_999_990, 50_000_010):
        whole = Whole((TOTAL,), (part, TOTAL - part))
        want = answer(records, scheme_of_weights(scheme, [scheme], whole), ["东", "南"])
        assert want["cents"][0] == (9235 if part <= 50_000_000 else 9234)
        tries.append({"weights": whole._asdict(), "want": want})
    case = {"seed": build_seed(scores), "official": whole_weights(scheme)._asdict(), "tries": tries}
    assert compare(node, tmp_path, [case])["many"] == 0


@pytest.mark.parametrize("method", ["几何", "调和"])
@pytest.mark.parametrize("tie", ["并列", "赛实绩"])
def test_a_pillar_without_weight_is_not_refused_for_a_mark_of_0(
    node: str, quarters: Any, tmp_path: Path, method: str, tie: str
) -> None:
    units, criteria = ["东", "南", "西"], [("甲", 100, "亮承诺"), ("乙", 100, "赛实绩"), ("丙", 100, "赛实绩")]
    marks = {(u, k): 80 for u in range(3) for k in range(3)} | {(0, 1): 0, (1, 2): 70}
    rules = {"合成方法": method, "板块权重": "亮承诺=1、赛实绩=0", "并列处理": tie}
    records = quarters.make_records(units, criteria, marks, rules=rules)
    scores = score(records)
    scheme: Any = scores.scheme
    half = TOTAL // 2
    tries = []
    for pillar, inner in (
        ((TOTAL, 0), (TOTAL, half, half)),
        ((TOTAL, 0), (TOTAL, 0, TOTAL)),
        ((TOTAL, 0), (TOTAL, TOTAL, 0)),
        ((half, half), (TOTAL, 0, TOTAL)),
        ((half, half), (TOTAL, half, half)),
    ):
        whole = Whole(pillar, inner)
        want = answer(records, scheme_of_weights(scheme, [scheme], whole), units)
        tries.append({"weights": whole._asdict(), "want": want})
    assert [each["want"]["refused"] for each in tries] == [False, False, False, False, True]
    case = {"seed": build_seed(scores), "official": whole_weights(scheme)._asdict(), "tries": tries}
    found = compare(node, tmp_path, [case])
    assert found["many"] == 0, found["wrong"]


def test_thirds_stay_thirds(quarters: Any) -> None:
    criteria = [(name, 1, "P") for name in ("甲", "乙", "丙")]
    marks = {(0, 0): 0.9, (0, 1): 0.9, (0, 2): 0.97035}
    scores = score(quarters.make_records(["东"], criteria, marks))
    scheme: Any = scores.scheme
    assert scores.units["score"].iloc[0] == 92.35  # (90 + 90 + 97.035) ÷ 3 = 92.345, exactly
    again = scheme_of_weights(scheme, [scheme], whole_weights(scheme))
    assert again.effective_weights() == scheme.effective_weights()
