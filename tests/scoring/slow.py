"""Scoring by the book: plain loops over dicts with exact fractions, for comparison only.

Written from the scoring rules, not from the fast code. Roots, logarithms and powers are taken to 80 digits.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from fractions import Fraction
from typing import Any

from lsb_nb.bundles import Records
from lsb_nb.quarters import last_day, shift_quarter

DIGITS = 80


class Refused(Exception):  # noqa: N818
    """The rules refuse this workbook."""


def rnd(value: Fraction | Decimal, places: int) -> Fraction:
    """Round half away from zero; a value got to 80 digits is taken to 60 first, so that exact ties are seen."""
    if isinstance(value, Decimal):
        with localcontext(Context(prec=DIGITS)):
            value = value.quantize(Decimal(1).scaleb(-60), rounding=ROUND_HALF_EVEN)
    exact = Fraction(value)
    size = math.floor(abs(exact) * 10**places + Fraction(1, 2))
    return Fraction(-size if exact < 0 else size, 10**places)


def published(value: Any) -> Fraction | None:
    return None if value is None else rnd(rnd(value, 9), 2)


def dec(value: Fraction | Decimal) -> Decimal:
    if isinstance(value, Decimal):
        return value
    with localcontext(Context(prec=DIGITS)):
        return Decimal(value.numerator) / Decimal(value.denominator)


# ---------------------------------------------------------------- reading


def pairs(text: str) -> dict[str, Fraction]:
    found = {}
    for part in text.replace("，", "、").replace(",", "、").split("、"):
        name, value = part.replace("＝", "=").replace("：", "=").replace(":", "=").split("=")
        value = value.strip()
        found[name.strip()] = Fraction(value[:-1]) / 100 if value.endswith("%") else Fraction(value)
    return found


def rows_of(records: Records, name: str, quarter: str) -> list[dict[str, Any]]:
    rows = records.frames[name].astype(object).to_dict("records")
    return [
        {k: (None if v is None or v != v else v) if not isinstance(v, tuple) else v for k, v in r.items()}
        for r in [{k: (None if str(v) == "<NA>" else v) for k, v in row.items()} for row in rows]
        if r["quarter"] == quarter
    ]


class Book:
    """One quarter's workbook, read into dicts."""

    def __init__(self, records: Records, quarter: str) -> None:
        self.quarter = quarter
        self.rules = {r["rule"]: r["value"] for r in rows_of(records, "rules", quarter)}
        self.units = [r["unit"] for r in rows_of(records, "units", quarter)]
        crit = rows_of(records, "criteria", quarter)
        self.criteria = [r["criterion"] for r in crit]
        self.full = {r["criterion"]: Fraction(r["full_marks"], 10**6) for r in crit}
        self.method = {r["criterion"]: r["method"] or "评委打分" for r in crit}
        self.pillar = {r["criterion"]: r["pillar"] or "总分" for r in crit}
        filled = [r["weight"] for r in crit if r["weight"] is not None]
        if len(filled) not in (0, len(crit)):
            raise Refused("weights partly given")
        self.weight = {r["criterion"]: Fraction(r["weight"]) if filled else self.full[r["criterion"]] for r in crit}
        self.pillars = list(dict.fromkeys(self.pillar.values()))
        self.pillar_weight = {
            p: sum(self.weight[c] for c in self.criteria if self.pillar[c] == p) for p in self.pillars
        }
        if "板块权重" in self.rules:
            self.pillar_weight = pairs(self.rules["板块权重"])
            if set(self.pillar_weight) != set(self.pillars):
                raise Refused("pillar weights do not name the pillars")
        if not any(self.pillar_weight[self.pillar[c]] * self.weight[c] for c in self.criteria):
            raise Refused("no weight")
        self.raters = rows_of(records, "raters", quarter)
        self.ratings = rows_of(records, "ratings", quarter)
        self.ballots = rows_of(records, "ballots", quarter)
        self.entries = rows_of(records, "entries", quarter)
        self.commitments = rows_of(records, "commitments", quarter)
        self.adjustments = rows_of(records, "adjustments", quarter)
        self.vetoed = {r["unit"] for r in rows_of(records, "vetoes", quarter)}


# ---------------------------------------------------------------- steps 2 to 6


def criterion_scores(book: Book) -> tuple[dict[tuple[str, str], Any], list[tuple[str, str, str, str]]]:
    """(unit, criterion) -> Fraction, 'unrated' or 'not_applicable' for all but 进步计算; and what was dropped."""
    group_of = {r["rater"]: r["group"] for r in book.raters}
    order = {r["rater"]: i for i, r in enumerate(book.raters)}
    recused = {r["rater"]: set(r["recused"]) for r in book.raters}
    cells = {(r["rater"], r["unit"], r["criterion"]): (r["state"], r["mark"]) for r in book.ratings}
    dropped = []
    if book.rules.get("回避", "否") == "是":
        for rater, unit, criterion in list(cells):
            if unit in recused[rater]:
                if cells[rater, unit, criterion][0] == "mark":
                    dropped.append((rater, unit, criterion, "recused"))
                del cells[rater, unit, criterion]
    marks = {k: Fraction(m, 10**6) for k, (state, m) in cells.items() if state == "mark"}
    if book.rules.get("全同分票作废", "否") == "是":
        for rater in group_of:
            own = {k: m / book.full[k[2]] for k, m in marks.items() if k[0] == rater}
            if len({k[1] for k in own}) >= 2 and len(set(own.values())) == 1:
                dropped += [(*k, "void") for k in own]
                marks = {k: m for k, m in marks.items() if k[0] != rater}
                cells = {k: v for k, v in cells.items() if k[0] != rater}
    in_use = {group_of[k[0]] for k in marks} | {r["group"] for r in book.ballots}
    if "评委组权重" in book.rules:
        weight_of = pairs(book.rules["评委组权重"])
        if set(weight_of) != (in_use or set(group_of.values())) or not any(weight_of.values()):
            raise Refused("group weights")
    else:
        weight_of = dict.fromkeys(in_use, Fraction(1))
    least = int(book.rules.get("去极值最少评委数", 6))
    kept = dict(marks)
    if book.rules.get("去极值口径", "逐项") == "逐项":
        for unit in book.units:
            for criterion in book.criteria:
                for group in in_use:
                    here = [
                        (m, order[k[0]], k)
                        for k, m in marks.items()
                        if k[1:] == (unit, criterion) and group_of[k[0]] == group
                    ]
                    if len(here) >= least:
                        here.sort(key=lambda t: t[:2])
                        for _m, _o, k in (here[0], here[-1]):
                            del kept[k]
                            dropped.append((*k, "trimmed"))
    else:
        for unit in book.units:
            for group in in_use:
                sheets: dict[str, list[tuple[str, str, str]]] = {}
                for k in marks:
                    if k[1] == unit and group_of[k[0]] == group:
                        sheets.setdefault(k[0], []).append(k)
                if len(sheets) >= least:
                    level = {
                        rater: rnd(sum(marks[k] for k in ks) / sum(book.full[k[2]] for k in ks), 9)
                        for rater, ks in sheets.items()
                    }
                    line = sorted(sheets, key=lambda rater: (level[rater], order[rater]))
                    for rater in (line[0], line[-1]):
                        for k in sheets[rater]:
                            del kept[k]
                            dropped.append((*k, "trimmed"))
    grades = {"好": Fraction(100), "较好": Fraction(80), "一般": Fraction(60), "较差": Fraction(40)}
    grades |= pairs(book.rules["等次分值"]) if "等次分值" in book.rules else {}
    credit = pairs(book.rules["部分完成计分"]) if "部分完成计分" in book.rules else {}
    credit["已完成"] = Fraction(1)
    has_column = any(r["criterion"] is not None for r in book.commitments)

    def by_groups(values: dict[str, list[Fraction]]) -> Fraction | None:
        top = bottom = Fraction(0)
        for group, numbers in values.items():
            top += weight_of[group] * sum(numbers) / len(numbers)
            bottom += weight_of[group]
        return top / bottom if bottom else None

    scores: dict[tuple[str, str], Any] = {}
    for unit in book.units:
        for criterion in book.criteria:
            method, value = book.method[criterion], None
            states: list[str] = []
            if method == "评委打分":
                groups: dict[str, list[Fraction]] = {}
                for k, m in kept.items():
                    if k[1:] == (unit, criterion):
                        groups.setdefault(group_of[k[0]], []).append(m)
                points = by_groups(groups)
                value = None if points is None else points / book.full[criterion] * 100
                states = [s for k, (s, _m) in cells.items() if k[1:] == (unit, criterion) and s != "blank"]
            elif method == "等次测评":
                groups = {}
                for r in book.ballots:
                    if (r["unit"], r["criterion"]) == (unit, criterion):
                        counts = {"好": r["good"], "较好": r["fairly_good"], "一般": r["fair"], "较差": r["poor"]}
                        votes = sum(n or 0 for n in counts.values())
                        if votes:
                            groups[r["group"]] = [sum(grades[g] * (n or 0) for g, n in counts.items()) / votes]
                value = by_groups(groups)
            elif method == "台账计算":
                due = [
                    r
                    for r in book.commitments
                    if r["unit"] == unit
                    and r["due"] <= last_day(book.quarter)
                    and (not has_column or r["criterion"] == criterion)
                ]
                states = [] if due else ["not_applicable"]
                if due:
                    value = 100 * sum(credit.get(r["state"], Fraction(0)) for r in due) / Fraction(len(due))
            elif method == "直接录入":
                for r in book.entries:
                    if (r["unit"], r["criterion"]) == (unit, criterion):
                        states.append(r["state"])
                        if r["state"] == "mark":
                            value = Fraction(r["mark"], 10**6) / book.full[criterion] * 100
                states = [s for s in states if s != "blank"]
            else:
                continue
            if value is not None:
                scores[unit, criterion] = rnd(Fraction(value), 9)
            else:
                scores[unit, criterion] = (
                    "not_applicable" if states and set(states) == {"not_applicable"} else "unrated"
                )
    return scores, dropped


# ---------------------------------------------------------------- steps 7 to 10


def normalise(book: Book, scores: dict[tuple[str, str], Any]) -> dict[tuple[str, str], Any]:
    method = book.rules.get("标准化方法", "满分")
    done: dict[tuple[str, str], Any] = {}
    for criterion in book.criteria:
        column = {u: scores[u, criterion] for u in book.units if not isinstance(scores[u, criterion], str)}
        n, values = len(column), list(column.values())
        for unit, x in column.items():
            if method == "满分":
                done[unit, criterion] = x
            elif method == "位次分":
                place = 1 + sum(other > x for other in values)
                done[unit, criterion] = Fraction(n - place + 1, n) * 100
            elif len(set(values)) == 1:
                done[unit, criterion] = Fraction(50)
            elif method == "极差":
                done[unit, criterion] = (x - min(values)) / (max(values) - min(values)) * 100
            else:
                mean = sum(values) / n
                variance = sum((v - mean) ** 2 for v in values) / (n - 1)
                with localcontext(Context(prec=DIGITS)):
                    done[unit, criterion] = 50 + 10 * dec(x - mean) / dec(variance).sqrt()
    return done


def mean(method: str, items: list[tuple[Fraction, Any]]) -> Any:
    """Weighted mean of (weight, value) pairs; weights need not sum to 1."""
    items = [(w, x) for w, x in items if w > 0]
    whole = sum(w for w, _x in items)
    if not items:
        return None
    if method != "算术" and any(x <= 0 for _w, x in items):
        raise Refused("not above 0")
    if all(isinstance(x, Fraction) for _w, x in items) and method != "几何":
        if method == "算术":
            return sum((w / whole * x for w, x in items), Fraction(0))
        return 1 / sum((w / whole / x for w, x in items), Fraction(0))
    with localcontext(Context(prec=DIGITS)):
        shares = [(dec(w / whole), dec(x)) for w, x in items]
        if method == "算术":
            return sum((w * x for w, x in shares), Decimal(0))
        if method == "调和":
            return 1 / sum((w / x for w, x in shares), Decimal(0))
        return sum((w * x.ln() for w, x in shares), Decimal(0)).exp()


def totals(
    book: Book, given: dict[tuple[str, str], Any], states: dict[tuple[str, str], Any], method: str, full_for_na: bool
) -> dict[str, dict[str, Any]]:
    """Unit -> pillars, criteria, weights and total before adjustments; total None is 未评."""
    found = {}
    for unit in book.units:
        have = {c: given[unit, c] for c in book.criteria if (unit, c) in given}
        rated = any(book.weight[c] * book.pillar_weight[book.pillar[c]] > 0 for c in have)
        if not rated:
            found[unit] = {
                "total": None,
                "pillars": dict.fromkeys(book.pillars),
                "criteria": {},
                "weights": dict.fromkeys(book.criteria, Fraction(0)),
            }
            continue
        if full_for_na:
            for c in book.criteria:
                if states[unit, c] == "not_applicable":
                    have[c] = Fraction(100)
        pillars = {}
        for p in book.pillars:
            try:
                pillars[p] = mean(method, [(book.weight[c], x) for c, x in have.items() if book.pillar[c] == p])
            except Refused:
                if book.pillar_weight[p]:
                    raise
                pillars[p] = None
        total = mean(method, [(book.pillar_weight[p], x) for p, x in pillars.items() if x is not None])
        inner = {p: sum(book.weight[c] for c in have if book.pillar[c] == p) for p in book.pillars}
        outer = sum(book.pillar_weight[p] for p in book.pillars if inner[p])
        weights = {
            c: book.weight[c] / inner[book.pillar[c]] * book.pillar_weight[book.pillar[c]] / outer
            if c in have and inner[book.pillar[c]]
            else Fraction(0)
            for c in book.criteria
        }
        found[unit] = {"total": total, "pillars": pillars, "criteria": have, "weights": weights}
    return found


# ---------------------------------------------------------------- change over quarters


def drive(
    book: Book,
    scores: dict[tuple[str, str], Any],
    earlier: list[tuple[Book, dict[tuple[str, str], Any]]],
) -> dict[str, Fraction]:
    """Unit -> score of 进步计算; a unit not in it is not applicable."""
    line = [*earlier[-7:], (book, scores)]
    if len(line) < 4:
        return {}
    shared = [
        c
        for c in book.criteria
        if book.method[c] != "进步计算" and all(b.method.get(c) == book.method[c] for b, _s in line)
    ]
    inner: dict[str, Fraction] = {}
    history: dict[str, list[Fraction | None]] = {u: [] for u in book.units}
    for b, s in line:
        for unit in book.units:
            top = bottom = Fraction(0)
            rated = False
            for pillar in book.pillars:
                x = w = Fraction(0)
                for c in shared:
                    if book.pillar[c] != pillar or unit not in b.units:
                        continue
                    value = s[unit, c]
                    if not isinstance(value, str) and book.weight[c] * book.pillar_weight[pillar] > 0:
                        rated = True
                    if value == "not_applicable" and book.rules.get("不适用指标") == "计满分":
                        value = Fraction(100)
                    if not isinstance(value, str):
                        x, w = x + book.weight[c] * value, w + book.weight[c]
                if w:
                    top, bottom = top + book.pillar_weight[pillar] * x / w, bottom + book.pillar_weight[pillar]
            history[unit].append(top / bottom if rated else None)
    del inner
    half = len(line) // 2
    halves = {u: (sum(h[:half]) / half, sum(h[half:]) / (len(h) - half)) for u, h in history.items() if None not in h}
    fit = [halves[u] for u in halves if u not in book.vetoed]
    if len(fit) < 5 or len({rnd(x, 9) for x, _y in fit}) == 1:
        return {}
    mx, my = sum(x for x, _y in fit) / len(fit), sum(y for _x, y in fit) / len(fit)
    slope = sum((x - mx) * (y - my) for x, y in fit) / sum((x - mx) ** 2 for x, _y in fit)
    return {
        u: rnd(min(max(50 + 5 * (y - my - slope * (x - mx)), Fraction(0)), Fraction(100)), 9)
        for u, (x, y) in halves.items()
    }


# ---------------------------------------------------------------- all of it


def score_slowly(records: Records, quarter: str) -> dict[str, Any]:
    """Ranks, published scores and everything unrounded, by unit; raises `Refused` where the rules refuse."""
    book = Book(records, quarter)
    scores, dropped = criterion_scores(book)
    moving = [c for c in book.criteria if book.method[c] == "进步计算"]
    if moving:
        earlier, before = [], quarter
        while (before := shift_quarter(before, -1)) in records.quarters and len(earlier) < 7:
            b = Book(records, before)
            earlier.insert(0, (b, criterion_scores(b)[0]))
        gained = drive(book, scores, earlier)
        for c in moving:
            for unit in book.units:
                scores[unit, c] = gained.get(unit, "not_applicable")
    full_for_na = book.rules.get("不适用指标", "重新分配") == "计满分"
    if full_for_na and book.rules.get("标准化方法", "满分") != "满分":
        raise Refused("计满分")
    found = totals(book, normalise(book, scores), scores, book.rules.get("合成方法", "算术"), full_for_na)
    cap_text = book.rules.get("加减分上限", "5")
    cap = Fraction(0) if cap_text == "不计" else Fraction(cap_text)
    for unit, row in found.items():
        points = sum((Fraction(r["points"], 10**6) for r in book.adjustments if r["unit"] == unit), Fraction(0))
        row["adjustment"] = min(max(points, -cap), cap)
        row["before"] = row["total"]
        if row["total"] is not None:
            with localcontext(Context(prec=DIGITS)):
                exact = isinstance(row["total"], Fraction)
                row["total"] = row["total"] + (row["adjustment"] if exact else dec(row["adjustment"]))
        row["score"] = published(row["total"])
        row["vetoed"] = unit in book.vetoed
    chain = book.rules.get("并列处理", "并列")
    chain = [] if chain == "并列" else chain.split("、")

    def strength(unit: str) -> list[Any]:
        row = found[unit]
        line = [row["score"]]
        for name in chain:
            value = row["pillars"].get(name) if name in book.pillars else row["criteria"].get(name)
            line.append(Fraction(-(10**9)) if value is None else published(value))
        return line

    ranked = [u for u in book.units if not found[u]["vetoed"] and found[u]["score"] is not None]
    for unit, row in found.items():
        row["rank"] = 1 + sum(strength(o) > strength(unit) for o in ranked) if unit in ranked else None
    place = {u: i for i, u in enumerate(book.units)}

    def position(unit: str) -> tuple[Any, ...]:
        row = found[unit]
        if row["score"] is None:
            return (2, 0, place[unit])
        return (1, -row["score"], place[unit]) if row["vetoed"] else (0, row["rank"], place[unit])

    lines = pairs(book.rules.get("等次线", "优秀=90、良好=80、一般=60"))
    for row in found.values():
        row["band"] = None
        if row["rank"] is not None:
            passed = [name for name, line in sorted(lines.items(), key=lambda p: -p[1]) if row["score"] >= line]
            row["band"] = passed[0] if passed else "较差"
    if "等次名额" in book.rules:
        left = sorted(ranked, key=lambda u: found[u]["rank"])
        whole = len(left)
        quotas = pairs(book.rules["等次名额"])
        scale = [*sorted((n for n in lines if n != "较差"), key=lambda n: -lines[n]), "较差"]
        below = "较差"
        if set(quotas) & set(scale):
            if not set(quotas) <= set(scale) or "较差" in quotas:
                raise Refused("no band for the rest")
            quotas = {name: quotas[name] for name in scale if name in quotas}
            below = scale[scale.index(list(quotas)[-1]) + 1]
        for name, share in quotas.items():
            take = left[: math.floor(share * whole)]
            rest = left[len(take) :]
            while take and rest and found[take[-1]]["rank"] == found[rest[0]]["rank"]:
                rest.insert(0, take.pop())
            for unit in take:
                found[unit]["band"] = name
            left = rest
        for unit in left:
            found[unit]["band"] = below
    return {
        "order": sorted(book.units, key=position),
        "units": found,
        "scores": scores,
        "dropped": set(dropped),
        "quarter": quarter,
        "criteria": book.criteria,
        "pillars": book.pillars,
    }
