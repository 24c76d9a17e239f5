"""What a path and --quarter on the command line stand for, and loading it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lsb_nb.i18n import _
from lsb_nb.quarters import parse_quarter

if TYPE_CHECKING:
    import pandas as pd

    from lsb_nb.bundles import Records


class Usage(Exception):  # noqa: N818 - not an error of the data but of the call
    """The command was called in a way that cannot work; exit code 2."""


def find_place(path: str, quarter: str | None) -> tuple[Path, str | None]:
    """Find the activity's folder and the quarter a path stands for."""
    place = Path(path)
    if place.is_dir():
        return place.resolve(), quarter
    if not place.exists():
        raise Usage(_("找不到 {path}：应为活动文件夹，或一个季度的工作簿").format(path=path))
    try:
        own = parse_quarter(place.stem)
    except ValueError:
        raise Usage(_("工作簿的文件名应为季度，如 2021Q4.xlsx；现为 {name}").format(name=place.name)) from None
    if quarter not in (None, own):
        raise Usage(_("{name} 是 {own} 的工作簿，不是 {quarter}").format(name=place.name, own=own, quarter=quarter))
    return place.resolve().parent, own


def load_place(path: str, quarter: str | None) -> Records:
    """Load what a path stands for, as scoring wants it: its errors are raised."""
    from lsb_nb.records.load import load_activity

    _refuse_unknown(path, quarter)
    return load_activity(path, quarters=None if quarter is None else [quarter], open_photos=True)


def check_place(path: str, quarter: str | None) -> pd.DataFrame:
    """List every problem of what a path stands for."""
    from lsb_nb.checking import check_activity

    _refuse_unknown(path, quarter)
    return check_activity(path, quarter=quarter)


def only_quarter(folder: Path, quarter: str | None) -> str:
    """Give the quarter asked for, which must be there, or the only one there is."""
    from lsb_nb.records.files import list_quarters

    _refuse_unknown(str(folder), quarter)
    if quarter is not None:
        return quarter
    known = list_quarters(folder)
    if len(known) > 1:
        raise Usage(_("有多个季度（{all}），请用 --quarter 指定").format(all="、".join(known)))
    return known[0]


def _refuse_unknown(path: str, quarter: str | None) -> None:
    from lsb_nb.records.files import list_quarters

    if Path(path).is_dir():
        known = list_quarters(path)
        if not known:
            raise Usage(_("{path} 里没有季度工作簿（文件名如 2021Q4.xlsx）").format(path=path))
        if quarter not in (None, *known):
            raise Usage(_("没有 {quarter} 这一季度，现有：{all}").format(quarter=quarter, all="、".join(known)))
