"""The German of what Python's readers of regular expressions, JSON and TOML find wrong."""

_EXPRESSIONS = {
    r"character (\d+)": "Zeichen {0}",
    r"missing \), unterminated subpattern": "eine Klammer wird nicht geschlossen",
    r"missing \), unterminated comment": "ein Kommentar wird nicht geschlossen",
    r"missing >, unterminated name": "der Name einer Gruppe wird nicht mit > geschlossen",
    r"missing (<|\{|-, : or \)|flag|:|group name|character name)": "hier fehlt etwas: {0}",
    r"unbalanced parenthesis": "eine Klammer zu, die nicht geöffnet wurde",
    r"unterminated character set": "eine eckige Klammer wird nicht geschlossen",
    r"unexpected end of pattern": "der Ausdruck endet mittendrin",
    r"nothing to repeat": "vor dem Wiederholungszeichen steht nichts",
    r"multiple repeat": "zwei Wiederholungszeichen hintereinander",
    r"min repeat greater than max repeat": "die kleinste Anzahl ist größer als die größte",
    r"the repetition number is too large": "die Anzahl von Wiederholungen ist zu groß",
    r"redefinition of group name (.+) as group (\d+); was group (\d+)": "zwei Gruppen heißen {0}",
    r"bad character in group name (.+)": "{0} taugt nicht als Name einer Gruppe: Buchstaben, Ziffern, _",
    r"(?:unknown group name|invalid group reference) (.+)": "eine Gruppe {0} gibt es nicht",
    r"bad group number": "Gruppen zählen von 1 an",
    r"cannot refer to an open group": "eine Gruppe kann nicht in sich selbst vorkommen",
    r"cannot refer to group defined in the same lookbehind subpattern": (
        "im Blick zurück kann keine Gruppe vorkommen, die dort erst gefunden wird"
    ),
    r"conditional backref with more than two branches": "eine Bedingung hat höchstens zwei Zweige",
    r"look-behind requires fixed-width pattern": "ein Blick zurück braucht eine feste Länge",
    r"looks too much behind": "der Blick zurück ist zu lang",
    r"bad escape \(end of pattern\)": "am Ende steht ein einzelnes \\",
    r"bad escape (.+)": "{0} gibt es nicht; für das Zeichen selbst bitte \\\\ davor",
    r"incomplete escape (.+)": "{0} ist unvollständig",
    r"undefined character name (.+)": "ein Zeichen namens {0} gibt es nicht",
    r"octal escape value (.+) outside of range 0-0o377": "{0} ist kein Zeichen",
    r"bad character range (.+)": "{0} ist kein Bereich von Zeichen",
    r"unknown extension (.+)": "{0} ist nach einer Klammer nicht bekannt",
    r"global flags not at the start of the expression": "Schalter wie (?i) stehen nur am Anfang",
    r"(unknown flag|bad inline flags: .+)": "ein solcher Schalter geht hier nicht",
    r"too many groups": "zu viele Gruppen",
}

_JSON = {
    r"(.+): line (\d+) column (\d+) \(char \d+\)": "{0} (Zeile {1}, Spalte {2})",
    r"expecting value": "ein Wert fehlt",
    r"expecting property name enclosed in double quotes": 'ein Name in " fehlt',
    r"expecting '(.)' delimiter": "ein {0} fehlt",
    r"unterminated string starting at": 'ein Text wird nicht mit " geschlossen',
    r"illegal trailing comma before end of .+": "ein Komma vor dem Ende ist zu viel",
    r"invalid control character(?: at)?": "ein Steuerzeichen steht in einem Text",
    r"invalid \\.*escape.*": "\\ steht vor einem falschen Zeichen",
    r"extra data": "nach dem Ende steht noch etwas",
    r"'(utf-\d+)\S*' codec can't decode [^;]+": "es ist kein Text in {0}",
    r"maximum recursion depth exceeded[^;]*": "es ist ohne Ende verschachtelt",
}

_TOML = {
    r"at line (\d+), column (\d+)": "Zeile {0}, Spalte {1}",
    r"at end of document": "am Ende der Datei",
    r"expected '=' after a key in a key/value pair": "nach einem Namen fehlt =",
    r"expected '(\]+)' at the end of an? \w+ declaration": "am Ende einer Überschrift fehlt {0}",
    r"expected newline or end of document after a statement": "nach einem Wert steht noch etwas",
    r"expected ['\"](.+)['\"]": "{0} fehlt",
    r"invalid date or datetime": "Datum oder Zeit ist falsch",
    r"invalid hex value": "das ist keine hexadezimale Zahl",
    r"invalid initial character for a key part": "so beginnt kein Name",
    r"invalid statement": "das ist weder Name noch Überschrift",
    r"invalid value": "das ist kein Wert; Text steht in Anführungszeichen",
    r"unclosed array": "eine Liste wird nicht geschlossen",
    r"unclosed inline table": "eine geschweifte Klammer wird nicht geschlossen",
    r"unescaped '\\' in a string": "ein einzelnes \\ steht in einem Text; bitte \\\\ schreiben",
    r"escaped character is not a unicode scalar value": "ein solches Zeichen gibt es nicht",
    r"unterminated string": "ein Text wird nicht geschlossen",
    r"cannot (overwrite a value|declare .+ twice|mutate immutable namespace .+|redefine namespace .+)": (
        "etwas steht zweimal darin"
    ),
    r"duplicate inline table key ('.+')": "{0} steht zweimal darin",
    r"(found invalid|illegal) character ('.+')": "{1} darf hier nicht stehen",
}

READERS = {**_EXPRESSIONS, **_JSON, **_TOML}
