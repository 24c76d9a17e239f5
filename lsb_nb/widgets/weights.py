"""Weights as the explorer holds them: whole billionths of a hundred, and the exact fractions behind them."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from lsb_nb.scheme import Scheme

TOTAL = 10**11
"""100 points in billionths. Sliders move whole parts of it, so that weights add up exactly, in Python and in a page."""


class Whole(NamedTuple):
    """Whole-number weights: pillars sum to `TOTAL`, and so do the criteria of each pillar."""

    pillar: tuple[int, ...]
    inner: tuple[int, ...]


def apportion(shares: Sequence[Fraction], amount: int) -> list[int]:
    """Split `amount` whole parts by fractions: largest remainders first, the earlier of equals first."""
    whole = sum(shares, Fraction(0))
    if not whole:
        return [0] * len(shares)
    exact = [share * amount / whole for share in shares]
    parts = [math.floor(value) for value in exact]
    order = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in order[: amount - sum(parts)]:
        parts[i] += 1
    return parts


def given_weights(scheme: Scheme) -> dict[str, list[str]]:
    """Write a scheme's weights as texts of fractions; a pillar whose criteria all weigh 0 has no weight."""
    live = {c.pillar for c in scheme.criteria if c.weight}
    return {
        "pillars": [str(weight if name in live else Fraction(0)) for name, weight in scheme.pillar_weights.items()],
        "criteria": [str(criterion.weight) for criterion in scheme.criteria],
    }


def whole_weights(scheme: Scheme) -> Whole:
    """Give a scheme's weights as whole numbers."""
    given = given_weights(scheme)
    pillar = apportion([Fraction(text) for text in given["pillars"]], TOTAL)
    inner: list[int] = [0] * len(scheme.criteria)
    for name in scheme.pillar_weights:
        places = places_of(scheme, name)
        shares = apportion([scheme.criteria[k].weight for k in places], TOTAL)
        for k, share in zip(places, shares, strict=True):
            inner[k] = share
    return Whole(tuple(pillar), tuple(inner))


def places_of(scheme: Scheme, pillar: str) -> list[int]:
    """List the places of a pillar's criteria."""
    return [k for k, criterion in enumerate(scheme.criteria) if criterion.pillar == pillar]


def scheme_of_weights(base: Scheme, anchors: Sequence[Scheme], whole: Whole, **names: Any) -> Scheme:
    """Put whole-number weights into a scheme.

    Parameters
    ----------
    base : Scheme
        Gives the rules and everything else.
    anchors : sequence of Scheme
        Where the pillars' weights, or those within a pillar, are those of one of these, its exact fractions are
        taken; a third is then a third, and an untouched explorer scores exactly as published.
    whole : Whole
        The weights.
    **names
        ``name`` and ``reason`` of the new scheme.

    Returns
    -------
    Scheme
        With the weights in force.
    """
    known = [(anchor, whole_weights(anchor)) for anchor in anchors]
    pillars = list(base.pillar_weights)
    like = next((anchor for anchor, its in known if its.pillar == whole.pillar), None)
    texts = given_weights(like)["pillars"] if like is not None else [f"{parts}/{10**9}" for parts in whole.pillar]
    pillar_weights = dict(zip(pillars, map(Fraction, texts), strict=True))
    weights = [Fraction(parts, 10**9) for parts in whole.inner]
    for pillar in pillars:
        places = places_of(base, pillar)
        for anchor, its in known:
            if all(its.inner[k] == whole.inner[k] for k in places):
                for k in places:
                    weights[k] = anchor.criteria[k].weight
                break
    criteria = tuple(dataclasses.replace(c, weight=w) for c, w in zip(base.criteria, weights, strict=True))
    return dataclasses.replace(base, criteria=criteria, pillar_weights=pillar_weights, **names)


def decimal_texts(values: Sequence[Fraction]) -> list[str]:
    """Write weights as plain decimals; in whole numbers of the same proportion where a decimal would not end."""
    texts = [_decimal(value) for value in values]
    if all(text is not None for text in texts):
        return [str(text) for text in texts]
    common = math.lcm(*(value.denominator for value in values))
    return [str(int(value * common)) for value in values]


def _decimal(value: Fraction) -> str | None:
    for places in range(13):
        whole = value * 10**places
        if whole.denominator == 1:
            digits = f"{whole.numerator:0{places + 1}d}"
            return f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return None
