"""The German of what the engine says, by the pattern of the English: shown in the app and in reports."""

from inspector.export.german_clouds import CLOUDS
from inspector.export.german_photos import PHOTOS
from inspector.export.german_programs import PROGRAMS
from inspector.export.german_runs import RUNS
from inspector.export.german_servers import SERVERS
from inspector.export.german_settings import SETTINGS
from inspector.export.german_station import STATION
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
    r"(.+) is damaged, or of a kind that is not read \((.+)\); export it as TIFF or PNG": (
        "{0} ist beschädigt oder von einer Art, die nicht gelesen wird ({1}); bitte als TIFF oder PNG exportieren"
    ),
    r"(.+) cannot be read: its colours are other inks than cyan, magenta, yellow and black; export it as RGB": (
        "{0} kann nicht gelesen werden: Ihre Farben sind andere als Cyan, Magenta, Gelb und Schwarz; bitte als RGB "
        "exportieren"
    ),
    r"it has more than four inks, of which the first four are scored": (
        "es hat mehr als vier Druckfarben, von denen die ersten vier bewertet werden"
    ),
    r"its file gives a factor and an offset for its values, which were not applied": (
        "die Datei nennt einen Faktor und einen Versatz für ihre Werte, die nicht angewendet wurden"
    ),
    r"its file gives a factor for its values, which was not applied": (
        "die Datei nennt einen Faktor für ihre Werte, der nicht angewendet wurde"
    ),
    r"its file gives a factor for its values, which was not applied \((.+)\)": (
        "die Datei nennt einen Faktor für ihre Werte, der nicht angewendet wurde ({0:n})"
    ),
    r"values of (.+) bits are not supported": "Werte mit {0} Bit werden nicht unterstützt",
    r"colours in the order (.+) are not supported": "Farben in der Reihenfolge {0} werden nicht unterstützt",
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
    r"one of its points lies far away from all others, which its score may be due to": (
        "ein Punkt liegt weit weg von allen anderen, vielleicht rührt der Wert daher"
    ),
    r"(.+) of its points lie far away from all others, which its score may be due to": (
        "{0} Punkte liegen weit weg von allen anderen, vielleicht rührt der Wert daher"
    ),
    r"its photo has (.+) x (.+) pixels, the others (.+) x (.+): see whether it belongs to them": (
        "sein Foto hat {0} x {1} Pixel, die anderen {2} x {3}: bitte prüfen, ob es dazugehört"
    ),
    r"the same file is in the batch (\d+) times: copies vouch for one another": (
        "dieselbe Datei ist {0}-mal in der Charge: Kopien entlasten einander"
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
    r"some of its pixels are of colours that its palette lacks, and are shown black": (
        "einige seiner Pixel haben Farben, die in der Palette fehlen, und sind schwarz dargestellt"
    ),
    r"its pixels alternate as in the raw mosaic of a colour sensor, and are scored as grey; export it in colour": (
        "seine Pixel wechseln wie im Rohmosaik eines Farbsensors und werden als Grau bewertet; bitte in Farbe "
        "exportieren"
    ),
    r"its cloud is as large as the others, but along other axes: it lies turned, or x, y and z are swapped": (
        "seine Punktwolke ist so groß wie die anderen, aber entlang anderer Achsen: sie liegt gedreht, oder x, y und z "
        "sind vertauscht"
    ),
    r"its cloud seems to be in another unit than the others along some of its axes": (
        "seine Punktwolke scheint entlang einiger Achsen eine andere Einheit zu haben als die anderen"
    ),
    r"its cloud seems to be in another unit than the others": (
        "seine Punktwolke scheint in einer anderen Einheit zu sein als die übrigen"
    ),
}
"""Of single files."""

_BATCHES = {
    r"(\d+) of (\d+) photos, (.+) first: (.+)": "{0} von {1} Fotos, als erstes {2}: {3}",
    r"(\d+) of (\d+) samples, (.+) first: (.+)": "{0} von {1} Teilen, als erstes {2}: {3}",
    r"fetched from (\S+://.+)": "geholt von {0}",
    r"one file at the address has a name that cannot be used here: (.+)": (
        "Eine Datei an der Adresse hat einen Namen, der hier nicht möglich ist: {0}"
    ),
    r"(.+) files at the address have names that cannot be used here, (.+) first": (
        "{0} Dateien an der Adresse haben Namen, die hier nicht möglich sind, als erste {1}"
    ),
    r"no folder below (.+) holds a batch; check the path and the (.+)": (
        "unter {0} enthält kein Ordner eine Charge; bitte Pfad und {1} prüfen"
    ),
    r"there is no folder (.+); check the path": "den Ordner {0} gibt es nicht; bitte den Pfad prüfen",
    r"(.+) is no valid text; rename the file or folder": (
        "{0} ist kein gültiger Text; bitte die Datei oder den Ordner umbenennen"
    ),
    r"the path of the folder (.+) is no valid text; rename it": (
        "der Pfad des Ordners {0} ist kein gültiger Text; bitte umbenennen"
    ),
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
        "etwa {0:n} s ({1:n} s Lesen, {2:n} s Bewerten), {3:n} GB Arbeitsspeicher, {4:n} GB auf der Festplatte"
    ),
    r"the weights of (\S+) are not on this machine: .+": "die Gewichte von {0} fehlen auf diesem Rechner",
    r"`device` is set to cuda, but no usable GPU was found; set it to auto or cpu": (
        "`device` steht auf cuda, aber keine brauchbare GPU ist da; bitte auf auto oder cpu stellen"
    ),
    r"(.+) was left out: its name is no valid text; rename the file": (
        "{0} wurde ausgelassen: Der Name ist kein gültiger Text; bitte die Datei umbenennen"
    ),
    r"its file was overwritten before it could be read; write each photo under a name of its own": (
        "seine Datei wurde überschrieben, bevor sie gelesen werden konnte; jedes Foto unter eigenem Namen schreiben"
    ),
    r"(.+) changes before it is complete and is judged only when it stands still; if a camera overwrites it "
    r"with each photo, have it written under another name and renamed when it is complete": (
        "{0} ändert sich, bevor es vollständig ist, und wird erst danach beurteilt; überschreibt eine Kamera es "
        "mit jedem Foto, lassen Sie es unter anderem Namen schreiben und umbenennen, wenn es vollständig ist"
    ),
    r"(.+) changed while it was read: it is judged when it is complete": (
        "{0} änderte sich beim Lesen und wird beurteilt, sobald die Datei vollständig ist"
    ),
    r"(.+) counts as good, but stands out from the others": "{0} gilt als gut, fällt aber unter den anderen auf",
    r"files that were overwritten before they were looked at, and are not judged: (.+), the last one as (.+); write "
    r"each photo under a name of its own": (
        "Dateien, die überschrieben wurden, bevor sie angesehen wurden, und nicht beurteilt werden: {0}, die letzte "
        "als {1}; jedes Foto unter eigenem Namen schreiben"
    ),
    r"watched since (.+): (files that were overwritten before they .+)": "beobachtet seit {0}: {1}",
    r"photos that wait cannot be copied to (.+); make room there: one that is overwritten before its turn is not "
    r"judged": (
        "Fotos, die warten, können nicht kopiert werden nach {0}; bitte dort Platz schaffen: Eines, das vorher "
        "überschrieben wird, wird nicht beurteilt"
    ),
    r"since (.+) nothing can be kept: (.+); parts that come are judged when it can be kept again": (
        "seit {0} kann nichts behalten werden: {1}; Teile, die kommen, werden beurteilt, sobald es wieder geht"
    ),
    r"the workspace can be used again, after (.+): the line goes on": (
        "der Arbeitsbereich ist nach {0:n} wieder zu benutzen: Die Linie läuft weiter"
    ),
    r"stopped while nothing could be kept, (.+) goes on with the run: (.+)": (
        "gestoppt, während nichts behalten werden konnte, {0} setzt den Lauf fort: {1}"
    ),
    r"photos that wait are copied again": "Fotos, die warten, werden wieder kopiert",
    r"(.+) has not answered since (.+); it is waited for": "{0} antwortet seit {1} nicht; es wird gewartet",
    r"(.+) is there again": "{0} ist wieder da",
    r"parts are judged as they come again: (.+) wait": "Teile werden wieder beurteilt, wie sie kommen: {0} warten",
    r"parts are judged as they come again: 1 waits": "Teile werden wieder beurteilt, wie sie kommen: 1 wartet",
    r"1 photo": "1 Foto",
    r"(\d+) photos": "{0} Fotos",
    r"1 cloud": "1 Punktwolke",
    r"(\d+) clouds": "{0} Punktwolken",
    r"1 byte": "1 Byte",
    r"(\d+) bytes": "{0} Byte",
}
"""Of folders and what comes into them."""

_PAIRS = {
    r"photos and clouds whose names are not quite the same were taken for one part: (.+) with (.+)": (
        "Fotos und Punktwolken mit nicht ganz gleichen Namen gelten als ein Teil: {0} mit {1}"
    ),
    r"no photo and no cloud belong together by their names, such as (.+) and (.+): (.+) and (.+) are scored "
    r"apart; give those of one part the same name": (
        "kein Foto gehört dem Namen nach zu einer Punktwolke, etwa {0} und {1}: {2} und {3} werden "
        "getrennt bewertet; bitte denen eines Teils den gleichen Namen geben"
    ),
    r"photos and clouds may be numbered from different numbers on: see whether (.+) and (.+) show the same part": (
        "Fotos und Punktwolken beginnen vielleicht bei verschiedenen Nummern: bitte prüfen, ob {0} und {1} dasselbe "
        "Teil zeigen"
    ),
    r"(\d+) points are exactly \((.+), (.+), (.+)\); where these are holes, add (.+) to the "
    r"setting (.+)": ("{0} Punkte liegen genau bei ({1:n}, {2:n}, {3:n}); wenn das Löcher sind, {4} bei {5} eintragen"),
}
"""Of photos and clouds."""

_DECISIONS = {
    r"Only (\d+) parts were compared: what is usual is not sure\.": (
        "Nur {0} Teile wurden verglichen: Was üblich ist, steht nicht fest."
    ),
    r"It was set by hand\.": "Sie wurde von Hand gesetzt.",
    r"The scores fall into two groups; it lies between them\.": (
        "Die Werte zerfallen in zwei Gruppen; sie liegt dazwischen."
    ),
    r"It lies (.+) x MAD above the median of the scores\.": "Sie liegt {0:n} x MAD über dem Median der Werte.",
    r"It is set by verdicts on all (\d+) parts\.": "Urteile über alle {0} Teile setzen sie.",
    r"It is set by verdicts on (\d+) parts, which say where it lies\.": (
        "Urteile über {0} Teile setzen sie und sagen, wo sie liegt."
    ),
    r"It is set by verdicts on 1 part, which does not yet say where it lies: judge the part that tells most\.": (
        "Das Urteil über 1 Teil setzt sie, sagt aber noch nicht sicher, wo sie liegt: Beurteilen Sie das Teil, das am "
        "meisten sagt."
    ),
    r"It is set by verdicts on (\d+) parts, which do not yet say where it lies: judge the part that tells most\.": (
        "Urteile über {0} Teile setzen sie, sagen aber noch nicht sicher, wo sie liegt: Beurteilen Sie das Teil, das "
        "am meisten sagt."
    ),
    r"It lies (\d+)% above the median of the scores\.": "Sie liegt {0} % über dem Median der Werte.",
    r"The scores do not tell good from bad here, for they show no two groups: good parts alone look like this, and so "
    r"do batches with faint or very many defects\. Judge the parts that the app asks for \(eight are mostly enough\) "
    r"and set the threshold by these verdicts, or by hand\.": (
        "Die Werte trennen hier Gut und Schlecht nicht, denn sie zeigen keine zwei Gruppen: So sehen gute Teile allein "
        "aus, aber auch Chargen mit schwachen oder sehr vielen Fehlern. Beurteilen Sie die Teile, nach denen die App "
        "fragt (acht genügen meist), und setzen Sie die Schwelle nach diesen Urteilen oder von Hand."
    ),
    r"The scores fall into two groups, but into others before re-scoring\. Judge the parts that the app asks for "
    r"\(eight are mostly enough\) and set the threshold by these verdicts, or by hand\.": (
        "Die Werte zerfallen in zwei Gruppen, vor der Neubewertung aber in andere. Beurteilen Sie die Teile, nach "
        "denen die App fragt (acht genügen meist), und setzen Sie die Schwelle nach diesen Urteilen oder von Hand."
    ),
    r"Fewer than (\d+) scores do not tell good from bad: judge the parts that the app asks for \(eight are mostly "
    r"enough\) and set the threshold by these verdicts, or by hand\.": (
        "Weniger als {0} Werte trennen Gut und Schlecht nicht: Beurteilen Sie die Teile, nach denen die App fragt "
        "(acht genügen meist), und setzen Sie die Schwelle nach diesen Urteilen oder von Hand."
    ),
    r"The scores of the first parts do not tell good from bad, for they are few or show no two groups": (
        "Die Werte der ersten Teile trennen Gut und Schlecht nicht, denn sie sind wenige oder zeigen keine zwei Gruppen"
    ),
    r"when the line is paused or has ended, judge the parts that the app asks for \(eight are mostly enough\) and set "
    r"the threshold by these verdicts, or set it by hand at any time": (
        "beurteilen Sie, wenn die Linie angehalten oder beendet ist, die Teile, nach denen die App fragt (acht genügen "
        "meist), und setzen Sie die Schwelle nach diesen Urteilen; von Hand geht es jederzeit"
    ),
    r"Unreviewed: nobody accepted (\d+) of the (\d+) parts that count as good, so defects among them may go unseen": (
        "Nicht durchgesehen: Von den {1} Teilen, die als gut gelten, hat {0} niemand als gut beurteilt; Fehler unter "
        "ihnen können unerkannt bleiben"
    ),
    r"accept good ones in their run \((\d+) are enough\) and watch anew": (
        "beurteilen Sie in ihrem Lauf Teile als gut ({0} genügen), und überwachen Sie neu"
    ),
    r"Parts were compared with those that were accepted before: a defect that most of these have, too, looks like "
    r"what is usual, and is not seen\.": (
        "Die Teile wurden mit den als gut beurteilten verglichen: Ein Fehler, den die meisten von diesen auch haben, "
        "sieht wie das Übliche aus und wird nicht erkannt."
    ),
    r"Each part was compared with earlier ones, or with known good ones: a defect that many of these have, too, looks "
    r"like what is usual, and is not seen\.": (
        "Jedes Teil wurde mit früheren verglichen, oder mit bekannt guten: Ein Fehler, den viele von diesen auch "
        "haben, sieht wie das Übliche aus und wird nicht erkannt."
    ),
    r"Scores were made elsewhere: what cannot be seen by them is not known here\.": (
        "Die Werte wurden anderswo gemacht: Was sie nicht zeigen können, ist hier nicht bekannt."
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

_HERE = {**_FILES, **_BATCHES, **_PAIRS, **_DECISIONS}

SENTENCES = {**_HERE, **CLOUDS, **PHOTOS, **RUNS, **PROGRAMS, **SERVERS, **SETTINGS, **STATION, **SYSTEM}
"""Of what is not here the English stands. Of the patterns that fit a sentence, the one with the most text of its own
counts; what stands in its groups is translated, too."""
