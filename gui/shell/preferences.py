"""What the app remembers of its user between two starts."""

from PySide6.QtCore import QByteArray, QSettings


class Preferences:
    """Names, theme, language, keys and window places; kept where the desktop keeps such things."""

    def __init__(self, settings: QSettings | None = None) -> None:
        """Use the user's own settings, or the given ones."""
        self._settings = settings or QSettings("mutual-inspector", "inspector-gui")

    def text(self, name: str, default: str = "") -> str:
        """Return a remembered text."""
        value = self._settings.value(name, default)
        return value if isinstance(value, str) else default

    def remember(self, name: str, value: str) -> None:
        """Remember a text."""
        self._settings.setValue(name, value)

    def place(self, name: str) -> QByteArray | None:
        """Return a remembered window or splitter state."""
        value = self._settings.value(name)
        return value if isinstance(value, QByteArray) else None

    def remember_place(self, name: str, value: QByteArray) -> None:
        """Remember a window or splitter state."""
        self._settings.setValue(name, value)

    def keys(self, command: str) -> list[str] | None:
        """Return the keys the user gave a command; None where they are the usual ones."""
        value = self._settings.value(f"keys/{command}")
        return None if value is None else [key for key in str(value).split(" ") if key]

    def remember_keys(self, command: str, keys: list[str] | None) -> None:
        """Give a command keys of the user's own; None = the usual ones."""
        if keys is None:
            self._settings.remove(f"keys/{command}")
        else:
            self._settings.setValue(f"keys/{command}", " ".join(keys))
