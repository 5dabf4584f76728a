"""A run whose parts come one by one: calibrated by the first ones, then each is judged by the pool, kept, handed on."""

import re
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import PurePosixPath
from statistics import median

import numpy as np
from safetensors import SafetensorError

from inspector.data.odd_parts import (
    EarlierParts,
    Size,
    find_usual_profile,
    find_usual_size,
    find_usual_unit,
    note_odd_profile,
    note_odd_size,
    note_odd_unit,
)
from inspector.data.parts import Part, find_digest
from inspector.decision.calibration import Calibration
from inspector.decision.threshold import ASKED_LATER, UNSURE_AT_FIRST
from inspector.errors import InputError, StoreError
from inspector.events import Event, Report
from inspector.jobs.drift import LATEST, Drift
from inspector.jobs.kept_pictures import KeptPictures
from inspector.jobs.line import Line, PartScores
from inspector.jobs.maps import choose_map_values, thin_map
from inspector.jobs.outage import Outage
from inspector.jobs.part_results import OnResult, ReadPart, make_kept_result, make_new_result
from inspector.jobs.pool_keeper import PoolKeeper, get_held_run
from inspector.jobs.watch_options import WatchOptions
from inspector.scoring.line_pool import BURST, CALM, WATCHED, Member, Told
from inspector.sinks.result import PartResult
from inspector.store.records import RunRecord, SampleReading, SampleRecord, SampleResult
from inspector.store.watches import Arrived, NewPart
from inspector.store.workspace import Workspace

NOTICES: dict[Told, str] = {
    "burst": f"{BURST} of the last {WATCHED} parts are flagged: nothing is learnt until {CALM} in a row are not",
    "change": "change of product? The flagged parts are like each other and unlike all that judge them: nothing is "
    "learnt of them. If the product has changed, stop, and watch anew",
    "over": f"{CALM} parts in a row are not flagged: the pool learns again",
}

LOOKED_BACK = 1000
"""Parts, the latest, that say where a run that goes on stood."""


class WatchedRun:
    """One run, as it stands in the workspace and goes on.

    Attributes:
        run_id: its number.
        keeper: of the parts that judge.
        outage: waits where the workspace is away.
        judged: how many parts it has, those given from the start among them.
    """

    def __init__(
        self,
        run_id: int,
        line: Line,
        workspace: Workspace,
        report: Report,
        on_result: OnResult | None,
        options: WatchOptions,
        outage: Outage,
    ) -> None:
        """Take a run up as it was left.

        Raises:
            StoreError: all tokens of its pool are missing.
        """
        self.run_id = run_id
        self._line, self._workspace, self._report, self._on_result = line, workspace, report, on_result
        self._alarm_rate, self.outage, self._outlast = options.alarm_rate, outage, outage.outlast
        self.keeper = PoolKeeper(run_id, line, workspace, report, capacity=options.pool, every=options.every)
        record = workspace.watches.get(run_id)
        self._reported = record.reported
        self.judged = workspace.runs.get(run_id).samples
        self._usual_size: Size | None = None
        self._alarmed = False
        self._earlier, self._pictures = EarlierParts(), KeptPictures(run_id, workspace, report)
        if record.pool is not None:
            self.keeper.restore(record.pool)
            rows = workspace.watches.arrived(run_id, max(0, self.judged - LOOKED_BACK))
            self._restore_drift(record.usual or 0.0, rows)
            self._usual_size = find_usual_size(
                (sample.height, sample.width) for sample, _ in rows if sample.image and sample.height and sample.width
            )
            for sample, arrived in rows:
                self._earlier.add(arrived.content, sample.name)
            if (told := record.pool["told"]) in ("burst", "change"):
                self._warn(NOTICES[told], told)
        self.keeper.keep_only()

    # What is known of it

    @property
    def is_calibrated(self) -> bool:
        """Whether parts are judged by the pool."""
        return self.keeper.pool is not None

    def report_rest(self) -> None:
        """Hand on what was kept and may not have been handed on before the program was killed."""
        for sample, arrived in self._outlast(lambda: self._workspace.watches.arrived(self.run_id, self._reported)):
            self._hand_on(make_kept_result(self.run_id, sample, arrived, again=True), given=arrived.given)

    # Judging

    def calibrate(self, read: Sequence[ReadPart], *, given: bool, unreviewed: str = "") -> None:
        """Score the first parts by each other, and learn of them.

        Args:
            read: parts, those that cannot be read among them; at least two can.
            given: whether they count as good, and did not arrive.
            unreviewed: why the threshold is unsure although they do, see `Given`.
        """
        self._usual_size = find_usual_size(each.part.size for each in read if each.part.image_key)
        self.keeper.unit = find_usual_unit([each.part for each in read])
        self.keeper.profile = find_usual_profile(each.part.profile for each in read)
        read = [replace(each, part=self._note_odd(each.part)) for each in read]
        usable = [each.part for each in read if not each.part.reason]
        self._require_judges(usable)
        self._outlast(lambda: self._line.tokens.keep_tokens(usable))
        judged = dict(zip([part.content for part in usable], self._line.score_mutually(usable), strict=True))
        of_parts = [judged.get(each.part.content) for each in read]
        calibration = self._fit([found for found in of_parts if found is not None], given=given, unreviewed=unreviewed)
        usual = median(found.score for found in judged.values())
        drift, members, contents = Drift(usual), list[Member](), dict[int, str]()
        new: list[NewPart] = []
        for position, (each, found) in enumerate(zip(read, of_parts, strict=True), start=self.judged):
            flagged = found is not None and calibration.apply(found.score)
            if found is not None:
                drift = drift if given else drift.add(flagged, found.score)
                if found.embedding is not None and (given or not flagged):
                    members.append(Member(position, found.embedding, position))
                    contents[position] = each.part.content
            each = replace(each, part=self._earlier.note_copy(each.part))
            named = self._outlast(partial(self._name, each.arrival.name, new, given=given))
            self._earlier.add(each.part.content, named[0])
            self._outlast(partial(self._pictures.keep, position, each, found))
            new.append(_describe(position, each, found, named, calibration, drift, given=given))
        self.keeper.begin(members, contents)
        self._drift = drift
        assert self.keeper.pool is not None
        state = self.keeper.to_json(self.keeper.pool)
        keep = partial(self._workspace.watches.calibrate, usual=usual, pool=state)
        self._outlast(lambda: keep(self.run_id, new, calibration))
        self.judged += len(new)
        self.keeper.keep_only()
        if not calibration.sure:
            self._warn(calibration.why)
        for part in new:
            if given and part.result is not None and part.result.flagged:
                self._warn(f"{part.sample.name} counts as good, but stands out from the others")
            self._hand_on(make_new_result(self.run_id, part), given=given)

    def take(self, read: ReadPart) -> None:
        """Judge a part by the pool, keep it, and hand it on."""
        assert self.keeper.pool is not None
        read = replace(read, part=self._earlier.note_copy(self._note_odd(read.part)))
        part, found = read.part, None
        if not part.reason:
            self._outlast(lambda: self._line.tokens.keep_tokens([part]))
            found = self._score(part)
        named = self._outlast(lambda: self._name(read.arrival.name))
        run = self._look_up()
        self._outlast(lambda: self._pictures.keep(self.judged, read, found))
        while True:
            assert run.calibration is not None
            calibration = Calibration.from_json(run.calibration)
            pool, drift = self.keeper.pool.copy(), self._drift
            told: Told = ""
            if found is not None:
                flagged = calibration.apply(found.score)
                drift = drift.add(flagged, found.score)
                if flagged or not self.keeper.holds(part.content):
                    told = pool.consider(self.judged, found.embedding, flagged=flagged).told
            new = _describe(self.judged, read, found, named, calibration, drift)
            add = partial(self._workspace.watches.add, self.run_id, new, pool=self.keeper.to_json(pool))
            if self._outlast(add):
                break
            run = self._look_up()
        self._drift = drift
        self._earlier.add(part.content, new.sample.name)
        self.keeper.take(pool, self.judged, part.content)
        self.judged += 1
        self._notice(told)
        self._hand_on(make_new_result(self.run_id, new))

    def _score(self, part: Part) -> PartScores:
        """Score a part by the pool, whose features may have become unreadable meanwhile."""
        try:
            return self._line.score(part, self.keeper.list_contents())
        except (OSError, SafetensorError, StoreError):
            self._outlast(self.keeper.mend)
            self._outlast(lambda: self._line.tokens.keep_tokens([part]))  # they lie in the same folder
            return self._line.score(part, self.keeper.list_contents())

    def _look_up(self) -> RunRecord:
        """Return the run as it is now: its threshold may have moved, or another program have taken it up."""
        return self._outlast(lambda: get_held_run(self._workspace, self.run_id))

    def _note_odd(self, part: Part) -> Part:
        """Return a part, with a note where its photo has an unusual size or colour profile, or its cloud a unit."""
        part = note_odd_profile(note_odd_size(part, self._usual_size), self.keeper.profile)
        return note_odd_unit(part, self.keeper.unit)

    def _require_judges(self, parts: Sequence[Part]) -> None:
        able = sum(self._line.tokens.can_judge(part.content) for part in parts)
        if able < 2:
            what = (
                "a photo and a cloud that fit each other" if self._line.tokens.modality == "2d+3d" else "what is judged"
            )
            one = f"only 1 of the first {len(parts)} parts has {what}; set `modality` to 2d or 3d"
            none = f"none of the first {len(parts)} parts has {what}; set `modality` to 2d or 3d"
            raise InputError(one if able else none)

    def _fit(self, judged: Sequence[PartScores], *, given: bool, unreviewed: str) -> Calibration:
        most = choose_map_values(len(judged))
        raw = np.array([found.score for found in judged])
        settings = self._line.settings
        found = Calibration.fit(
            raw,
            raw,
            np.concatenate([thin_map(found.anomaly_map, most, found.seen) for found in judged]),
            rescored=False,
            threshold_k=settings.threshold_k,
            rule=settings.threshold,
            all_good=given,
        )
        if not found.sure:
            return replace(found, why=f"{UNSURE_AT_FIRST}; {ASKED_LATER}")
        if unreviewed and settings.threshold == "auto":
            return replace(found, sure=False, why=unreviewed)
        return found

    def _name(self, file: str, before: Sequence[NewPart] = (), *, given: bool = False) -> tuple[str, int | None]:
        """Name a part after its file, with a number where another one has that name.

        Args:
            file: its path in the folder.
            before: parts that will be written with it, before it.
            given: whether it did not arrive.

        Returns:
            The name, and the position of the part whose file it replaced, or None.
        """
        same = [(part.sample.name, part.arrived) for part in before if part.arrived.file == file]
        latest = same[-1] if same else self._workspace.watches.find_latest_of(self.run_id, file)
        path, name, number, taken = PurePosixPath(file), file, 1, {part.sample.name for part in before}
        if latest is not None and (numbered := re.search(r" \((\d+)\)$", PurePosixPath(latest[0]).stem)):
            number = int(numbered[1]) if latest[0] != file else 1  # else a million parts of one name were asked for
        while name in taken or self._workspace.watches.holds_name(self.run_id, name):
            number += 1
            name = str(path.with_name(f"{path.stem} ({number}){path.suffix}"))
        return name, latest[1].position if latest is not None and not latest[1].given and not given else None

    def _restore_drift(self, usual: float, rows: Sequence[tuple[SampleRecord, Arrived]]) -> None:
        self._drift = Drift(usual)
        scored = [sample for sample, arrived in rows if sample.final is not None and not arrived.given]
        for sample in scored[-LATEST:]:
            self._drift = self._drift.add(bool(sample.flagged), sample.final or 0.0)

    # Telling

    def _notice(self, told: Told) -> None:
        """Tell what the pool noticed, and whether too many parts are flagged, once each time it begins."""
        if told:
            self._warn(NOTICES[told], told)
        exceeds = self._drift.exceeds(self._alarm_rate)
        if exceeds != self._alarmed:
            flagged, count = sum(self._drift.flagged), len(self._drift.flagged)
            share = f"{self._drift.reject_rate:.0%} of the last {count} parts are flagged"
            message = f"alarm: {share}" if exceeds else f"no alarm any more: {share}"
            self._report(Event("warning", "alarm" if exceeds else "calm", flagged, count, message))
        self._alarmed = exceeds

    def _warn(self, message: str, about: str = "") -> None:
        self._report(Event("warning", about, message=message))

    def _hand_on(self, result: PartResult, *, given: bool = False) -> None:
        """Hand a result on, unless the part was given, and note that it was."""
        if not given:
            told = {**result.to_fields(), "again": result.again}
            self._report(Event("part", message=str(result), done=result.position + 1, part=told))
            if self._on_result is not None:
                self._on_result(result)
        self._outlast(lambda: self._workspace.watches.keep_reported(self.run_id, result.position + 1))


def _describe(
    position: int,
    read: ReadPart,
    found: PartScores | None,
    named: tuple[str, int | None],
    calibration: Calibration,
    drift: Drift,
    *,
    given: bool = False,
) -> NewPart:
    """Return what is to be written of a part."""
    (name, replaced), arrival, part = named, read.arrival, read.part
    arrived = Arrived(
        position,
        given,
        arrival.name,
        *arrival.stamp,
        part.content,
        datetime.now(UTC).replace(tzinfo=None),
        round(time.monotonic() - arrival.complete, 4),
    )
    if (cloud := arrival.cloud) is not None:
        arrived = replace(
            arrived, cloud_file=cloud.name, cloud_size=cloud.stamp.size, cloud_mtime_ns=cloud.stamp.mtime_ns
        )
    sample = replace(arrival.to_sample(read.identity), name=name)
    if found is None:
        return NewPart(sample, SampleReading(position, "unreadable", part.reason), None, arrived, replaced)
    height, width = part.size
    digest, shown = find_digest(part.content), bool(read.picture)
    reading = SampleReading(position, "ok", part.remarks, sha256=digest, width=width, height=height, picture=shown)
    result = SampleResult(position, found.score, None, found.score, calibration.apply(found.score))
    arrived = replace(
        arrived,
        threshold=calibration.threshold,
        peak_x=found.peak[0],
        peak_y=found.peak[1],
        brightness=read.brightness,
        reject_rate=drift.reject_rate,
        level=drift.level,
    )
    return NewPart(sample, reading, result, arrived, replaced)
