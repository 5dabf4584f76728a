"""What a report says of a run as a whole: where its parts come from, and how they were scored."""

from collections import Counter
from collections.abc import Sequence

from inspector.export.isolates import isolate_path
from inspector.export.words import Words
from inspector.settings import ScanSettings
from inspector.store.claims import IMPORTED, WATCHED
from inspector.store.records import RunRecord, SampleRecord
from inspector.store.run_facts import name_fact
from inspector.times import write_local

AGGREGATIONS = {
    "lnamd": "LNAMD",
    "lnamd-mean": "mean of LNAMD",
    "lnamd-joined": "mean of LNAMD, layers joined",
    "snamd": "SNAMD",
}
POINT_FEATURES = {"fpfh": "FPFH", "point-mae": "Point-MAE"}
BACKGROUNDS = {"mvtec-3d": "MVTec 3D-AD", "eyecandies": "Eyecandies"}

Facts = list[tuple[str, str]]


def list_facts(run: RunRecord, samples: Sequence[SampleRecord], say: Words) -> Facts:
    """Return names and values, in the words of the reader."""
    seconds = sum(run.timings.values())
    each = say.number(1000 * seconds / max(1, len(samples)), 0)
    return [
        (say("Folder"), isolate_path(run.root)),
        (say("Run"), f"{run.id}, {write_local(run.created)}"),
        (say("Samples"), say("{count} ({unreadable} unreadable)", count=len(samples), unreadable=run.unreadable)),
        *_describe_variants(samples, say),
        *([(say("Left out"), say("{count}, listed below", count=len(run.left_out)))] if run.left_out else []),
        *([(say("Value range"), run.ranges_in_words)] if run.value_range else []),
        *(_describe_photos(run, say) if run.modality != "3d" else []),
        *(_describe_clouds(run, say) if run.modality != "2d" else []),
        *((say(name), say.prose(note)) for note in run.notes if (name := name_fact(note))),
        (say("Score"), _describe_score(run, say)),
        (say("Duration"), say("{seconds} s, {each} ms a sample", seconds=say.number(seconds, 1), each=each)),
        (say("Version"), run.version),
    ]


def _describe_score(run: RunRecord, say: Words) -> str:
    """Say what the scores of a run are."""
    if run.layout == IMPORTED:
        return say("as it was imported")
    if run.rescoring == "nearness":
        return say("re-scored by nearness, between 0 and 1 in this batch")
    if run.rescoring:
        return say("re-scored ({method}), 0 to 1 in this batch", method=run.rescoring)
    return say("largest distance in the map")


def _describe_variants(samples: Sequence[SampleRecord], say: Words) -> Facts:
    """Say which groups of parts were judged apart, if any."""
    counts = sorted(Counter(sample.variant for sample in samples if sample.variant is not None).items())
    told = ", ".join(say("{count} of variant {number}", count=count, number=number) for number, count in counts)
    return [(say("Variants"), say("{told}; each is judged among its own", told=told))] if counts else []


def _describe_photos(run: RunRecord, say: Words) -> Facts:
    if run.layout == IMPORTED:
        return [(say("Photos"), say("scored by another program"))]
    windows = ", ".join(map(str, run.settings["degrees"]))
    kind = say(AGGREGATIONS[run.settings["aggregation"]])
    if ScanSettings(**run.settings).compares_by_metric:
        kind = say("{kind}, learnt metric", kind=kind)
    return [
        (
            say("Photos"),
            f"{say('{network} on {device}', network=run.backbone, device=run.device)}{_tell_sizes(run, say)}",
        ),
        (say("Aggregation"), say("{kind}; width of the windows in patches: {windows}", kind=kind, windows=windows)),
    ]


def _tell_sizes(run: RunRecord, say: Words) -> str:
    """Say at which sizes photos were seen, but for the network's own."""
    own, more = run.settings.get("image_size"), run.settings.get("more_sizes", ())
    if run.modality == "2d+3d":  # beside clouds the largest is scored, and no other further one is seen; none on a line
        more = [] if run.layout == WATCHED else sorted(more)[-1:]
    sizes = say(" and ").join(map(str, [*([own] if own else []), *more]))
    if not sizes:
        return ""
    return say(", seen at {sizes} pixels", sizes=sizes) if own else say(", also seen at {sizes} pixels", sizes=sizes)


def _describe_clouds(run: RunRecord, say: Words) -> Facts:
    settings = ScanSettings(**run.settings)
    background = settings.background_of(run.layout)
    clouds = say(
        "{feature}, {groups} groups of {size} points",
        feature=POINT_FEATURES[settings.point_feature],
        groups=settings.groups,
        size=settings.group_size,
    )
    cut = say("left as it is") if background == "off" else say("cut off as in {set}", set=BACKGROUNDS[background])
    return [(say("Clouds"), clouds), (say("Background"), cut)]
