"""`jupyter nbconvert --to lsb_report`: a finished notebook becomes the report, one HTML file that fetches nothing."""

from __future__ import annotations

import base64
import copy
import datetime as dt
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from jinja2 import pass_context
from nbconvert.exporters.html import HTMLExporter
from nbconvert.filters import strip_ansi
from traitlets import List, Unicode, default
from traitlets.config import Config

import lsb_nb
from lsb_nb.i18n import _, language
from lsb_nb.numbers import date_words
from lsb_nb.report import island
from lsb_nb.report.annexes import keep_annexes
from lsb_nb.report.fonts import font_faces, missing_characters
from lsb_nb.report.page import Page, policy

PRIORITY = (island.MIME, "text/html", "text/markdown", "image/svg+xml", "image/png", "image/jpeg", "text/plain")
"""Which form of an output is printed: the first it has. A live widget comes as an island."""

TEMPLATES = Path(__file__).parent / "templates"
STYLES = ("tokens.css", "report.css", "tables.css", "narrow.css", "print.css")
# cells without a class and notes are never bold: they hold most of the characters
_LIGHT = re.compile(r'<td>(?:(?!<b>|<strong>|<th|</td>).)*</td>|<p class="(?:note|sub)">[^<]*</p>', re.DOTALL)
# what a plotting call leaves behind as its value says nothing to a reader, and an address in memory differs each time
_LEFTOVER = re.compile(r"[\[({]*<[\w.]+[ :>].*|Text\(.*|.* at 0x[0-9A-Fa-f]+>.*", re.DOTALL)


class ReportExporter(HTMLExporter):
    """Export a notebook as the report: no code, no prompts, masthead, contents list, sections, embedded fonts.

    After an export, `notes` holds the sentences for the analyst (pictures without words and the like).
    """

    export_from_notebook = "LSB report"
    hidden_paths = List(Unicode(), help="Folders whose path must not appear in the report.").tag(config=True)

    def __init__(self, config: Config | None = None, **options: Any) -> None:
        super().__init__(config=config, **options)
        self.exclude_anchor_links = True
        self.embed_images = True
        self.page = Page()

    @default("template_name")
    def _template_name_default(self) -> str:
        return "lsb_report"

    @default("extra_template_basedirs")
    def _default_extra_template_basedirs(self) -> list[str]:
        return [str(TEMPLATES)]

    @property
    def default_config(self) -> Config:
        """The exporter's settings: what a cell shows, in this order, and nothing of its code."""
        config: Config = super().default_config
        config.merge(
            Config(
                {
                    "NbConvertBase": {"display_data_priority": list(PRIORITY)},
                    "TemplateExporter": {"exclude_input": True, "exclude_input_prompt": True},
                    "TagRemovePreprocessor": {
                        "remove_cell_tags": ["remove_cell"],
                        "remove_all_outputs_tags": ["remove_output"],
                    },
                    "HighlightMagicsPreprocessor": {"enabled": False},
                }
            )
        )
        return config

    @property
    def notes(self) -> list[str]:
        """Sentences for the analyst about the last export, each once."""
        return list(dict.fromkeys(self.page.notes))

    def default_filters(self) -> Iterator[tuple[str, Any]]:
        """Add the filters that the template uses."""
        yield from super().default_filters()
        yield "report_prose", self._prose
        yield "report_html", lambda html: self.page.output(html)
        yield "report_text", self._text
        yield "report_picture", self._picture
        yield "report_island", self._island
        yield "report_page", self._finish

    def from_notebook_node(  # type: ignore[override]
        self, nb: Any, resources: dict[str, Any] | None = None, **options: Any
    ) -> tuple[str, dict[str, Any]]:
        """Convert an executed notebook, without the annexes that its parameters do not switch on.

        Returns
        -------
        html : str
            The page.
        resources : dict
            As every exporter gives.
        """
        self.page = Page(hidden=_spellings([*self.hidden_paths, os.getcwd(), *_own_folders()]))
        nb = copy.copy(nb)
        keep_annexes(nb)
        self._has_masthead = 'class="mast"' in "".join(_html_outputs(nb))
        resources = self._init_resources(resources)
        # HTMLExporter would parse the whole page once more, to describe pictures: done already, with better words
        html, resources = super(HTMLExporter, self).from_notebook_node(nb, resources, **options)
        return html, resources

    @pass_context
    def _prose(self, context: Any, source: str) -> str:
        if self._has_masthead and re.match(r"\s*#\s", source):
            return ""  # the workbook's own cover: the masthead is the report's
        return self.page.prose(self.markdown2html(context, _(source)), source)

    def _text(self, text: str) -> str:
        shown = self.page.hide(strip_ansi(text)).strip("\n")
        if not shown.strip() or _LEFTOVER.fullmatch(shown.strip()):
            return ""
        return self.page.output(f"<pre tabindex=0>{_escape(shown)}</pre>")

    def _picture(self, output: Any, kind: str, cell: Any) -> str:
        data = output.data[kind]
        if kind == "image/svg+xml":
            data = base64.b64encode(data.encode()).decode("ascii")
        details = output.get("metadata", {}).get(kind, {})
        alt = details.get("alt") or output.get("metadata", {}).get("alt") or cell.get("metadata", {}).get("alt") or ""
        return self.page.picture(data, kind, str(alt), details.get("width"))

    def _island(self, bundle: Any) -> str:
        for part, have in ((island.island_script(), self.page.scripts), (island.island_style(), self.page.styles)):
            if part not in have:
                have.append(part)
        return island.island_html(bundle)

    def _finish(self, cells: str) -> dict[str, Any]:
        """Give the template what it needs beyond the cells."""
        page = self.page
        sections = page.sections(cells)
        now = dt.datetime.now()
        generated = _("lsb_nb {version}，{date} {time} 生成").format(
            version=lsb_nb.__version__, date=date_words(now.date()), time=f"{now:%H:%M}"
        )
        words = {
            "contents": _("目录"),
            "skip": _("跳到正文"),
            "title": page.title or _("分析报告"),
            "generated": generated,
            "swipe": _("左右滑动查看 →"),
        }
        text = "".join((page.masthead, cells, *page.scripts, *words.values()))
        lacking = missing_characters(re.sub(r"data:[\w/+]+;base64,[^\"]*", "", text))
        if lacking:
            words["lacking"] = _("报告字体缺少这些字，由阅读者的电脑显示：{characters}").format(
                characters=" ".join(lacking)
            )
            page.notes.append(words["lacking"])
        return {
            "language": "zh-CN" if language() == "zh" else language(),
            "version": lsb_nb.__version__,
            "policy": policy(page.scripts),
            "scripts": page.scripts,
            "style": "\n".join(
                [*((TEMPLATES / "lsb_report" / name).read_text(encoding="utf-8") for name in STYLES), *page.styles]
            ),
            "fonts": font_faces(text, bold=_LIGHT.sub("", text)),
            "masthead": page.masthead,
            "demo": page.demo,
            "sections": sections,
            "words": words,
        }


def _html_outputs(nb: Any) -> Iterator[str]:
    for cell in nb.cells:
        for output in cell.get("outputs", ()):
            yield str(output.get("data", {}).get("text/html", ""))


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _own_folders() -> list[str]:
    return [str(Path.home()), sys.prefix, tempfile.gettempdir(), str(Path(lsb_nb.__file__).parents[1])]


def _spellings(paths: Iterable[str]) -> Sequence[str]:
    """List paths as they may be printed, longest first: plain, resolved, with slashes, with doubled backslashes."""
    found = set()
    for path in paths:
        for each in {Path(path), Path(path).resolve()}:
            if len(each.parts) > 1:
                found |= {str(each), each.as_posix(), str(each).replace("\\", "\\\\")}
    return sorted(found, key=len, reverse=True)
