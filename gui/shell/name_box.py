"""A field to choose among names that people gave."""

from PySide6.QtWidgets import QComboBox

from gui.shell.texts import show_letters

LEAST_LETTERS = 8
"""Letters of a name that are seen however narrow the window is."""


def make_name_box() -> QComboBox:
    """Return an empty box that takes the room there is: by itself it would be as wide as its longest name.

    The one that is chosen is its tool tip, too.
    """
    box = QComboBox()
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(LEAST_LETTERS)
    box.currentTextChanged.connect(lambda name: box.setToolTip(show_letters(name)))
    return box
