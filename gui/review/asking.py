"""What the verdicts of a run say about its threshold, and which part is asked for next: one score a part. No Qt."""

import numpy as np
from numpy.typing import NDArray

from gui.review.session import Session
from inspector.decision.threshold import Threshold
from inspector.decision.verdict_threshold import choose_next, fit_threshold
from inspector.store.verdicts import VERDICTS


def can_ask(session: Session) -> bool:
    """Tell whether verdicts can set the threshold of a run: it has scores, and no more of them come."""
    return session.threshold is not None and session.run.status != "running" and bool(session.scored.any())


def count_verdicts(session: Session) -> int:
    """Count the parts with a score that were accepted or rejected."""
    return len(_find_judged(session, find_parts(session))[0])


def fit_verdicts(session: Session) -> Threshold | None:
    """Return the threshold that the verdicts say; None without one, or where `can_ask` is false."""
    if not can_ask(session):
        return None
    parts = find_parts(session)
    return fit_threshold(session.views.highest[parts], *_find_judged(session, parts))


def find_next(session: Session) -> int | None:
    """Return the part whose verdict tells most, as it is listed; none that was left undecided in this sitting."""
    if not can_ask(session):
        return None
    parts = find_parts(session)
    left = np.isin(parts, list(session.past.left_open))
    left[_find_judged(session, parts)[0]] = False
    parts = parts[~left]
    place = choose_next(session.views.highest[parts], *_find_judged(session, parts))
    return None if place is None else int(parts[place])


def find_parts(session: Session) -> NDArray[np.intp]:
    """Return the samples (P,) that stand for parts with a score."""
    return np.flatnonzero(session.views.listed & np.isfinite(session.views.highest))


def _find_judged(session: Session, parts: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Return the places (K,) of parts with a verdict, and whether they were rejected (K,): the worst view decides."""
    codes, spread = session.verdicts.codes, session.views.spread
    rejected = spread(codes == VERDICTS.index("rejected"))[parts]
    judged = np.flatnonzero(rejected | ~spread(codes == VERDICTS.index("undecided"))[parts])
    return judged, rejected[judged]
