"""Cleaning keeps what may be published and nothing that runs or is fetched."""

from __future__ import annotations

import re
import warnings

import pytest
from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning
from hypothesis import given
from hypothesis import strategies as st

from lsb_nb.report.clean import KEEP, clean, write

ATTRIBUTE = re.compile(r"[\w-]+=\"[^\"]*\"")


def cleaned(html: str, lost: list[str] | None = None) -> str:
    return write(clean(html, hide=lambda text: text, note=(lost if lost is not None else []).append))


@pytest.mark.parametrize(
    ("html", "left"),
    [
        ("<p>甲<script>alert(1)</script>乙</p>", "<p>甲乙</p>"),
        ('<meta http-equiv="refresh" content="0;url=http://x.example"><b>甲</b>', "<b>甲</b>"),
        ('<base href="http://x.example"><b>甲</b>', "<b>甲</b>"),
        ('<link rel="stylesheet" href="http://x.example/a.css">甲', "甲"),
        ('<iframe src="http://x.example">内</iframe>甲', "甲"),
        ('<p onclick="alert(1)" class="sub">甲</p>', '<p class="sub">甲</p>'),
        ('<form action="http://x.example"><input>甲</form>', "甲"),
        ("<!-- 注 --><p>甲</p>", "<p>甲</p>"),
        ("<p>甲<p>乙</div></section>", "<p>甲<p>乙</p></p>"),
        ('<a href="javascript:alert(1)">甲</a>', "<a>甲</a>"),
        ('<a href="#s二">见二</a>', '<a href="#s二">见二</a>'),
        ('<a href="https://x.example">甲</a>', '<a href="https://x.example" rel="noopener noreferrer">甲</a>'),
        (
            '<img src="data:image/png;base64,AAAA" alt="图" onerror="x()">',
            '<img alt="图" src="data:image/png;base64,AAAA">',
        ),
        ('<img src="data:text/html;base64,AAAA" alt="图">', "图"),
        (
            '<svg><image href="http://x.example/a.png"></image><rect width="3"></rect></svg>',
            '<svg><rect width="3"></rect></svg>',
        ),
        ('<svg><use href="http://x.example/a.svg#b"></use></svg>', "<svg><use></use></svg>"),
        ('<rect fill="url(http://x.example/a)"></rect>', "<rect></rect>"),
        ('<p style="background:url(http://x.example/a.png)">甲</p>', '<p style="background:none">甲</p>'),
        ('<p style="background:u\\72l(//x.example)">甲</p>', '<p style="">甲</p>'),
        ('<p style="background:u\\rl(http://x.example)">甲</p>', '<p style="background:none">甲</p>'),
        ('<p style="color:red;background:x-fade(&quot;//x.example&quot;,1)">甲</p>', '<p style="color:red;">甲</p>'),
        (
            '<p style="background:url(data:image/png;base64,AA//AA==)">甲</p>',
            '<p style="background:url(data:image/png;base64,AA//AA==)">甲</p>',
        ),
        ("<style>@im\\port 'http://x.example/a.css';p{color:red}</style>", "<style>nonep{color:red}</style>"),
        ("<style>p{background:cross-fade('http://x.example',1)}</style>", "<style>p{background:none}</style>"),
        ("<style>@import 'http://x.example/a.css';p{color:red}</style>", "<style>nonep{color:red}</style>"),
        ("<svg><style><meta http-equiv=refresh></style></svg>", "<svg><style>meta http-equiv=refresh></style></svg>"),
        ("<style scoped>p{}</style>甲", "甲"),
        ("<title>甲</title>", "甲"),
        ("A &lt;img src=x onerror=alert(1)&gt; &amp;amp;", "A &lt;img src=x onerror=alert(1)&gt; &amp;amp;"),
    ],
)
def test_what_is_left(html: str, left: str) -> None:
    def ordered(text: str) -> str:
        def sort(match: re.Match[str]) -> str:
            return f"<{match[1]} {' '.join(sorted(ATTRIBUTE.findall(match[2])))}>"

        return re.sub(r"<(\w+)((?: [\w-]+=\"[^\"]*\")+)>", sort, text)

    assert ordered(cleaned(html)) == ordered(left)


def test_picture_from_elsewhere_becomes_words_and_is_told() -> None:
    lost: list[str] = []
    assert cleaned('<p>前<img src="http://x.example/a.png" alt="村口">后</p>', lost) == "<p>前村口后</p>"
    assert lost == ["http://x.example/a.png"]


def test_an_element_of_html_inside_svg_keeps_html_attributes_only() -> None:
    left = cleaned('<svg viewbox="0 0 1 1"><path d="M0 0" srcdoc="x"/><p srcdoc="<svg>" d="M0 0">甲</p></svg>')
    assert "srcdoc" not in left
    assert left.count('d="M0 0"') == 1
    assert "<p>甲</p>" in left


PIECES = st.sampled_from(
    ["<svg>", "</svg>", "<style>", "</style>", "<p ", ">", "<", "/", "<script>", "</script>", "<img src=", "http://x",
     "'", '"', " onload=", "<![CDATA[", "]]>", "<!--", "-->", "<textarea>", "<title>", "<math>", "<table>", "<a href=",
     "javascript:x", "<meta http-equiv=refresh>", "<noscript>", "甲", "&lt;", "<template>", "<iframe srcdoc="]
)  # fmt: skip


@given(st.lists(PIECES, max_size=14).map("".join))
def test_nothing_unknown_survives(html: str) -> None:
    left = cleaned(html)
    assert cleaned(left) == left or re.search(r"<style", left)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        again = BeautifulSoup(left, "html.parser")
    for tag in again.find_all(True):
        assert tag.name in KEEP
        assert not [name for name in tag.attrs if name.startswith("on") or name in ("srcdoc", "http-equiv")]
        for name in ("src", "href"):
            assert str(tag.get(name, "#")).startswith(("#", "data:image/", "http"))
    for style in re.findall(r"<style>(.*?)</style>", left, re.DOTALL):
        assert "<" not in style
