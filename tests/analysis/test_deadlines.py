"""Due, overdue and open on a day, and that the overview counts as the ledgers do."""

import datetime as dt

import pandas as pd
import pytest

from lsb_nb.analysis.deadlines import days_overdue, is_due, is_open

END = dt.date(2021, 12, 31)


def ago(days):
    return END - dt.timedelta(days=days)


@pytest.mark.parametrize(
    ("deadline", "due", "late"),
    [(ago(-1), False, 0), (END, True, 0), (ago(1), True, 1), (ago(30), True, 30), (None, False, 0), (pd.NaT, False, 0)],
)
def test_the_last_day_is_due_and_not_yet_overdue(deadline, due, late):
    assert is_due(deadline, END) is due
    assert days_overdue(deadline, END) == late


@pytest.mark.parametrize(
    ("closed", "recurred", "state", "still"),
    [
        (None, None, "整改中", True),
        (None, None, "已销号", False),
        (None, None, "已 销号", False),
        (ago(5), None, "整改中", False),
        (END, None, None, False),
        (ago(-1), None, "已销号", True),
        (ago(20), ago(10), "已销号", True),
        (ago(20), ago(-10), None, False),
        (ago(5), ago(10), None, False),
        (ago(-5), ago(10), None, True),
    ],
    ids=[
        "open", "closed without a date", "closed as spelt with a space", "closed", "closed on the day",
        "closed afterwards", "came back", "will come back", "came back and was closed again",
        "came back and will be closed again",
    ],
)  # fmt: skip
def test_open_at_the_end_of_a_day(closed, recurred, state, still):
    finding = {"found": ago(40), "closed": closed, "recurred": recurred, "state": state}
    assert is_open(finding, END) is still
    assert not is_open(finding, ago(41)), "not found yet"
