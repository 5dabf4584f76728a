"""The German of what is said of settings, recipes, exports and statistics that do not go."""

_VALUES = {
    r"setting (.+?): (.+), but got (.+)": "{0}: {1}, angegeben ist {2:n}",
    r"there is no setting (.+); known: (.+)": "eine Einstellung {0} gibt es nicht; bekannt sind: {1}",
    r"expected (\d+) numbers": "{0} Zahlen werden erwartet",
    r"expected numbers with commas between": "Zahlen mit Kommas dazwischen werden erwartet",
    r"expected a whole number": "eine ganze Zahl wird erwartet",
    r"expected a number": "eine Zahl wird erwartet",
    r"degrees must be odd and positive": "Fenster sind ungerade und größer als 0",
    r"windows must be positive": "Nachbarschaften sind größer als 0",
    r"a group cannot grow by more points than it has \((.+)\)": (
        "eine Gruppe kann nicht um mehr Punkte wachsen, als sie hat ({0})"
    ),
    r"sizes lie between (\d+) and (\d+) pixels": "Größen liegen zwischen {0} und {1} Pixeln",
    r"give auto, a number from 1 to (\d+), or rows x columns, as in 2x5": (
        "bitte auto, eine Zahl von 1 bis {0} oder Reihen x Spalten angeben, etwa 2x5"
    ),
    r"give auto, full, or the lowest and the highest value, as in 0, 4095": (
        "bitte auto, full oder den niedrigsten und den höchsten Wert angeben, etwa 0, 4095"
    ),
    r"there is no preset (.+); choose one of: (.+)": "eine Voreinstellung {0} gibt es nicht; zur Wahl stehen: {1}",
    r"cannot read the settings file (.+?): (.+)": "die Datei mit Einstellungen {0} ist nicht lesbar: {1}",
    r"(.+) is no valid TOML: (.+)": "{0} ist kein gültiges TOML: {1}",
    r"it is no text in UTF-8: save it as UTF-8": "sie ist kein Text in UTF-8: bitte als UTF-8 speichern",
    r"it is nested without end": "sie ist ohne Ende verschachtelt",
    r"there is no backbone (.+); choose one of: (.+)": "ein Netz {0} gibt es nicht; zur Wahl stehen: {1}",
    r"timm knows no model (.+); see (.+)": "timm kennt kein Modell {0}; {1} nennt sie",
    r"timm knows (.+), but no weights (.+)": "timm kennt {0}, aber keine Gewichte {1}",
    r"(.+) gives no features of its layers; choose another model of timm": (
        "{0} gibt keine Merkmale seiner Schichten; bitte ein anderes Modell von timm wählen"
    ),
}
"""Of settings."""

_RECIPES = {
    r"(.*)recipe (.+) was written by a newer version of the inspector \(recipe version (.+)\)": (
        "das Rezept {1} wurde von einer neueren Version geschrieben (Rezept-Version {2})"
    ),
    r"(.+); update this program": "{0}; bitte das Programm erneuern",
    r"the recipe (\S.*?): (.+)": "das Rezept {0}: {1}",
    r"the recipe: (.+)": "das Rezept: {0}",
    r"nothing is known by the name (.+); known: (.+)": "den Namen {0} gibt es nicht; bekannt sind: {1}",
    r"name: (.+), but got (.+)": "Name: {0}, angegeben ist {1}",
    r"classes: (.+), but got (.+)": "Klassen: {0}, angegeben ist {1}",
    r"a name begins and ends with a visible sign, on one line": (
        "ein Name beginnt und endet mit einem sichtbaren Zeichen und steht auf einer Zeile"
    ),
    r"classes are different names, each on one line": "Klassen sind verschiedene Namen, jeder auf einer Zeile",
    r"(\w+) of a recipe stands beside its settings, not among them": (
        "{0} steht in einem Rezept neben den Einstellungen, nicht darunter"
    ),
    r"there is no recipe (.+) in (.+); (.+) lists them": "in {1} gibt es kein Rezept {0}; {2} nennt sie",
    r"the recipe (.+) was changed meanwhile, (.+?); look at it as it is now and change it anew, or keep yours under "
    r"another name": (
        "das Rezept {0} wurde inzwischen geändert, {1}; bitte das jetzige ansehen und neu ändern oder Ihres unter "
        "anderem Namen behalten"
    ),
    r"cannot read the region of interest (.+?): (.+)": "der Prüfbereich {0} ist nicht lesbar: {1}",
    r"(.+); see docs/files\.md": "{0}; siehe docs/files.md",
    r"cannot write (.+?): (.+); choose another place": (
        "{0} kann nicht geschrieben werden: {1}; bitte einen anderen Ort wählen"
    ),
}
"""Of recipes and what they hold."""

_EXPORTS = {
    r"the export (.+) needs (.+), which is not installed; (.+)": (
        "der Export {0} braucht {1}, was nicht installiert ist; {2}"
    ),
    r"there is no export (.+); choose from: (.+)": "einen Export {0} gibt es nicht; zur Wahl stehen: {1}",
    r"run (\d+) has nothing of what is to be written: (.+)": "Lauf {0} hat nichts, was zu schreiben wäre: {1}",
    r"run (\d+) has nothing of what is to be written: ([^;]+); (.+)": (
        "Lauf {0} hat nichts, was zu schreiben wäre: {1}; {2}"
    ),
    r"run (\d+) is (.+), not done; finish it with (.+)": (
        "Lauf {0} ist nicht fertig ({1}); bitte zu Ende führen mit {2}"
    ),
    r"(.+) has another size than when it was scored; put the photo of then back": (
        "{0} hat eine andere Größe als bei der Prüfung; bitte das Foto von damals zurücklegen"
    ),
    r"(.+) holds an export of another run, of number (\d+); (.+)": (
        "in {0} liegt der Export eines anderen Laufs, Nummer {1}; {2}"
    ),
    r"(.+) in (.+?) (was .+|is not .+), and would be lost; (.+)": "{0} in {1} {2} und ginge verloren; {3}",
    r"was changed since it was exported": "wurde seit dem Export geändert",
    r"is not known to be an export": "kommt aus keinem bekannten Export",
    r"choose another folder, or move what is there away": (
        "bitte einen anderen Ordner wählen oder wegräumen, was dort liegt"
    ),
}
"""Of exports."""

_STATISTICS = {
    r"the first day (.+) is after the last one (.+); change them over": (
        "der erste Tag {0} liegt nach dem letzten {1}; bitte vertauschen"
    ),
    r"cannot read the shift (.+); (.+), as in (.+)": "die Schicht {0} ist nicht zu verstehen; {1}, etwa {2}",
    r"write each shift with its name and when it begins": "bitte jede mit Namen und Beginn schreiben",
    r"two shifts have the same name or begin at the same time; give each its own": (
        "zwei Schichten haben denselben Namen oder Beginn; bitte jeder einen eigenen geben"
    ),
}
"""Of statistics."""

SETTINGS = {**_VALUES, **_RECIPES, **_EXPORTS, **_STATISTICS}
