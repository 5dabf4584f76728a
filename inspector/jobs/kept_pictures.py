"""What is shown of the parts of a line: their maps and pictures, kept beside the database."""

from inspector.events import Report
from inspector.jobs.line import PartScores
from inspector.jobs.part_results import ReadPart
from inspector.store.lost_files import LOST, tell_lost_files
from inspector.store.workspace import Workspace


class KeptPictures:
    """Keeps the maps and pictures of a run, and tells where somebody has deleted those of the parts before."""

    def __init__(self, run_id: int, workspace: Workspace, report: Report) -> None:
        """Note whether there are some."""
        self._run_id, self._workspace, self._report = run_id, workspace, report
        self._has_some = not self._are_gone()

    def keep(self, position: int, read: ReadPart, found: PartScores | None) -> None:
        """Keep what is shown of a part; nothing of one that has no scores.

        Raises:
            StoreError: it cannot be written; it may be kept again then.
        """
        if found is None:
            return
        artefacts = self._workspace.artefacts
        if self._has_some and self._are_gone():
            told = LOST.format(artefacts.run_folder(self._run_id))
            tell_lost_files(self._workspace, self._run_id, told, self._report)
            self._has_some = False
        artefacts.save_thumbnail(self._run_id, position, read.thumbnail)
        artefacts.save_map(self._run_id, position, found.anomaly_map)
        if read.picture:
            artefacts.save_picture(self._run_id, position, read.picture)
        if found.cloud is not None:
            artefacts.save_cloud(self._run_id, position, *found.cloud)
        self._has_some = True

    def _are_gone(self) -> bool:
        return self._workspace.artefacts.are_gone(self._run_id, maps=True)
