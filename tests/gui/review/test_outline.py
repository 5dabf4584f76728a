"""What is drawn on a photo is seen on dark and on bright ones."""

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from gui.pictures.sample_picture import Defects
from gui.review.image_view import ImageView
from inspector.decision.regions import Region


@pytest.mark.parametrize("ground", ["white", "black"])
@pytest.mark.parametrize("drawn", ["contour", "regions"])
def test_outlines_stand_out_from_any_photo(qtbot: QtBot, ground: str, drawn: str) -> None:
    view = ImageView("photo")
    qtbot.addWidget(view)
    view.resize(200, 200)
    view.show()
    photo = QImage(100, 100, QImage.Format.Format_RGB32)
    photo.fill(QColor(ground))
    view.show_preview(photo, (100, 100))
    view.loading = False
    box = np.array([(30.0, 30.0), (70.0, 30.0), (70.0, 70.0), (30.0, 70.0)])
    defects = Defects((Region(30, 30, 40, 40, 1600, 1.0, 50, 50),), (box,))
    view.show_defects(defects, None, contour=drawn == "contour", regions=drawn == "regions")

    seen = view.viewport().grab().toImage()
    across = [seen.pixelColor(x, 100).lightnessF() for x in range(40, 80)]
    assert max(across) - min(across) > 0.45
