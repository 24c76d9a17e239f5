"""Photos: what is there, what is not, and copies without anything hidden."""

import base64
import datetime as dt
import io

import pytest
from PIL import Image

from lsb_nb.analysis import photos as module
from lsb_nb.analysis.photos import measure_photos, prepare_photos


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


def test_only_the_units_asked_for(sheet):
    copies = prepare_photos(measure_photos(sheet, "2021Q4"), sheet, units=["乙村"])
    assert set(copies["unit"]) == {"乙村"}
    assert copies["image"].isna().all()


def test_edge_is_limited(sheet):
    with pytest.raises(ValueError, match="between 16 and 1200"):
        prepare_photos(measure_photos(sheet, "2021Q4"), sheet, edge=5000)


def test_no_sheet_no_rows(make_records):
    assert measure_photos(make_records(), "2021Q4").empty
