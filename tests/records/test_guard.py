"""Hostile and broken files: each refused with a reason and the way out, the rest still read, the parent alive."""

import importlib.util
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from lsb_nb.records import guard, workbook
from lsb_nb.records.workbook import Book, Odd, read_books

_spec = importlib.util.spec_from_file_location("hostile", Path(__file__).with_name("hostile.py"))
hostile = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(hostile)

SHEET = "xl/worksheets/sheet1.xml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


@pytest.fixture
def fine(tmp_path: Path, write_book: Callable[..., None]) -> Path:
    """A workbook with nothing wrong."""
    path = tmp_path / "fine.xlsx"
    write_book(path, {"评分表": [["单位", "环境"], ["甲子村", 20]]}, {})
    return path


def parts_of(path: Path) -> dict[str, bytes]:
    return hostile.unpacked(path.read_bytes())


def pack(path: Path, parts: dict[str, bytes]) -> Path:
    path.write_bytes(hostile.packed(parts))
    return path


def changed(fine: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """Copy the workbook with one part changed."""
    parts = parts_of(fine)
    parts[part] = change(parts[part])
    return pack(fine.with_name("hostile.xlsx"), parts)


def sheet_of(cells: str, before: str = "") -> bytes:
    return f"{HEAD}{before}<worksheet {MAIN}><sheetData>{cells}</sheetData></worksheet>".encode()


def read(*paths: Path) -> list[Book]:
    return read_books([(path.name, path) for path in paths])


def refused(path: Path, word: str, fine: Path) -> None:
    """The file is refused for a reason that says `word`; the files around it are read."""
    before, book, after = read(fine, path, fine)
    assert book.refusal, "it was read"
    assert word in book.refusal[0]
    assert book.refusal[1]
    assert book.grids == []
    for other in (before, after):
        assert other.refusal is None
        assert other.grids[0].rows == [["单位", "环境"], ["甲子村", 20.0]]


def test_a_good_file_is_read(fine: Path) -> None:
    book = read(fine)[0]
    assert book.refusal is None
    assert book.size == fine.stat().st_size
    assert len(book.sha256) == 64


def test_a_far_cell_that_aborts_the_reader(fine: Path) -> None:
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    refused(changed(fine, SHEET, lambda _xml: sheet_of(far)), "XFD1048576", fine)


@pytest.mark.parametrize(
    "cell",
    [
        "<c r='XFD1048576'><v>1</v></c>", '<c r = "XFD1048576"><v>1</v></c>', '<c s="0" r="XFD9"><v>1</v></c>',
        '<c r="A250001"><v>1</v></c>', '<c\nr="ABC12"><v>1</v></c>', '<c r="A1000000000000"><v>1</v></c>',
    ],
)  # fmt: skip
def test_other_spellings_of_a_far_cell(fine: Path, cell: str) -> None:
    near = '<row r="1"><c r="A1"><v>1</v></c></row>'
    refused(changed(fine, SHEET, lambda _xml: sheet_of(f"{near}<row>{cell}</row>")), "离表格很远", fine)


@pytest.mark.parametrize(
    "before",
    [
        "<sheetData></sheetData>", "<sheetData/>", "<!-- <sheetData></sheetData> -->", '<x a="sheetData"/>',
        '<x a="</sheetData>"/>', "<sheetDataX></sheetDataX>",
    ],
)  # fmt: skip
def test_a_far_cell_after_what_reads_like_the_end_of_the_cells(fine: Path, before: str) -> None:
    far = (
        f'<worksheet {MAIN}>{before}<sheetData><row r="1"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    book = read(changed(fine, SHEET, lambda _xml: (HEAD + far).encode()))[0]
    assert book.refusal
    assert "离表格很远" in book.refusal[0]


def test_a_tall_sheet_is_read(fine: Path) -> None:
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="250000"><c r="C250000"><v>1</v></c></row>'
    book = read(changed(fine, SHEET, lambda _xml: sheet_of(cells)))[0]
    assert book.refusal is None
    assert len(book.grids[0].rows) == guard.MAX_ROWS
    assert book.grids[0].rows[-1] == ["", "", 1.0]


MANY = "".join(f'<row ht="{n}"/>' for n in range(guard._TALL // 14))


@pytest.mark.parametrize("cell", ["P250001", "AAA3", "Q250000", "a0000250001", "zz9999999", "A1000000"])
def test_a_far_cell_of_a_sheet_of_many_bytes(fine: Path, cell: str) -> None:
    near = '<row r="1"><c r="A1"><v>1</v></c></row>' + MANY
    book = read(changed(fine, SHEET, lambda _xml: sheet_of(f'{near}<row><c r="{cell}"><v>1</v></c></row>')))[0]
    assert book.refusal
    assert "离表格很远" in book.refusal[0] or "范围过大" in book.refusal[0]


@pytest.mark.parametrize("cell", ["P20000", "C249999", "A0000002", "XX1"])
def test_a_near_cell_of_a_sheet_of_many_bytes(fine: Path, cell: str) -> None:
    near = '<row r="1"><c r="A1"><v>1</v></c></row>' + MANY
    book = read(changed(fine, SHEET, lambda _xml: sheet_of(f'{near}<row><c r="{cell}"><v>1</v></c></row>')))[0]
    assert book.refusal is None
    assert book.grids[0].rows[-1][-1] == 1.0


def test_text_that_reads_like_a_far_cell_does_not_matter(fine: Path) -> None:
    cells = '<row r="1"><c r="A1" t="inlineStr"><is><t>"ABC123456789"</t></is></c></row>'
    book = read(changed(fine, SHEET, lambda _xml: sheet_of(cells)))[0]
    assert book.refusal is None
    assert book.grids[0].rows == [['"ABC123456789"']]


def test_equal_cells_of_different_kinds_stay_apart(fine: Path) -> None:
    """Cells are sent once each: a true value, the number one and its text are three, in every file of a batch."""
    cells = '<row r="1"><c r="A1" t="b"><v>1</v></c><c r="B1"><v>1</v></c>'
    cells += '<c r="C1" t="inlineStr"><is><t>1"\\&#9;&#128512;</t></is></c><c r="D1"><v>1</v></c></row>'
    odd = changed(fine, SHEET, lambda _xml: sheet_of(cells))
    for book in read(odd, fine, odd)[::2]:
        assert book.grids[0].rows == [[Odd("bool", "TRUE"), 1.0, '1"\\\t\U0001f600', 1.0]]


def test_a_far_cell_under_a_namespace_prefix(fine: Path) -> None:
    xml = f'{HEAD}<x:worksheet xmlns:x="{MAIN[7:-1]}"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row>'
    xml += '<x:row r="1048576"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    refused(changed(fine, SHEET, lambda _xml: xml.encode()), "离表格很远", fine)


def test_a_rectangle_that_is_too_large(fine: Path) -> None:
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="90000"><c r="ZZ90000"><v>1</v></c></row>'
    refused(changed(fine, SHEET, lambda _xml: sheet_of(cells)), "范围过大", fine)


def test_a_far_cell_without_content_does_not_matter(fine: Path) -> None:
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="0"/></row>'
    book = read(changed(fine, SHEET, lambda _xml: sheet_of(cells)))[0]
    assert book.refusal is None
    assert book.grids[0].rows == [[1.0]]


def test_parts_whose_names_are_in_capitals(fine: Path) -> None:
    """The reader finds parts whatever the case of their names; a formula without a result must be found there too."""
    cells = '<row r="1"><c r="A1"><f>1+1</f></c><c r="B1"><v>3</v></c></row>'
    parts = {name.replace("xl/", "XL/"): content for name, content in parts_of(fine).items()}
    parts["XL/worksheets/Sheet1.XML"] = sheet_of(cells)
    del parts[SHEET.replace("xl/", "XL/")]
    book = read(pack(fine.with_name("hostile.xlsx"), parts))[0]
    assert book.refusal or book.grids[0].rows == [[Odd("formula", ""), 3.0]]


def test_a_bomb_that_tells_its_size(fine: Path) -> None:
    refused(changed(fine, SHEET, lambda xml: xml + b" " * (guard.MAX_PART // 2)), "解压后过大", fine)


def test_a_bomb_in_a_part_that_is_not_a_sheet(fine: Path) -> None:
    parts = parts_of(fine) | {"xl/media/image1.png": b"\0" * (8 * 2**20)}
    refused(pack(fine.with_name("hostile.xlsx"), parts), "解压后过大", fine)


def test_a_bomb_in_many_parts(fine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = parts_of(fine) | {f"xl/media/{n}.bin": bytes(range(256)) * 4000 for n in range(280)}
    refused(pack(fine.with_name("hostile.xlsx"), parts), "解压后过大", fine)


def test_a_bomb_that_hides_its_size(fine: Path) -> None:
    path = changed(fine, SHEET, lambda xml: xml + b" " * (40 * 2**20))
    path.write_bytes(hostile.lying(path.read_bytes(), SHEET, 4000))
    refused(path, "解压后过大", fine)


def test_too_many_parts(fine: Path) -> None:
    parts = parts_of(fine) | {f"x/{n}": b"" for n in range(guard.MAX_PARTS)}
    refused(pack(fine.with_name("hostile.xlsx"), parts), "零件过多", fine)


@pytest.mark.parametrize(
    "part", [SHEET, "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml", "[Content_Types].xml"]
)
def test_a_document_type(fine: Path, part: str) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    parts = parts_of(fine)
    parts[part] = HEAD.encode() + bomb + parts.get(part, b"<sst/>").split(b"?>", 1)[-1]
    refused(pack(fine.with_name("hostile.xlsx"), parts), "DTD", fine)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_another_encoding_inside(fine: Path, encoding: str) -> None:
    path = changed(fine, SHEET, lambda xml: xml.decode().replace("UTF-8", encoding).encode(encoding))
    refused(path, "UTF-8", fine)


def test_another_encoding_declared(fine: Path) -> None:
    path = changed(fine, SHEET, lambda _xml: sheet_of("").replace(b"UTF-8", b"GB18030"))
    refused(path, "UTF-8", fine)


def test_deep_nesting(fine: Path) -> None:
    deep = "<x>" * 100_000 + "</x>" * 100_000
    refused(changed(fine, SHEET, lambda _xml: sheet_of("", "") + deep.encode()), "嵌套过深", fine)
    refused(changed(fine, SHEET, lambda _xml: sheet_of(deep)), "嵌套过深", fine)


def test_a_hundred_thousand_merged_ranges(fine: Path) -> None:
    merges = "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(1, 30_000))
    xml = sheet_of('<row r="1"><c r="A1"><v>1</v></c></row>').replace(
        b"</sheetData>", f"</sheetData><mergeCells>{merges}</mergeCells>".encode()
    )
    refused(changed(fine, SHEET, lambda _xml: xml), "范围过大", fine)


def test_overlapping_merges_of_everything(fine: Path) -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c><c r="ZZ{n}"><v>1</v></c></row>' for n in (1, 3000))
    merges = "".join(f'<mergeCell ref="A1:ZY{n}"/>' for n in range(1000, 2000))
    xml = sheet_of(rows).replace(b"</sheetData>", f"</sheetData><mergeCells>{merges}</mergeCells>".encode())
    refused(changed(fine, SHEET, lambda _xml: xml), "范围过大", fine)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "空的"), (b"<html><table><tr><td>1</td></tr></table></html>", "扩展名"), ("单位,环境\n甲,1\n".encode(),
        "扩展名"),
        (b"\x00\x01\x02\x03" * 100, "扩展名"), (b"PK\x03\x04" + b"\x00" * 200, "损坏"), (b"PK\x05\x06" + b"\x00" * 18,
        "扩展名"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 2000, "不是 .xlsx"), (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3",
        "扩展名"),
    ],
)  # fmt: skip
def test_what_is_no_workbook(fine: Path, content: bytes, word: str) -> None:
    path = fine.with_name("hostile.xlsx")
    path.write_bytes(content)
    refused(path, word, fine)


@pytest.mark.parametrize("keep", [0.1, 0.5, 0.9, 0.99])
def test_a_file_cut_short(fine: Path, keep: float) -> None:
    path = fine.with_name("hostile.xlsx")
    data = fine.read_bytes()
    path.write_bytes(data[: int(len(data) * keep)])
    refused(path, "损坏", fine)


def test_a_zip_that_is_no_workbook(fine: Path) -> None:
    refused(pack(fine.with_name("hostile.xlsx"), {"mimetype": b"application/vnd.oasis"}), "不是 .xlsx", fine)


def test_encrypted_office_file(fine: Path) -> None:
    path = fine.with_name("hostile.xlsx")
    path.write_bytes(hostile.ole({"EncryptionInfo": b"\x04" * 5000, "EncryptedPackage": b"\x05" * 5000}))
    refused(path, "加密", fine)


def test_encrypted_old_file(fine: Path) -> None:
    records = struct.pack("<HHHHLL", 0x0809, 12, 0x0600, 5, 0, 0) + struct.pack("<HH", 0x002F, 6) + b"\x00" * 6
    path = fine.with_name("hostile.xls")
    path.write_bytes(hostile.ole({"Workbook": records.ljust(5000, b"\x00")}))
    refused(path, "加密", fine)


def test_a_part_of_the_zip_is_encrypted(fine: Path) -> None:
    data = bytearray(fine.read_bytes())
    place = data.find(b"PK\x01\x02")
    data[place + 8] |= 1
    path = fine.with_name("hostile.xlsx")
    path.write_bytes(data)
    refused(path, "加密", fine)


def test_et_files_are_refused_with_the_way_out(fine: Path) -> None:
    path = fine.with_name("hostile.et")
    path.write_bytes(fine.read_bytes())
    refused(path, ".et", fine)
    assert "另存为 .xlsx" in read(path)[0].refusal[1]


@pytest.mark.parametrize("suffix", [".xlsm", ".ods", ".docx", ""])
def test_other_suffixes(fine: Path, suffix: str) -> None:
    path = fine.with_name("hostile" + suffix)
    path.write_bytes(fine.read_bytes())
    refused(path, "不能读取", fine)


def test_a_file_that_is_not_there(fine: Path) -> None:
    refused(fine.with_name("absent.xlsx"), "找不到", fine)


def test_a_folder_named_like_a_file(fine: Path) -> None:
    folder = fine.with_name("hostile.xlsx")
    folder.mkdir()
    refused(folder, "找不到", fine)


def test_a_file_that_is_too_large(fine: Path) -> None:
    path = fine.with_name("hostile.xlsx")
    with path.open("wb") as stream:
        stream.truncate(guard.MAX_FILE + 1)
    refused(path, "太大", fine)


@pytest.mark.parametrize("data", [b"PK\x03\x04", b"\xff\xfeA\x00", b"a,b\x00c\n", b"\xff\xff\xff"])
def test_a_csv_that_is_none(fine: Path, data: bytes) -> None:
    path = fine.with_name("hostile.csv")
    path.write_bytes(data)
    assert read(path, fine)[0].refusal
    assert read(path, fine)[1].refusal is None


def test_the_reader_that_crashes_is_replaced(fine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The child dies on every second file it is asked for; each is named, and the others are read."""
    program = fine.with_name("child.py")
    program.write_text(
        "import sys\nwhile line := sys.stdin.buffer.readline():\n"
        "    data = sys.stdin.buffer.read(int(line.split()[0]))\n"
        "    if data == b'die': sys.exit(1)\n"
        "    print('{\"sheets\": []}', flush=True)\n"
    )
    monkeypatch.setattr(workbook, "CHILD", program)
    bad = fine.with_name("bad.csv")
    bad.write_bytes(b"die")
    books = read(fine, bad, fine, bad, bad, fine)
    assert [book.refusal is None for book in books] == [True, False, True, False, False, True]
    assert "异常退出" in books[1].refusal[0]


def test_the_reader_that_hangs_is_stopped(fine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = fine.with_name("child.py")
    program.write_text(
        "import sys, time\nwhile line := sys.stdin.buffer.readline():\n"
        "    data = sys.stdin.buffer.read(int(line.split()[0]))\n"
        "    if data == b'hang': time.sleep(600)\n"
        "    print('{\"sheets\": []}', flush=True)\n"
    )
    monkeypatch.setattr(workbook, "CHILD", program)
    monkeypatch.setattr(workbook, "TIME_LIMIT", 1.0)
    bad = fine.with_name("bad.csv")
    bad.write_bytes(b"hang")
    books = read(fine, bad, fine)
    assert [book.refusal is None for book in books] == [True, False, True]
    assert "时间过长" in books[1].refusal[0]
