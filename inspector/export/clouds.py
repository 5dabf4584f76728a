"""The scored points of each part that has a cloud, with their score and the colour it has in overlays."""

from inspector.export.ply import encode_ply
from inspector.export.rendering import colour_map
from inspector.export.shown import ShownSample
from inspector.export.writer import Export, write_each
from inspector.store.records import RunRecord
from inspector.store.workspace import Workspace


def encode_cloud(sample: ShownSample) -> bytes | None:
    """Return the PLY of a sample; None where it has no cloud."""
    if sample.cloud is None:
        return None
    points, scores, _ = sample.cloud
    return encode_ply(points, scores, colour_map(scores[None], sample.run.display_range)[0])


def has_clouds(workspace: Workspace, run: RunRecord) -> bool:
    """Tell whether scored clouds were kept of a run."""
    return (workspace.artefacts.run_folder(run.id) / "clouds").is_dir()


CLOUDS = Export("Point clouds with scores (PLY)", write_each("clouds", ".ply", encode_cloud), has_clouds)
