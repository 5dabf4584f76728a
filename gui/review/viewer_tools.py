"""The tools above the photo: how photo, map and cloud are shown."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QSlider, QToolButton, QWidget

from gui.shell.flow_layout import FlowLayout
from gui.shell.grey import hold_back
from inspector.export.rendering import COLORMAPS

MODES = ("overlay", "side", "map")


class ViewerTools(QWidget):
    """Holds the tools; what they do is the viewer's."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make the tools."""
        super().__init__(parent)
        self.mode = QComboBox()
        for name, text in zip(MODES, (self.tr("Overlay"), self.tr("Side by side"), self.tr("Map only")), strict=True):
            self.mode.addItem(text, name)
        self.mode.setAccessibleName(self.tr("How photo and map are shown"))
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setRange(0, 100)
        self.opacity.setValue(75)
        self.opacity.setFixedWidth(110)
        self.opacity.setAccessibleName(self.tr("Opacity of the heat map in percent"))
        self.colormap = QComboBox()
        self.colormap.addItems(list(COLORMAPS))
        self.colormap.setAccessibleName(self.tr("Colours of the heat map"))
        self.contour = _switch(self.tr("Contour"), self.tr("Outline everything above the threshold"), checked=True)
        self.boxes = _switch(
            self.tr("Regions"), self.tr("Number the defect regions, and show where the part was found"), checked=False
        )
        self.compare = _switch(self.tr("Compare"), self.tr("Show the most similar normal sample beside"), checked=False)
        self.cloud = _switch("3D", self.tr("Show the point cloud"), checked=False)
        self.offer_cloud(False)
        self.fit_button = _button(self.tr("Fit"), self.tr("Show the whole photo"))
        self.actual_button = _button("100 %", self.tr("One photo pixel is one screen pixel"))
        layout = FlowLayout(spacing=5)
        self.setLayout(layout)
        layout.setContentsMargins(6, 4, 6, 4)
        for widget in (self.mode, QLabel(self.tr("Opacity")), self.opacity, self.colormap):
            layout.addWidget(widget)
        for switch in (self.contour, self.boxes, self.compare, self.cloud, self.fit_button, self.actual_button):
            layout.addWidget(switch)

    def offer_cloud(self, there: bool) -> None:
        """Say whether there is a point cloud."""
        hold_back(self.cloud, "" if there else self.tr("This part has no point cloud."))

    def offer_opacity(self, seen: bool) -> None:
        """Say whether the map lies on a photo."""
        hold_back(self.opacity, "" if seen else self.tr("Only the map is shown."))


def _switch(text: str, tip: str, *, checked: bool) -> QToolButton:
    button = _button(text, tip)
    button.setCheckable(True)
    button.setChecked(checked)
    return button


def _button(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setAccessibleName(text)
    button.setAccessibleDescription(tip)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
