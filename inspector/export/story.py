"""What a report tells of a run besides its pictures: decisions, verdicts, the threshold's way, where both differ."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from inspector.decision.recurring import LEAST_SAMPLES, UNSEEN, describe_unseen
from inspector.decision.threshold import describe_few
from inspector.export.isolates import isolate_path, isolate_words
from inspector.export.shown import FinishedRun
from inspector.export.words import Words
from inspector.part_rule import write_identity
from inspector.store.claims import IMPORTED, WATCHED
from inspector.store.parts import decide_part, group_parts
from inspector.store.records import RunRecord, SampleRecord, ThresholdChangeRecord, rank_samples
from inspector.store.run_facts import is_judged, name_fact
from inspector.store.standing import Standing, list_standing
from inspector.times import to_local

REGIONS_TOLD = 5
"""Regions of a sample that are told with their size and place, the highest peak first."""

UNSEEN_ON_A_LINE = (
    "Each part was compared with earlier ones, or with known good ones: a defect that many of these have, too, looks "
    "like what is usual, and is not seen."
)
"""What every report says of parts that came one by one."""

UNSEEN_ELSEWHERE = "Scores were made elsewhere: what cannot be seen by them is not known here."
"""What every report says of imported scores."""

UNSEEN_BY_ACCEPTED = (
    "Parts were compared with those that were accepted before: a defect that most of these have, too, looks like what "
    "is usual, and is not seen."
)
"""What every report says where accepted parts alone judge."""


@dataclass(frozen=True)
class Story:
    """What reports say of a finished run, in one language.

    Attributes:
        run: the run.
        samples: all of it, in batch order.
        standing: the verdict that stands, by the number of the sample.
        moves: of the threshold, oldest first.
        say: the language.
    """

    run: RunRecord
    samples: Sequence[SampleRecord] = field(repr=False)
    standing: dict[int, Standing] = field(repr=False)
    moves: Sequence[ThresholdChangeRecord]
    say: Words

    @classmethod
    def load(cls, run: FinishedRun) -> "Story":
        """Read what was said of a run."""
        verdicts = list_standing(run.workspace.verdicts.of_run(run.record.id))
        moves = run.workspace.runs.threshold_changes(run.record.id)
        return cls(run.record, run.samples, verdicts, moves, Words(run.language))

    def describe_outcome(self, shared: Sequence[str] = ()) -> str:
        """Return the outcome of the run in one line.

        Args:
            shared: what is said of each group of parts that share a region, the surest first.
        """
        run, say = self.run, self.say
        if run.flagged:
            count = sum(sample.final is not None for sample in self.samples)
            if run.flagged == 1:
                return say("1 of {count} parts stands out", count=count)
            return say("{flagged} of {count} parts stand out", flagged=run.flagged, count=count)
        if shared:
            return say("Nothing is flagged, but {told}", told=shared[0])
        if not run.is_sure:
            return say("Nothing is flagged, but the scores leave it open")
        return say("Nothing stands out")

    def verdict(self, sample: SampleRecord) -> str:
        """Return the verdict that stands: "accepted", "rejected" or "undecided"."""
        return self.standing[sample.id].verdict if sample.id in self.standing else "undecided"

    def full_name(self, sample: SampleRecord) -> str:
        """Return the name of a sample, and in brackets which part it shows where that is known."""
        known, name = write_identity(sample.identity), isolate_path(sample.name)
        return f"{name} ({isolate_words(known)})" if known else name

    def describe_decision(self, sample: SampleRecord) -> str:
        """Return the decision of the program on a sample; "" where it has no score."""
        return {True: self.say("flagged"), False: self.say("not flagged"), None: ""}[sample.flagged]

    def describe_verdict(self, sample: SampleRecord) -> str:
        """Return the verdict that stands for a sample, by whom and when, and from where; "" where there is none."""
        standing = self.standing.get(sample.id)
        if standing is None:
            return ""
        kind = f" ({isolate_words(standing.defect_class)})" if standing.defect_class else ""
        said = f"{self.say(standing.verdict)}{kind}"
        carried = "" if standing.carried_from is None else f", {self.say('carried over')}"
        return f"{said}, {isolate_words(standing.operator)}, {to_local(standing.time):%Y-%m-%d %H:%M:%S %z}{carried}"

    def comment(self, sample: SampleRecord) -> str:
        """Return the comments with the verdict that stands for a sample; "" = none."""
        return isolate_words(self.standing[sample.id].comment) if sample.id in self.standing else ""

    def list_totals(self) -> list[tuple[str, int]]:
        """Count parts by decision and verdict; views of one part count once, and the worst decides."""
        parts = group_parts(self.samples)
        flagged = [decide_part(views) for views in parts]
        verdicts = [self._find_worst_verdict(views) for views in parts]
        carried = sum(any(self._is_carried(view) for view in views) for views in parts)
        return [
            (self.say("Parts"), len(parts)),
            (self.say("Flagged"), flagged.count(True)),
            (self.say("Not flagged"), flagged.count(False)),
            (self.say("Unreadable"), sum(sample.status == "unreadable" for sample in self.samples)),
            (self.say("Accepted"), verdicts.count("accepted")),
            (self.say("Rejected"), verdicts.count("rejected")),
            (self.say("Without verdict"), verdicts.count("undecided")),
            *([(self.say("Carried over"), carried)] if carried else []),
        ]

    def _is_carried(self, sample: SampleRecord) -> bool:
        return sample.id in self.standing and self.standing[sample.id].carried_from is not None

    def _find_worst_verdict(self, views: Sequence[SampleRecord]) -> str:
        said = {self.verdict(view) for view in views}
        return next(verdict for verdict in ("rejected", "undecided", "accepted") if verdict in said)

    @cached_property
    def disagreements(self) -> list[SampleRecord]:
        """Samples that were flagged and accepted, or not flagged and rejected."""
        odd = {(True, "accepted"), (False, "rejected")}
        return [sample for sample in self.samples if (sample.flagged, self.verdict(sample)) in odd]

    def describe_unseen(self) -> str:
        """Say what the comparison cannot see, and whether too few parts were compared."""
        if self.run.layout == IMPORTED:
            return self.say.prose(UNSEEN_ELSEWHERE)
        if self.run.layout == WATCHED:
            return self.say.prose(UNSEEN_ON_A_LINE)
        count = len(rank_samples(self.samples))
        unseen = UNSEEN_BY_ACCEPTED if is_judged(self.run.notes) else describe_unseen(self._find_unseen_share(count))
        return f"{self.say.prose(unseen)} {self.say.prose(describe_few(count))}".rstrip()

    def _find_unseen_share(self, count: int) -> float:
        """Find the share of parts above which a defect is not seen: of those by which a patch is judged, or that which
        recurring defects are found up to, where they were looked for."""
        notes, settings = self.run.notes, self.run.settings
        unlooked = any(note.startswith("recurring defects were not looked for: ") for note in notes)
        if settings.get("recurring", "off") != "off" and count >= LEAST_SAMPLES and not unlooked:
            return UNSEEN
        return 0.1 if any(name_fact(note) == "Poses" for note in notes) else float(settings.get("share", UNSEEN))

    def describe_score(self) -> str:
        """Say what a score says; "" where it was made elsewhere."""
        if self.run.layout == IMPORTED:
            return ""
        if self.run.layout == WATCHED:
            return self.say("A score says how odd a part is beside those that it was compared with.")
        return self.say("A score says how odd a part is within this batch.")

    def describe_threshold(self) -> list[str]:
        """Return lines on the threshold: its value, who moved it when, and how it was found.

        Where it is unsure, that is not said again here: it stands at the top of each report, with what to do.
        """
        rule = f"It lies {self.run.settings.get('threshold_k', 4):g} x MAD above the median of the scores."
        why = self.say.sentence(self.run.why_threshold or rule)  # runs of before did not keep it
        value = self.say.number(self.run.threshold or 0.0, 4)
        lines = [f"{value}. {why}" if self.run.is_sure else value]
        for move in self.moves:
            operator = isolate_words(move.operator) or self.say("somebody")
            ends = {"new": self.say.number(move.new, 4), "operator": operator}
            time = f"{to_local(move.time):%Y-%m-%d %H:%M:%S %z}"
            if move.old is None:
                lines.append(self.say("{time}: set to {new} by {operator}", time=time, **ends))
            else:
                old = self.say.number(move.old, 4)
                lines.append(self.say("{time}: moved from {old} to {new} by {operator}", time=time, old=old, **ends))
        return lines

    def describe_regions(self, regions: Sequence[tuple[float, str, int, int]]) -> list[str]:
        """Return lines on the first `REGIONS_TOLD` of some regions.

        Args:
            regions: peak, area in words, and the place (x, y) of the peak in pixels, the highest peak first.
        """
        text = "{number}: peak {peak}, {area}, at {x}, {y} px"
        told = [
            self.say(text, number=number, peak=self.say.number(peak), area=self.say.measure(area), x=x, y=y)
            for number, (peak, area, x, y) in enumerate(regions[:REGIONS_TOLD], start=1)
        ]
        more = len(regions) - REGIONS_TOLD
        return [*told, self.say("and {count} more", count=more)] if more > 0 else told
