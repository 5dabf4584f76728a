"""The German of reports: texts by their English, and the engine's sentences by their pattern."""

GERMAN = {
    " and ": " und ",
    ", also seen at {sizes} pixels": ", gesehen auch mit {sizes} Pixeln",
    ", seen at {sizes} pixels": ", gesehen mit {sizes} Pixeln",
    "Accepted": "Gut",
    "Aggregation": "Aggregation",
    "Anomaly map laid over {name}": "Fehlerkarte über {name}",
    "Background": "Hintergrund",
    "Cloud of {name}, coloured by score": "Punktwolke von {name}, nach Wert gefärbt",
    "Clouds": "Punktwolken",
    "Comment": "Bemerkung",
    "Could not be read": "Unlesbar",
    "Date": "Datum",
    "Decisions and verdicts": "Entscheidungen und Urteile",
    "Duration": "Dauer",
    "File": "Datei",
    "Files or folders left out: {count}": "Ausgelassene Dateien oder Ordner: {count}",
    "Flagged": "Auffällig",
    "Folder": "Ordner",
    "Group {number}: {told}": "Gruppe {number}: {told}",
    "Histogram of the scores with the threshold": "Verteilung der Werte mit der Schwelle",
    "Inspection report of {date}. A score says how odd a part is within this batch.": (
        "Prüfbericht vom {date}. Ein Wert sagt, wie ungewöhnlich ein Teil in diesem Los ist."
    ),
    "Inspection report, run {number}": "Prüfbericht, Lauf {number}",
    "LNAMD": "LNAMD",
    "Left out": "Ausgelassen",
    "Name": "Name",
    "No score lies above the threshold; the parts with the highest scores come first all the same.": (
        "Kein Wert liegt über der Schwelle; die Teile mit den höchsten Werten stehen trotzdem am Anfang."
    ),
    "Not flagged": "Unauffällig",
    "Notes": "Hinweise",
    "Nothing is flagged, but the scores leave it open": "Nichts ist auffällig, aber die Werte lassen es offen",
    "Nothing is flagged, but {told}": "Nichts ist auffällig, aber {told}",
    "Nothing stands out": "Nichts fällt auf",
    "Number of samples by score; the dashed line is the threshold, {value}.": (
        "Anzahl der Teile nach Wert; die gestrichelte Linie ist die Schwelle, {value}."
    ),
    "Page {number}": "Seite {number}",
    "Parts": "Teile",
    "Photo of {name}": "Foto von {name}",
    "Photos": "Fotos",
    "Program": "Programm",
    "Program and operator differ: {count}": "Programm und Bediener urteilen verschieden: {count}",
    "Rank": "Rang",
    "Reason": "Grund",
    "Regions": "Fehlerstellen",
    "Rejected": "Ausschuss",
    "Run": "Lauf",
    "SNAMD": "SNAMD",
    "Sample": "Teil",
    "Samples": "Teile",
    "Samples, highest score first": "Teile, höchster Wert zuerst",
    "Score": "Wert",
    "Signature": "Unterschrift",
    "Threshold": "Schwelle",
    "Totals": "Summen",
    "Unreadable": "Unlesbar",
    "Unsure.": "Unsicher.",
    "Value range": "Wertebereich",
    "Variants": "Varianten",
    "Verdict": "Urteil",
    "Version": "Version",
    "What {name} shares with the others of group {number}": "Was {name} mit den anderen der Gruppe {number} teilt",
    "Without pictures": "Ohne Bilder",
    "Without verdict": "Ohne Urteil",
    "accepted": "gut",
    "and {count} more": "und {count} weitere",
    "as it was imported": "wie importiert",
    "cut off as in {set}": "entfernt wie in {set}",
    "defect": "Fehler",
    "flagged": "auffällig",
    "largest distance in the map": "größter Abstand in der Karte",
    "left as it is": "unverändert",
    "mean of LNAMD": "Mittel der LNAMD",
    "mean of LNAMD, layers joined,": "Mittel der LNAMD, Schichten verbunden,",
    "not flagged": "unauffällig",
    "raw score {value}": "Rohwert {value}",
    "re-scored ({method}), 0 to 1 in this batch": "neu bewertet ({method}), 0 bis 1 in diesem Los",
    "rejected": "Ausschuss",
    "scored by another program": "von einem anderen Programm bewertet",
    "somebody": "unbekannt",
    "undecided": "offen",
    "variant {number}": "Variante {number}",
    "{count} ({unreadable} unreadable)": "{count} ({unreadable} unlesbar)",
    "{count} could not be read": "Unlesbar: {count}",
    "{count} more, without pictures": "{count} weitere, ohne Bilder",
    "{count} of variant {number}": "{count} der Variante {number}",
    "{count}, listed below": "{count}, unten aufgeführt",
    "{feature}, {groups} groups of {size} points": "{feature}, {groups} Gruppen zu {size} Punkten",
    "{flagged} of {count} parts stand out": "{flagged} von {count} Teilen fallen auf",
    "{kind} over {windows} patches": "{kind} über {windows} Felder",
    "{network} on {device}": "{network} auf {device}",
    "{number}: peak {peak}, {area}, at {x}, {y}": "{number}: Spitzenwert {peak}, {area}, bei {x}, {y}",
    "{seconds} s, {each} ms a sample": "{seconds} s, {each} ms je Teil",
    "{time}: moved from {old} to {new} by {operator}": "{time}: von {old} auf {new} verschoben durch {operator}",
    "{time}: set to {new} by {operator}": "{time}: auf {new} gesetzt durch {operator}",
    "{told}; each is judged among its own": "{told}; jede wird unter ihresgleichen beurteilt",
}

SENTENCES = {
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
    r"it is empty": "sie ist leer",
}
"""Of reasons and notes that are not here the English stands: they name files and what libraries said."""
