"""The German of what the engine says, by the pattern of the English: shown in the app and in reports."""

from inspector.export.german_clouds import CLOUDS
from inspector.export.german_photos import PHOTOS
from inspector.export.german_programs import PROGRAMS
from inspector.export.german_runs import RUNS
from inspector.export.german_servers import SERVERS
from inspector.export.german_system import SYSTEM

_FILES = {
    r"cannot make a temporary folder: (.+); make room there": (
        "ein temporärer Ordner kann nicht angelegt werden: {0}; bitte Platz schaffen"
    ),
    r"there is no (.+) at (\S+://.+); check bucket and folder": (
        "{0} gibt es an der Adresse {1} nicht; bitte Bucket und Ordner prüfen"
    ),
    r"(.+) at (\S+://.+) may not be used with the credentials of this machine: (.+)": (
        "{0} an der Adresse {1} ist mit den Zugangsdaten dieses Rechners nicht zugänglich: {2}"
    ),
    r"(.+) at (\S+://.+) changed while it was fetched; scan again when all files are complete": (
        "{0} an der Adresse {1} hat sich beim Holen geändert; bitte neu prüfen, wenn alle Dateien vollständig sind"
    ),
    r"(.+) at (\S+://.+) arrives with other bytes each time; try again": (
        "{0} kommt von der Adresse {1} jedes Mal mit anderen Bytes an; bitte noch einmal versuchen"
    ),
    r"(.+) is empty \(0 bytes\); copy it again from the camera": (
        "{0} ist leer (0 Byte); bitte noch einmal von der Kamera kopieren"
    ),
    r"(.+) is empty \(0 bytes\); copy it again from the scanner": (
        "{0} ist leer (0 Byte); bitte noch einmal vom Scanner kopieren"
    ),
    r"(.+) is not an image, or of a kind that cannot be read": (
        "{0} ist kein Bild oder von einer Art, die nicht gelesen werden kann"
    ),
    r"(.+) does not fit into memory; reduce its size": "{0} passt nicht in den Arbeitsspeicher; bitte verkleinern",
    r"(.+) has more than 2 gigapixels; cut it into tiles first": (
        "{0} hat mehr als 2 Gigapixel; bitte vorher in Kacheln schneiden"
    ),
    r"(.+) is damaged or cut off \((.+)\); copy it again from the camera": (
        "{0} ist beschädigt oder unvollständig ({1}); bitte noch einmal von der Kamera kopieren"
    ),
    r"it was sent as text, which changes bytes: send it in binary mode": (
        "sie wurde als Text übertragen, was Bytes verändert: bitte binär übertragen"
    ),
    r"its file ends in zeros, as if it were not copied whole \((.+) of (.+) bytes\)": (
        "die Datei endet in Nullen, als wäre sie nicht ganz kopiert ({0} von {1} Byte)"
    ),
    r"its file has a gap of zeros, as if it were not copied whole \((.+)\)": (
        "die Datei hat eine Lücke aus Nullen, als wäre sie nicht ganz kopiert ({0})"
    ),
    r"bytes (.+) to (.+) of (.+)": "Byte {0} bis {1} von {2}",
    r"(.+) cannot be read: its colours are (.+) of (.+) bits, (.+)": (
        "{0} kann nicht gelesen werden: Ihre Farben sind {1} mit {2} Bit; bitte als RGB exportieren"
    ),
    r"its values stand with the lower byte first, against its format": (
        "bei ihren Werten steht das niedere Byte vorn, gegen das Format"
    ),
    r"its values are above the largest that it declares \((.+), declared (.+)\)": (
        "ihre Werte liegen über dem größten, den sie angibt ({0}, angegeben {1})"
    ),
    r"it ends before its last scan": "die Datei endet vor ihrem letzten Durchgang",
    r"it ends before its last pixel": "die Datei endet vor dem letzten Pixel",
    r"its header cannot be understood": "ihr Kopf ist nicht zu verstehen",
    r"(.+) is damaged: its header declares (.+) x (.+) pixels; copy it again": (
        "{0} ist beschädigt: Laut Kopf hat sie {1} x {2} Pixel; bitte noch einmal kopieren"
    ),
    r"(.+) holds no point, only holes; check the scan": "{0} enthält keinen Punkt, nur Löcher; bitte den Scan prüfen",
    r"(.+) is no kind of cloud that can be read; known kinds: (.+)": (
        "{0} ist keine Art von Punktwolke, die gelesen werden kann; bekannte Arten: {1}"
    ),
    r"its (.+) is not scored: no other sample has a (.+) that can be used": (
        "nicht bewertet ({0}): Kein anderes Teil hat etwas Brauchbares zum Vergleich"
    ),
    r"(.+) of its points lie far away from all others, which its score may be due to": (
        "{0} Punkte liegen weit weg von allen anderen, vielleicht rührt der Wert daher"
    ),
    r"its photo has (.+) x (.+) pixels, the others (.+) x (.+): see whether it belongs to them": (
        "sein Foto hat {0} x {1} Pixel, die anderen {2} x {3}: bitte prüfen, ob es dazugehört"
    ),
    r"the same file is in the batch (\d+) times: copies vouch for one another": (
        "dieselbe Datei ist {0}-mal in der Charge: Kopien bürgen füreinander"
    ),
    r"(.+) is another file than the one that was scanned; put that one back": (
        "{0} ist eine andere Datei als die geprüfte; bitte jene zurücklegen"
    ),
    r"(.+) is another file than the one that was scanned; choose another folder": (
        "{0} ist eine andere Datei als die geprüfte; bitte einen anderen Ordner wählen"
    ),
    r"none of the (\d+) files of run (\d+) lies in (.+); choose another folder": (
        "in {2} liegt keine der {0} Dateien von Lauf {1}; bitte einen anderen Ordner wählen"
    ),
    r"its file was replaced by that of (.+)": "seine Datei wurde durch die von {0} ersetzt",
    r"its cloud seems to be in another unit than the others": (
        "seine Punktwolke scheint in einer anderen Einheit zu sein als die übrigen"
    ),
}
"""Of single files."""

_BATCHES = {
    r"(\d+) of (\d+) photos, (.+) first: (.+)": "{0} von {1} Fotos, als erstes {2}: {3}",
    r"(\d+) of (\d+) samples, (.+) first: (.+)": "{0} von {1} Teilen, als erstes {2}: {3}",
    r"fetched from (\S+://.+)": "geholt von {0}",
    r"(.+) files at the address have names that cannot be used here, (.+) first": (
        "{0} Dateien an der Adresse haben Namen, die hier nicht möglich sind, als erste {1}"
    ),
    r"no folder below (.+) holds a batch; check the path and the (.+)": (
        "unter {0} enthält kein Ordner eine Charge; bitte Pfad und {1} prüfen"
    ),
    r"there is no folder (.+); check the path": "den Ordner {0} gibt es nicht; bitte den Pfad prüfen",
    r"(.+) is a file; give the folder that holds the photos of the batch": (
        "{0} ist eine Datei; bitte den Ordner mit den Fotos der Charge angeben"
    ),
    r"the folder (.+) cannot be listed: (.+)": "der Ordner {0} ist nicht lesbar: {1}",
    r"no photo or cloud in (.+); known kinds: (.+)": "kein Foto und keine Punktwolke in {0}; bekannte Arten: {1}",
    r"(.+) holds one sample; mutual scoring compares samples: give at least two": (
        "{0} enthält nur ein Teil; verglichen werden Teile untereinander: mindestens zwei angeben"
    ),
    r"only (.+) of (.+) samples in (.+) can be used; give at least two": (
        "nur {0} von {1} Teilen in {2} sind brauchbar; mindestens zwei angeben"
    ),
    r"(.+) samples in (.+), layout (.+)": "{0} Teile in {1}, Aufbau {2}",
    r"plain": "beliebig",
    r"about (.+) s \((.+) s reading, (.+) s scoring\), (.+) GB of memory, (.+) GB of disk": (
        "etwa {0} s ({1} s Lesen, {2} s Bewerten), {3} GB Arbeitsspeicher, {4} GB auf der Festplatte"
    ),
    r"the weights of (\S+) are not on this machine: .+": "die Gewichte von {0} fehlen auf diesem Rechner",
    r"`device` is set to cuda, but no usable GPU was found; set it to auto or cpu": (
        "`device` steht auf cuda, aber keine brauchbare GPU ist da; bitte auf auto oder cpu stellen"
    ),
    r"(.+) was left out: its name is no valid text; rename the file": (
        "{0} wurde ausgelassen: Der Name ist kein gültiger Text; bitte die Datei umbenennen"
    ),
    r"(.+) changed while it was read: it is judged when it is complete": (
        "{0} änderte sich beim Lesen und wird beurteilt, sobald die Datei vollständig ist"
    ),
    r"(.+) was given as good, but stands out from the others": "{0} gilt als gut, fällt aber unter den anderen auf",
    r"(.+) is there again": "{0} ist wieder da",
    r"parts are judged as they come again: (.+) wait": "Teile werden wieder beurteilt, wie sie kommen: {0} warten",
}
"""Of folders and what comes into them."""

_PAIRS = {
    r"photos and clouds whose names are not quite the same were taken for one part: (.+) with (.+)": (
        "Fotos und Punktwolken mit nicht ganz gleichen Namen gelten als ein Teil: {0} mit {1}"
    ),
    r"no photo and no cloud belong together by their names, such as (.+) and (.+): (\d+) photos and (\d+) clouds are "
    r"scored apart; give those of one part the same name": (
        "kein Foto gehört dem Namen nach zu einer Punktwolke, etwa {0} und {1}: {2} Fotos und {3} Punktwolken werden "
        "getrennt bewertet; bitte denen eines Teils den gleichen Namen geben"
    ),
    r"photos and clouds may be numbered from different numbers on: see whether (.+) and (.+) show the same part": (
        "Fotos und Punktwolken beginnen vielleicht bei verschiedenen Nummern: bitte prüfen, ob {0} und {1} dasselbe "
        "Teil zeigen"
    ),
    r"(\d+) points are exactly \((.+), (.+), (.+)\); where these are holes, add (.+) to the setting holes": (
        "{0} Punkte liegen genau bei ({1}, {2}, {3}); wenn das Löcher sind, {4} bei Löchern eintragen"
    ),
}
"""Of photos and clouds."""

_DECISIONS = {
    r"It was set by hand\.": "Sie wurde von Hand gesetzt.",
    r"The scores fall into two groups; it lies between them\.": (
        "Die Werte zerfallen in zwei Gruppen; sie liegt dazwischen."
    ),
    r"It lies (.+) x MAD above the median of the scores\.": "Sie liegt {0} x MAD über dem Median der Werte.",
    r"It lies (\d+)% above the median of the scores\.": "Sie liegt {0} % über dem Median der Werte.",
    r"The scores do not tell good from bad here: look at the highest ones and set the threshold by hand\.": (
        "Die Werte trennen hier Gut und Schlecht nicht: Sehen Sie die höchsten an und stellen Sie die Schwelle von "
        "Hand ein."
    ),
    r"Parts were compared with each other: a defect on more than about (\d+)% of them looks like what is usual, "
    r"and is not seen\.": (
        "Die Teile wurden miteinander verglichen: Ein Fehler auf mehr als etwa {0} % von ihnen sieht wie das Übliche "
        "aus und wird nicht erkannt."
    ),
    r"(\d+) of (\d+) parts share a region that the others lack": (
        "{0} von {1} Teilen haben eine Stelle gemeinsam, die den anderen fehlt"
    ),
    r"(\d+) of (\d+) parts of variant (\d+) share a region that the others lack": (
        "{0} von {1} Teilen der Variante {2} haben eine Stelle gemeinsam, die den anderen fehlt"
    ),
    r"this part is not in the workspace any more: its run was removed; nothing was written": (
        "dieses Teil ist nicht mehr im Arbeitsbereich: Sein Lauf wurde gelöscht; nichts wurde gespeichert"
    ),
}
"""Of thresholds, groups and verdicts."""

_ROW = r"(\d+) \(run (.+?), by (.+?)\) (is missing|was .+ed: .+)"
"""Of what is kept in the audit chain: its number, of which run and by whom it is, and what happened to it."""

_STATION = {
    r"(\d+) cores, (\d+) threads, (\d+) used": "{0} Kerne, {1} Threads, {2} davon genutzt",
    r"GPU (\d+): (.+), (.+) of (.+) GB free": "GPU {0}: {1}, {2} von {3} GB frei",
    r"GPU (\d+) cannot compute: (.+)": "GPU {0} rechnet nicht: {1}",
    r"(.+) GB are free of (.+) GB": "{0} von {1} GB frei",
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
    r"(.+) answers a question within (.+) ms": "{0} antwortet in {1} ms",
    r"the audit chain of (\d+) entries agrees with all verdicts and thresholds": (
        "die Prüfkette aus {0} Einträgen stimmt mit allen Urteilen und Schwellen überein"
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
        "die Schwelle von Lauf {0} wurde geändert: sie ist {1}, war aber {2}"
    ),
    r"the score of (.+) of run (\d+) was changed: it is (.+), but was (.+) when (.+) decided": (
        "der Wert von {0} aus Lauf {1} wurde geändert: er ist {2}, war aber {3}, als {4} entschied"
    ),
    r"whether (.+) of run (\d+) is flagged does not follow from its score and the threshold": (
        "ob {0} aus Lauf {1} auffällig ist, folgt nicht aus Wert und Schwelle"
    ),
    r"the final score of (.+) of run (\d+) is not the one that was found": (
        "der Endwert von {0} aus Lauf {1} ist nicht der gefundene"
    ),
    r"(.+) \(and of (\d+) more\)": "{0} (und von {1} weiteren)",
    r"run (\d+) is missing, and it was not removed by `inspector prune`; entries of the audit chain that speak of it: "
    r"(\d+)": (
        "Lauf {0} fehlt und wurde nicht mit `inspector prune` entfernt; Einträge der Prüfkette, die von ihm sprechen: "
        "{1}"
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
    r"and (\d+) more rows": "und {0} weitere Zeilen",
    r"somebody wrote into the database by other means: compare with a backup, or with an export of the chain": (
        "jemand hat auf anderem Weg in die Datenbank geschrieben: mit einer Sicherung oder einem Auszug der Prüfkette "
        "vergleichen"
    ),
    r"see that the folder can be written": "dafür sorgen, dass der Ordner beschreibbar ist",
    r"(.+) MB/s; a verdict is on the disk after (.+) ms \((.+)\)": (
        "{0} MB/s; ein Urteil ist nach {1} ms auf der Festplatte ({2})"
    ),
    r"(\S+ \S+) UTC, here (\S+) \((.+)\)": "{0} UTC, hier {1} ({2})",
    r"(.+) of (.+) GB are free for (.+), tokens take (.+) GB": ("{0} von {1} GB frei für {2}, Merkmale belegen {3} GB"),
    r"(\d+) drawn photos scanned on (\S+) in (.+) s: scores within (.+)% of what they must be": (
        "{0} gezeichnete Fotos auf {1} in {2} s geprüft: Werte bis auf {3} % wie erwartet"
    ),
    r"(\d+) drawn photos scanned on (\S+) in (.+) s": "{0} gezeichnete Fotos auf {1} in {2} s geprüft",
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
}
"""Of the checks of a station."""

_HERE = {**_FILES, **_BATCHES, **_PAIRS, **_DECISIONS, **_STATION}

SENTENCES = {**_HERE, **CLOUDS, **PHOTOS, **RUNS, **PROGRAMS, **SERVERS, **SYSTEM}
"""Of what is not here the English stands. Of the patterns that fit a sentence, the one with the most text of its own
counts; what stands in its groups is translated, too."""
