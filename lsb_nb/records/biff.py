"""Look into an old .xls file without parsing it: encryption, extent, error values, formulas never computed.

Runs in the contained child beside `guard`; standard library only.
"""

import struct

_FREE = 0xFFFFFFFA
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_CELLS = (0x0203, 0x0204, 0x0205, 0x027E, 0x00FD, 0x00D6, 0x0006)


def streams(data: bytes) -> dict[str, bytes]:
    """Read the named streams of an OLE2 file; what is broken is left out."""
    try:
        return _streams(data)
    except (struct.error, IndexError, ValueError):
        return {}


def _streams(data: bytes) -> dict[str, bytes]:
    shift, mini_shift = struct.unpack_from("<HH", data, 30)
    if shift not in (9, 12) or mini_shift != 6:
        raise ValueError(shift)
    size = 1 << shift
    fat_count, first_directory = struct.unpack_from("<L", data, 44)[0], struct.unpack_from("<L", data, 48)[0]
    cutoff, first_mini, _mini_count, first_more = struct.unpack_from("<4L", data, 56)
    sectors = len(data) // size

    def sector(index: int) -> bytes:
        return data[(index + 1) << shift : (index + 2) << shift]

    places = [place for place in struct.unpack_from("<109L", data, 76) if place < _FREE]
    while first_more < _FREE and len(places) < fat_count and len(places) <= sectors:
        more = struct.unpack(f"<{size // 4}L", sector(first_more))
        places += [place for place in more[:-1] if place < _FREE]
        first_more = more[-1]
    table: list[int] = []
    for place in places[: min(fat_count, sectors)]:
        table += struct.unpack(f"<{size // 4}L", sector(place))

    def chain(start: int, links: list[int]) -> list[int]:
        found: list[int] = []
        while start < _FREE and start < len(links) and len(found) <= len(links):
            found.append(start)
            start = links[start]
        return found

    def read(start: int) -> bytes:
        return b"".join(sector(index) for index in chain(start, table))

    entries = []
    directory = read(first_directory)
    for at in range(0, len(directory) - 127, 128):
        length = struct.unpack_from("<H", directory, at + 64)[0]
        name = directory[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
        start, extent = struct.unpack_from("<LL", directory, at + 116)
        entries.append((name, directory[at + 66], start, extent))
    root = next((start for _name, kind, start, _extent in entries if kind == 5), 0xFFFFFFFE)
    mini = read(root) if root < _FREE else b""
    mini_bytes = read(first_mini) if first_mini < _FREE else b""
    mini_links = list(struct.unpack(f"<{len(mini_bytes) // 4}L", mini_bytes[: len(mini_bytes) // 4 * 4]))
    found = {}
    for name, kind, start, extent in entries:
        if kind == 2 and extent >= cutoff:
            found[name] = read(start)[:extent] if name in ("Workbook", "Book") else b""
        elif kind == 2:
            found[name] = b"".join(mini[i << 6 : (i + 1) << 6] for i in chain(start, mini_links))[:extent]
    return found


class Survey:
    """What a scan of the records saw.

    `encrypted`; `date1904`; the largest `rows` × `columns`; `odd` cells by sheet as (row, column, kind, text), kinds as
    in `odd_cells`.
    """

    def __init__(self) -> None:
        self.encrypted = False
        self.date1904 = False
        self.rows = 0
        self.columns = 0
        self.odd: dict[int, list[tuple[int, int, str, str]]] = {}

    def add(self, sheet: int, row: int, column: int, kind: str, text: str = "") -> None:
        """Keep an odd cell."""
        self.odd.setdefault(sheet, []).append((row, column, kind, text))


def survey(stream: bytes) -> Survey:
    """Scan the records of a workbook stream."""
    seen = Survey()
    starts: dict[int, int] = {}
    sheet = -1
    computed = False
    pending: list[tuple[int, int, int]] = []
    percents = {9, 10}
    shown_as_percent: list[bool] = []
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        body = stream[at + 4 : at + 4 + length]
        if kind == 0x002F:
            seen.encrypted = True
            return seen
        if kind == 0x0022 and body[:1] == b"\x01":
            seen.date1904 = True
        elif kind == 0x0085 and length >= 4:
            starts[struct.unpack_from("<L", body)[0]] = len(starts)
        elif kind == 0x0809:
            sheet = starts.get(at, sheet)
        elif kind == 0x041E and length >= 5 and "%" in _format(body):
            percents.add(struct.unpack_from("<H", body)[0])
        elif kind == 0x00E0 and length >= 4:
            shown_as_percent.append(struct.unpack_from("<H", body, 2)[0] in percents)
        elif kind in _CELLS and length >= 8:
            row, column, style = struct.unpack_from("<HHH", body)
            seen.rows, seen.columns = max(seen.rows, row + 1), max(seen.columns, column + 1)
            percent = style < len(shown_as_percent) and shown_as_percent[style]
            if kind == 0x0205 and body[7]:
                seen.add(sheet, row, column, "error", _ERRORS.get(body[6], "#VALUE!"))
            elif kind == 0x0006 and length >= 14 and body[12:14] == b"\xff\xff":
                if body[6] == 2:
                    seen.add(sheet, row, column, "error", _ERRORS.get(body[8], "#VALUE!"))
                if body[6] == 3:
                    pending.append((sheet, row, column))
                else:
                    computed = True
            elif kind in (0x0006, 0x0203) and length >= 14:
                computed = computed or kind == 0x0006
                if percent:
                    seen.add(sheet, row, column, "percent", _plain(struct.unpack_from("<d", body, 6)[0]))
            elif kind == 0x027E and percent and length >= 10:
                seen.add(sheet, row, column, "percent", _plain(_short_number(body[6:10])))
        elif kind == 0x00BD and length >= 6:
            row, column = struct.unpack_from("<HH", body)
            last = struct.unpack_from("<H", body, length - 2)[0]
            seen.rows, seen.columns = max(seen.rows, row + 1), max(seen.columns, last + 1)
            for place in range(4, length - 7, 6):
                style = struct.unpack_from("<H", body, place)[0]
                if style < len(shown_as_percent) and shown_as_percent[style]:
                    number = _short_number(body[place + 2 : place + 6])
                    seen.add(sheet, row, column + (place - 4) // 6, "percent", _plain(number))
        at += 4 + length
    if not computed:
        # An empty text is also what a program writes that never computes; only then does no formula hold anything.
        for sheet, row, column in pending:
            seen.add(sheet, row, column, "formula")
    return seen


def _format(body: bytes) -> str:
    wide = len(body) > 5 and body[4] & 1 and body[3] == 0
    return body[5:].decode("utf-16-le", "replace") if wide else body[2:].decode("latin-1")


def _plain(number: float) -> str:
    return repr(number).removesuffix(".0")


def _short_number(body: bytes) -> float:
    """Read an RK number: the upper half of a float, or a 30-bit whole number; a hundredth of it where a bit says so."""
    bits = struct.unpack("<l", body)[0]
    number = float(bits >> 2) if bits & 2 else struct.unpack("<d", b"\0\0\0\0" + struct.pack("<l", bits & ~3))[0]
    return number / 100 if bits & 1 else number
