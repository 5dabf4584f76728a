"""What the review looks at: shared by the parts of its screen."""

from dataclasses import dataclass

from gui.review.session import Session


@dataclass
class ReviewState:
    """The open run and the sample that is looked at; None where there is none."""

    session: Session | None = None
    current: int | None = None
