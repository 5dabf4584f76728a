"""The German of what operating systems and SQLite say."""

SYSTEM = {
    r"permission denied": "keine Berechtigung",
    r"no such file or directory": "Datei oder Ordner nicht vorhanden",
    r"input/output error": "Ein-/Ausgabefehler",
    r"is a directory": "ist ein Ordner",
    r"it is a pipe or a device, and no file": "es ist eine Pipe oder ein Gerät und keine Datei",
    r"not a directory": "ist kein Ordner",
    r"no space left on device": "kein Platz mehr auf dem Datenträger",
    r"read-only file system": "Dateisystem ist schreibgeschützt",
    r"file name too long": "Dateiname zu lang",
    r"too many levels of symbolic links": "zu viele Verknüpfungen hintereinander",
    r"disk quota exceeded": "Speicherkontingent überschritten",
    r"stale file handle": "Verbindung zur Freigabe veraltet",
    r"host is down": "Rechner nicht erreichbar",
    r"connection refused": "Verbindung abgelehnt",
    r"database or disk is full": "Datenbank oder Festplatte ist voll",
    r"disk I/O error": "Fehler beim Lesen oder Schreiben der Festplatte",
    r"database is locked": "Datenbank ist gesperrt",
    r"unable to open database file": "Datenbank lässt sich nicht öffnen",
    r"attempt to write a readonly database": "Datenbank ist schreibgeschützt",
}
