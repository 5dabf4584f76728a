"""One verdict for all parts that are marked in the list."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gui.review.screen import Review


def decide_marked(review: "Review", verdict: str) -> None:
    """Say something of the current part; where several are marked, of all of them, after a question."""
    marked = review.gallery.marked()
    if len(marked) < 2:
        review.verdicts.decide(verdict)
    else:
        review.verdicts.decide_all(marked, verdict)
