"""Make HTML from a notebook safe to publish: known elements only, nothing that runs, nothing that is fetched.

The page's Content-Security-Policy already stops scripts and requests. Cleaning comes first, so that a report stays
quiet in viewers without such a policy (mail, Word) and a page never asks for what it may not have.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning
from bs4.dammit import EntitySubstitution
from bs4.element import NavigableString, PreformattedString, Stylesheet, Tag
from bs4.formatter import HTMLFormatter

_HTML = frozenset(
    """a abbr address article aside b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt
    em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li mark ol p pre q rp rt ruby s samp section
    small span strong style sub summary sup table tbody td tfoot th thead time tr u ul var wbr""".split()  # noqa: SIM905
)
SVG = frozenset(
    """svg g path rect circle ellipse line polyline polygon text tspan defs clippath lineargradient radialgradient stop
    use symbol marker pattern title desc mask""".split()  # noqa: SIM905 - easier to read
)
KEEP = _HTML | SVG
"""Elements that stay; `title` only inside an SVG. Any other is unwrapped: its text stays, the element goes."""

DROP = frozenset(
    """applet audio base canvas embed frame frameset iframe link math meta noembed noframes object param plaintext
    script source template textarea track video xmp""".split()  # noqa: SIM905 - easier to read
)
"""Elements that go with all they hold."""

ATTRIBUTES = frozenset(
    """align alt class colspan datetime dir headers height hidden href id lang open reversed role rowspan scope span
    src start style tabindex title type valign value width""".split()  # noqa: SIM905 - easier to read
)
_NEVER = {"srcdoc", "http-equiv"}
_ADDRESSES = {"href", "src", "xlink:href"}
_LINK = re.compile(r"(?:https?|mailto):", re.IGNORECASE)
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp|svg\+xml)[;,]", re.IGNORECASE)
_CSS_ESCAPE = re.compile(r"\\[0-9a-fA-F]{1,6}\s?|\\")
_CSS_COMMENT = re.compile(r"/\*.*?(?:\*/|$)", re.DOTALL)
_CSS_DATA = r"['\"]?(?:data:image/|#)[^()'\"\\;{}]*(?:;base64,[A-Za-z0-9+/=]*)?['\"]?\s*\)"
_CSS_FETCH = re.compile(
    rf"@(?:import|namespace|font-face|document)\b[^;{{}}]*;?|(?:url|image-set|cross-fade|image|src|element)\s*\("
    rf"(?!\s*{_CSS_DATA})[^)]*\)?",
    re.IGNORECASE,
)
_CSS_ADDRESS = re.compile(r"[^;{}]*(?:https?:|ftp:|file:|//)[^;{}]*", re.IGNORECASE)
_CSS_KEPT = re.compile(rf"url\s*\(\s*{_CSS_DATA}", re.IGNORECASE)
_WRITER = HTMLFormatter(entity_substitution=EntitySubstitution.substitute_xml, void_element_close_prefix="")


def clean(html: str, *, hide: Callable[[str], str], note: Callable[[str], None]) -> BeautifulSoup:
    """Parse a piece of HTML and keep what may be published.

    Parameters
    ----------
    html : str
        A fragment; it need not be well formed.
    hide : callable
        Gives a text without the machine's own paths; applied to every text and attribute.
    note : callable
        Told of each picture that had to go, by its address.

    Returns
    -------
    bs4.BeautifulSoup
        The tree; `write` gives its HTML, which is balanced.
    """
    with warnings.catch_warnings():
        # a cell may well print nothing but an address or a file name
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        soup = BeautifulSoup(html, "html.parser")
    for text in soup.find_all(string=True):
        if isinstance(text, Stylesheet):
            # a browser parses <style> inside <svg> as markup: without "<" there is none to parse
            text.replace_with(Stylesheet(_harmless_css(str(text)).replace("<", "")))
        elif isinstance(text, PreformattedString):
            text.extract()
        elif type(text) is NavigableString and (shown := hide(str(text))) != str(text):
            text.replace_with(shown)
    for tag in soup.find_all(True):
        if tag.decomposed:
            continue
        name = tag.name.lower()
        if name in DROP or (name == "style" and "scoped" in tag.attrs):
            tag.decompose()
        elif name not in KEEP or (name == "title" and tag.find_parent("svg") is None):
            tag.unwrap()
        elif name == "img" and not _PICTURE.match(str(tag.get("src", ""))):
            note(str(tag.get("src", "")))
            tag.replace_with(str(tag.get("alt", "")))
        else:
            _clean_attributes(tag, hide)
    return soup


def write(node: BeautifulSoup | Tag) -> str:
    """Give a tree as HTML text."""
    return node.decode(formatter=_WRITER)


def _clean_attributes(tag: Tag, hide: Callable[[str], str]) -> None:
    in_svg = tag.name == "svg" or (tag.name.lower() in SVG and tag.find_parent("svg") is not None)
    for name, value in list(tag.attrs.items()):
        key = name.lower()
        known = (
            key in ATTRIBUTES or key.startswith("aria-") or (in_svg and not key.startswith("on") and key not in _NEVER)
        )
        text = " ".join(value) if isinstance(value, list) else str(value)
        if not known or (key in _ADDRESSES and not _address_stays(tag, text, in_svg=in_svg)):
            del tag.attrs[name]
        elif key == "style" or (in_svg and "(" in text):
            tag[name] = _harmless_css(text)
        elif key not in _ADDRESSES and key != "class":
            tag[name] = hide(text)
    if tag.name == "a" and _LINK.match(str(tag.get("href", ""))):
        tag["rel"] = "noopener noreferrer"


def _address_stays(tag: Tag, address: str, *, in_svg: bool) -> bool:
    """Tell whether an address may stay: a place on the page, a picture it carries, or a link a reader may follow."""
    if address.startswith("#") or (tag.name == "img" and _PICTURE.match(address)):
        return True
    return tag.name == "a" and not in_svg and bool(_LINK.match(address))


def _harmless_css(css: str) -> str:
    """Take from a style what is fetched: escapes and comments first, for they spell an address past any pattern."""
    css = css.replace("\0", "")
    css = _CSS_FETCH.sub("none", _CSS_COMMENT.sub(" ", _CSS_ESCAPE.sub("", css)))
    kept = _CSS_KEPT.findall(css)
    parts = _CSS_KEPT.split(css)
    # a declaration with an address in it goes, whatever function would fetch it; pictures within the page stay
    held = "\0".join(parts)
    if _CSS_ADDRESS.search(held):
        held = _CSS_ADDRESS.sub(lambda found: "\0" * found[0].count("\0"), held)
    pieces = held.split("\0")
    return "".join(part + (kept[i] if i < len(kept) else "") for i, part in enumerate(pieces))
