"""Finished HTML that a notebook shows as it is. Whoever makes one has escaped every text that came from a file."""

from __future__ import annotations

from html import escape

WIDE, READABLE = 480, 0.8
"""A figure wider than so many pixels shrinks on a phone to this share at most and scrolls in its box beyond."""


class Markup(str):
    """A string of HTML that Jupyter displays as HTML."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return str(self)

    def __add__(self, other: str) -> Markup:
        """Join two pieces of HTML."""
        return Markup(str.__add__(self, other))


def text(value: object) -> str:
    """Escape a value for HTML; None and NaN become a dash."""
    missing = value is None or value != value
    return "—" if missing else escape(str(value), quote=True)
