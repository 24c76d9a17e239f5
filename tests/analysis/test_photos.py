"""Photos: what is there, what is not, and copies without anything hidden."""

import base64
import datetime as dt
import io
import struct
import zlib
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from PIL import Image

from lsb_nb import pictures as module
from lsb_nb.analysis.photos import measure_photos, prepare_photos
from lsb_nb.records.load import load_activity


def save(path, size=(900, 600), exif=None, colour="red"):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, colour).save(path, exif=exif or Image.Exif())


@pytest.fixture
def sheet(tmp_path, make_records):
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[1] = "N"
    save(tmp_path / "照片/前.jpg", (3000, 2000), exif)
    save(tmp_path / "照片/后.png")
    (tmp_path / "照片/坏.jpg").write_bytes(b"\xff\xd8\xff not a picture")
    whole = (tmp_path / "照片/前.jpg").read_bytes()
    (tmp_path / "照片/半.jpg").write_bytes(whole[: len(whole) // 2])
    (tmp_path.parent / "外.jpg").write_bytes(whole)
    rows = [
        {"unit": "甲村", "place": "村口", "stage": "整治前", "file": "照片/前.jpg", "taken": dt.date(2021, 10, 9)},
        {"unit": "甲村", "place": "村口", "stage": "整治后", "file": "照片\\后.png", "taken": None},
        {"unit": "乙村", "place": "坑塘", "stage": "整治前", "file": "照片/坏.jpg"},
        {"unit": "乙村", "place": "坑塘", "stage": "整治中", "file": "照片/没有.jpg"},
        {"unit": "乙村", "place": "坑塘", "stage": "整治后", "file": "../外.jpg"},
        {"unit": "丙村", "place": "院落", "stage": "整治前", "file": "照片/半.jpg"},
    ]
    return make_records(tmp_path, photos=rows)


def test_every_place_has_three_stages_and_faults_are_named(sheet):
    table = measure_photos(sheet, "2021Q4")
    states = table.groupby("unit", sort=False)["status"].agg(list).to_dict()
    assert states["甲村"] == ["ok", "absent", "ok"]
    assert states["乙村"] == ["broken", "missing", "outside"]
    assert states["丙村"] == ["broken", "absent", "absent"]
    assert table["width"].iloc[0] == 3000


def test_oversized_pictures_are_not_opened(sheet, monkeypatch):
    monkeypatch.setattr(module, "MOST_PIXELS", 1_000_000)
    assert measure_photos(sheet, "2021Q4")["status"].iloc[0] == "oversized"
    monkeypatch.setattr(module, "MOST_BYTES", 100)
    assert measure_photos(sheet, "2021Q4")["status"].iloc[2] == "oversized"


def test_a_bomb_is_oversized(sheet, monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    assert measure_photos(sheet, "2021Q4")["status"].iloc[0] == "oversized"


def test_copies_are_small_upright_and_bare(sheet):
    copies = prepare_photos(measure_photos(sheet, "2021Q4"), sheet, edge=300)
    assert copies["image"].notna().tolist() == (copies["status"] == "ok").tolist()
    data = base64.b64decode(copies["image"].iloc[0])
    assert b"SecretCamera" not in data
    picture = Image.open(io.BytesIO(data))
    assert not dict(picture.getexif())
    assert picture.format == "WEBP"
    assert picture.size == (200, 300)
    # stage and date stand on white in the lower left corner
    assert picture.getpixel((1, 298))[1] > 200
    assert picture.getpixel((190, 10))[1] < 60


def save_odd(folder):
    """Write pictures of the kinds that phones, scanners and editors hand in, and files that only bear their names."""
    folder.mkdir(exist_ok=True)
    shades = np.linspace(0, 1, 120 * 90).reshape(90, 120)
    grey = Image.fromarray((shades * 255).astype("uint8"))
    grey.convert("CMYK").save(folder / "印刷.JPG")
    Image.fromarray((shades * 65535).astype("uint16")).save(folder / "十六位.png")
    Image.fromarray(shades.astype("float32")).save(folder / "浮点.tiff")
    grey.save(folder / "动.gif", save_all=True, append_images=[grey.rotate(90)])
    grey.convert("1").save(folder / "黑白.PNG")
    grey.convert("RGB").save(folder / "手机.jpeg", "MPO", save_all=True, append_images=[grey.convert("RGB")])
    plain = (folder / "印刷.JPG").read_bytes()
    notes = b"\xff\xe1\x00\x20Exif\x00\x00MM\x00*\x00\x00\x00\x08\xff\xff" + b"\xff" * 14
    (folder / "坏说明.jpg").write_bytes(plain[:2] + notes + plain[2:])
    (folder / "空.jpg").write_bytes(b"")
    (folder / "文档.jpg").write_bytes(b"PK\x03\x04" + bytes(900))
    (folder / "苹果.jpg").write_bytes(b"\x00\x00\x00\x18ftypheic" + bytes(500))
    (folder / "程序.jpg").write_text("%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n")
    head = struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"0")), (b"IEND", b"")]
    parts = [struct.pack(">I", len(b)) + a + b + struct.pack(">I", zlib.crc32(a + b)) for a, b in chunks]
    (folder / "巨幅.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(parts))
    (folder / "是文件夹.jpg").mkdir()


def test_whatever_is_handed_in_is_shown_or_named(tmp_path, make_records):
    save_odd(tmp_path / "照片")
    names = sorted(path.name for path in (tmp_path / "照片").iterdir())
    files = [f"照片/{name}" for name in names] + ["照片/" + "长" * 300 + ".jpg", "照片/a\x00b.jpg", "C:\\家\\b.jpg"]
    rows = [
        {"unit": "甲村", "place": str(i), "stage": "整治前", "file": file, "sheet": "照片", "cell": f"A{i}"}
        for i, file in enumerate(files)
    ]
    records = make_records(tmp_path, photos=rows)
    copies = prepare_photos(measure_photos(records, "2021Q4"), records, edge=120)
    states = copies[copies["file"].notna()].set_index("file")["status"].to_dict()
    bad = {"空.jpg": "broken", "文档.jpg": "broken", "苹果.jpg": "broken", "程序.jpg": "broken"}
    bad |= {"巨幅.png": "oversized", "是文件夹.jpg": "missing"}
    assert {name: states[f"照片/{name}"] for name in names} == {name: bad.get(name, "ok") for name in names}
    assert [states[file] for file in files[-3:]] == ["missing", "outside", "outside"]
    for row in copies[copies["status"] == "ok"].to_dict("records"):
        grey = np.asarray(Image.open(io.BytesIO(base64.b64decode(row["image"]))).convert("L"))[:40]
        # from black at the top to brighter below: neither clipped nor blank
        assert grey[:4].mean() < 40, row["file"]
        assert 100 < grey[36:40, 70:].mean() < 200, row["file"]
    book = openpyxl.Workbook()
    book.remove(book.active)
    sheets = {
        "单位": [["单位"], ["甲村"]],
        "指标": [["指标", "满分"], ["环境", 100]],
        "评分": [["评委", "单位", "指标", "分值"], ["A1", "甲村", "环境", 90]],
        "照片": [
            ["单位", "点位", "阶段", "文件"],
            *(["甲村", i, "整治前", f"照片/{name}"] for i, name in enumerate(names)),
        ],
    }
    for title, lines in sheets.items():
        page = book.create_sheet(title)
        for line in lines:
            page.append(line)
    book.save(tmp_path / "2021Q4.xlsx")
    assert "照片" not in set(
        load_activity(tmp_path, until="2021Q4").problems.query("value != '照片/是文件夹.jpg'")["sheet"]
    )
    found = load_activity(tmp_path, open_photos=True).problems.query("sheet == '照片'")
    assert sorted(found["value"]) == sorted(f"照片/{name}" for name in bad)
    assert set(found["severity"]) == {"warning"}
    assert found["cell"].tolist() == [f"D{names.index(Path(value).name) + 2}" for value in found["value"]]
    assert found[found["value"] != "照片/是文件夹.jpg"]["hint"].str.contains("JPG").all()


def test_only_the_units_asked_for(sheet):
    copies = prepare_photos(measure_photos(sheet, "2021Q4"), sheet, units=["乙村"])
    assert set(copies["unit"]) == {"乙村"}
    assert copies["image"].isna().all()


def test_the_label_fits_however_small_the_picture(tmp_path, make_records):
    save(tmp_path / "点.png", (1, 1))
    save(tmp_path / "条.png", (4, 900))
    rows = [
        {"unit": "甲村", "place": "村口", "stage": "整治前", "file": file, "taken": dt.date(2021, 10, 9)}
        for file in ("点.png", "条.png")
    ]
    records = make_records(tmp_path, photos=rows)
    copies = prepare_photos(measure_photos(records, "2021Q4"), records, edge=240)
    sizes = [Image.open(io.BytesIO(base64.b64decode(image))).size for image in copies["image"].dropna()]
    assert sizes == [(120, 90), (120, 240)]


def test_edge_is_limited(sheet):
    with pytest.raises(ValueError, match="between 16 and 1200"):
        prepare_photos(measure_photos(sheet, "2021Q4"), sheet, edge=5000)


def test_no_sheet_no_rows(make_records):
    assert measure_photos(make_records(), "2021Q4").empty
