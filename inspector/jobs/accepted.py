"""A batch that is scanned again, judged by the parts of it that an operator accepted in an earlier run."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC
from typing import NamedTuple

from inspector.data.parts import Part, split_content
from inspector.data.samples import Batch, Sample
from inspector.errors import InputError, StoreError
from inspector.files import file_sha256
from inspector.jobs.job import Job
from inspector.scoring.feature_sets import BatchFeatures
from inspector.scoring.judges import Known
from inspector.scoring.variants import Variants
from inspector.store.carried import Carried
from inspector.store.parts import group_parts, number_parts
from inspector.store.plan import load_plan
from inspector.store.records import SampleRecord
from inspector.store.run_facts import is_judged, make_event
from inspector.store.workspace import Workspace


class Accepted(NamedTuple):
    """Parts of a batch that were accepted in a run, and are what they were then.

    Attributes:
        run_id: the run.
        judges: positions of their samples in the batch, each with the SHA-256 of its files. A part may have several
            samples, its views; one of which a view was rejected does not judge.
        parts: how many parts these show.
        lost: how many others were accepted: their files changed since, or are not in the batch.
        rejected: as `judges`, the samples that were rejected, and accepted views of parts of which one was.
    """

    run_id: int
    judges: tuple[tuple[int, str], ...]
    parts: int
    lost: int
    rejected: tuple[tuple[int, str], ...] = ()

    def describe(self, references: int) -> list[str]:
        """Say by whom a run is judged, and how many do not judge it.

        Args:
            references: by how many a sample is judged, at most.
        """
        told = f"judged by the {self.parts} parts that were accepted in run {self.run_id}"
        if len(self.judges) > self.parts:
            told = (
                f"judged by {len(self.judges)} views of the {self.parts} parts that were accepted in run {self.run_id}"
            )
        if len(self.judges) > references:
            told = f"{told}: by {references} at most, drawn at random"
        if not self.lost:
            return [told]
        lost = (
            f"accepted parts of run {self.run_id} that do not judge, as they changed since or are not in this "
            f"batch: {self.lost}"
        )
        return [told, lost]


def find_accepted(batch: Batch, workspace: Workspace, run_id: int) -> Accepted:
    """Find the parts of a batch that were accepted in a run, by name and content.

    Args:
        batch: the parts that are to be scanned.
        workspace: where the run is.
        run_id: a finished run; verdicts count, not what is merely not flagged.

    Raises:
        InputError: there are fewer than two.
        StoreError: there is no such run, or it is not done.
    """
    run = workspace.runs.get(run_id)
    if run.status != "done":
        raise StoreError(f"run {run.id} is {run.status}, not done; its parts cannot judge others yet")
    verdicts = {verdict.sample_id: verdict.new for verdict in workspace.verdicts.of_run(run_id)}
    places = {sample.name: position for position, sample in enumerate(batch.samples)}
    begun = run.created.replace(tzinfo=UTC).timestamp()
    kept = {came.position: came.content for _, came in workspace.watches.arrived(run_id)}
    judges, rejected = list[tuple[int, str]](), list[tuple[int, str]]()
    accepted = there = 0
    for views in group_parts(workspace.runs.samples(run_id)):
        said = [row for row in views if row.status == "ok" and verdicts.get(row.id) in ("accepted", "rejected")]
        here = [(places[row.name], row) for row in said if row.name in places]
        found = [
            (position, _find_content(batch.samples[position], row, begun, kept.get(row.position, "")))
            for position, row in here
        ]
        same = [(position, content) for position, content in found if content]
        is_good = bool(said) and all(verdicts[row.id] == "accepted" for row in said)
        (judges if is_good else rejected).extend(same)
        accepted += is_good
        there += is_good and bool(same)
    if there < 2:
        raise InputError(
            f"accepted parts of run {run_id} that are in {batch.root} as they were, under the names that they had: "
            f"{there} of {accepted}; accept at least two there, better eight, spread over the scores"
        )
    return Accepted(run_id, tuple(sorted(judges)), there, accepted - there, tuple(sorted(rejected)))


def _find_content(sample: Sample, row: SampleRecord, begun: float, kept: str) -> str:
    """Return the SHA-256 of the files of a sample, joined by "+"; "" where they are not what a run has scanned.

    Those of which the run has the SHA-256 are the same, and another one is not newer than the run.

    Args:
        sample: the files.
        row: what the run has of them: the SHA-256 of one.
        begun: when the run began, in seconds since the epoch.
        kept: `Part.content` of a part that came one by one, which names all that was scored; else "".
    """
    known = set(filter(None, _split_digests(kept) if kept else [row.sha256]))
    try:
        content = _hash(sample).split("+")
        files = [file for file in (sample.image, sample.cloud) if file is not None]
        others = [file for file, digest in zip(files, content, strict=True) if digest not in known]
        is_newer = any(file.stat().st_mtime > begun for file in others)
    except OSError:
        return ""
    return "" if is_newer or not known <= set(content) else "+".join(content)


def _hash(sample: Sample) -> str:
    """Return the SHA-256 of the files of a sample, joined by "+"; raises OSError where one cannot be read."""
    return "+".join(file_sha256(file) for file in (sample.image, sample.cloud) if file is not None)


def require_judges(batch: Batch, workspace: Workspace, run_id: int) -> None:
    """Refuse to go on with a run whose judges are not what they were when it began.

    Raises:
        StoreError: the file of one changed or is gone, or it is not known any more which parts judge.
    """
    plan = load_plan(workspace, run_id)
    if is_judged(workspace.runs.get(run_id).notes) and not (plan and plan.judges):
        raise StoreError(f"it is not known any more which parts judge run {run_id}; scan it without `resume`")
    for position, content in plan.judges if plan else ():
        sample = batch.samples[position]
        try:
            same = _hash(sample) == content
        except OSError:
            same = False
        if not same:
            raise StoreError(
                f"{sample.name} judges run {run_id}, but its file changed or is gone; scan it without `resume`"
            )


def find_known(job: Job, parts: Sequence[Part], features: BatchFeatures, variants: Variants) -> Known | None:
    """Find which of the usable parts judge the others alone; report where they cannot.

    Args:
        job: the scan; its run gets a note, too.
        parts: the usable parts.
        features: theirs, at one size of the photos.
        variants: which parts are judged among themselves.

    Returns:
        They by their places among the usable parts; None = all judge each other.
    """
    if not job.plan.judges:
        return None
    read, numbers = find_read(parts, job.plan.judges), _number_parts(job)
    meant = {numbers[position] for position, _ in job.plan.judges}
    if lost := len(meant.difference(numbers[position] for position in read)):
        _tell(job, f"accepted parts that do not judge, as their files changed or were gone when they were read: {lost}")
    known = Known(
        frozenset(place for place, part in enumerate(parts) if part.position in read),
        tuple(numbers[part.position] for part in parts),
    )
    for places in _list_compared(features, variants):
        if len({known.parts[place] for place in known.places.intersection(places)}) < 2:
            first = job.batch.samples[parts[places[0]].position].name
            shown = len({known.parts[place] for place in places})
            told = (
                f"fewer than two of {shown} parts that are compared with each other, {first} first, were "
                "accepted: all of them judge there"
            )
            _tell(job, told)
    return known


def _number_parts(job: Job) -> list[int]:
    """Number the parts that the samples of a scan show, by all that it knows, and that the earlier run knew.

    Codes in the photos are known by now; somebody may have typed parts in the earlier run, or it had another rule.
    """
    rows = job.workspace.runs.samples(job.run_id)
    numbers, places = number_parts(rows), {row.name: row.position for row in rows}
    positions = defaultdict[int, list[int]](list)
    for position, number in enumerate(numbers):
        positions[number].append(position)
    for views in group_parts(job.workspace.runs.samples(job.plan.judged_by)):
        same = {numbers[places[view.name]] for view in views if view.name in places}
        for number in sorted(same)[1:]:
            positions[min(same)] += positions[number]
            for position in positions.pop(number):
                numbers[position] = min(same)
    return numbers


def choose_carried(job: Job, parts: Sequence[Part]) -> Carried | None:
    """Choose the usable parts whose verdicts are carried over: their files are those that were judged before."""
    plan = job.plan
    if not plan.judged_by:
        return None
    return Carried(plan.judged_by, find_read(parts, plan.judges), find_read(parts, plan.rejected))


def find_read(parts: Sequence[Part], wanted: Sequence[tuple[int, str]]) -> set[int]:
    """Return the positions of those parts, of some with the SHA-256 of their files, of which these files were read."""
    contents = {position: content.split("+") for position, content in wanted}
    return {part.position for part in parts if _was_read(part, contents.get(part.position, ()))}


def _was_read(part: Part, contents: Collection[str]) -> bool:
    """Tell whether what was read of a part has these SHA-256: a file may be overwritten after it was listed."""
    digests = _split_digests(part.content)
    return any(digests) and all(digest in contents for digest in digests if digest)


def _split_digests(content: str) -> list[str]:
    """Return the SHA-256 of photo and cloud that `Part.content` names; "" where there is none."""
    return [key.partition("-")[0] for key in split_content(content)]


def _tell(job: Job, note: str) -> None:
    job.workspace.runs.add_notes(job.run_id, [note])
    job.report(make_event(note, "score"))


def _list_compared(features: BatchFeatures, variants: Variants) -> Iterator[Sequence[int]]:
    """List the places of parts that are compared with each other: by variant, or by what there is of them."""
    if variants.members:
        yield from variants.members
        return
    both = features.both if len(features.both) > 1 else []
    if both:
        yield both
    for places in (features.whole_photos if features.whole else features.photos, features.clouds):
        if set(places) - set(both):
            yield places
