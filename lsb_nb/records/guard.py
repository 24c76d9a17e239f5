"""Refuse a hostile or broken file before anything parses it.

Runs in the contained child, so it stands on the standard library only and is imported by its bare name there.
Every refusal is a code; `lsb_nb.records.refusals` words it. `re` is imported where an unusual file needs it: importing
it takes as long as reading ten files.
"""

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
MAX_ROWS = 250_000
MAX_COLUMNS = 702
MAX_CELLS = 4_000_000
"""Rows × columns of the rectangle that holds every filled cell."""

KEPT = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml")
"""Parts besides the worksheets that are kept for `odd_cells`."""

_WINDOW = 65536
_WIDE = 0xFFFFFFFF
"""Stands for a number that is kept elsewhere, in 64 bits."""
_USUAL = b'<?xml version="1.0" encoding="UTF-8"'
_ENCODING = rb"encoding\s*=\s*[\"']([^\"']*)"
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_CLASSES = bytes.maketrans(_LETTERS + b"0123456789", b"A" * 52 + b"0" * 10)
"""Every letter to A and every digit to 0, so that one search tells whether any cell could lie far out."""
_TALL = 4 * 2**20
"""Bytes of a sheet from which one search for a far address is sooner done than the quick look at all its letters."""
_BEYOND = rb'"(?:[A-P](?:2[5-9]|[3-9]\d|\d{3})\d{4}|[A-P][A-Za-z]|[Q-Za-z][A-Za-z]*\d)'
"""Whatever may be an address outside A1 to P249999; a rectangle within has at most `MAX_CELLS` cells."""
_FILLED = rb"<(?:\w+:)?c\b[^>]*?\br\s*=\s*[\"']([A-Za-z]+)(\d+)[\"'][^>]*(?<!/)>"


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
        Part name in small letters, as the reader looks for it -> content, for the worksheets and the parts in `KEPT`.
    """
    entries = _entries(data)
    lower = {entry[0] for entry in entries}
    if len(lower) != len(entries):
        raise Refused("damaged", "duplicate part")
    if "encryptedpackage" in lower:
        raise Refused("encrypted")
    if "[content_types].xml" not in lower or not any(name.startswith("xl/") for name in lower):
        raise Refused("not_workbook")
    if "xl/workbook.bin" in lower:
        raise Refused("not_workbook", ".xlsb")
    if sum(entry[3] for entry in entries) > MAX_TOTAL:
        raise Refused("bomb")
    total = 0
    kept = {}
    for name, method, packed, size, at, crc, written in entries:
        if size > 2**20 and size > MAX_RATIO * max(packed, 1):
            raise Refused("bomb", name)
        if name.startswith("xl/media/"):
            continue
        content = _unpack(data, method, packed, size, at, name)
        length = len(written)
        if zlib.crc32(content) != crc or data[at + 26 : at + 28] + data[at + 30 : at + 30 + length] != (
            struct.pack("<H", length) + written
        ):
            # The reader stops at the end of the XML, before the checksum would tell it of a changed number.
            raise Refused("damaged", name)
        total += len(content)
        if total > MAX_TOTAL:
            raise Refused("bomb", name)
        if not name.endswith((".bin", ".png", ".jpeg", ".jpg", ".gif", ".emf", ".wmf")):
            check_xml(content, name)
            if name.startswith("xl/worksheets/sheet") or b"sheetData" in content:
                check_cells(content, name)
                kept[name] = content
            elif name in KEPT:
                kept[name] = content
    return kept


def _entries(data: bytes) -> list[tuple[str, int, int, int, int, int, bytes]]:
    """Read the central directory: name, method, packed size, size, offset of the local header, checksum, raw name."""
    end = data.rfind(b"PK\x05\x06")
    if end < 0 or end + 22 > len(data):
        raise Refused("damaged", "no directory")
    count, length, start = struct.unpack_from("<HLL", data, end + 10)
    if count == 0xFFFF or _WIDE in (length, start):
        count, length, start, end = _wide_directory(data, end)
    if count > MAX_PARTS:
        raise Refused("parts", str(count))
    if start + length > end:
        raise Refused("damaged", "directory")
    found = []
    at = start
    for _index in range(count):
        if data[at : at + 4] != b"PK\x01\x02" or at + 46 > end:
            raise Refused("damaged", "directory")
        flags, method = struct.unpack_from("<HH", data, at + 8)
        crc, packed, size, name_length, extra, comment = struct.unpack_from("<LLLHHH", data, at + 16)
        offset = struct.unpack_from("<L", data, at + 42)[0]
        written = data[at + 46 : at + 46 + name_length]
        name = written.decode("utf-8", "replace").replace("\\", "/").lstrip("/").lower()
        if flags & 1:
            raise Refused("encrypted")
        if method not in (0, 8):
            raise Refused("damaged", f"method {method}")
        if _WIDE in (packed, size, offset):
            more = data[at + 46 + name_length : at + 46 + name_length + extra]
            packed, size, offset = _wide_numbers(more, packed, size, offset, name)
        found.append((name, method, packed, size, offset, crc, written))
        at += 46 + name_length + extra + comment
    if at != start + length:
        raise Refused("damaged", "directory")
    return found


def _wide_directory(data: bytes, end: int) -> tuple[int, int, int, int]:
    """Read where the directory is from a zip64 record, as some programs write it for small files too."""
    at = struct.unpack_from("<Q", data, end - 12)[0] if data[max(0, end - 20) :][:4] == b"PK\x06\x07" else len(data)
    if data[at : at + 4] != b"PK\x06\x06" or at + 56 > end:
        raise Refused("damaged", "directory")
    count, length, start = struct.unpack_from("<QQQ", data, at + 32)
    return count, length, start, at


def _wide_numbers(more: bytes, packed: int, size: int, offset: int, name: str) -> tuple[int, int, int]:
    """Read the numbers of an entry that stand in its zip64 field."""
    at = 0
    while at + 4 <= len(more):
        kind, length = struct.unpack_from("<HH", more, at)
        field = more[at + 4 : at + 4 + length]
        if kind == 1:
            wide = iter(struct.unpack(f"<{len(field) // 8}Q", field[: len(field) // 8 * 8]))
            size, packed, offset = (next(wide, _WIDE) if each == _WIDE else each for each in (size, packed, offset))
            break
        at += 4 + length
    if _WIDE in (packed, size, offset):
        raise Refused("damaged", name)
    return packed, size, offset


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
    declaration = b"" if head.startswith(_USUAL) else head[: max(0, head.find(b"?>"))]
    if b"encoding" in declaration:
        import re

        declared = re.search(_ENCODING, declaration)
        if declared and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii"):
            raise Refused("encoding", name)
    declares = b"!" in content
    if declares and (b"<!DOCTYPE" in content or b"<!ENTITY" in content):
        raise Refused("dtd", name)
    instructs = content.find(b"?", len(head)) >= 0
    depth = 0 if instructs else -head.count(b"<?")
    counted = 0
    for start in range(0, len(content) - _WINDOW + 1, _WINDOW):
        stop = start + _WINDOW
        depth += content.count(b"<", start, stop) - 2 * content.count(b"</", start, stop + 1)
        depth -= content.count(b"<?", start, stop + 1) if instructs else 0
        depth -= content.count(b"<!", start, stop + 1) if declares else 0
        if depth > MAX_DEPTH:
            # Elements without content are counted no sooner: a search for them takes as long as the rest.
            depth -= content.count(b"/>", counted, stop + 1)
            counted = stop
        if depth > MAX_DEPTH:
            raise Refused("deep", name)


def check_cells(content: bytes, name: str) -> None:
    """Refuse a sheet whose filled cells span too large a rectangle."""
    if _surely_small(content):
        return
    import re

    last_row = last_column = 0
    for letters, number in re.findall(_FILLED, content):
        row, column = int(number.lstrip(b"0")[:9] or 0), column_number(letters)
        last_row, last_column = max(last_row, row), max(last_column, column)
        if row > MAX_ROWS or column > MAX_COLUMNS:
            raise Refused("far", (letters + number).decode()[:20])
    if last_row * last_column > MAX_CELLS:
        raise Refused("cells", f"{last_row}×{last_column}")


def _surely_small(content: bytes) -> bool:
    """Say whether the cells cannot span too much; may say no of a sheet that is small, never yes of one that is not."""
    start = content.find(b"sheetData")
    stop = content.find(b"sheetData>", start + 1)
    opening = content.rfind(b"<", start + 1, stop)
    if (
        content.find(b"sheetData", stop + 1) < 0 <= stop
        and content[opening : opening + 2] == b"</"
        and (b"!" not in content or b"<!" not in content)
    ):
        content = content[start:stop]
    if len(content) >= _TALL:
        import re

        if b"'" not in content and re.search(_BEYOND, content) is None:
            return True
    kinds = content.translate(_CLASSES)
    digits = 4
    while digits < 8 and b"A" + b"0" * (digits + 1) in kinds:
        digits += 1
    if digits == 4 and b"AAA0" not in kinds:
        return True
    if digits == 8:
        return False
    import re

    # Whatever looks like the address of a cell, where a number of so many digits is the largest there is. One kind of
    # quotes, since `re` is fast only where a pattern begins with one character.
    content = content.replace(b"'", b'"')
    numbers = re.findall(rb'"[A-Za-z]+(\d{%d})' % digits, content)
    letters = set(re.findall(rb'"([A-Za-z]+)\d', content))
    last_row = int(max(numbers)) if numbers else 10**digits - 1
    last_column = max(map(column_number, letters), default=0)
    return last_row <= MAX_ROWS and last_column <= MAX_COLUMNS and last_row * last_column <= MAX_CELLS


def column_number(letters: bytes) -> int:
    """Read column letters, A = 1."""
    number = 0
    for letter in letters.upper()[:8]:
        number = number * 26 + letter - 64
    return number
