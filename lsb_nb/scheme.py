"""`Scheme`: the weights and rules of one quarter, frozen."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from lsb_nb.i18n import _
from lsb_nb.rules import LOWEST_BAND, order_quotas
from lsb_nb.text import key

OFFICIAL = "公布方案"


@dataclasses.dataclass(frozen=True)
class Criterion:
    """One criterion as the scheme weighs it; `full_marks` in millionths of a point, `weight` before normalising."""

    name: str
    pillar: str
    segment: str | None
    method: str
    full_marks: int
    weight: Fraction


@dataclasses.dataclass(frozen=True)
class Scheme:
    """Weights and rules of a quarter.

    Attributes
    ----------
    criteria : tuple of Criterion
        In the order of the sheet 指标.
    pillar_weights : mapping of str to Fraction
        Pillars in order of first appearance; weights as written, not normalised.
    rules : mapping of str to object
        Every key of `lsb_nb.rules.RULES` with its value in force.
    given : tuple of str
        Rules that the workbook or the scenario states; the others stand at their default.
    name, reason : str
        公布方案, or a scenario's name and its reason.
    outdated : bool
        Whether the workbook was changed after the scenario was saved for it; decides no number.
    """

    criteria: tuple[Criterion, ...]
    pillar_weights: Mapping[str, Fraction]
    rules: Mapping[str, Any]
    given: tuple[str, ...] = ()
    name: str = OFFICIAL
    reason: str = ""
    outdated: bool = False

    def rule(self, name: str) -> Any:
        """Give the value in force of one rule."""
        return self.rules[name]

    def in_pillar(self, pillar: str) -> tuple[Criterion, ...]:
        """List the criteria of one pillar."""
        return tuple(criterion for criterion in self.criteria if criterion.pillar == pillar)

    def effective_weights(self) -> dict[str, Fraction]:
        """Give each criterion's share of the total (they sum to 1) when nothing is left out.

        Returns
        -------
        dict of str to Fraction
            Pillar share × share within the pillar; a pillar whose criteria all weigh 0 counts as left out.
        """
        inner = {pillar: sum(c.weight for c in self.in_pillar(pillar)) for pillar in self.pillar_weights}
        outer = sum(weight for pillar, weight in self.pillar_weights.items() if inner[pillar])
        return {
            c.name: self.pillar_weights[c.pillar] / outer * c.weight / inner[c.pillar]
            if outer and inner[c.pillar]
            else Fraction(0)
            for c in self.criteria
        }

    def band_names(self) -> tuple[str, ...]:
        """List the bands in use, best first, the lowest included."""
        lines = [name for name, _line in self.rule("等次线")]
        quotas = [name for name, _share in self.rule("等次名额") or ()]
        names = [*quotas, self.band_rest()] if quotas else [*lines, LOWEST_BAND]
        return tuple(dict.fromkeys(names))

    def band_rest(self) -> str:
        """Name the band of the units beyond the quotas: the first line below the lowest quota, else 较差."""
        return order_quotas(self.rules)[1]

    def digest(self) -> str:
        """Give the SHA-256 of everything that decides a number, in hexadecimal."""
        content = {
            "criteria": [[c.name, c.pillar, c.method, c.full_marks, str(c.weight)] for c in self.criteria],
            "pillars": [[name, str(weight)] for name, weight in self.pillar_weights.items()],
            "rules": {name: _plain(value) for name, value in self.rules.items()},
        }
        return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return str(value)


def match_names(values: Mapping[str, Any], known: list[str]) -> tuple[dict[str, Any], list[str]]:
    """Put the names of a rule's value into their canonical spelling; list those that are not known."""
    by_key = {key(name): name for name in known}
    found = {by_key[key(name)]: value for name, value in values.items() if key(name) in by_key}
    return found, [name for name in values if key(name) not in by_key]


def check_weights(values: Mapping[str, Any], known: list[str], what: str) -> tuple[dict[str, Any], str | None]:
    """Match weights to all of `known` and no other; the second value says what is wrong, or is None."""
    found, unknown = match_names(values, known)
    if unknown:
        return found, _("没有“{name}”这个{what}，现有：{known}").format(
            name=unknown[0], what=what, known="、".join(known)
        )
    if missing := [name for name in known if name not in found]:
        return found, _("缺少{what}“{name}”，应列出全部：{known}").format(
            what=what, name=missing[0], known="、".join(known)
        )
    if not any(found.values()):
        return found, _("权重不能全为 0")
    return found, None
