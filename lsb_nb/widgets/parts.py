"""Pieces that both panels are made of: rows, buttons, sentences and a bar of progress."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets

from lsb_nb.markup import text
from lsb_nb.text import capital


def row_of(*children: Any) -> Any:
    """Set widgets side by side; they wrap where the window is narrow."""
    box = ipywidgets.HBox(children)
    box.add_class("lp-row")
    return box


def button(name: str, words: str, pressed: Callable[[], None], *, main: bool = False) -> Any:
    """Make a button that calls `pressed` without arguments; its class is ``lp-name``."""
    made = ipywidgets.Button(description=words)
    made.add_class(f"lp-{name}")
    if main:
        made.add_class("lp-main")
    made.on_click(lambda _button: pressed())
    return made


def labelled(name: str, kind: Callable[..., Any], words: str, **options: Any) -> Any:
    """Make a field with its label in words; its class is ``lp-name``."""
    made = kind(description=capital(words), style={"description_width": "auto"}, **options)
    made.add_class(f"lp-{name}")
    return made


def show_only(box: Any, shown: bool) -> None:
    """Show or hide a widget together with the place it takes."""
    box.layout.display = "" if shown else "none"


class Message(ipywidgets.HTML):
    """Sentences of plain text, read aloud when they change."""

    def say(self, sentences: str | Sequence[str] = "", css: str = "", *, before: str = "") -> None:
        """Show sentences, a paragraph each, `before` in plain ink ahead of them; nothing for none."""
        lines = [(line, css) for line in ([sentences] if isinstance(sentences, str) else sentences) if line]
        told = [*([(before, "lp-say")] if before else []), *lines]
        self.value = f'<div role="status">{"".join(f"<p class={name!r}>{text(line)}</p>" for line, name in told)}</div>'
        show_only(self, bool(told))


class Progress(ipywidgets.HBox):
    """A bar and what is being done in words."""

    def __init__(self) -> None:
        self.bar = ipywidgets.IntProgress(value=0, min=0, max=1)
        self.words = ipywidgets.HTML()
        super().__init__([self.bar, self.words])
        self.add_class("lp-row")
        show_only(self, False)

    def start(self, steps: int) -> None:
        """Begin a piece of work of so many steps."""
        self.bar.max, self.bar.value, self.words.value = max(steps, 1), 0, ""
        show_only(self, True)

    def step(self, words: str, done: int | None = None, steps: int | None = None) -> None:
        """Say what is being done; the bar moves by one, or to `done` of `steps`."""
        if steps is not None:
            self.bar.max = max(steps, 1)
        self.bar.value = min(self.bar.value + 1 if done is None else done, self.bar.max)
        self.words.value = text(words)

    def stop(self) -> None:
        """Take the bar away."""
        show_only(self, False)
