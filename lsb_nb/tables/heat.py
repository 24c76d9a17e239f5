"""Shaded tables: brown depth is loss, the number always stands in the cell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from lsb_nb.i18n import _
from lsb_nb.markup import Markup, text
from lsb_nb.numbers import DASH, fixed, is_missing, plain
from lsb_nb.schema import GAP_PARTS
from lsb_nb.tables.layout import cell_text, titled

POINT_STEPS = (0.3, 0.5, 1.0, 1.5, 2.5)
"""Points of the total from which the next darker of the six shades begins; the same in the drawn heatmap."""


def legend(lead: str, labels: Sequence[str]) -> str:
    """Make the key above a shaded table: what is shaded, a box for each of the six shades, the hatching."""
    boxes = "".join(f'<i class="c{i}">{text(label)}</i>' for i, label in enumerate(labels))
    hatch = f'<i class="cna" style="margin-left:12px"></i><span>&nbsp;{text(_("不适用或未评分"))}</span>'
    return f'<div class="lg"><span>{text(lead)}</span>{boxes}{hatch}</div>'


def shaded(value: Any, depth: float, steps: Sequence[float], digits: int = 2) -> str:
    """Make a cell shaded by how many `steps` its `depth` has reached; hatched where `value` is missing."""
    if value != value:
        return f'<td class="cna"><span class="vh">{DASH}</span></td>'
    return f'<td class="c{sum(depth >= step for step in steps)}">{fixed(value, digits)}</td>'


def table_gaps(
    gaps: pd.DataFrame, *, tiers: pd.Series | None = None, title: str = "", subtitle: str = "", note: str = ""
) -> Markup:
    """Shade every unit's gap by criterion; a row adds up to its total, the last row gives the means.

    Parameters
    ----------
    gaps : pandas.DataFrame
        From `measure_gaps`, best with one decimal: ``unit, rank, pillar, criterion, kind, shown, total``.
    tiers : pandas.Series, optional
        Unit -> tier; a rule is drawn where it changes.
    title, subtitle, note : str
        Plain texts above and below.
    """
    if gaps.empty:
        return titled(f"<p>{text(_('没有可列的内容（0 项）。'))}</p>", title=title, subtitle=subtitle, note=note)
    digits = int(gaps.attrs.get("decimals", 2))
    criteria = list(gaps.attrs.get("order") or dict.fromkeys(gaps["criterion"].dropna()))
    pillars = gaps.dropna(subset=["criterion"]).drop_duplicates("criterion").set_index("criterion")["pillar"]
    groups = {pillar: [name for name in criteria if pillars[name] == pillar] for pillar in dict.fromkeys(pillars)}
    groups = {pillar: names for pillar, names in groups.items() if names}
    table = gaps.assign(column=gaps["criterion"].where(gaps["kind"] == "criterion", gaps["kind"]))
    shown = dict(zip(zip(table["unit"], table["column"], strict=True), table["shown"].astype(float), strict=True))
    others = [kind for kind in ("weights", "adjustment") if gaps.loc[gaps["kind"] == kind, "shown"].abs().max() > 0]
    means = gaps.attrs.get("means")

    def groups_of(value_of: Callable[[str], float]) -> str:
        values = {name: value_of(name) for name in criteria}
        cells = {name: shaded(value, value, POINT_STEPS, digits) for name, value in values.items()}
        return '<td class="gapc"></td>'.join("".join(cells[name] for name in names) for names in groups.values())

    rows, last = [], None
    for line in gaps.drop_duplicates("unit").to_dict("records"):
        unit = line["unit"]
        cells = groups_of(lambda name, unit=unit: shown.get((unit, name), float("nan")))  # type: ignore[misc]
        tail = "".join(f"<td>{_rest(shown.get((unit, kind), 0.0), digits)}</td>" for kind in others)
        tier = None if tiers is None else tiers.get(unit)
        rule = last is not None and not is_missing(tier) and tier != last
        last = last if is_missing(tier) else tier
        css = ' class="tb"' if rule else ""
        rows.append(
            f'<tr{css}><th scope="row">{cell_text(line["rank"])}　{text(unit)}</th>{cells}'
            f'<td class="gapc"></td>{tail}<td class="sum">{fixed(line["total"], digits)}</td></tr>'
        )
    if means:
        rows.append(
            f'<tr class="avg"><th scope="row">{text(_("平均"))}</th>{groups_of(means.__getitem__)}'
            f'<td class="gapc"></td>{"<td></td>" * len(others)}<td class="sum"></td></tr>'
        )
    body = f'<table class="hm"><thead>{_heads(groups, gaps, [_(GAP_PARTS[kind]) for kind in others])}</thead>'
    steps = [f"<{plain(POINT_STEPS[0])}", *(f"{plain(step)}+" for step in POINT_STEPS)]
    body = legend(_("失分："), steps) + f'<div class="fig scroll">{body}<tbody>{"".join(rows)}</tbody></table></div>'
    return titled(body, title=title, subtitle=subtitle, note=note)


def _heads(groups: dict[str, list[str]], gaps: pd.DataFrame, others: list[str]) -> str:
    above, below = gaps.attrs.get("pillar_points", {}), gaps.attrs.get("points", {})
    between = '<th class="gapc"></th>'
    pillars = [
        f'<th scope="colgroup" colspan="{len(names)}">{text(pillar)} {_worth(above.get(pillar))}</th>'
        for pillar, names in groups.items()
    ]
    each = [
        "".join(
            f'<th scope="col">{text(name)}<br><span style="font-weight:400">{_worth(below.get(name))}</span></th>'
            for name in names
        )
        for names in groups.values()
    ]
    tail = "".join(f'<th scope="col">{text(name)}</th>' for name in others)
    return (
        f'<tr class="pl"><td></td>{between.join(pillars)}{between}<td colspan="{len(others) + 1}"></td></tr>'
        f'<tr><td></td>{between.join(each)}{between}{tail}<th scope="col" class="sum">{text(_("合计"))}</th></tr>'
    )


def _worth(points: float | None) -> str:
    return "" if points is None else plain(round(points, 2))


def _rest(value: float, digits: int) -> str:
    return fixed(value, digits) if value else ""
