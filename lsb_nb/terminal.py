"""What the command line prints: problems, the ranking, JSON."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from lsb_nb.i18n import _
from lsb_nb.text import display_width

if TYPE_CHECKING:
    import pandas as pd

    from lsb_nb.bundles import Scores


def problems_json(problems: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    """Give problems in the shape of `lsb check --json`."""
    from lsb_nb.scoring.output import problem_objects

    return {
        "errors": problem_objects(problems[problems["severity"] == "error"]),
        "warnings": problem_objects(problems[problems["severity"] == "warning"]),
    }


def print_json(content: object) -> None:
    """Print JSON with Chinese as it is."""
    print(json.dumps(content, ensure_ascii=False, indent=1))


def print_problems(problems: pd.DataFrame, stream: Any = None) -> None:
    """Print problems grouped by file and sheet, those with the most errors first."""
    from lsb_nb.records.ledger import problem_rows, rank_problems

    heading = None
    for row in problem_rows(rank_problems(problems)):
        here = (row["severity"], row["file"] or row["quarter"], row["sheet"])
        if here != heading:
            heading = here
            mark = _("错误") if row["severity"] == "error" else _("提示")
            print(f"{mark}　" + "　".join(str(part) for part in here[1:] if part), file=stream or sys.stdout)
        value = "" if row["value"] is None else _("（现为“{value}”）").format(value=row["value"])
        hint = "" if row["hint"] is None else _("　→ {hint}").format(hint=row["hint"])
        print(f"  {row['cell'] or '':<6} {row['reason']}{value}{hint}", file=stream or sys.stdout)


def ranking_text(scores: Scores) -> str:
    """Lay out the ranking for a terminal, where a Chinese character is two columns wide."""
    head = [_("名次"), _("单位"), _("得分"), _("等次"), *map(str, scores.pillars.columns)]
    lines = [head]
    for unit, row in scores.units.iterrows():
        rank = str(row["rank"]) if row["rated"] and not row["vetoed"] else (_("否决") if row["vetoed"] else _("未评"))
        published = "—" if not row["rated"] else f"{row['score']:.2f}"
        pillars = ["—" if value != value else f"{value:.2f}" for value in scores.published_pillars.loc[str(unit)]]
        lines.append([rank, str(unit), published, row["band"] or "—", *pillars])
    widths = [max(display_width(line[column]) for line in lines) for column in range(len(head))]

    def cell(text: str, column: int) -> str:
        pad = " " * (widths[column] - display_width(text))
        return text + pad if column in (1, 3) else pad + text

    from lsb_nb.scoring.output import scenario_of

    scenario = scenario_of(scores)
    first = []
    if scenario is not None:
        reason = f"（{scenario[1]}）" if scenario[1] else ""
        first = [_("情景“{name}”{reason}，不是公布结果").format(name=scenario[0], reason=reason)]
    return "\n".join(
        first + ["  ".join(cell(text, column) for column, text in enumerate(line)).rstrip() for line in lines]
    )
