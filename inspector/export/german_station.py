"""The German of what the checks of a station find, and of what to do about it."""

_ROW = r"(\d+) \(run (.+?), by (.+?)\) (is missing|was .+ed: .+)"
"""Of what is kept in the audit chain: its number, of which run and by whom it is, and what happened to it."""

STATION = {
    r"(\d+) cores, (\d+) threads, (\d+) used": "{0} Kerne, {1} Threads, {2} davon genutzt",
    r"GPU (\d+): (.+), (.+) of (.+) GB free": "GPU {0}: {1}, {2:n} von {3:n} GB frei",
    r"GPU (\d+) cannot compute: (.+)": "GPU {0} rechnet nicht: {1}",
    r"(.+) GB are free of (.+) GB": "{0:n} von {1:n} GB frei",
    r"there is no desktop here, and without one no OpenGL": "kein Bildschirm da, und ohne ihn kein OpenGL",
    r"OpenGL does not work: (.+)": "OpenGL geht nicht: {0}",
    r"the driver does not answer": "der Treiber antwortet nicht",
    r"not installed: (.+)": "nicht installiert: {0}",
    r"embedded (\S+): SHA-256 (\S+)": "mitgeliefert {0}: SHA-256 {1}",
    r"imported (\S+): unchanged, gives tokens": "importiert {0}: unverändert, gibt Merkmale",
    r"imported (\S+): (.+)": "importiert {0}: {1}",
    r"(.+) is whole, revision (\d+)": "{0} ist unversehrt, Stand {1}",
    r"(.+) is damaged: (.+)": "{0} ist beschädigt: {1}",
    r"(.+) was made by a newer version": "{0} ist von einer neueren Version",
    r"there is no workspace in (.+) yet": "in {0} ist noch kein Arbeitsbereich",
    r"(.+) answers a question within (.+) ms": "{0} antwortet in {1:n} ms",
    r"the audit chain of (.+) agrees with all verdicts and thresholds": (
        "die Prüfkette aus {0} stimmt mit allen Urteilen und Schwellen überein"
    ),
    rf"verdict {_ROW}": "Urteil {0} (Lauf {1}, von {2}) {3}",
    rf"threshold change {_ROW}": "Verstellung der Schwelle {0} (Lauf {1}, von {2}) {3}",
    rf"mark of a group {_ROW}": "Kennzeichnung einer Gruppe {0} (Lauf {1}, von {2}) {3}",
    rf"pool change {_ROW}": "Änderung der Vergleichsteile {0} (Lauf {1}, von {2}) {3}",
    rf"part of sample {_ROW}": "Teil zum Foto {0} (Lauf {1}, von {2}) {3}",
    rf"folder of run {_ROW}": "Ordner des Laufs {0} (Lauf {1}, von {2}) {3}",
    r"is missing": "fehlt",
    r"was inserted: the audit chain knows nothing of it": "wurde eingefügt: Die Prüfkette weiß davon nichts",
    r"the threshold of run (\d+) was changed: it is (.+), but was (.+)": (
        "die Schwelle von Lauf {0} wurde geändert: sie ist {1:n}, war aber {2:n}"
    ),
    r"the score of (.+) of run (\d+) was changed: it is (.+), but was (.+) when (.+) decided": (
        "der Wert von {0} aus Lauf {1} wurde geändert: er ist {2:n}, war aber {3:n}, als {4} entschied"
    ),
    r"whether (.+) of run (\d+) is flagged does not follow from its score and the threshold": (
        "ob {0} aus Lauf {1} auffällig ist, folgt nicht aus Wert und Schwelle"
    ),
    r"the final score of (.+) of run (\d+) is not the one that was found": (
        "der Endwert von {0} aus Lauf {1} ist nicht der gefundene"
    ),
    r"(.+) \(and of (\d+) more\)": "{0} (und von {1} weiteren)",
    r"run (\d+) is missing, and it was not pruned; entries of the audit chain that speak of it: "
    r"(\d+)": (
        "Lauf {0} fehlt und wurde nicht durch Aufräumen entfernt; Einträge der Prüfkette, die von ihm sprechen: {1}"
    ),
    r"was changed: (.+)": "wurde geändert: {0}",
    r"(.+, but was .+); (\w+ is .+, but was .+)": "{0}; {1}",
    r"(\w+) is (.+), but was (.+)": "{0} ist {1}, war aber {2}",
    r"audit entry (\d+) is missing": "Eintrag {0} der Prüfkette fehlt",
    r"audit entries (\d+) to (\d+) are missing": "die Einträge {0} bis {1} der Prüfkette fehlen",
    r"audit entry (\d+) does not follow the one before: one of them was changed": (
        "Eintrag {0} der Prüfkette passt nicht zum vorigen: Einer von beiden wurde geändert"
    ),
    r"audit entry (\d+) was changed: its hash is not that of what it says": (
        "Eintrag {0} der Prüfkette wurde geändert: Seine Prüfsumme passt nicht zu seinem Inhalt"
    ),
    r"1 entry": "1 Eintrag",
    r"(\d+) entries": "{0} Einträgen",
    r"and 1 more row": "und 1 weitere Zeile",
    r"and (\d+) more rows": "und {0} weitere Zeilen",
    r"somebody wrote into the database by other means: compare with a backup, or with an export of the chain": (
        "jemand hat auf anderem Weg in die Datenbank geschrieben: mit einer Sicherung oder einem Auszug der Prüfkette "
        "vergleichen"
    ),
    r"see that the folder can be written": "dafür sorgen, dass der Ordner beschreibbar ist",
    r"(.+) MB/s; a verdict is on the disk after (.+) ms \((.+)\)": (
        "{0:n} MB/s; ein Urteil ist nach {1:n} ms auf der Festplatte ({2})"
    ),
    r"(\S+ \S+) UTC, here (\S+) \((.+)\)": "{0} UTC, hier {1} ({2})",
    r"(.+) of (.+) GB are free for (.+), tokens take (.+) GB": (
        "{0:n} von {1:n} GB frei für {2}, Merkmale belegen {3:n} GB"
    ),
    r"(\d+) drawn photos scanned on (\S+) in (.+) s: scores within (.+)% of what they must be": (
        "{0} gezeichnete Fotos auf {1} in {2:n} s geprüft: Werte bis auf {3:n} % wie erwartet"
    ),
    r"(\d+) drawn photos scanned on (\S+) in (.+) s": "{0} gezeichnete Fotos auf {1} in {2:n} s geprüft",
    r"close other programs; else choose a smaller --image-size": (
        "andere Programme schließen; sonst eine kleinere Bildgröße wählen"
    ),
    r"close other programs: this machine is slower than it should be": (
        "andere Programme schließen: Dieser Rechner ist langsamer, als er sein sollte"
    ),
    r"make room: `inspector prune`, or another --workspace": "Platz schaffen, oder einen anderen Arbeitsbereich nehmen",
    r"make room, allow writing there, or choose another --workspace": (
        "Platz schaffen, dort Schreiben erlauben, oder einen anderen Arbeitsbereich nehmen"
    ),
    r"put the workspace onto a local disk, best a solid-state one": (
        "den Arbeitsbereich auf eine lokale Festplatte legen, am besten eine SSD"
    ),
    r"set the clock, and let the system keep it by NTP: verdicts carry its time": (
        "die Uhr stellen und über NTP führen lassen: Urteile tragen ihre Zeit"
    ),
    r"update the graphics driver; the app works without, and shows clouds as pictures that it paints itself": (
        "den Grafiktreiber erneuern; die App geht auch ohne und zeigt Punktwolken als Bilder, die sie selbst malt"
    ),
    r"update its driver, or scan with --device cpu": "ihren Treiber erneuern, oder mit der CPU prüfen",
    r"update the inspector": "das Programm erneuern",
    r"see the other findings": "siehe die anderen Befunde",
    r"the app is not installed, which alone uses OpenGL": "die App ist nicht installiert, und nur sie braucht OpenGL",
    r"no context \(exit code (.+)\)": "kein Kontext (Ende mit {0})",
    r"(.+): before the newest entry of the workspace \((\S+ \S+) UTC\)": (
        "{0}: vor dem neuesten Eintrag des Arbeitsbereichs ({1} UTC)"
    ),
    r"(.+): before this program was installed \((\S+)\)": "{0}: bevor dieses Programm installiert wurde ({1})",
    r"install the program again: (.+)": "das Programm neu installieren: {0}",
    r"install it again: (.+)": "neu installieren: {0}",
    r"install the program again with the versions it was tested with \(constraints\.txt\); try --device cpu": (
        "das Programm mit den Versionen neu installieren, mit denen es getestet ist (constraints.txt); mit der CPU "
        "prüfen"
    ),
    r"the scan of drawn photos failed: (.+)": "das Prüfen gezeichneter Fotos misslang: {0}",
    r"(.+): their scores are (.+), up to (.+) from what they must be": (
        "{0}: ihre Werte sind {1}, bis zu {2:n} neben den erwarteten"
    ),
    r"the check ended by (\w+): (.+) \((.+), line (\d+)\)": "die Probe brach ab ({0}): {1} ({2}, Zeile {3})",
    r"send the archive of (.+) to support": "das Support-Archiv an den Support senden",
    r"(.+) cannot be read: (.+)": "{0} ist nicht lesbar: {1}",
    r"see that the folder can be read and written, and that no other program holds it": (
        "dafür sorgen, dass der Ordner les- und schreibbar ist und kein anderes Programm ihn festhält"
    ),
    r"cannot write to (.+?): (.+)": "in {0} kann nicht geschrieben werden: {1}",
    r"(.+) was made by an earlier version": "{0} ist von einer früheren Version",
    r"(.+) was not made to its end": "{0} wurde nicht zu Ende angelegt",
    r"nothing: the next scan or look at it brings it up to date, a copy of an older one is kept beside": (
        "nichts: Beim nächsten Prüfen oder Ansehen wird sie auf den neuen Stand gebracht, eine Kopie des alten bleibt "
        "daneben"
    ),
    r"rows of (.+) that belong to runs or samples that are gone: (\d+)": (
        "Zeilen von {0}, die zu Läufen oder Teilen gehören, die es nicht mehr gibt: {1}"
    ),
    r"somebody wrote into it by other means: restore a backup": (
        "jemand hat auf anderem Weg hineingeschrieben: eine Sicherung zurückspielen"
    ),
    r"restore a backup, or bring what can be read into a new workspace with (.+)": (
        "eine Sicherung zurückspielen, oder mit {0} in einen neuen Arbeitsbereich retten, was noch zu lesen ist"
    ),
    r"import the weights again: (.+)": "die Gewichte neu importieren",
    r"see docs/postgresql\.md": "siehe docs/postgresql.md",
}
"""Of the checks of a station."""
