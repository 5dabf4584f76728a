"""The German of what is said of sinks, cameras, workspaces and weights."""

_SINKS = {
    r"(.+): (\d+) results wait to be sent": "{0}: {1} Ergebnisse warten aufs Senden",
    r"(.+): it takes results again": "{0}: nimmt wieder Ergebnisse an",
    r"(.+): (.+); results are kept and sent again": "{0}: {1}; Ergebnisse bleiben und werden noch einmal gesendet",
    r"(.+): (.+) is put aside: (.+)": "{0}: {1} ist zur Seite gelegt: {2}",
    r"(.+): 1 result waits; it is sent when the run goes on": (
        "{0}: 1 Ergebnis wartet; es wird gesendet, wenn der Lauf weitergeht"
    ),
    r"(.+): 1 result waits, but this sink is not named any more": "{0}: 1 Ergebnis wartet, aber das Ziel ist weg",
    r"(.+): (\d+) results wait; they are sent when the run goes on": (
        "{0}: {1} Ergebnisse warten; sie werden gesendet, wenn der Lauf weitergeht"
    ),
    r"(.+): (\d+) results wait, but it is not named any more": "{0}: {1} Ergebnisse warten, aber das Ziel ist weg",
    r"(.+) ended with (.+)": "{0} endete mit {1}",
    r"(.+) took longer than (.+) s and was ended": "{0} brauchte länger als {1} s und wurde beendet",
    r"(.+) cannot be run: (.+)": "{0} kann nicht gestartet werden: {1}",
    r"(.+) cannot be written: (.+)": "{0} kann nicht geschrieben werden: {1}",
    r"(.+) is gone; it was not moved": "{0} ist weg und wurde nicht verschoben",
    r"another file has the name of (.+) by now; it was not moved": (
        "inzwischen heißt eine andere Datei {0}; sie wurde nicht verschoben"
    ),
    r"(.+) cannot be moved to (.+?): (.+)": "{0} kann nicht nach {1} verschoben werden: {2}",
    r"the broker did not acknowledge a result within (.+) s": (
        "der Broker hat ein Ergebnis nicht binnen {0} s bestätigt"
    ),
    r"the broker did not answer": "der Broker antwortet nicht",
    r"the broker refused the station: (.+)": "der Broker weist die Station ab: {0}",
    r"the broker cannot be reached: (.+)": "der Broker ist nicht zu erreichen: {0}",
    r"the broker cannot be reached": "der Broker ist nicht zu erreichen",
    r"the broker is gone": "der Broker ist weg",
    r"(.+): the broker is there again": "{0}: Der Broker ist wieder da",
    r"(.+): (.+); no photo is taken until it is there": "{0}: {1}; bis dahin wird kein Foto aufgenommen",
    r"(.+) has no variable (.+)": "{0} hat keine Variable {1}",
    r"the server cannot be written to: (.+)": "auf den Server kann nicht geschrieben werden: {0}",
    r"(.+) is of type (.+); make it (.+)": "{0} ist vom Typ {1}; bitte {2} daraus machen",
    r"the server cannot be started: (.+)": "der Server kann nicht gestartet werden: {0}",
    r"the server answered (\d+) (.+)": "der Server antwortete {0} {1}",
    r"the server cannot be reached: (.+)": "der Server ist nicht zu erreichen: {0}",
    r"pixels are (.+); set the camera to one of (.+), of 8 to 16 bits": (
        "die Pixel sind {0}; bitte die Kamera auf eines von {1} mit 8 bis 16 Bit stellen"
    ),
    r"the producer finds no camera": "der Treiber (Producer) findet keine Kamera",
    r"the camera cannot be opened: (.+)": "die Kamera lässt sich nicht öffnen: {0}",
    r"the camera cannot be opened; another program may use it": (
        "die Kamera lässt sich nicht öffnen; vielleicht benutzt sie ein anderes Programm"
    ),
    r"the camera is gone: (.+)": "die Kamera ist weg: {0}",
    r"there is no such camera": "diese Kamera gibt es nicht",
    r"the camera gives no photo": "die Kamera gibt kein Foto",
    r"photos are written again": "Fotos werden wieder geschrieben",
    r"photos cannot be written: (.+); they wait": "Fotos können nicht geschrieben werden: {0}; sie warten",
    r"(.+); it is tried again until it is there": "{0}; es wird weiter versucht",
    r"there is no such file": "diese Datei gibt es nicht",
    r"it is no film that can be read": "das ist kein Film, der gelesen werden kann",
    r"the film is at its end": "der Film ist zu Ende",
    r"the folder (.+) is away": "der Ordner {0} ist nicht erreichbar",
    r"there is no such producer; its name ends in \.cti": (
        "diesen Treiber (Producer) gibt es nicht; sein Name endet auf .cti"
    ),
    r"camera (.+?): (.+)": "Kamera {0}: {1}",
    r"camera (.+) gives photos all the time: name what makes it take one": (
        "Kamera {0} gibt ständig Fotos: bitte einen Auslöser nennen"
    ),
    r"there is no camera (.+); write it as (.+)": "eine Kamera {0} gibt es nicht; so wird sie geschrieben: {1}",
    r"(.+): needs (.+), which is not installed; (.+)": "{0}: braucht {1}, was nicht installiert ist; {2}",
    r"a timer takes from 0\.001 to 1000000 seconds, but got (.+)": (
        "ein Zeitgeber braucht 0,001 bis 1000000 Sekunden, angegeben ist {0:n}"
    ),
    r"there is no trigger (.+); write it as key or (.+)": (
        "einen Auslöser {0} gibt es nicht; so wird er geschrieben: key oder {1}"
    ),
    r"(.+): that is no address; write it as (.+)": "{0}: Das ist keine Adresse; so wird sie geschrieben: {1}",
    r"(.+): that is no node; write it as (.+)": "{0}: Das ist kein Knoten; so wird er geschrieben: {1}",
    r"(.+): write it as (.+) or (.+)": "{0}: so wird es geschrieben: {1} oder {2}",
    r"(\S+): (.+) is a file; name a folder": "{0}: {1} ist eine Datei; bitte einen Ordner nennen",
    r"(.+): (.+); close the quote": "{0}: {1}; bitte schließen",
    r"(.+): there is no such program; name one that can be run": (
        "{0}: Dieses Programm gibt es nicht; bitte eines nennen, das gestartet werden kann"
    ),
    r"(.+): there is no (.+); choose from: (.+)": "{0}: {1} gibt es nicht; zur Wahl stehen: {2}",
    r"(.+): name one topic, without \+ or #, as in (.+)": "{0}: bitte ein Thema ohne + oder # nennen, etwa {1}",
    r"nobody acknowledged (.+)": "niemand hat {0} bestätigt",
    r"files can be moved to one folder only; name one move:": (
        "Dateien können nur in einen Ordner verschoben werden; bitte nur ein move: nennen"
    ),
    r"there is no sink (.+); begin it with one of: (.+)": "ein Ziel {0} gibt es nicht; es beginnt mit einem von: {1}",
    r"(.+) is named twice; name each sink once": "{0} ist doppelt genannt; bitte jedes Ziel einmal nennen",
    r"cannot make (.+?): (.+); choose another workspace": (
        "{0} kann nicht angelegt werden: {1}; bitte einen anderen Arbeitsbereich wählen"
    ),
    r"(.+) cannot be used: (.+)": "{0} ist nicht zu benutzen: {1}",
}
"""Of where results go, and of cameras."""

_WORKSPACES = {
    r"the threshold of run (\d+) was moved meanwhile: it is (.+) now; look at it again": (
        "die Schwelle von Lauf {0} wurde inzwischen verstellt: Sie ist jetzt {1:n}; bitte noch einmal ansehen"
    ),
    r"run (\d+) has no scores yet, which a threshold goes by; set it when it has them": (
        "Lauf {0} hat noch keine Werte, nach denen sich eine Schwelle richtet; bitte setzen, wenn er sie hat"
    ),
    r"the defect classes were changed meanwhile: they are (.+) now; change them there": (
        "die Fehlerklassen wurden inzwischen geändert: Jetzt sind es {0}; bitte dort ändern"
    ),
    r"(.+) marked this group meanwhile: (.+); look at it again": (
        "{0} hat diese Gruppe inzwischen gekennzeichnet: {1}; bitte noch einmal ansehen"
    ),
    r"there is a recipe (.+) already; use (.+), or give it another name": (
        "ein Rezept {0} gibt es schon; bitte {1} nutzen oder einen anderen Namen geben"
    ),
    r"cannot read the recipe (.+?): (.+)": "das Rezept {0} ist nicht lesbar: {1}",
    r"the recipe (.+) is no valid TOML: (.+)": "das Rezept {0} ist kein gültiges TOML: {1}",
    r"the recipe (.+) was removed meanwhile; keep yours under another name": (
        "das Rezept {0} wurde inzwischen gelöscht; bitte Ihres unter anderem Namen behalten"
    ),
    r"the name or the password is wrong; nobody was signed in by it": (
        "Name oder Passwort ist falsch; niemand wurde angemeldet"
    ),
    r"the password is too short; give it (\d+) signs or more": (
        "das Passwort ist zu kurz; bitte mindestens {0} Zeichen"
    ),
    r"there is a user (.+) already; choose another name, or change that one's password": (
        "einen Benutzer {0} gibt es schon; bitte einen anderen Namen wählen oder dessen Passwort ändern"
    ),
    r"one user has to be an engineer, who can change the others; make one an engineer first": (
        "ein Benutzer muss Techniker sein, der die anderen ändern kann; bitte zuerst einen dazu machen"
    ),
    r"(.+) is no name of a user; give one without blanks around it": (
        "{0} ist kein Benutzername; bitte einen ohne Leerzeichen am Rand"
    ),
    r"(.+): only users of this workspace may (.+); sign in, programs by (.+) and (.+)": (
        "{0}: Nur Benutzer dieses Arbeitsbereichs dürfen das ({1}); bitte anmelden, Programme mit {2} und {3}"
    ),
    r"(.+) is an (.+) and may not (.+); let one who is (.+) do it": (
        "{0} ist {1} und darf das nicht ({2}); das darf: {3}"
    ),
    r"operator": "Bediener",
    r"engineer": "Techniker",
    r"auditor": "Prüfer",
    r"(\w+|'.+) or (\w+|'.+)": "{0} oder {1}",
    r"give verdicts, classes and comments": "Urteile, Klassen und Bemerkungen geben",
    r"say which part a photo shows": "sagen, welches Teil ein Foto zeigt",
    r"move thresholds": "Schwellen verstellen",
    r"mark groups": "Gruppen kennzeichnen",
    r"change the pool of a line": "die Vergleichsteile einer Linie ändern",
    r"change recipes and regions of interest": "Rezepte und Prüfbereiche ändern",
    r"change the list of defect classes": "die Liste der Fehlerklassen ändern",
    r"begin scans and watched folders, or import scores": "Prüfungen und Überwachungen beginnen oder Werte einlesen",
    r"say where photos lie now": "sagen, wo Fotos jetzt liegen",
    r"remove runs and tokens": "Läufe und Merkmale entfernen",
    r"(.+) is no user any more": "{0} ist kein Benutzer mehr",
    r"nobody is signed in": "niemand ist angemeldet",
    r"run (\d+) is being scanned by (.+); wait for its end, or stop it": (
        "Lauf {0} wird gerade geprüft von {1}; bitte das Ende abwarten oder anhalten"
    ),
    r"run (\d+) was taken up by (.+), for nothing was heard of this program for a while": (
        "Lauf {0} wurde von {1} übernommen, denn von diesem Programm war eine Weile nichts zu hören"
    ),
    r"it goes on there": "er geht dort weiter",
    r"it has been ended there": "er wurde dort beendet",
    r"program (\d+) \((.+)\) on (.+)": "Programm {0} ({1}) auf {2}",
    r"the workspace (.+) was made by a newer version; update the inspector": (
        "der Arbeitsbereich {0} ist von einer neueren Version; bitte das Programm erneuern"
    ),
    r"cannot open the workspace (.+?): (.+)": "der Arbeitsbereich {0} lässt sich nicht öffnen: {1}",
    r"the workspace (.+) cannot be used: (.+)": "der Arbeitsbereich {0} ist nicht zu benutzen: {1}",
    r"the workspace (.+) is gone; put it back there, or choose another one": (
        "der Arbeitsbereich {0} ist nicht mehr da; bitte dorthin zurückbringen oder einen anderen wählen"
    ),
    r"cannot make the workspace (.+?): (.+); choose another one": (
        "der Arbeitsbereich {0} kann nicht angelegt werden: {1}; bitte einen anderen wählen"
    ),
    r"the server went away, and whether the last entry was kept cannot be told; look at it again": (
        "der Server ist weg, und ob der letzte Eintrag behalten wurde, ist nicht zu sagen; bitte noch einmal ansehen"
    ),
    r"the server has not answered for (\d+) s": "der Server hat seit {0} s nicht geantwortet",
    r"(.+); make room on its disk": "{0}; bitte auf der Festplatte Platz schaffen",
    r"(.+); make room on its disk, or check the connection to it": (
        "{0}; bitte auf der Festplatte Platz schaffen oder die Verbindung prüfen"
    ),
    r"(.+); another program writes into it; try again when that is done": (
        "{0}; ein anderes Programm schreibt hinein; danach bitte noch einmal versuchen"
    ),
    r"(.+); allow writing there, or choose another workspace": (
        "{0}; bitte Schreiben erlauben oder einen anderen Arbeitsbereich wählen"
    ),
    r"there is no run (\d+) in (.+); (.+) lists them": "in {1} gibt es keinen Lauf {0}; {2} nennt sie",
    r"cannot write (.+?): (.+)": "{0} lässt sich nicht schreiben: {1}",
    r"the embeddings (.+) are missing or damaged; scan (.+) again": (
        "die Einbettungen {0} fehlen oder sind beschädigt; bitte {1} neu prüfen"
    ),
    r"the scores (.+) are missing or damaged; scan the batch again": (
        "die Werte {0} fehlen oder sind beschädigt; bitte die Charge neu prüfen"
    ),
    r"run (\d+) is a scan of a batch, not a watched folder": (
        "Lauf {0} ist die Prüfung einer Charge und kein überwachter Ordner"
    ),
    r"there is no group (\d+) in (.+)": "in {1} gibt es keine Gruppe {0}",
    r"there is no user (.+); (.+) lists them": "einen Benutzer {0} gibt es nicht; {1} nennt sie",
    r"the name (.+)… is too long; give it (\d+) signs at most": (
        "der Name {0}… ist zu lang; bitte höchstens {1} Zeichen"
    ),
    r"the password is no text in UTF-8; give another one": (
        "das Passwort ist kein Text in UTF-8; bitte ein anderes geben"
    ),
    r"(.+) is a workspace of its own; give that of (.+) another folder": (
        "{0} ist schon ein Arbeitsbereich; bitte dem von {1} einen anderen Ordner geben"
    ),
    r"the workspace (.+) is not brought up to date, for it cannot be copied before: (.+); make room there": (
        "der Arbeitsbereich {0} kommt nicht auf den neuen Stand, denn vorher kann er nicht kopiert werden: {1}; bitte "
        "Platz schaffen"
    ),
    r"the workspace (.+) holds nothing of so large a number; correct it": (
        "im Arbeitsbereich {0} gibt es nichts mit einer so großen Nummer; bitte berichtigen"
    ),
    r"the address of (.+) on (.+) holds a password, which others could read; leave it out, and keep it in (.+) or in "
    r"the environment variable (.+)": (
        "die Adresse von {0} auf {1} enthält ein Passwort, das andere lesen könnten; bitte weglassen und in {2} oder "
        "der Umgebungsvariable {3} ablegen"
    ),
    r"(.+) does not name a database and the folder of its files; name both as in (.+)": (
        "{0} nennt nicht Datenbank und Ordner der Dateien; bitte beide nennen, etwa {1}"
    ),
    r"(.+) is no address of a workspace; name a folder, or one as in (.+)": (
        "{0} ist keine Adresse eines Arbeitsbereichs; bitte einen Ordner nennen oder eine wie {1}"
    ),
    r"(.+) is no address of a workspace; name one as in (.+)": (
        "{0} ist keine Adresse eines Arbeitsbereichs; bitte eine nennen wie {1}"
    ),
    r"(.+) has a part that is not understood: (.+)": "{0} hat einen unverständlichen Teil: {1}",
    r"a workspace on a server needs psycopg: (.+)": "ein Arbeitsbereich auf einem Server braucht psycopg: {0}",
}
"""Of what is kept, and of who may do what."""

_WEIGHTS = {
    r"there is no weights file (.+)": "die Gewichtsdatei {0} gibt es nicht",
    r"cannot read the weights (.+?): it is damaged or cut short \((.+)\); get it again": (
        "die Gewichte {0} sind nicht lesbar: die Datei ist beschädigt oder unvollständig ({1}); bitte neu beschaffen"
    ),
    r"cannot read the weights (.+?): (.+)": "die Gewichte {0} sind nicht lesbar: {1}",
    r"(.+) is no file of weights \(safetensors, PyTorch or TorchScript\); a download may have saved a web page": (
        "{0} ist keine Gewichtsdatei (safetensors, PyTorch oder TorchScript); vielleicht wurde beim Herunterladen eine "
        "Webseite gespeichert"
    ),
    r"(.+) is a (.+) but holds no tensors; give the file of weights of one network": (
        "{0} ist {1}, enthält aber keine Tensoren; bitte die Gewichtsdatei eines Netzes angeben"
    ),
    r"(.+) is only the Git LFS pointer to the weights; get the file itself \(git lfs pull\)": (
        "{0} ist nur der Git-LFS-Verweis auf die Gewichte; bitte die Datei selbst holen (git lfs pull)"
    ),
    r"refused (.+): opening it would run (.+), which no weights need; nothing was run\. Get the weights from their "
    r"publisher, best as safetensors": (
        "{0} abgewiesen: Beim Öffnen würde {1} ausgeführt, was keine Gewichte brauchen; nichts wurde ausgeführt. Bitte "
        "die Gewichte vom Herausgeber holen, am besten als safetensors"
    ),
    r"the weights of (.+) are spoilt: its tokens are not finite or all the same; get the file again": (
        "die Gewichte von {0} sind verdorben: Die Merkmale sind nicht endlich oder alle gleich; bitte neu beschaffen"
    ),
    r"the weights of (.+) are spoilt: its embedding is not finite; get the file again": (
        "die Gewichte von {0} sind verdorben: Die Einbettung ist nicht endlich; bitte neu beschaffen"
    ),
    r"(.+) has changed since it was imported; import the weights again": (
        "{0} hat sich seit dem Import geändert; bitte die Gewichte neu importieren"
    ),
    r"there is no room for the weights of (.+) in (.+?); make room there, or set (.+)": (
        "für die Gewichte von {0} ist in {1} kein Platz; bitte Platz schaffen oder {2} setzen"
    ),
    r"what came of (.+) is damaged: its SHA-256 is another; ask again, it begins anew": (
        "was von {0} kam, ist beschädigt: Die SHA-256 ist eine andere; bitte noch einmal anstoßen, es beginnt neu"
    ),
    r"(.+) holds (.+), none of the catalogue; a model of timm must be named, timm:NAME": (
        "{0} enthält {1}, nichts aus dem Katalog; ein Modell von timm muss genannt werden, timm:NAME"
    ),
    r"no network we know": "kein bekanntes Netz",
    r"cannot read (.+); get the folder again": "{0} ist nicht lesbar; bitte den Ordner neu beschaffen",
    r"cannot read (.+), the record of imported weights; import the weights again": (
        "{0}, das Verzeichnis der importierten Gewichte, ist nicht lesbar; bitte die Gewichte neu importieren"
    ),
    r"the folder (.+) holds none of (.+); give the file itself": (
        "der Ordner {0} enthält nichts davon: {1}; bitte die Datei selbst angeben"
    ),
    r"timm keeps no weights of (.+) on the hub; (.+)": "timm hat keine Gewichte von {0} auf dem Hub; {1}",
    r"get (.+) \((.+); licence (.+)\) and run: .+": "bitte {0} holen ({1}; Lizenz {2}) und importieren",
    r"and ask again to go on where it stopped": "und noch einmal anstoßen, dann geht es dort weiter",
    r"cannot write (.+?): (.+); make room there or set (.+)": (
        "{0} kann nicht geschrieben werden: {1}; bitte Platz schaffen oder {2} setzen"
    ),
    r"(.+) was not imported into (.+); the list of weights shows what was": (
        "{0} wurde nicht nach {1} importiert; die Liste der Gewichte zeigt, was importiert ist"
    ),
    r"the tensors of (.+) do not belong together; get the file again": (
        "die Tensoren von {0} gehören nicht zusammen; bitte die Datei neu beschaffen"
    ),
    r"(.+) has changed since it was imported; import the weights of (.+) again": (
        "{0} hat sich seit dem Import geändert; bitte die Gewichte von {1} neu importieren"
    ),
    r"(.+) holds (.+), not (\S+); (.+)": "{0} enthält {1}, nicht {2}; {3}",
    r"(.+) lacks (.+), as (.+?); (.+)": "in {0} fehlt: {1}, etwa {2}; {3}",
    r"(.+): tensor (.+) has the shape (.+?), but (.+?) needs (.+); (.+)": (
        "{0}: Tensor {1} hat die Form {2}, aber {3} braucht {4}; {5}"
    ),
}
"""Of the weights of networks."""

PROGRAMS = {**_SINKS, **_WORKSPACES, **_WEIGHTS}
