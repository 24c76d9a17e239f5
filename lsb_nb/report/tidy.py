"""Give an analyst's own tables and pictures the manners of the report: aligned, scrolling in their box, described."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup
from bs4.element import Tag

from lsb_nb.i18n import _
from lsb_nb.markup import READABLE, WIDE

_NUMBER = re.compile(r"[+\-−]?(?:\d[\d,]*)?\.?\d+(?:[eE][+-]?\d+)?%?|—|NaN|NaT|<NA>|None|")
_SHAPE = re.compile(r"(\d+) rows × (\d+) columns")


def tidy(soup: BeautifulSoup) -> list[str]:
    """Change a cleaned tree in place.

    Returns
    -------
    list of str
        What the analyst should mend, one sentence each.
    """
    for table in soup.find_all("table"):
        if table.find_parent(class_=["fig", "scroll"]) is None and table.find_parent("table") is None:
            _align(table)
            table.wrap(soup.new_tag("div", attrs={"class": "scroll"}))
    for line in soup.find_all("p", string=_SHAPE):
        rows, columns = _SHAPE.findall(line.get_text())[0]
        line.string = _("共 {rows} 行、{columns} 列，表中为首尾部分。").format(rows=rows, columns=columns)
        line["class"] = "note"
    notes = [note for image in soup.find_all("img") if (note := _describe(image))]
    for image in soup.find_all("img"):
        _keep_readable(soup, image)
    for box in soup.select(".scroll, .fig"):
        if "scroll" not in box.get_attribute_list("class") and box.select_one("table th:nth-child(5)") is None:
            continue  # nothing in it that a narrow window would cut
        box["tabindex"] = "0"
        if box.name == "div":
            box["role"] = "region"
            box["aria-label"] = _nearest_heading(box) or _("可左右滑动的表或图")
    return notes


def _align(table: Tag) -> None:
    """Align the columns of numbers right, heads included. Tables of our own say so themselves."""
    if "dataframe" not in table.get_attribute_list("class"):
        return
    table.attrs.pop("border", None)
    for row in table.find_all("tr"):
        row.attrs.pop("style", None)
    rows = [row.find_all(["td", "th"], recursive=False) for row in table.select("tbody > tr")]
    width = max(map(len, rows), default=0)
    columns = list(zip(*(row for row in rows if len(row) == width), strict=True))
    heads = [row.find_all("th", recursive=False) for row in table.select("thead > tr")]
    for index, column in enumerate(columns):
        cells = [cell for cell in column if cell.name == "td"]
        if cells and all(_NUMBER.fullmatch(cell.get_text(strip=True)) for cell in cells):
            for cell in [*cells, *(head[index] for head in heads if len(head) == width)]:
                cell["class"] = "n"


def _describe(image: Tag) -> str | None:
    """Make sure that a picture has words; say so when none could be found."""
    if str(image.get("alt", "")).strip():
        return None
    figure = image.find_parent("figure")
    heading = figure.find(["h3", "h4", "figcaption"]) if figure is not None else None
    image["alt"] = heading.get_text(" ", strip=True) if isinstance(heading, Tag) else _("图")
    return None if heading is not None else _("有一张图没有文字说明，读屏软件只会读作“图”。")


def _keep_readable(soup: BeautifulSoup, image: Tag) -> None:
    """On a phone a wide picture scrolls in its box instead of shrinking until its text cannot be read."""
    width = str(image.get("width", ""))
    if width.isdigit() and int(width) > WIDE:
        image["style"] = f"min-width:{round(int(width) * READABLE)}px"
        if image.find_parent(class_="scroll") is None:
            image.wrap(soup.new_tag("div", attrs={"class": "scroll"}))


def _nearest_heading(box: Tag) -> str:
    heading = box.find_previous(["h2", "h3", "h4"])
    return heading.get_text(" ", strip=True) if heading is not None else ""
