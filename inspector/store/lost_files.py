"""Files of runs that are gone from beside the database, as where somebody deleted their folder or mounted another."""

from sqlalchemy import func, select

from inspector.events import Report
from inspector.places import is_there
from inspector.store.claims import IMPORTED
from inspector.store.run_facts import make_event
from inspector.store.tables import RunRow
from inspector.store.workspace import Workspace

LOST = (
    "earlier maps and pictures are gone, for the folder {} was deleted or is another one now; put it back if there is "
    "a copy; scores and verdicts are all there"
)


def find_lost_files(workspace: Workspace, run_id: int) -> str:
    """Say that the files of the runs until now are gone, by the newest one that has scores; "" where they are there.

    Args:
        workspace: where they should be.
        run_id: a run that begins, or goes on and has written nothing yet since; later ones are not looked at.
    """
    scored = (RunRow.id <= run_id, RunRow.threshold.is_not(None), RunRow.samples > RunRow.unreadable)
    with workspace.database.session() as session:
        latest = session.scalar(select(func.max(RunRow.id)).where(*scored, RunRow.layout != IMPORTED))
    if latest is None or not workspace.artefacts.are_gone(latest):
        return ""
    folder = workspace.artefacts.run_folder(latest)
    return LOST.format(folder if is_there(folder.parent) else folder.parent)


def tell_lost_files(workspace: Workspace, run_id: int, told: str, report: Report) -> None:
    """Note in a run, and report, that files are gone; nothing where `told` is "".

    Raises:
        StoreError: it cannot be noted; nothing is reported then.
    """
    if told:
        workspace.runs.add_notes(run_id, [told])
        report(make_event(told))
