"""The German of statistics: texts by their English."""

GERMAN = {
    "A control chart needs two points or more.": "Eine Regelkarte braucht mindestens zwei Punkte.",
    "Agreement": "Übereinstimmung",
    "All points are within their limits.": "Alle Punkte liegen innerhalb ihrer Grenzen.",
    "Classes of defects": "Fehlerarten",
    "Date, signature": "Datum, Unterschrift",
    "False alarms": "Fehlalarme",
    "Folder": "Ordner",
    "From": "Von",
    "Key figures": "Kennzahlen",
    "Lot": "Los",
    "Missed": "Schlupf",
    "Nothing was judged in what is chosen.": "In der Auswahl wurde nichts beurteilt.",
    "Operator": "Bediener",
    "Parts": "Teile",
    "Parts that an operator accepted or rejected.": (
        "Teile, die ein Bediener angenommen oder als Ausschuss erklärt hat."
    ),
    "Parts that are no rejects, as a share of all.": "Teile, die kein Ausschuss sind, als Anteil an allen.",
    "Parts that could not be judged.": "Teile, die nicht beurteilt werden konnten.",
    "Parts that were judged; unreadable ones are counted apart.": "Beurteilte Teile; unlesbare sind gesondert gezählt.",
    "Places on the part": "Orte auf dem Teil",
    "Product": "Produkt",
    "Program and operator": "Programm und Bediener",
    "Regions of rejects over a typical part; columns A, B, C … from the left, rows 1, 2, 3 … from the top.": (
        "Fehlerstellen des Ausschusses über einem typischen Teil; Spalten A, B, C … von links, Zeilen 1, 2, 3 … "
        "von oben."
    ),
    "Reject rate": "Ausschussquote",
    "Rejected by an operator, or flagged and not reviewed yet.": (
        "Von einem Bediener als Ausschuss erklärt, oder auffällig und noch nicht geprüft."
    ),
    "Rejected parts that were not flagged.": "Ausschussteile, die nicht auffällig waren.",
    "Rejects": "Ausschuss",
    "Reviewed": "Beurteilt",
    "Reviewed flagged parts that are good.": "Beurteilte auffällige Teile, die gut sind.",
    "Reviewed parts on which both say the same.": "Beurteilte Teile, bei denen beide dasselbe sagen.",
    "Run {number}": "Lauf {number}",
    "Shift": "Schicht",
    "Shift report": "Schichtbericht",
    "Station": "Station",
    "Sum": "Summe",
    "To": "Bis",
    "Unreadable": "Unlesbar",
    "Written": "Erstellt",
    "Yield": "Gutanteil",
    "accepted": "gut",
    "all others": "alle anderen",
    "carried over": "übernommen",
    "control limits": "Eingriffsgrenzen",
    "flagged": "auffällig",
    "mean": "Mittelwert",
    "no verdict": "ohne Urteil",
    "not flagged": "nicht auffällig",
    "reject rate": "Ausschussquote",
    "rejected": "Ausschuss",
    "smoothed (EWMA)": "geglättet (EWMA)",
    "without a class": "ohne Fehlerart",
    "{name}: reject rate {value}, above the upper limit of {limit}.": (
        "{name}: Ausschussquote {value}, über der oberen Grenze von {limit}."
    ),
    "{name}: reject rate {value}, below the lower limit of {limit}.": (
        "{name}: Ausschussquote {value}, unter der unteren Grenze von {limit}."
    ),
    "{name}: the smoothed rate has fallen to {value}, below its limit of {limit}.": (
        "{name}: Die geglättete Quote ist auf {value} gefallen, unter ihre Grenze von {limit}."
    ),
    "{name}: the smoothed rate has risen to {value}, above its limit of {limit}.": (
        "{name}: Die geglättete Quote ist auf {value} gestiegen, über ihre Grenze von {limit}."
    ),
}
