"""Find what the parser does not tell: error values, formulas without a stored value, numbers shown as percentages.

Runs in the contained child beside `guard`; standard library only. Works on the XML that `guard` has let through.
"""

from __future__ import annotations

import guard  # type: ignore[import-not-found]

# `re` is imported, and patterns are compiled, when first needed: most files need none, and it costs as much as ten.
_ROOT = rb"<((?:[\w.-]+:)?)worksheet\b"
_REF = rb"\br\s*=\s*[\"']([A-Za-z]+)(\d+)"
_VALUE = rb"<(?:\w+:)?v[^>/]*>([^<]+)"
_SHEET_ID = rb"<(?:\w+:)?sheet\b[^>]*?\s(?:\w+:)?id\s*=\s*[\"']([^\"']+)"
_RELATION = rb"<(?:\w+:)?Relationship\b[^>]*>"
_ATTRIBUTE = rb"\s(Id|Target)\s*=\s*[\"']([^\"']+)"
_XF = rb"<(?:\w+:)?xf\b[^>]*?\bnumFmtId\s*=\s*[\"'](\d+)"
_FORMAT = rb"<(?:\w+:)?numFmt\b[^>]*>"
_STYLE = rb"\bs\s*=\s*[\"'](\d+)"
_PERCENT_BUILT_IN = {b"9", b"10"}

_OTHER_SHEETS = ("xl/chartsheets/", "xl/dialogsheets/", "xl/macrosheets/")

Found = list[tuple[int, int, str, str]]


def odd_cells(parts: dict[str, bytes]) -> dict[int, Found]:
    """Find the odd cells of a workbook.

    Returns
    -------
    dict of int to list
        Index of the sheet in workbook order -> (row, column, kind, text), counted from 0. Kind is ``error`` (text: the
        error value), ``formula`` (no stored value) or ``percent`` (text: the stored number).
    """
    percent = _percent_styles(parts.get("xl/styles.xml", b""))
    found = {
        name: cells
        for name, content in parts.items()
        if name not in guard.KEPT and (cells := _odd_in(content, percent))
    }
    return {index: found[name] for index, name in enumerate(sheet_parts(parts)) if name in found}


def sheet_parts(parts: dict[str, bytes]) -> list[str]:
    """List the part of each sheet, in workbook order; refuse a sheet whose part is no sheet, lest it read as empty."""
    relations = _usual_tags(parts.get("xl/_rels/workbook.xml.rels", b""), b"Relationship")
    sheets = _usual_tags(parts.get("xl/workbook.xml", b""), b"sheet")
    if relations is None or sheets is None or not all(b"r:id" in sheet for sheet in sheets):
        import re

        elements = re.findall(_RELATION, parts.get("xl/_rels/workbook.xml.rels", b""))
        relations = [dict(re.findall(_ATTRIBUTE, element)) for element in elements]
        identities = re.findall(_SHEET_ID, parts.get("xl/workbook.xml", b""))
    else:
        identities = [sheet[b"r:id"] for sheet in sheets]
    targets = {
        relation.get(b"Id"): relation.get(b"Target", b"").decode("utf-8", "replace").lstrip("/").lower()
        for relation in relations
    }
    names = []
    for identity in identities:
        target = targets.get(identity, "")
        names.append(target if target.startswith("xl/") else "xl/" + target)
        if (names[-1] in guard.KEPT or names[-1] not in parts) and not names[-1].startswith(_OTHER_SHEETS):
            raise guard.Refused("damaged", names[-1])
    return names


def _usual_tags(xml: bytes, name: bytes) -> list[dict[bytes, bytes]] | None:
    """Read the attributes of all tags of a name without `re`; None where one is not written in the usual way."""
    pieces = xml.split(b"<" + name + b" ")[1:]
    if b":" + name in xml or xml.count(b"<" + name) != len(pieces) + xml.count(b"<" + name + b"s"):
        return None
    found = []
    for piece in pieces:
        tag = piece.partition(b">")[0].rstrip(b"/ ")
        fields = tag.split(b'"')
        names = [field.removesuffix(b"=").lstrip(b" ") for field in fields[:-1:2]]
        # each name is followed by = and its value in double quotes, and nothing stands after the last of them
        if fields[-1] or b"'" in tag or not all(field.endswith(b"=") for field in fields[:-1:2]):
            return None
        if not all(each.replace(b":", b"").isalnum() for each in names) or len(set(names)) < len(names):
            return None
        found.append(dict(zip(names, fields[1::2], strict=True)))
    return found


def counts_from_1904(parts: dict[str, bytes]) -> bool:
    """Say whether a workbook counts days from 1904."""
    workbook = parts.get("xl/workbook.xml", b"")
    if b"date1904" not in workbook:
        return False
    import re

    return re.search(rb"\bdate1904\s*=\s*[\"'](?:1|true|on)[\"']", workbook) is not None


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _percent_styles(styles: bytes) -> set[bytes]:
    """List the cell styles that show a number as a percentage."""
    if b"%" not in styles and b'"9"' not in styles and b'"10"' not in styles:
        return set()
    import re

    formats = set(_PERCENT_BUILT_IN)
    for element in re.findall(_FORMAT, styles):
        identity = re.search(rb"numFmtId\s*=\s*[\"'](\d+)", element)
        if identity and b"%" in element:
            formats.add(identity[1])
    start = styles.find(b"cellXfs")
    cells = styles[start : styles.find(b"cellXfs", start + 1)] if start >= 0 else b""
    return {b"%d" % index for index, identity in enumerate(re.findall(_XF, cells)) if identity in formats}


def _odd_in(content: bytes, percent: set[bytes]) -> Found:
    start, stop = content.find(b"sheetData"), content.rfind(b"sheetData")
    # One rare letter tells sooner than the tag itself, whose first character is everywhere.
    failures = b't="e"' in content or (b"'" in content and b"t='e'" in content)
    if content.find(b"f", start, stop) < 0 and not failures and not percent:
        return []
    import re

    root = re.search(_ROOT, content[:4096])
    prefix = root[1] if root else b""
    formula, stored, errors = b"<" + prefix + b"f", b"<" + prefix + b"v", (b't="e"', b"t='e'")
    numbers = (b't="n"', b"t='n'")
    found = []
    for piece in content.split(b"<" + prefix + b"c ")[1:]:
        head, _sign, rest = piece.partition(b">")
        failed = errors[0] in head or errors[1] in head
        computed = formula in rest
        if not failed and not computed and not percent:
            continue
        body = rest.partition(b"</" + prefix + b"c>")[0]
        at = re.search(_REF, b" " + head)
        if at is None or head.endswith(b"/"):
            continue
        value = re.search(_VALUE, body)
        text = value[1].decode("utf-8", "replace") if value else ""
        kind = ""
        if failed:
            kind, text = "error", text or "#VALUE!"
        elif formula in body and not value and not (b'"str"' in head and stored in body):
            # A stored empty text is a value: the formula has been computed and says nothing.
            kind = "formula"
        elif (
            percent
            and value
            and (b" t=" not in head or numbers[0] in head or numbers[1] in head)
            and (style := re.search(_STYLE, b" " + head))
            and style[1] in percent
        ):
            kind = "percent"
        if kind:
            found.append((int(at[2][:7]) - 1, guard.column_number(at[1]) - 1, kind, text))
    return found
