"""Hostile and broken files, made small: what each would do to a reader that trusts it, and the word of its refusal."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import NamedTuple

SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
BOOK, RELS, TYPES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"
MEBI = 2**20


class Hostile(NamedTuple):
    """A file's name and content; `word` stands in the refusal, or is None where the file may be read rightly too."""

    name: str
    content: bytes
    word: str | None


def sheet_of(cells: str, after: str = "") -> bytes:
    """Make a worksheet of raw cells."""
    return f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData>{after}</worksheet>'.encode()


def unpacked(book: bytes) -> dict[str, bytes]:
    """Give the parts of a package."""
    with zipfile.ZipFile(io.BytesIO(book)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Make a package of parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return stream.getvalue()


def with_bomb(parts: Mapping[str, bytes], name: str, head: bytes, chunk: bytes, times: int, tail: bytes) -> bytes:
    """Make a package one part of which unpacks to `head`, `times` × `chunk` and `tail`, without ever holding it."""
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    first = deflater.compress(head) + deflater.flush(zlib.Z_FULL_FLUSH)
    block = deflater.compress(chunk) + deflater.flush(zlib.Z_FULL_FLUSH)
    last = deflater.compress(tail) + deflater.flush()
    crc = zlib.crc32(head)
    for _time in range(times):
        crc = zlib.crc32(chunk, crc)
    raw = first + block * times + last
    size = len(head) + len(chunk) * times + len(tail)
    book = packed({other: content for other, content in parts.items() if other != name})
    end = book.rfind(b"PK\x05\x06")
    count, length, start = struct.unpack_from("<HLL", book, end + 10)
    fields = struct.pack("<HHHHHLLLHH", 20, 0, 8, 0, 33, zlib.crc32(tail, crc), len(raw), size, len(name), 0)
    local = b"PK\x03\x04" + fields + name.encode() + raw
    entry = b"PK\x01\x02" + struct.pack("<H", 20) + fields + struct.pack("<HHHLL", 0, 0, 0, 0, start) + name.encode()
    ending = struct.pack("<HHHHLLH", 0, 0, count + 1, count + 1, length + len(entry), start + len(local), 0)
    return book[:start] + local + book[start:end] + entry + b"PK\x05\x06" + ending


def lying(book: bytes, name: str, size: int) -> bytes:
    """Declare another unpacked size for a part, in its local header and in the directory."""
    changed = bytearray(book)
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = -1
        while (place := book.find(mark, place + 1)) >= 0:
            length = struct.unpack_from("<H", book, place + (26 if at == 22 else 28))[0]
            start = place + (30 if at == 22 else 46)
            if book[start : start + length] == name.encode():
                struct.pack_into("<L", changed, place + at, size)
    return bytes(changed)


def zip64(book: bytes) -> bytes:
    """Write the directory of a package in 64-bit numbers, as some programs do for small files too."""
    end = book.rfind(b"PK\x05\x06")
    count, _length, start = struct.unpack_from("<HLL", book, end + 10)
    entries, at = b"", start
    for _entry_of_part in range(count):
        packed_size, size, name, extra, comment = struct.unpack_from("<LLHHH", book, at + 20)
        offset = struct.unpack_from("<L", book, at + 42)[0]
        head = bytearray(book[at : at + 46])
        struct.pack_into("<LLHHH", head, 20, 0xFFFFFFFF, 0xFFFFFFFF, name, 28, 0)
        struct.pack_into("<L", head, 42, 0xFFFFFFFF)
        wide = struct.pack("<HHQQQ", 1, 24, size, packed_size, offset)
        entries += bytes(head) + book[at + 46 : at + 46 + name] + wide
        at += 46 + name + extra + comment
    place = start + len(entries)
    record = b"PK\x06\x06" + struct.pack("<QHHLLQQQQ", 44, 45, 45, 0, 0, count, count, len(entries), start)
    locator = b"PK\x06\x07" + struct.pack("<LQL", 0, place, 1)
    ending = b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return book[:start] + entries + record + locator + ending


def ole(streams: Mapping[str, bytes]) -> bytes:
    """Make an OLE2 file of 512-byte sectors with large streams."""
    sectors: list[bytes] = []
    links: list[int] = []
    entries = [_entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1)]
    for index, (name, content) in enumerate(streams.items(), 1):
        start = len(sectors)
        count = -(-len(content) // 512)
        sectors += [content[n * 512 : (n + 1) * 512].ljust(512, b"\x00") for n in range(count)]
        links += [*range(start + 1, start + count), 0xFFFFFFFE]
        entries.append(_entry(name, 2, start, len(content), right=index + 1 if index < len(streams) else 0xFFFFFFFF))
    directory = len(sectors)
    sectors.append(b"".join(entries).ljust(512, b"\x00"))
    links.append(0xFFFFFFFE)
    fat = len(sectors)
    links.append(0xFFFFFFFD)
    sectors.append(struct.pack("<128L", *links, *[0xFFFFFFFF] * (128 - len(links))))
    head = io.BytesIO()
    head.write(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 16)
    head.write(struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\x00" * 6)
    head.write(struct.pack("<LLLLL", 0, 1, directory, 0, 4096))
    head.write(struct.pack("<LLLL", 0xFFFFFFFE, 0, 0xFFFFFFFE, 0))
    head.write(struct.pack("<109L", fat, *[0xFFFFFFFF] * 108))
    return head.getvalue() + b"".join(sectors)


def _entry(name: str, kind: int, start: int, size: int, child: int = 0xFFFFFFFF, right: int = 0xFFFFFFFF) -> bytes:
    text = name.encode("utf-16-le") + b"\x00\x00"
    head = struct.pack("<HBBLLL", len(text), kind, 1, 0xFFFFFFFF, right, child)
    return text.ljust(64, b"\x00") + head + b"\x00" * 36 + struct.pack("<LLL", start, size, 0)


def _strings(parts: dict[str, bytes], text: int, cells: int) -> bytes:
    """Let `cells` cells share one string of `text` characters: little on disk, text × cells in memory."""
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, cells + 1))
    shared = f'{HEAD}<sst xmlns="{MAIN}" count="{cells}" uniqueCount="1"><si><t>{"长" * text}</t></si></sst>'.encode()
    types = parts[TYPES].replace(
        b"</Types>",
        b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        b'spreadsheetml.sharedStrings+xml"/></Types>',
    )
    rels = parts[RELS].replace(
        b"</Relationships>",
        b'<Relationship Id="rIdS" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        b'sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    )
    return packed(parts | {SHEET: sheet_of(rows), "xl/sharedStrings.xml": shared, TYPES: types} | {RELS: rels})


def make_all(book: bytes) -> list[Hostile]:
    """Make every hostile file out of one good workbook."""
    parts = unpacked(book)

    def changed(name: str, change: Callable[[bytes], bytes]) -> bytes:
        return packed(parts | {name: change(parts[name])})

    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    zeros = '<row r="1"><c r="A1"><v>1</v></c></row><row><c r="XFD0000000001048576"><v>1</v></c></row>'
    bare = f'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576">{"<c><v>1</v></c>" * 1000}</row>'
    deep = "<x>" * 100_000 + "</x>" * 100_000
    entities = (
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
        + "".join(
            f'<!ENTITY {after} "{f"&{before};" * 10}">' for before, after in zip("abcdefgh", "bcdefghi", strict=True)
        )
        + "]>"
    )
    cycle = (
        '<definedNames><definedName name="甲">乙</definedName><definedName name="乙">甲</definedName></definedNames>'
    )
    merges = '</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    text = b'<row r="1"><c r="A1" t="inlineStr"><is><t>'
    opening = f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>'.encode()
    closing = b"</t></is></c></row></sheetData></worksheet>"
    bomb = with_bomb(parts, SHEET, opening, b" " * MEBI, 500, b"</sheetData></worksheet>")
    cell = with_bomb(parts, SHEET, opening + text, b"a" * MEBI, 600, closing)
    encrypted = ole({"EncryptionInfo": b"\x04" * 5000, "EncryptedPackage": b"\x05" * 5000})
    return [
        Hostile("empty.xlsx", b"", "空的"),
        Hostile("truncated.xlsx", book[: len(book) * 2 // 3], "损坏"),
        Hostile("renamed text.xlsx", "单位,环境\n甲子村,20\n".encode(), "扩展名"),
        Hostile("renamed page.xls", b"<html><table><tr><td>1</td></tr></table></html>", "扩展名"),
        Hostile("renamed picture.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "编码"),
        Hostile("encrypted.xlsx", encrypted, "加密"),
        Hostile("ole of another kind.xls", ole({"WordDocument": b"\x01" * 5000}), "不是 .xlsx"),
        Hostile("spreadsheet.et", book, ".et"),
        Hostile("one long line.csv", b"1," * 5_000_000, "范围过大"),
        Hostile("bomb.xlsx", bomb, "解压后过大"),
        Hostile("bomb that lies.xlsx", lying(bomb, SHEET, 4000), "解压后过大"),
        Hostile("shared strings, 2 TB.xlsx", _strings(parts, 20 * MEBI, 90_000), "过大"),
        Hostile("shared strings, 30 GB.xlsx", _strings(parts, 100_000, 90_000), None),
        Hostile("shared strings, 100 MB.xlsx", _strings(parts, 100_000, 400), "过"),
        Hostile("far corner.xlsx", changed(SHEET, lambda _xml: sheet_of(far)), "XFD1048576"),
        Hostile("zeros before a far row.xlsx", changed(SHEET, lambda _xml: sheet_of(zeros)), "离表格很远"),
        Hostile("a far row of cells without addresses.xlsx", changed(SHEET, lambda _xml: sheet_of(bare)), "异常退出"),
        Hostile("entities.xlsx", changed(BOOK, lambda xml: (HEAD + entities).encode() + xml), "DTD"),
        Hostile("600 MB in a cell.xlsx", cell, "解压后过大"),
        Hostile("600 MB that lies.xlsx", lying(cell, SHEET, 4000), "解压后过大"),
        Hostile("parts.xlsx", packed(parts | {f"xl/x/{n}.xml": b"<x/>" for n in range(9000)}), "零件过多"),
        Hostile("deep.xlsx", changed(SHEET, lambda _xml: sheet_of(deep)), "嵌套过深"),
        Hostile("types.xlsx", changed(TYPES, lambda xml: xml.replace(b"sheet+xml", b"styles+xml")), None),
        Hostile("no types.xlsx", packed({n: content for n, content in parts.items() if n != TYPES}), "不是 .xlsx"),
        Hostile("names.xlsx", changed(BOOK, lambda xml: xml.replace(b"</sheets>", cycle.encode())), None),
        Hostile("itself.xlsx", changed(RELS, lambda xml: xml.replace(b"worksheets/sheet1.xml", b"workbook.xml")), None),
        Hostile("zip64.xlsx", zip64(book), None),
        Hostile("merges.xlsx", changed(SHEET, lambda xml: xml.replace(b"</sheetData>", merges.encode())), None),
    ]  # fmt: skip
