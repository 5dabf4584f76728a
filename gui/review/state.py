"""What the review looks at: shared by the parts of its screen."""

from dataclasses import dataclass

from gui.review.session import Session


@dataclass
class ReviewState:
    """The open run and the sample that is looked at; None where there is none.

    `ended`: the last part of the list has its verdict, and nothing else was looked at since: no key gives another.
    `asked`: the part that the program asked for last, as long as it asks; after a verdict on it comes the next one.
    """

    session: Session | None = None
    current: int | None = None
    ended: bool = False
    asked: int | None = None
