"""Islands: a notebook's widget lives on in the exported page, without a kernel, without a single request.

A widget's output carries a seed as JSON (`MIME`). The exporter turns it into a block of HTML (`island_html`) and adds
one script (`island_script`) and one style (`island_style`) to the page. The script is the widget's own module made
into a plain script: a page under a strict policy loads no module, but runs an inline script whose hash it knows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

MIME = "application/vnd.lsb.island+json"
SEED_CLASS = "lsb-island-seed"
_WIDGETS = Path(__file__).parents[1] / "widgets"

# The little of a widget's model that a page without a kernel needs.
_SHIM = """
const lsbModel = (seed) => {
  const values = { seed, state: {}, request: {}, reply: {}, kernel: false };
  const heard = {};
  return {
    get: (name) => values[name],
    set(name, value) {
      values[name] = value;
      for (const call of heard["change:" + name] || []) call();
    },
    save_changes() {},
    send() {},
    on(event, call) {
      (heard[event] = heard[event] || []).push(call);
    },
    off(event, call) {
      heard[event] = (heard[event] || []).filter((each) => each !== call);
    },
  };
};
const lsbStart = () => {
  for (const node of document.querySelectorAll("script.lsb-island-seed")) {
    const host = node.parentNode;
    const place = document.createElement("div");
    try {
      host.insertBefore(place, host.firstChild);
      lsbWidget.render({ model: lsbModel(JSON.parse(node.textContent)), el: place });
      for (const table of host.querySelectorAll(".lsb-static")) table.remove();
      host.classList.add("live");
    } catch (error) {
      place.remove(); // the static table stays
      console.error(error);
    }
  }
  lsbAside();
};
// A live island takes the room of the contents list too; the list gives way while one is beside it.
const lsbAside = () => {
  const list = document.querySelector(".toc");
  const islands = document.querySelectorAll(".lsb-island.live");
  if (!list || !islands.length) return;
  const look = () => {
    const { top, bottom } = list.getBoundingClientRect();
    const met = (box) => box.top < bottom && box.bottom > top;
    list.classList.toggle("away", Array.from(islands).some((each) => met(each.getBoundingClientRect())));
  };
  for (const event of ["scroll", "resize"]) window.addEventListener(event, look, { passive: true });
  look();
};
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", lsbStart);
else lsbStart();
"""


def island_script(widget: str = "explorer") -> str:
    """Give the page's script: the widget's module, a model without a kernel, and what starts every island.

    Returns
    -------
    str
        What stands between ``<script>`` and ``</script>``; the page's policy names its SHA-256.

    Raises
    ------
    ValueError
        If the module imports something, or would end the script element.
    """
    module = (_WIDGETS / f"{widget}.mjs").read_text(encoding="utf-8")
    if re.search(r"^\s*import\b|\bimport\s*\(", module, re.MULTILINE):
        raise ValueError(f"{widget}.mjs must not import anything.")
    plain, count = re.subn(r"^export default ", "const lsbWidget = ", module, flags=re.MULTILINE)
    plain = re.sub(r"^export (?=(?:async )?(?:const|let|function|class)\b)", "", plain, flags=re.MULTILINE)
    if count != 1 or re.search(r"^\s*export\b", plain, re.MULTILINE):
        raise ValueError(f"{widget}.mjs must have one default export and only plain named ones.")
    script = f'(() => {{\n"use strict";\n{plain}{_SHIM}}})();'
    if re.search(r"</script|<!--", script, re.IGNORECASE):
        raise ValueError(f"{widget}.mjs must not hold the end of a script element.")
    return script


def island_style(widget: str = "explorer") -> str:
    """Give the style that the page needs for its islands."""
    return (_WIDGETS / f"{widget}.css").read_text(encoding="utf-8")


def island_json(value: Any) -> str:
    """Write JSON for a script element: nothing in it can end the element or start another."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def static_html(bundle: Mapping[str, Any]) -> str:
    """Give the table that stands where no script runs: printing, Word, readers with scripts off."""
    table = bundle["table"]
    head = "".join(f'<th scope="col">{escape(str(text))}</th>' for text in table["head"])
    rows = "".join(
        "<tr>"
        + "".join(
            f'<th scope="row"><bdi>{escape(str(text))}</bdi></th>' if i == 1 else f"<td>{escape(str(text))}</td>"
            for i, text in enumerate(row)
        )
        + "</tr>"
        for row in table["rows"]
    )
    caption = escape(str(table["caption"]))
    return (
        f'<table class="lsb-static"><caption>{caption}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def island_html(bundle: Mapping[str, Any]) -> str:
    """Give the block of HTML of one island: the static table, and the seed as data that no browser runs.

    Parameters
    ----------
    bundle : mapping
        The `MIME` data of a notebook's output. It may come from a stranger's notebook: it is data and stays data.
    """
    seed = island_json(bundle["seed"])
    return (
        f'<div class="lsb-island">{static_html(bundle)}'
        f'<script type="application/json" class="{SEED_CLASS}">{seed}</script></div>'
    )
