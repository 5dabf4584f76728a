"""The middle of the review: one or two linked views of a sample, and the tools that say how it is shown."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSignalBlocker, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui.pictures.sample_picture import Defects, SamplePicture, score_at
from gui.review.image_view import ImageView
from gui.review.viewer_tools import MODES, ViewerTools
from gui.shell.labels import CaptionLabel
from gui.shell.numbers import show_number
from gui.shell.permits import needs
from gui.shell.quiet_wheel import QuietWheel
from inspector.geometry.placement import Placement

if TYPE_CHECKING:  # needs OpenGL modules, which only clouds are worth
    from gui.clouds.projection import ScoredCloud
    from gui.clouds.view import CloudView


class Viewer(QWidget):
    """Shows what it is given; tells what the operator wants changed."""

    colormap_chosen = Signal(str)
    regions_wanted = Signal()
    """Outlines or boxes were switched on."""
    compare_switched = Signal(bool)
    picked = Signal(float, float)
    """Click at a place of the photo, in its pixels."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make an empty viewer."""
        super().__init__(parent)
        self._defects = Defects()
        self._region: int | None = None
        self._own: SamplePicture | None = None
        self._own_box: Placement | None = None
        self._own_caption = ""
        self.heat_shown = True
        self.tools = tools = ViewerTools()
        self.mode, self.opacity, self.colormap = tools.mode, tools.opacity, tools.colormap
        self.contour, self.boxes, self.compare, self.cloud = tools.contour, tools.boxes, tools.compare, tools.cloud
        self.main_view = ImageView(self.tr("Photo with anomaly map"))
        self.second_view = ImageView(self.tr("Photo to compare with"))
        self.main_caption, self.second_caption = _caption(), _caption()
        self._cursor = QLabel()
        self._cursor.setProperty("role", "dim")
        self._cursor.setMinimumWidth(10)
        self._zoom = QLabel()
        self._zoom.setProperty("role", "dim")
        self._lay_out()
        self._connect()
        self._arrange()
        QuietWheel(self)

    def _lay_out(self) -> None:
        self.status = QWidget()
        self.locate = QPushButton(self.tr("Locate folder…"))
        self.locate.setAccessibleName(self.tr("Say where the photos of this run lie now"))
        self.locate.hide()
        needs("locate", self.locate)
        self._second = QWidget()
        views = QHBoxLayout()
        views.setContentsMargins(0, 0, 0, 0)
        views.setSpacing(2)
        first = QWidget()
        for holder, caption, view in (
            (first, self.main_caption, self.main_view),
            (self._second, self.second_caption, self.second_view),
        ):
            column = QVBoxLayout(holder)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(2)
            column.addWidget(caption)
            column.addWidget(view, 1)
            views.addWidget(holder, 1)
        self._views = views
        self.cloud_view: CloudView | None = None
        status = QHBoxLayout(self.status)
        status.setContentsMargins(8, 2, 8, 2)
        status.addWidget(self._cursor, 1)
        status.addWidget(self._zoom)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.tools)
        layout.addLayout(views, 1)
        layout.addWidget(self.locate)
        layout.addWidget(self.status)

    def _connect(self) -> None:
        self.mode.currentIndexChanged.connect(lambda _: self._arrange())
        self.opacity.valueChanged.connect(lambda _: self._repaint_layers())
        self.colormap.currentTextChanged.connect(self.colormap_chosen)
        self.contour.toggled.connect(lambda _: self._take_switch())
        self.boxes.toggled.connect(lambda _: self._take_switch())
        self.compare.toggled.connect(self._compare_toggled)
        self.cloud.toggled.connect(lambda _: self._arrange())
        self.tools.fit_button.clicked.connect(self.main_view.fit)
        self.tools.actual_button.clicked.connect(self.main_view.actual_size)
        for view, other in ((self.main_view, self.second_view), (self.second_view, self.main_view)):
            view.moved.connect(other.set_place)
            view.left.connect(self._cursor.clear)
        self.main_view.hovered.connect(lambda x, y: self._tell_cursor(self.main_view, x, y))
        self.second_view.hovered.connect(lambda x, y: self._tell_cursor(self.second_view, x, y))
        self.main_view.picked.connect(self.picked)
        self.main_view.rescaled.connect(self._tell_zoom)

    # What is shown

    def show_picture(self, picture: SamplePicture, caption: str, box: Placement | None = None) -> None:
        """Show a sample, and where its part was found; the zoom stays."""
        self._defects = Defects()
        self._region = None
        self.main_caption.setText(caption)
        self.main_view.show_picture(picture, self._layers(first=True), self._opacity())
        self.main_view.show_box(box)
        self._own, self._own_box = None, box
        if not self.compare.isChecked():
            self.second_view.show_picture(picture, self._layers(first=False), self._opacity())

    def show_preview(self, image: QImage, size: tuple[int, int], caption: str) -> None:
        """Show a thumbnail until the photo is there."""
        self._defects, self._own = Defects(), None
        self.main_caption.setText(caption)
        self.main_view.show_preview(image, size)
        if not self.compare.isChecked():
            self.second_view.show_preview(image, size)

    def show_message(self, text: str, caption: str) -> None:
        """Show a sentence in place of the photo."""
        self._defects, self._own = Defects(), None
        self.main_caption.setText(caption)
        self.main_view.show_message(text)
        if not self.compare.isChecked():
            self.second_view.show_message("")

    def show_companion(self, picture: SamplePicture | None, caption: str) -> None:
        """Show the sample to compare with, or a sentence where there is none."""
        self.second_caption.setText(caption)
        if picture is None:
            self.second_view.show_message(caption)
        else:
            self.second_view.show_picture(picture, self._layers(first=False), self._opacity())

    def show_other(self, picture: SamplePicture | None, caption: str = "") -> None:
        """Show another sample in the place of this one, and say which; or this one again. The zoom stays."""
        if picture is not None and (own := self._own or self.main_view.picture()):  # which comes back
            if self._own is None:
                self._own, self._own_caption = own, self.main_caption.text()
            self.main_caption.setText(caption)
            self.main_view.show_picture(picture, "photo", 0.0)
        elif self._own is not None:
            shown, box, self._own = self._own, self._own_box, None
            self.main_caption.setText(self._own_caption)
            self.main_view.show_picture(shown, self._layers(first=True), self._opacity())
            self.main_view.show_box(box)
            self._draw_defects()

    def show_caption(self, caption: str) -> None:
        """Tell of the sample anew; while another one is seen in its place, once that is gone."""
        if self._own is None:
            self.main_caption.setText(caption)
        else:
            self._own_caption = caption

    def offer_cloud(self, there: bool) -> None:
        """Say whether the sample has a cloud."""
        self.tools.offer_cloud(there)
        if self.cloud_view is not None:
            self.cloud_view.clear()
            self._arrange()

    def show_cloud(self, cloud: "ScoredCloud", value_range: tuple[float, float]) -> None:
        """Show the cloud of the sample beside its photo."""
        if self.cloud_view is None:
            from gui.clouds.view import CloudView

            self.cloud_view = CloudView()
            self.cloud_view.picked.connect(self.main_view.mark)
            self.colormap_chosen.connect(self.cloud_view.set_colormap)
            self._views.addWidget(self.cloud_view, 1)
        picture = self.main_view.picture()
        photo = None if picture is None or picture.full_size else picture.photo  # points know its pixels by number
        self.cloud_view.set_colormap(self.colormap.currentText())
        self.cloud_view.show_cloud(cloud, photo, value_range)
        self._arrange()

    def mark_in_cloud(self, x: float, y: float) -> None:
        """Mark the point that belongs to a place in the photo."""
        if self.cloud_view is not None and self.cloud_view.isVisible():
            self.cloud_view.mark_pixel(x, y)
            self.main_view.mark(x, y)

    def show_defects(self, defects: Defects, current: int | None) -> None:
        """Draw what lies above the threshold."""
        self._defects, self._region = defects, current
        self._draw_defects()

    def look_at_region(self, number: int) -> None:
        """Bring a region (counted from 0) to the middle."""
        region = self._defects.regions[number]
        self._region = number
        self.main_view.look_at(QRectF(region.x, region.y, region.width, region.height))
        self._draw_defects()

    def next_mode(self) -> None:
        """Overlay, side by side, map only, and round."""
        self.mode.setCurrentIndex((self.mode.currentIndex() + 1) % len(MODES))

    def toggle_heat(self) -> None:
        """Hide or show the heat map."""
        self.heat_shown = not self.heat_shown
        self._repaint_layers()

    # Inside

    def _layers(self, *, first: bool) -> str:
        mode = self.mode.currentData()
        if not self.heat_shown or (mode == "side" and first and not self.compare.isChecked()):
            return "photo"
        return "map" if mode == "map" else "overlay"

    def _opacity(self) -> float:
        return self.opacity.value() / 100

    def _arrange(self) -> None:
        side, compare = self.mode.currentData() == "side", self.compare.isChecked()
        cloud = self.cloud.isChecked() and self.cloud.isEnabled()
        self._second.setVisible((side or compare) and not cloud)
        if self.cloud_view is not None:
            self.cloud_view.setVisible(cloud)
        self.tools.offer_opacity(self.mode.currentData() != "map")
        if side and not compare:
            self.second_caption.setText(self.tr("with anomaly map"))
            picture = self.main_view.picture()
            if picture is not None:
                self.second_view.show_picture(picture, self._layers(first=False), self._opacity())
        self._repaint_layers()
        self._draw_defects()

    def _repaint_layers(self) -> None:
        self.main_view.set_layers(self._layers(first=True), self._opacity())
        self.second_view.set_layers(self._layers(first=False), self._opacity())

    def _draw_defects(self) -> None:
        if self._own is not None:
            return  # another sample is seen in the place of this one
        wanted = {"contour": self.contour.isChecked(), "regions": self.boxes.isChecked()}
        self.main_view.show_defects(self._defects, self._region, **wanted)
        both = self.mode.currentData() == "side" and not self.compare.isChecked()
        self.second_view.show_defects(self._defects if both else Defects(), self._region, **wanted)

    def _take_switch(self) -> None:
        self._draw_defects()
        self.regions_wanted.emit()

    def _compare_toggled(self, on: bool) -> None:
        with QSignalBlocker(self.mode):
            if on and self.mode.currentData() == "side":
                self.mode.setCurrentIndex(0)
        self._arrange()
        self.compare_switched.emit(on)

    def _tell_cursor(self, view: ImageView, x: float, y: float) -> None:
        self._cursor.setText(_describe_place(view.picture(), x, y, self.tr("x {x}  y {y}  score {score}")))

    def _tell_zoom(self) -> None:
        share = self.main_view.scale_now() * self.devicePixelRatioF()
        self._zoom.setText("" if self.main_view.is_empty() else f"{100 * share:.0f} %")


def _describe_place(picture: SamplePicture | None, x: float, y: float, text: str) -> str:
    """Say where the cursor is and what the map's value is there; "" outside the photo."""
    if picture is None or not (0 <= x < picture.size[1] and 0 <= y < picture.size[0]):
        return ""
    score = score_at(picture, x, y)
    if score is None:
        return f"x {int(x)}  y {int(y)}"
    return text.format(x=int(x), y=int(y), score=show_number(score))


def _caption() -> CaptionLabel:
    label = CaptionLabel()
    label.setContentsMargins(8, 2, 8, 2)
    return label
