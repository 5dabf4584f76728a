"""When the automatic decision of a run is doubtful: from what the run measured, a sentence for each reason."""

import numpy as np
from PySide6.QtCore import QCoreApplication

from gui.review.asking import find_parts
from gui.review.session import Session
from inspector.decision.threshold import LEAST_GROUPED, TWO_GROUPS, UNSURE_GROUPS
from inspector.export.isolates import isolate_path
from inspector.store.claims import WATCHED
from inspector.store.run_facts import is_judged

translate = QCoreApplication.translate

MANY = 0.2
"""Share of flagged parts above which bad ones may vouch for each other."""


def list_doubts(session: Session) -> list[str]:
    """Return the reasons to doubt the decisions of a run that has scores, the gravest first."""
    scored = int(session.scored.sum())
    if not scored:
        return []
    reasons = []
    if session.unsure:
        reasons.append(_describe_unsure(session, scored))
    flagged, parts = session.counts()["flagged"], len(find_parts(session))
    if flagged > max(1, MANY * parts) and not is_judged(session.run.notes):  # accepted parts alone vouch there
        told = translate(
            "Doubts",
            "{flagged} of {count} parts are flagged: so many may vouch for each other. "
            "Accept good ones and scan again, judged by them.",
        )
        reasons.append(told.format(flagged=flagged, count=parts))
    if session.run.why_threshold == TWO_GROUPS:
        told = translate("Doubts", "The scores fall into two groups: the upper one may be good parts of another kind.")
        reasons.append(told)
    if session.variants > 1:
        told = translate("Doubts", "The batch holds {count} variants, each judged among its own parts alone.")
        reasons.append(told.format(count=session.variants))
    shared = len([group for group in session.groups if group.mark != "accepted"])
    if shared:
        told = translate("Doubts", "Some parts share a region that the others lack ({groups}×): it may be a defect.")
        reasons.append(told.format(groups=shared))
    if scored < LEAST_GROUPED:
        told = translate("Doubts", "Only {count} parts were compared: what is usual is not sure.")
        reasons.append(told.format(count=scored))
    if session.noted:
        told = translate("Doubts", "Parts that may have been misread: {count}, the first is {name}.")
        reasons.append(told.format(count=len(session.noted), name=isolate_path(session.noted[0])))
    if lost := int(np.count_nonzero(session.unreadable)):
        told = translate("Doubts", "Parts that could not be read and were not judged: {count}.")
        reasons.append(told.format(count=lost))
    return reasons


def _describe_unsure(session: Session, scored: int) -> str:
    """Say why the threshold of a run with so many scores is unsure, and what to do."""
    if session.run.layout == WATCHED:
        return translate(
            "Doubts",
            "The parts that this line was begun with do not say where odd begins. When it is paused or has ended, "
            "judge the parts that are asked for (eight are mostly enough) and set the threshold by verdicts.",
        )
    if session.unsure == UNSURE_GROUPS:
        return translate(
            "Doubts",
            "The scores fall into two groups, but into others before re-scoring. Judge the parts that are asked for "
            "(eight are mostly enough) and set the threshold by verdicts.",
        )
    if scored >= LEAST_GROUPED:
        return translate(
            "Doubts",
            "The scores show no two groups: good parts alone look like this, and so do batches with faint or very many "
            "defects. Judge the parts that are asked for (eight are mostly enough) and set the threshold by verdicts.",
        )
    told = translate(
        "Doubts",
        "Fewer than {least} scores do not tell good parts from bad ones. Judge the parts that are asked for (eight "
        "are mostly enough) and set the threshold by verdicts.",
    )
    return told.format(least=LEAST_GROUPED)
