"""All pixels of a large photo in a scene; only what is seen of them is painted."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget
from typing_extensions import override

from gui.pictures.sample_picture import Detail


class DetailItem(QGraphicsItem):
    """Paints from the photo's pixels themselves: no copy is made, as it would be of a pixmap."""

    def __init__(self) -> None:
        """Make an empty item."""
        super().__init__()
        self.detail: Detail | None = None
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    def show_detail(self, detail: Detail | None) -> None:
        """Paint a photo from now on; None = nothing."""
        self.prepareGeometryChange()
        self.detail = detail

    @override
    def boundingRect(self) -> QRectF:
        """The whole photo."""
        return QRectF() if self.detail is None else QRectF(self.detail.image.rect())

    @override
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint what is seen, from the pixels that lie there."""
        if self.detail is not None:
            seen = option.exposedRect.toAlignedRect().intersected(self.detail.image.rect())
            painter.drawImage(QRectF(seen), self.detail.image, QRectF(seen))
