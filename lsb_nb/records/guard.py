"""Refuse a hostile or broken file before anything parses it.

Runs in the contained child, so it stands on the standard library only and is imported by its bare name there.
Every refusal is a code; `lsb_nb.records.refusals` words it.
"""

import re
import struct
import zlib

MAX_FILE = 64 * 2**20
"""Bytes of a file as stored."""
MAX_PARTS = 4096
"""Parts of a zip."""
MAX_PART = 64 * 2**20
"""Unpacked bytes of one part that is read."""
MAX_TOTAL = 256 * 2**20
"""Unpacked bytes of all parts together, as declared and as streamed."""
MAX_RATIO = 200
"""Unpacked to packed bytes, for parts above a mebibyte."""
MAX_DEPTH = 256
"""Nesting of XML elements."""
MAX_ROWS = 100_000
MAX_COLUMNS = 702
MAX_CELLS = 4_000_000
"""Rows × columns of the rectangle that holds every filled cell."""

_WINDOW = 16384
_ENCODING = re.compile(rb"encoding\s*=\s*[\"']([^\"']*)")
_LARGE = re.compile(rb'r="(?:[A-Za-z]{3}|[A-Za-z]{0,2}\d{5})')
_UNUSUAL = (b"r='", b"r =", b"r\n=", b"r\t=", b"r= ")
_FILLED = re.compile(rb"<(?:\w+:)?c\b[^>]*?\br\s*=\s*[\"']([A-Za-z]+)(\d+)[\"'][^>]*(?<!/)>")
_ROOT = re.compile(rb"<((?:[\w.-]+:)?)worksheet\b")
_REF = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]+)(\d+)")
_VALUE = re.compile(rb"<(?:\w+:)?v[^>/]*>([^<]+)")
_SHEET_ID = re.compile(rb"<(?:\w+:)?sheet\b[^>]*?\s(?:\w+:)?id\s*=\s*[\"']([^\"']+)")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_ATTRIBUTE = re.compile(rb"\s(Id|Target)\s*=\s*[\"']([^\"']+)")


class Refused(Exception):  # noqa: N818 - a verdict, not a fault of the program
    """The file must not be parsed; `code` says why, `detail` what was seen."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


def sniff(data: bytes) -> str:
    """Tell what the bytes are: ``zip``, ``ole``, ``text`` or ``binary``."""
    if data[:4] == b"PK\x03\x04":
        return "zip"
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return "ole"
    return "binary" if b"\x00" in data[:4096] else "text"


def check_zip(data: bytes) -> dict[str, bytes]:
    """Unpack what a reader of workbooks would read, refusing whatever could hurt it.

    Returns
    -------
    dict of str to bytes
        Part name -> content, for the worksheets, the workbook part and its relations.
    """
    entries = _entries(data)
    names = [name for name, *_rest in entries]
    lower = {name.lower() for name in names}
    if len(lower) != len(names):
        raise Refused("damaged", "duplicate part")
    if "encryptedpackage" in lower:
        raise Refused("encrypted")
    if "[content_types].xml" not in lower or not any(name.startswith("xl/") for name in lower):
        raise Refused("not_workbook")
    if "xl/workbook.bin" in lower:
        raise Refused("not_workbook", ".xlsb")
    if sum(size for _name, _method, _packed, size, _at in entries) > MAX_TOTAL:
        raise Refused("bomb")
    total = 0
    kept = {}
    for name, method, packed, size, at in entries:
        if size > 2**20 and size > MAX_RATIO * max(packed, 1):
            raise Refused("bomb", name)
        if name.startswith("xl/media/"):
            continue
        content = _unpack(data, method, packed, size, at, name)
        total += len(content)
        if total > MAX_TOTAL:
            raise Refused("bomb", name)
        if not name.endswith((".bin", ".png", ".jpeg", ".jpg", ".gif", ".emf", ".wmf")):
            check_xml(content, name)
            if b"<" in content[:4096] and b"sheetData" in content:
                check_cells(content, name)
                kept[name] = content
            elif name.startswith("xl/workbook.xml") or name.endswith("workbook.xml.rels"):
                kept[name] = content
    return kept


def _entries(data: bytes) -> list[tuple[str, int, int, int, int]]:
    """Read the central directory: name, method, packed size, size, offset of the local header."""
    end = data.rfind(b"PK\x05\x06")
    if end < 0 or end + 22 > len(data):
        raise Refused("damaged", "no directory")
    count, length, start = struct.unpack_from("<HLL", data, end + 10)
    if count > MAX_PARTS or start == 0xFFFFFFFF:
        raise Refused("parts", str(count))
    if start + length > end:
        raise Refused("damaged", "directory")
    found = []
    at = start
    for _index in range(count):
        if data[at : at + 4] != b"PK\x01\x02" or at + 46 > end:
            raise Refused("damaged", "directory")
        flags, method = struct.unpack_from("<HH", data, at + 8)
        packed, size, name_length, extra, comment = struct.unpack_from("<LLHHH", data, at + 20)
        offset = struct.unpack_from("<L", data, at + 42)[0]
        name = data[at + 46 : at + 46 + name_length].decode("utf-8", "replace").replace("\\", "/").lstrip("/")
        if flags & 1:
            raise Refused("encrypted")
        if method not in (0, 8):
            raise Refused("damaged", f"method {method}")
        if size == 0xFFFFFFFF or packed == 0xFFFFFFFF:
            raise Refused("bomb", name)
        found.append((name, method, packed, size, offset))
        at += 46 + name_length + extra + comment
    return found


def _unpack(data: bytes, method: int, packed: int, size: int, at: int, name: str) -> bytes:
    if size > MAX_PART:
        raise Refused("bomb", name)
    if data[at : at + 4] != b"PK\x03\x04":
        raise Refused("damaged", name)
    name_length, extra = struct.unpack_from("<HH", data, at + 26)
    start = at + 30 + name_length + extra
    raw = data[start : start + packed]
    if len(raw) < packed:
        raise Refused("damaged", name)
    if method == 0:
        if packed != size:
            raise Refused("damaged", name)
        return raw
    try:
        inflater = zlib.decompressobj(-15)
        content = inflater.decompress(raw, size + 1)
    except zlib.error:
        raise Refused("damaged", name) from None
    if len(content) > size:
        # More comes out than the directory declares: a bomb that hides its size.
        raise Refused("bomb", name)
    if len(content) < size or not inflater.eof:
        raise Refused("damaged", name)
    return content


def check_xml(content: bytes, name: str) -> None:
    """Refuse another encoding than UTF-8, a document type, and deep nesting."""
    head = content[:256]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in head:
        raise Refused("encoding", name)
    declared = (
        _ENCODING.search(head[: head.find(b"?>")]) if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<?xml") else None
    )
    if declared and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii"):
        raise Refused("encoding", name)
    if b"<!" in content and (b"<!DOCTYPE" in content or b"<!ENTITY" in content):
        raise Refused("dtd", name)
    depth = 0
    for start in range(0, len(content) - _WINDOW + 1, _WINDOW):
        stop = start + _WINDOW
        depth += content.count(b"<", start, stop)
        depth -= 2 * content.count(b"</", start, stop + 1) + content.count(b"/>", start, stop + 1)
        depth -= content.count(b"<?", start, stop + 1) + content.count(b"<!", start, stop + 1)
        if depth > MAX_DEPTH:
            raise Refused("deep", name)


def check_cells(content: bytes, name: str) -> None:
    """Refuse a sheet whose filled cells span too large a rectangle."""
    if not _LARGE.search(content) and not any(mark in content for mark in _UNUSUAL):
        return
    last_row = last_column = 0
    for letters, digits in _FILLED.findall(content):
        row, column = int(digits[:9]), column_number(letters)
        last_row, last_column = max(last_row, row), max(last_column, column)
        if row > MAX_ROWS or column > MAX_COLUMNS:
            raise Refused("far", (letters + digits).decode()[:20])
    if last_row * last_column > MAX_CELLS:
        raise Refused("cells", f"{last_row}×{last_column}")


def column_number(letters: bytes) -> int:
    """Read column letters, A = 1."""
    number = 0
    for letter in letters.upper()[:8]:
        number = number * 26 + letter - 64
    return number


def bad_cells(parts: dict[str, bytes]) -> dict[int, list[tuple[int, int, str]]]:
    """Find cells that hold an error value, or a formula without a stored value.

    Returns
    -------
    dict of int to list
        Index of the sheet in workbook order -> (row, column, the error value or ``""``), counted from 0.
    """
    found = {name: cells for name, content in parts.items() if (cells := _bad_in(content))}
    if not found:
        return {}
    workbook = next((content for name, content in parts.items() if name.endswith("workbook.xml")), b"")
    relations = next((content for name, content in parts.items() if name.endswith("workbook.xml.rels")), b"")
    targets = {}
    for element in _RELATION.findall(relations):
        attributes = dict(_ATTRIBUTE.findall(element))
        targets[attributes.get(b"Id")] = attributes.get(b"Target", b"").decode("utf-8", "replace").lstrip("/")
    order = {}
    for index, identity in enumerate(_SHEET_ID.findall(workbook)):
        target = targets.get(identity, "")
        order[target if target.startswith("xl/") else "xl/" + target] = index
    return {order[name]: cells for name, cells in found.items() if name in order}


def _bad_in(content: bytes) -> list[tuple[int, int, str]]:
    root = _ROOT.search(content[:4096])
    prefix = root[1] if root else b""
    formula, error = b"<" + prefix + b"f", (b't="e"', b"t='e'")
    if formula not in content and error[0] not in content and error[1] not in content:
        return []
    found = []
    for piece in content.split(b"<" + prefix + b"c ")[1:]:
        head, _sign, rest = piece.partition(b">")
        failed = error[0] in head or error[1] in head
        if not failed and formula not in rest:
            continue
        body = rest.partition(b"</" + prefix + b"c>")[0]
        at = _REF.search(b" " + head)
        value = _VALUE.search(body)
        if at is None or head.endswith(b"/") or (not failed and value):
            continue
        if not failed and b'"str"' in head and b"<" + prefix + b"v" in body:
            # A stored empty text: the formula has been computed and says nothing.
            continue
        text = value[1].decode("utf-8", "replace") if value else "#VALUE!" if failed else ""
        found.append((int(at[2][:7]) - 1, column_number(at[1]) - 1, text))
    return found
