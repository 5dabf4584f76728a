"""The German of what to do where a workspace, or the server that it is on, cannot be used."""

_SEE = "siehe docs/postgresql.md"

_RIGHTS = "die Rechte jeder Rolle stehen in docs/postgresql.md"

_STATION = "und der Server Platz für eine weitere Verbindung hat"

SERVERS = {
    r"(.+); nothing was written, try again when it is back": (
        "{0}; nichts wurde geschrieben, bitte noch einmal versuchen, wenn er wieder da ist"
    ),
    r"(.+); this server may only be read, as one that follows another; name the one that is written": (
        "{0}; dieser Server ist nur lesbar, denn er folgt einem anderen; bitte den nennen, auf dem geschrieben wird"
    ),
    r"(.+); this account sees no schema; see the grants of each role in docs/postgresql\.md": (
        f"{{0}}; dieses Konto sieht kein Schema; {_RIGHTS}"
    ),
    r"(.+); this account may not do that; see the grants of each role in docs/postgresql\.md": (
        f"{{0}}; dieses Konto darf das nicht; {_RIGHTS}"
    ),
    r"(.+); make room on the server's disk": "{0}; bitte auf der Festplatte des Servers Platz schaffen",
    r"(.+); the server has no memory left; end other programs there": (
        "{0}; der Server hat keinen Arbeitsspeicher mehr; bitte dort andere Programme beenden"
    ),
    r"(.+); the server has no room for another connection; try again, or raise its `max_connections`": (
        "{0}; der Server hat keinen Platz für eine weitere Verbindung; bitte noch einmal versuchen oder sein "
        "`max_connections` erhöhen"
    ),
    r"(.+); let the server admit this account and station, in its pg_hba\.conf; if it wants TLS, leave out "
    r"`sslmode=disable`; see docs/postgresql\.md": (
        "{0}; bitte dieses Konto und diese Station in der pg_hba.conf des Servers zulassen; wenn er TLS verlangt, "
        f"`sslmode=disable` weglassen; {_SEE}"
    ),
    r"(.+); put its password into ~/\.pgpass or PGPASSWORD": (
        "{0}; bitte das Passwort in ~/.pgpass oder PGPASSWORD eintragen"
    ),
    r"(.+); see that its password in ~/\.pgpass or PGPASSWORD is right, that the database was made on the server, and "
    r"that it has room for another connection; see docs/postgresql\.md": (
        "{0}; bitte prüfen, ob das Passwort in ~/.pgpass oder PGPASSWORD stimmt, die Datenbank auf dem Server angelegt "
        f"ist {_STATION}; {_SEE}"
    ),
    r"(.+); the server runs and does not let this account in: see that account and database were made on it, and that "
    r"it has room for another connection; see docs/postgresql\.md": (
        "{0}; der Server läuft und lässt dieses Konto nicht ein: bitte prüfen, ob Konto und Datenbank dort angelegt "
        f"sind {_STATION}; {_SEE}"
    ),
    r"(.+); the server is starting or shutting down; try again in a moment": (
        "{0}; der Server startet gerade oder fährt herunter; bitte gleich noch einmal versuchen"
    ),
    r"(.+); see that the server runs and can be reached, with TLS also what `sslmode` and `sslrootcert` say": (
        "{0}; bitte prüfen, ob der Server läuft und erreichbar ist, bei TLS auch, was `sslmode` und `sslrootcert` sagen"
    ),
    r"(.+); mend the address; see docs/postgresql\.md": f"{{0}}; bitte die Adresse berichtigen; {_SEE}",
    r"(.+); `sslrootcert` holds none that signed it: name the file of its authority": (
        "{0}; `sslrootcert` enthält keines, von dem es unterschrieben ist: bitte die Datei seiner "
        "Zertifizierungsstelle nennen"
    ),
    r"(.+); call the server in the address by the name in its certificate, or give it another one": (
        "{0}; bitte den Server in der Adresse so nennen wie in seinem Zertifikat, oder ihm ein anderes geben"
    ),
    r"(.+); let `sslrootcert` name the file of the authority that signed the server's certificate": (
        "{0}; `sslrootcert` muss die Datei der Zertifizierungsstelle nennen, die das Zertifikat des Servers "
        "unterschrieben hat"
    ),
    r"(.+); set `ssl = on` and its certificate in its postgresql\.conf; see docs/postgresql\.md": (
        f"{{0}}; bitte `ssl = on` und sein Zertifikat in seiner postgresql.conf setzen; {_SEE}"
    ),
    r"(.+); take `sslmode=verify-full`; see docs/postgresql\.md": f"{{0}}; bitte `sslmode=verify-full` nehmen; {_SEE}",
    r"(.+); restore a backup, or bring what can be read into a new workspace with `inspector doctor --salvage "
    r"FOLDER`": (
        "{0}; bitte eine Sicherung zurückspielen, oder mit `inspector doctor --salvage ORDNER` in einen neuen "
        "Arbeitsbereich retten, was noch zu lesen ist"
    ),
}
