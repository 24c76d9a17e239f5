"""Lay out the cells of a notebook as one page: masthead, contents list, sections."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bs4 import BeautifulSoup
from bs4.element import Comment, Tag

from lsb_nb.i18n import _
from lsb_nb.report.clean import clean, write
from lsb_nb.report.tidy import tidy

_MARKS = re.compile(r"<!--section (\d+)-->")
_LONG = 20
_NUMERAL = re.compile(r"([一二三四五六七八九十]+)、")


@dataclass(frozen=True)
class Section:
    """One section of the page: the id its heading has, the heading's text, its HTML."""

    key: str
    title: str
    html: str
    starts_page: bool


@dataclass
class Page:
    """What one export gathers while its cells are rendered."""

    hidden: Sequence[str] = ()
    masthead: str = ""
    title: str = ""
    demo: str = ""
    headings: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    """Inline scripts of our own, which `policy` allows by their hashes. What a cell brings along never gets in."""
    styles: list[str] = field(default_factory=list)

    def hide(self, text: str) -> str:
        """Shorten the machine's own paths in a text to their last part."""
        for path in self.hidden:
            if path in text:
                parts = re.split(re.escape(path) + r"(?![\w.-])", text)
                text = Path(path).name.join(parts)
        return text

    def output(self, html: str) -> str:
        """Clean a cell's HTML output; a masthead in it is lifted out of the flow."""
        soup = self._clean(html)
        mast = soup.select_one("header.mast")
        if mast is not None:
            mast.extract()
            self._take_masthead(mast)
        self.notes += tidy(soup)
        # what a cell marks as a remark is told to the analyst too
        self.notes += [element.get_text(" ", strip=True) for element in soup.select(".remark")]
        return self._split(soup, [])

    def prose(self, html: str, source: str) -> str:
        """Clean a markdown cell; its headings of level 1 and 2 start sections.

        Parameters
        ----------
        html : str
            The rendered cell.
        source : str
            The cell as written, before translation: the numerals in its headings name the sections.
        """
        soup = self._clean(html)
        first = soup.find("h1")
        if isinstance(first, Tag) and not self.masthead:
            first.extract()
            mast = BeautifulSoup('<header class="mast"></header>', "html.parser")
            assert mast.header is not None
            mast.header.append(first)
            self._take_masthead(mast.header)
        for heading in soup.find_all("h1"):
            heading.name = "h2"
        self.notes += tidy(soup)
        return self._split(soup, re.findall(r"^##?\s+(.+?)\s*#*$", source, re.MULTILINE))

    def picture(self, data: str, kind: str, alt: str, width: object) -> str:
        """Give an image output as a figure; `alt` may be empty, which leaves a note for the analyst."""
        soup = BeautifulSoup('<figure class="fig"><img></figure>', "html.parser")
        image = soup.img
        assert image is not None
        image["src"] = f"data:{kind};base64," + "".join(data.split())
        if alt:
            image["alt"] = self.hide(alt)
        if isinstance(width, int | float):
            image["width"] = str(round(width))
        self.notes += tidy(soup)
        return write(soup)

    def sections(self, html: str) -> list[Section]:
        """Cut the rendered cells where a heading starts a section; what stands before the first has an empty key."""
        parts = _MARKS.split(html)
        cut = [("", "", parts[0])] if parts[0].strip() else []
        cut += [(*self.headings[int(n)], part) for n, part in zip(parts[1::2], parts[2::2], strict=True)]
        return [Section(key, title, part, _fills_a_page(part)) for key, title, part in cut]

    def _clean(self, html: str) -> BeautifulSoup:
        def lost(address: str) -> None:
            shown = address if len(address) <= 60 else address[:57] + "…"
            self.notes.append(
                _("图片“{address}”不在本机或不能嵌入，报告中只留文字说明。").format(address=self.hide(shown))
            )

        return clean(html, hide=self.hide, note=lost)

    def _take_masthead(self, mast: Tag) -> None:
        heading = mast.find("h1")
        self.title = heading.get_text(" ", strip=True) if isinstance(heading, Tag) else ""
        demo = mast.select_one(".demo")
        self.demo = write(demo) if demo is not None else ""
        self.masthead = write(mast)

    def _split(self, soup: BeautifulSoup, written: list[str]) -> str:
        """Write the tree with a mark before each heading of level 2 that stands on the page's own level."""
        headings = [node for node in soup.contents if isinstance(node, Tag) and node.name == "h2"]
        known = written if len(written) == len(headings) else [heading.get_text() for heading in headings]
        for heading, line in zip(headings, known, strict=True):
            numeral = _NUMERAL.match(line.strip())
            key = f"s{numeral[1]}" if numeral else f"s{len(self.headings) + 1}"
            while key in {taken for taken, _title in self.headings}:
                key += "-"
            heading.attrs.pop("id", None)
            heading.insert_before(Comment(f"section {len(self.headings)}"))
            self.headings.append((key, heading.get_text(" ", strip=True)))
        return write(soup)


def policy(scripts: Iterable[str]) -> str:
    """Give the Content-Security-Policy of a page: nothing is fetched, and only these inline scripts run.

    Parameters
    ----------
    scripts : iterable of str
        The exact text between ``<script>`` and ``</script>``.
    """
    hashes = [
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" for script in scripts
    ] or ["'none'"]
    return (
        "default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'; "
        f"script-src {' '.join(hashes)}; base-uri 'none'; form-action 'none'"
    )


def _fills_a_page(html: str) -> bool:
    """Tell whether a section starts a printed page: a long ranking or heatmap wants a whole one."""
    if re.search(r'class="(?:[^"]* )?pb[ "]', html):
        return True
    tables = re.findall(r'<table class="(?:[^"]* )?(?:rank|hm)[ "].*?</table>', html, re.DOTALL)
    return any(table.count("<tr") >= _LONG for table in tables)
