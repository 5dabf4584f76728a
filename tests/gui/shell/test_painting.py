"""Painting ends when it is done, also where it fails and something still holds the painter."""

import pytest
from PySide6.QtGui import QPixmap

from gui.shell.painting import painting


def test_a_painter_that_is_held_paints_no_more(qapp):
    held = []
    with painting(QPixmap(4, 4)) as painter:
        held.append(painter)
        assert painter.isActive()
    assert not held[0].isActive()

    with pytest.raises(ZeroDivisionError), painting(QPixmap(4, 4)) as painter:  # noqa: PT012 - as paintEvent fails
        held.append(painter)
        raise ZeroDivisionError
    assert not held[1].isActive()
