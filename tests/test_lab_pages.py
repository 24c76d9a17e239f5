"""What JupyterLab and Voila are given: our style and fonts, the user's own configuration left in place."""

import os

from lsb_nb import lab


def test_fonts_are_copied_once(tmp_path):
    place = lab.write_fonts(tmp_path / "custom")
    names = sorted(file.name for file in place.iterdir())
    assert names == ["NotoSansSC-Bold.woff2", "NotoSansSC-Regular.ttf", "custom.css"]
    css = (place / "custom.css").read_text(encoding="utf-8")
    assert all(f'url("{name}")' in css for name in names[:2])
    times = {file.name: file.stat().st_mtime_ns for file in place.glob("Noto*")}
    lab.write_fonts(place)
    assert {file.name: file.stat().st_mtime_ns for file in place.glob("Noto*")} == times


def test_the_users_own_configuration_is_still_read(tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "mine"))
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(tmp_path / "site"))
    given = lab.lab_environment(tmp_path / "ours")
    assert given["JUPYTER_CONFIG_DIR"] == str(tmp_path / "ours")
    assert given["JUPYTER_CONFIG_PATH"].split(os.pathsep) == [str(tmp_path / "site"), str(tmp_path / "mine")]
    assert (tmp_path / "ours" / "custom" / "custom.css").exists()
