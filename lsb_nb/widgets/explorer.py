"""`Explorer`: weights in the reader's hand, in a notebook, in Voila and in the exported report."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import anywidget
import pandas as pd
import traitlets

from lsb_nb.analysis.privacy import name_hider
from lsb_nb.bundles import Records, Scores
from lsb_nb.i18n import _
from lsb_nb.markup import Markup
from lsb_nb.report.island import MIME, static_html
from lsb_nb.scenarios import Scenario, apply_scenario, write_scenario
from lsb_nb.scheme import OFFICIAL, Scheme
from lsb_nb.scoring.rescore import rescore
from lsb_nb.widgets.saving import file_name
from lsb_nb.widgets.seed import MODULE, STYLE, build_seed, static_table
from lsb_nb.widgets.weights import TOTAL, Whole, decimal_texts, places_of, scheme_of_weights, whole_weights


class Explorer(anywidget.AnyWidget):
    """Sliders for pillars and criteria, the ranking they make, gaps, tipping points and named scenarios.

    Parameters
    ----------
    scores : Scores
        The quarter under the scheme to start from.
    official : Scores, optional
        The quarter under the official scheme; needed where `scores` is a scenario's.
    records : Records, optional
        Gives the folder in which scenarios are saved (情景, in the activity's folder) and the workbook's SHA-256.
    scenarios : sequence of Scenario
        Laid side by side with the official scheme from the start; only their weights count.
    history : pandas.DataFrame, optional
        ``quarter, unit, rank, score``, as `measure_history` gives.
    ranges : pandas.DataFrame, optional
        By unit: ``low, high``, the places a unit may hold.
    folder : path, optional
        Where scenarios are saved; without one, and without `records`, the browser downloads them.
    in_force : Scenario, optional
        The scenario that `scores` was scored by: keeps its rules in files saved from here.

    Notes
    -----
    The page moves weights as whole billionths and scores them itself; Python scores the same weights with
    `lsb_nb.scoring`, and tests hold the two together.
    """

    _esm = MODULE
    _css = STYLE
    seed = traitlets.Dict().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)
    request = traitlets.Dict().tag(sync=True)
    reply = traitlets.Dict().tag(sync=True)
    kernel = traitlets.Bool(True).tag(sync=True)

    def __init__(
        self,
        scores: Scores,
        *,
        official: Scores | None = None,
        records: Records | None = None,
        scenarios: Sequence[Scenario] = (),
        history: pd.DataFrame | None = None,
        ranges: pd.DataFrame | None = None,
        folder: str | Path | None = None,
        in_force: Scenario | None = None,
    ) -> None:
        scheme: Scheme = scores.scheme  # type: ignore[assignment]
        self._scores = scores
        self._official: Scheme = official.scheme if official is not None else scheme  # type: ignore[assignment]
        named = [_weights_of(apply_scenario(self._official, scenario), scheme) for scenario in scenarios]
        self._anchors = [self._official, *([scheme] if scheme.name != OFFICIAL else []), *named]
        self._folder = Path(folder) if folder is not None else records.folder / "情景" if records is not None else None
        self._rules = dict(in_force.rules) if in_force is not None else {}
        self._official_ranks = (official if official is not None else scores).units["rank"]
        self._sha256 = _digest(records, scores.quarter)
        self._static = static_table(official if official is not None else scores)
        seed = build_seed(
            scores, official=official, saved=named, history=history, ranges=ranges, rules=self._rules,
            sha256=self._sha256, hide=str if records is None else name_hider(records),
            invented=records is not None and records.at(scores.quarter).invented,
        )  # fmt: skip
        whole = whole_weights(scheme)
        super().__init__(seed=seed, state=_state(whole, "" if scheme.name == OFFICIAL else scheme.name))
        self.observe(self._save_asked, "request")

    # ------------------------------------------------------------------ what Python sees
    @property
    def weights(self) -> pd.Series:
        """Effective weights in force by criterion, in points; they sum to 100."""
        points = {name: float(share * 100) for name, share in self.scheme().effective_weights().items()}
        return pd.Series(points, name="weight").rename_axis("criterion")

    def scheme(self, name: str = "", reason: str = "") -> Scheme:
        """Give the scheme in force: the rules of `scores` with the weights of the sliders."""
        label = name or self.state.get("name") or (OFFICIAL if not self.changed() else _("未保存的调整"))
        base: Scheme = self._scores.scheme  # type: ignore[assignment]
        return scheme_of_weights(base, self._anchors, self._whole(), name=label, reason=reason)

    def changed(self) -> bool:
        """Tell whether the weights differ from the official scheme."""
        return self._whole() != whole_weights(self._official)

    def scores(self) -> Scores:
        """Score the quarter under the weights in force.

        Raises
        ------
        DataProblems
            If a geometric or harmonic mean meets a score of 0 or less that has weight.
        """
        return rescore(self._scores, self.scheme())

    def ranks(self) -> pd.DataFrame:
        """Rank the units under the weights in force.

        Returns
        -------
        pandas.DataFrame
            By unit in published order: ``rank, score``, ``official`` (the published rank) and ``change`` (places won).
        """
        frame = self.scores().units[["rank", "score"]].copy()
        frame["official"] = self._official_ranks.reindex(frame.index)
        frame["change"] = frame["official"] - frame["rank"]
        return frame

    def set_weights(
        self, pillars: Mapping[str, float] | None = None, criteria: Mapping[str, float] | None = None
    ) -> None:
        """Move the sliders from Python.

        Parameters
        ----------
        pillars : mapping, optional
            All pillars, in any unit.
        criteria : mapping, optional
            For each pillar all of its criteria or none, in any unit; they never alter pillar weights.

        Raises
        ------
        DataProblems
            If a name is unknown, a pillar's criteria are incomplete, or nothing has weight.
        """
        tables = [
            {name: decimal_texts([Fraction(str(value))])[0] for name, value in (table or {}).items()}
            for table in (pillars, criteria)
        ]
        scenario = Scenario("", "", pillar_weights=tables[0], criterion_weights=tables[1])
        self.state = _state(whole_weights(apply_scenario(self.scheme(), scenario)), "")

    def reset(self) -> None:
        """Go back to the official weights."""
        self.state = _state(whole_weights(self._official), "")

    # ------------------------------------------------------------------ scenarios
    def scenario(self, name: str, reason: str, *, path: str | Path | None = None, overwrite: bool = False) -> Scenario:
        """Name the weights in force, and save them where there is a folder.

        Parameters
        ----------
        name, reason : str
            Both are needed: a scenario without a reason is not kept.
        path : path, optional
            The file; by default ``<quarter>-<name>.toml`` in the explorer's folder, if it has one.
        overwrite : bool
            Whether a file of that name may be replaced.

        Returns
        -------
        Scenario
            What ``lsb score --scenario`` and ``lsb report --scenario`` read from the file.

        Raises
        ------
        ValueError
            If the name or the reason is empty.
        FileExistsError
            If the file is there and `overwrite` is not set.
        """
        if not name.strip() or not reason.strip():
            raise ValueError(_("情景要有名称和理由"))
        made = self._scenario(name.strip(), reason.strip(), self._whole())
        target = Path(path) if path is not None else None
        if target is None and self._folder is not None:
            target = self._folder / file_name(self._scores.quarter, made.name)
        if target is not None:
            write_scenario(made, target, overwrite=overwrite)
        self._keep(made)
        return made

    def _scenario(self, name: str, reason: str, whole: Whole) -> Scenario:
        scheme = scheme_of_weights(self._official, self._anchors, whole)
        official = whole_weights(self._official)
        pillars: dict[str, str] = {}
        # A pillar whose criteria all weighed 0 stays without weight when one of them gets some: then it must be said.
        revived = any(
            any(whole.inner[k] for k in places) and not any(official.inner[k] for k in places)
            for places in (places_of(scheme, pillar) for pillar in scheme.pillar_weights)
        )
        if whole.pillar != official.pillar or revived:
            pillars = dict(zip(scheme.pillar_weights, decimal_texts(list(scheme.pillar_weights.values())), strict=True))
        criteria: dict[str, str] = {}
        for pillar in scheme.pillar_weights:
            places = places_of(scheme, pillar)
            if any(whole.inner[k] != official.inner[k] for k in places):
                texts = decimal_texts([scheme.criteria[k].weight for k in places])
                criteria |= {scheme.criteria[k].name: text for k, text in zip(places, texts, strict=True)}
        return Scenario(
            name,
            reason,
            activity=self._scores.activity,
            quarter=self._scores.quarter,
            workbook_sha256=self._sha256,
            created=dt.datetime.now().isoformat(timespec="seconds"),
            pillar_weights=pillars,
            criterion_weights=criteria,
            rules=self._rules,
        )

    def _keep(self, scenario: Scenario) -> None:
        """Remember a saved scenario's exact weights, and show its name."""
        base: Scheme = self._scores.scheme  # type: ignore[assignment]
        known = scheme_of_weights(base, self._anchors, self._whole(), name=scenario.name, reason=scenario.reason)
        self._anchors = [a for a in self._anchors if a is self._official or a.name != scenario.name] + [known]
        self.state = {**self.state, "name": scenario.name}

    def _save_asked(self, change: Any) -> None:
        """Answer the page's button: saved, kept (no folder), exists (may it be replaced?) or error."""
        asked = change["new"]
        if not asked.get("id"):
            return
        answer: dict[str, Any] = {"id": asked["id"], "status": "kept", "file": "", "why": ""}
        try:
            self.state = {**self.state, "pillar": asked["pillar"], "inner": asked["inner"]}
            made = self.scenario(asked["name"], asked["reason"], overwrite=bool(asked.get("overwrite")))
            if self._folder is not None:
                answer |= {"status": "saved", "file": file_name(self._scores.quarter, made.name)}
        except FileExistsError:
            answer |= {"status": "exists", "file": file_name(self._scores.quarter, str(asked["name"]))}
        except (OSError, ValueError, KeyError) as error:
            answer |= {"status": "error", "why": getattr(error, "strerror", None) or str(error)}
        self.reply = answer

    def _whole(self) -> Whole:
        return Whole(tuple(int(x) for x in self.state["pillar"]), tuple(int(x) for x in self.state["inner"]))

    @traitlets.validate("state")
    def _check_state(self, proposal: Any) -> Any:
        """Refuse weights that are not whole, are negative or do not add up, whoever sends them."""
        state = proposal["value"]
        scheme: Scheme = self._scores.scheme  # type: ignore[assignment]
        pillar, inner = list(state.get("pillar", ())), list(state.get("inner", ()))
        if len(pillar) != len(scheme.pillar_weights) or len(inner) != len(scheme.criteria):
            raise traitlets.TraitError(_("权重的个数与板块、指标不符"))
        groups = [pillar, *([inner[k] for k in places_of(scheme, p)] for p in scheme.pillar_weights)]
        whole = all(x == int(x) and x >= 0 for x in [*pillar, *inner])
        if not whole or any(sum(group) not in (0, TOTAL) for group in groups) or not sum(pillar):
            raise traitlets.TraitError(_("权重应为不小于 0 的整数份，各板块之和与板块内之和均为 100"))
        name = str(state.get("name", ""))
        return {"pillar": [int(x) for x in pillar], "inner": [int(x) for x in inner], "name": name}

    # ------------------------------------------------------------------ what a notebook keeps
    def bundle(self) -> dict[str, Any]:
        """Give everything the exported report needs to show this explorer alive: JSON of unit-level scores only."""
        return {"format": 1, "widget": "explorer", "seed": self.seed, "table": self._static}

    def island(self) -> Markup:
        """Give the static table that stands for the explorer where no script runs."""
        return Markup(static_html(self.bundle()))

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """Add to the live widget what an export needs: the seed as JSON, and the table for readers without scripts."""
        made = super()._repr_mimebundle_(**options)
        data, metadata = made if isinstance(made, tuple) else (made, {})
        return {**(data or {}), MIME: self.bundle(), "text/html": str(self.island())}, metadata


def _state(whole: Whole, name: str) -> dict[str, Any]:
    return {"pillar": list(whole.pillar), "inner": list(whole.inner), "name": name}


def _weights_of(varied: Scheme, rules_of: Scheme) -> Scheme:
    """Take the weights of one scheme and the rules of another."""
    return dataclasses.replace(varied, rules=rules_of.rules, given=rules_of.given)


def _digest(records: Records | None, quarter: str) -> str:
    if records is None:
        return ""
    found = records.sources.loc[records.sources["quarter"] == quarter, "sha256"]
    return str(found.iloc[0]) if len(found) else ""
