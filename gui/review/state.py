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

    def asks_for(self, sample: int) -> bool:
        """Tell whether the program asks for a verdict on the part that a sample shows."""
        return self.session is not None and self.asked in self.session.views.of(sample)
