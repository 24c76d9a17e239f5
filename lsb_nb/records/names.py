"""Match names of units, raters, criteria and groups: by spelling, alias and suffix, never by similarity."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from lsb_nb.i18n import _
from lsb_nb.text import key

SUFFIXES = (
    "村党总支", "村党支部", "社区党总支", "社区党支部", "社区党委", "社区居委会", "居委会", "村民委员会", "村委会",
    "行政村", "社区", "村",
)  # fmt: skip


@dataclasses.dataclass
class Roll:
    """The names of one kind that a quarter knows, in order.

    Attributes
    ----------
    what : str
        What they are called in messages: 单位, 评委, 指标, 评委组.
    names : list of str
        Canonical spellings.
    grows : bool
        Whether a name not listed is added (raters and groups of a workbook without a 评委 sheet).
    keys, forms, found, cells : dict
        Folded spelling -> index; unit form -> indexes; spelling searched before -> what was found; cell -> index.
    """

    what: str
    names: list[str] = dataclasses.field(default_factory=list)
    grows: bool = False
    keys: dict[str, int] = dataclasses.field(default_factory=dict)
    forms: dict[str, set[int]] = dataclasses.field(default_factory=dict)
    found: dict[str, int | tuple[str, str]] = dataclasses.field(default_factory=dict)
    cells: dict[object, int] = dataclasses.field(default_factory=dict)


def make_roll(what: str, names: Iterable[str] = (), *, grows: bool = False, suffixes: bool = False) -> Roll:
    """Make a roll of distinct names; with `suffixes` they match as units do."""
    roll = Roll(what, grows=grows)
    for name in names:
        add_name(roll, name, suffixes=suffixes)
    return roll


def add_name(roll: Roll, name: str, *, suffixes: bool = False) -> int:
    """Add a name unless its spelling is known; give its index."""
    index = roll.keys.setdefault(key(name), len(roll.names))
    if index == len(roll.names):
        roll.names.append(name)
        if suffixes:
            for form in unit_forms(key(name)):
                roll.forms.setdefault(form, set()).add(index)
    return index


def add_alias(roll: Roll, alias: str, index: int) -> int:
    """Let a spelling stand for a listed name; give the index it stands for, another one where it was taken."""
    return roll.keys.setdefault(key(alias), index)


def unit_forms(folded: str) -> set[str]:
    """Give a folded unit name as it stands and without its longest suffix."""
    fitting = [suffix for suffix in SUFFIXES if folded.endswith(suffix) and len(folded) > len(suffix)]
    longest = max(fitting, key=len, default="")
    return {folded, folded[: len(folded) - len(longest)]}


def find_name(roll: Roll, text: str) -> int | tuple[str, str]:
    """Find a name.

    Returns
    -------
    int or (str, str)
        The index in `roll.names`, or why there is none: reason and hint.
    """
    folded = key(text)
    if folded in roll.keys:
        return roll.keys[folded]
    if folded not in roll.found:
        roll.found[folded] = _search(roll, text, folded)
    return roll.found[folded]


def _search(roll: Roll, text: str, folded: str) -> int | tuple[str, str]:
    candidates = sorted(set().union(*(roll.forms.get(form, ()) for form in unit_forms(folded)))) if roll.forms else []
    if len(candidates) == 1:
        return candidates[0]
    if candidates:
        names = "、".join(roll.names[index] for index in candidates)
        return (
            _("“{name}”可以是 {names}，无法确定是哪一个").format(name=text, names=names),
            _("写全名称，或在“单位”表的“别名”列写明"),
        )
    if roll.grows:
        return add_name(roll, text)
    near = nearest(roll, folded)
    listed = "、".join(near or roll.names[:8]) + ("……" if not near and len(roll.names) > 8 else "")
    hint = (_("最接近的是：{names}；改正名称") if near else _("现有：{names}；改正名称")).format(names=listed)
    if roll.what == "单位":
        hint += _("，或在“单位”表的“别名”列加上这个写法")
    return _("没有“{name}”这个{what}").format(name=text, what=_(roll.what)), hint


class Spelling(NamedTuple):
    """How later quarters write names: sheet and folded name -> text; and their rolls of units, the latest first."""

    texts: dict[tuple[str, str], str]
    units: list[Roll]


def spell_names(name: str, texts: Sequence[str], spelling: Spelling) -> list[str]:
    """Write the names of one sheet as later quarters do, and remember those they do not have.

    Units are found there as everything finds them: by spelling, alias and suffix. Two units of one sheet are never
    made one: the name that is written alike keeps the later spelling, else neither takes it.
    """
    spelt = [spelling.texts.get((name, key(text)), text) for text in texts]
    if name == "units":
        own = {key(text) for text in spelt}
        found = [text if (name, key(text)) in spelling.texts else _later(text, spelling.units) for text in spelt]
        there = [key(text) for text in found]
        spelt = [
            new if there.count(key(new)) == 1 and (key(new) == key(old) or key(new) not in own) else old
            for old, new in zip(spelt, found, strict=True)
        ]
    for text in spelt:
        spelling.texts.setdefault((name, key(text)), text)
    return spelt


def _later(text: str, rolls: Sequence[Roll]) -> str:
    for roll in rolls:
        found = find_name(roll, text)
        if isinstance(found, int):
            return roll.names[found]
    return text


def nearest(roll: Roll, folded: str, most: int = 3) -> list[str]:
    """List the most similar known names, for a hint only."""
    close = difflib.get_close_matches(folded, list(roll.keys), n=most, cutoff=0.4)
    return list(dict.fromkeys(roll.names[roll.keys[name]] for name in close))
