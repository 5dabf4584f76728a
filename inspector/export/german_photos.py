"""The German of what is said of photos, masks, regions of interest, and the folders that they lie in."""

_NOTES = {
    r"the photo is one flat colour": "das Foto ist eine einzige Farbe",
    r"red (\d+), green (\d+), blue (\d+)": "Rot {0}, Grün {1}, Blau {2}",
    r"the photo has almost no grey levels": "das Foto hat fast keine Graustufen",
    r"(\d+) of (\d+)": "{0} von {1}",
    r"the photo uses only a corner of its range": "das Foto nutzt nur einen kleinen Teil seines Wertebereichs",
    r"grey levels (\d+) to (\d+) of 0 to 255": "Graustufen {0} bis {1} von 0 bis 255",
    r"the photo ends in even grey, as if it were cut off": "das Foto endet in gleichmäßigem Grau, wie abgeschnitten",
    r"the lowest (\d+) rows": "die untersten {0} Zeilen",
    r"its file ends in zeros, as if it were not copied whole": (
        "die Datei endet in Nullen, als wäre sie nicht ganz kopiert"
    ),
    r"its file has a gap of zeros, as if it were not copied whole": (
        "die Datei hat eine Lücke aus Nullen, als wäre sie nicht ganz kopiert"
    ),
    r"its values are above the largest that it declares": "ihre Werte liegen über dem größten, den sie angibt",
    r"(\d+), declared (\d+)": "{0}, angegeben {1}",
    r"the file lacks its end marker, but every pixel is there": "der Datei fehlt die Endmarke, aber alle Pixel sind da",
    r"its colours are four inks, and it does not say which value is none: they may be inverted": (
        "ihre Farben sind vier Druckfarben, und sie sagt nicht, welcher Wert keine ist: Sie können umgekehrt sein"
    ),
    r"pixels of one value away from all others were taken for holes": (
        "Pixel mit einem Wert weit weg von allen anderen wurden für Löcher gehalten"
    ),
    r"pixels of one value away from all others were taken for holes \((.+)\)": (
        "Pixel mit einem Wert weit weg von allen anderen wurden für Löcher gehalten ({0:n})"
    ),
    r"of its 16 bits only the upper 8 were read; export it as TIFF or PNG": (
        "von ihren 16 Bit wurden nur die oberen 8 gelesen; exportieren Sie sie als TIFF oder PNG"
    ),
    r"it says that only a part of it is to be shown, but all of it is; export it as PNG": (
        "sie sagt, dass nur ein Teil von ihr zu zeigen ist, gezeigt wird sie ganz; exportieren Sie sie als PNG"
    ),
    r"it is a thermal camera's picture in false colours; export its temperatures as TIFF": (
        "sie ist das Falschfarbenbild einer Wärmebildkamera; exportieren Sie die Temperaturen als TIFF"
    ),
    r"its file holds more rows than its header says": "die Datei enthält mehr Zeilen, als ihr Kopf angibt",
    r"it holds (\d+) of (\d+) strips or tiles": "sie enthält {0} von {1} Streifen oder Kacheln",
    r"the same file came before as (.+): it was copied twice, or the camera stands still": (
        "dieselbe Datei kam schon als {0}: sie wurde zweimal kopiert, oder die Kamera hängt"
    ),
    r"the colour profile of its photo is (.+), most photos have (.+): save all with one profile, "
    r"for colours are compared as they are stored": (
        "das Farbprofil des Fotos ist {0}, die meisten Fotos haben {1}: Speichern Sie alle mit einem Profil, "
        "denn Farben werden verglichen, wie sie gespeichert sind"
    ),
    r"its values look as if they were packed as cameras send them: export it with 16 bits": (
        "ihre Werte sehen aus, als wären sie so gepackt, wie Kameras sie senden: bitte mit 16 Bit exportieren"
    ),
    r"its values look as if their two bytes were in the wrong order: export it again": (
        "ihre Werte sehen aus, als wären ihre zwei Bytes vertauscht: bitte noch einmal exportieren"
    ),
    r"the file goes on behind its end": "die Datei geht hinter ihrem Ende weiter",
    r"its compressed data go on behind its last pixel: its header is wrong, or they were changed": (
        "ihre komprimierten Daten gehen hinter dem letzten Pixel weiter: Ihr Kopf ist falsch, oder sie wurden verändert"
    ),
    r"parts of its file that are no pixels are damaged and were passed over": (
        "Teile der Datei, die keine Pixel sind, sind beschädigt und wurden übergangen"
    ),
    r"its size is not that of its header": "ihre Größe ist nicht die, die ihr Kopf angibt",
    r"it holds several pictures, of which the first is scored": "sie enthält mehrere Bilder, bewertet wird das erste",
    r"it holds several planes in depth, of which the first is scored": (
        "sie enthält mehrere Ebenen in der Tiefe, bewertet wird die erste"
    ),
    r"its alpha channel is no transparency and was passed over": (
        "ihr Alphakanal ist keine Transparenz und wurde übergangen"
    ),
    r"it has more bands than a picture, of which the first (.+)": ("sie hat mehr Kanäle als ein Bild, davon {0}"),
    r"three are scored as colours": "werden die ersten drei als Farben bewertet",
    r"one is scored": "wird der erste bewertet",
    r"it holds the raw mosaic of a colour sensor, which is scored as grey": (
        "sie enthält das rohe Mosaik eines Farbsensors, das als Grau bewertet wird"
    ),
    r"the part does not stand out from its ground: the closer look is where the others lie": (
        "das Teil hebt sich nicht vom Untergrund ab: Der nähere Blick gilt der Stelle, an der die anderen liegen"
    ),
    r"it has other proportions than the region of interest, and is looked at as a whole": (
        "es hat andere Seitenverhältnisse als der Prüfbereich und wird als Ganzes betrachtet"
    ),
    r"its cloud has no pixels that the region of interest could be laid on, and is looked at as a whole": (
        "die Punktwolke hat keine Pixel, auf die sich der Prüfbereich legen ließe, und wird als Ganzes betrachtet"
    ),
    r"no code was found in (\d+) of (\d+) photos, (.+) first": (
        "in {0} von {1} Fotos wurde kein Code gefunden, als erstes {2}"
    ),
    r"the rule for part ids does not fit (\d+) of (\d+) names, (.+) first": (
        "die Regel für Teilenummern passt nicht auf {0} von {1} Namen, als ersten {2}"
    ),
    r"the rule for part ids fits none of the (\d+) names, as (.+)": (
        "die Regel für Teilenummern passt auf keinen der {0} Namen, etwa {1}"
    ),
    r"it has no named group; name what it catches, as in (.+)": (
        "sie hat keine benannte Gruppe; bitte benennen, was sie trifft, wie in {0}"
    ),
    r"it is no regular expression: (.+)": "es ist kein regulärer Ausdruck: {0}",
    r"the batch mixes photos of different depths \((.+)\); each is read on the scale of its kind": (
        "die Charge mischt Fotos verschiedener Bittiefe ({0}); jedes wird auf der Skala seiner Art gelesen"
    ),
}
"""What is noted though a photo is scored."""

_REFUSALS = {
    r"the checksum of its pixels is wrong": "die Prüfsumme ihrer Pixel stimmt nicht",
    r"the checksum of its header is wrong": "die Prüfsumme ihres Kopfs stimmt nicht",
    r"the checksum of its palette is wrong": "die Prüfsumme ihrer Farbtabelle stimmt nicht",
    r"the checksum of its transparency is wrong": "die Prüfsumme ihrer Transparenz stimmt nicht",
    r"the checksum of its orientation is wrong": "die Prüfsumme ihrer Ausrichtung stimmt nicht",
    r"its compressed data were changed": "ihre komprimierten Daten wurden verändert",
    r"some of its compressed data are missing": "ein Teil ihrer komprimierten Daten fehlt",
    r"its end is filled with zeros": "ihr Ende ist mit Nullen gefüllt",
    r"its header declares values up to (.+)": "ihr Kopf gibt Werte bis {0} an",
    r"(\d+) of (\d+) values are there": "{0} von {1} Werten sind da",
    r"a value is no number": "ein Wert ist keine Zahl",
    r"(\d+) values of (.+) bits in a pixel": "{0} Werte mit {1} Bit in einem Pixel",
    r"its pixels are not where it says": "ihre Pixel sind nicht dort, wo sie angibt",
    r"some of its pixels are missing": "ein Teil ihrer Pixel fehlt",
    r"it holds (\S+) values of shape (.+)": "sie enthält {0}-Werte der Form {1}",
    r"it holds values along (\S+)": "sie enthält Werte entlang {0}",
    r"(.+) is damaged: its header declares (\d+) x (\d+) pixels, far more than (\d+) bytes can hold; "
    r"copy it again from the camera": (
        "{0} ist beschädigt: Laut Kopf hat sie {1} x {2} Pixel, weit mehr, als {3} Byte fassen; bitte noch einmal von "
        "der Kamera kopieren"
    ),
    r"(.+) cannot be read: (.+)": "{0} kann nicht gelesen werden: {1}",
    r"the mask (.+) claims to have (.+); copy it again": ("die Maske {0} gibt {1} an; bitte noch einmal kopieren"),
    r"the mask (.+) does not fit into memory; copy it again": (
        "die Maske {0} passt nicht in den Arbeitsspeicher; bitte noch einmal kopieren"
    ),
    r"the mask (.+) is no image that can be read \((.+)\); copy it again": (
        "die Maske {0} ist kein lesbares Bild ({1}); bitte noch einmal kopieren"
    ),
    r"the folder of masks (.+) holds no image; copy it again": (
        "der Maskenordner {0} enthält kein Bild; bitte noch einmal kopieren"
    ),
    r"the mask (.+) holds more rows than its header says; copy it again": (
        "die Maske {0} enthält mehr Zeilen, als ihr Kopf angibt; bitte noch einmal kopieren"
    ),
    r"the masks in (.+) differ in size; copy them again": (
        "die Masken in {0} sind verschieden groß; bitte noch einmal kopieren"
    ),
    r"the region of interest (.+) is a folder; name a file in it": (
        "der Prüfbereich {0} ist ein Ordner; bitte eine Datei darin angeben"
    ),
    r"the region of interest (.+) covers (.+); draw it anew, or leave out (.+)": (
        "der Prüfbereich {0} deckt {1} ab; bitte neu zeichnen oder {2} weglassen"
    ),
    r"more than (\d+) places": "mehr als {0} Punkte",
    r"more than (\d+) bytes": "mehr als {0} Byte",
    r"each of (\S+) has a (\S+)": "jedes von {0} hat ein {1}",
    r"the (\S+) of a feature are names with values": "{0} eines Elements sind Namen mit Werten",
    r"(\S+) are lists of places": "{0} sind Listen von Punkten",
    r"(\S+) and (\S+) are whole numbers: the size of the photo in pixels": (
        "{0} und {1} sind ganze Zahlen: die Größe des Fotos in Pixeln"
    ),
    r"places in pixels need the (\S+) and (\S+) of the photo": "Punkte in Pixeln brauchen {0} und {1} des Fotos",
    r"the (\S+) of a line is above 0": "{0} einer Linie ist größer als 0",
    r'expected \{"features": \[\.\.\]\}': '{{"features": [..]}} wird erwartet',
    r'expected "unit" pixels or fractions, but got (.+)': '"unit" ist pixels oder fractions, nicht {0}',
    r'expected "use" include or ignore, but got (.+)': '"use" ist include oder ignore, nicht {0}',
    r"expected a Polygon, Rectangle or LineString, but got (.+)": (
        "Polygon, Rectangle oder LineString wird erwartet, nicht {0}"
    ),
    r"expected a line of at least (\d+) places \[x, y\]": "eine Linie aus mindestens {0} Punkten [x, y] wird erwartet",
    r"expected a number, but got (.+)": "eine Zahl wird erwartet, nicht {0}",
    r"everything, as if there were none": "alles, als gäbe es keinen",
    r"the region of interest (.+) cannot be read: (.+)": "der Prüfbereich {0} kann nicht gelesen werden: {1}",
    r"the region of interest (.+) is neither a PNG nor JSON \((.+)\)": (
        "der Prüfbereich {0} ist weder PNG noch JSON ({1})"
    ),
    r"the region of interest (.+) holds no shapes; see docs/files\.md": "der Prüfbereich {0} enthält keine Formen",
    r"its shapes have too many borders; draw them with fewer places, or as a picture": (
        "seine Formen haben zu viele Ränder; bitte mit weniger Punkten zeichnen oder als Bild"
    ),
    r"the region of interest fits no part: it is drawn on (\d+) x (\d+) pixels, the first part has (\d+) x (\d+); "
    r"draw it on a photo of this batch, or leave out (.+)": (
        "der Prüfbereich passt auf kein Teil: Er ist auf {0} x {1} Pixeln gezeichnet, das erste Teil hat {2} x {3}; "
        "bitte auf einem Foto dieser Charge zeichnen oder {4} weglassen"
    ),
}
"""Why photos, masks and regions of interest are not read."""

_LEFT_OUT = {
    r"(\d+) (files? \w+) left out: (.+)": "ausgelassene Dateien ({0}): {2}",
    r"(\d+ [^,]+), (\d+ .+)": "{0}, {1}",
    r"(\d+) without suffix": "{0} ohne Endung",
    r"(\d+) masks of the layout (\S+)": "{0} Masken des Aufbaus {1}",
    r"(\d+) (\S+) of no photo": "{0} {1} ohne Foto",
    r"(\d+) (\S+) outside of the layout (\S+)": "{0} {1} außerhalb des Aufbaus {2}",
    r"(\d+) masks in (.+)": "{0} Masken in {1}",
    r"(\d+) small (\S+) in (.+)": "{0} kleine Kopien in {2}",
    r"(\d+) (\S+) of a part that has one": "{0} {1} zu Teilen, die eine haben",
    r"(\d+) (\S+) to nothing": "{0} Verknüpfungen ins Leere",
    r"(\d+) (\S+) that cannot be listed \((.+)\)": "{0} unlesbare Ordner ({2})",
    r"(\d+) (\S+) that cannot be opened": "{0} Dateien, die nicht zu öffnen sind",
    r"1 more kind": "1 weitere Art",
    r"(\d+) more kinds": "{0} weitere Arten",
    r"masks": "Masken",
    r"masks of a dataset, no parts": "Masken eines Datensatzes, keine Teile",
    r"mask": "Maske",
    r"a cloud by its content, but not by its name: rename it to end in (.+)": (
        "dem Inhalt nach eine Punktwolke, dem Namen nach nicht: bitte mit der Endung {0} versehen"
    ),
    r"(.+) cannot be read: its masks of colours are damaged; export it as TIFF or PNG": (
        "{0} kann nicht gelesen werden: Die Masken der Farben sind beschädigt; bitte als TIFF oder PNG exportieren"
    ),
    r"lines of numbers: where they are points, rename it to end in .xyz": (
        "Zeilen von Zahlen: Wenn das Punkte sind, die Datei so umbenennen, dass sie auf .xyz endet"
    ),
    r"arrays of numbers, which are not read: export them as TIFF, or as PLY where they hold points": (
        "Felder von Zahlen, die nicht gelesen werden: bitte als TIFF exportieren, oder als PLY, wenn es Punkte sind"
    ),
    r"no kind of photo or cloud that is read": "keine Art von Foto oder Punktwolke, die gelesen wird",
    r"(.+) is passed over, as all files like it: (.+)": "{0} wird übergangen, wie alle Dateien dieser Art: {1}",
    r"(.+) is a camera's raw file, which is not read: export it as TIFF or PNG": (
        "{0} ist die Rohdatei einer Kamera, die nicht gelesen wird: bitte als TIFF oder PNG exportieren"
    ),
    r"(.+) holds several grey pictures, or more than four channels; export it as TIFF": (
        "{0} enthält mehrere Graubilder oder mehr als vier Kanäle; bitte als TIFF exportieren"
    ),
    r"a picture of a kind that is not read: export it as TIFF or PNG": (
        "ein Bild einer Art, die nicht gelesen wird: bitte als TIFF oder PNG exportieren"
    ),
    r"a scan or a model of a kind that is not read: export it as PLY or STL": (
        "ein Scan oder Modell einer Art, die nicht gelesen wird: bitte als PLY oder STL exportieren"
    ),
    r"a document, which is not read: export its pictures as PNG": (
        "ein Dokument, das nicht gelesen wird: bitte die Bilder als PNG exportieren"
    ),
    r"a photo by its content, but not by its name: rename it, as to end in .png or .jpg": (
        "dem Inhalt nach ein Foto, dem Namen nach nicht: bitte umbenennen, etwa auf .png oder .jpg"
    ),
    r"a web page, as a server sends in the place of a file: fetch the file again": (
        "eine Webseite, wie ein Server sie statt einer Datei schickt: bitte die Datei noch einmal holen"
    ),
    r"a note of Git LFS in the place of the file: fetch the file by git lfs pull": (
        "eine Notiz von Git LFS an der Stelle der Datei: bitte die Datei mit git lfs pull holen"
    ),
    r"nothing but zeros, as where a file was not copied whole: copy it again": (
        "nichts als Nullen, als wäre die Datei nicht ganz kopiert: bitte noch einmal kopieren"
    ),
    r"an archive, which is not read: unpack it": "ein Archiv, das nicht gelesen wird: bitte entpacken",
    r"a video, which is not read: export its pictures as PNG": (
        "ein Video, das nicht gelesen wird: bitte die Bilder als PNG exportieren"
    ),
    r"a camera's raw file, which is not read: export it as TIFF or PNG": (
        "eine Rohdatei der Kamera, die nicht gelesen wird: bitte als TIFF oder PNG exportieren"
    ),
    r"an unfinished or a spare copy": "eine unfertige oder eine Sicherungskopie",
    r"the thumbnail of a video": "das Vorschaubild eines Videos",
    r"made by the system or by another program: thumbnails, spare copies, deleted files": (
        "vom System oder einem anderen Programm: Vorschaubilder, Sicherungskopien, Gelöschtes"
    ),
    r"a Mac's companion of another file": "die Begleitdatei eines Macs",
    r"a hidden folder": "ein versteckter Ordner",
    r"a hidden file": "eine versteckte Datei",
    r"a lock of an office program": "die Sperrdatei eines Büroprogramms",
    r"a link to a file that is not there": "eine Verknüpfung zu einer Datei, die es nicht gibt",
    r"a link to a folder that is listed elsewhere": "eine Verknüpfung zu einem Ordner, der schon gelesen wird",
    r"a folder that cannot be listed: (.+)": "ein Ordner, der nicht lesbar ist: {0}",
    r"cannot be opened: (.+)": "ist nicht zu öffnen: {0}",
    r"(.+), not a file": "{0}, keine Datei",
    r"a pipe": "eine Pipe",
    r"a socket": "ein Socket",
    r"a device": "ein Gerät",
    r"its name is no valid text; rename the file": "der Name ist kein gültiger Text; bitte die Datei umbenennen",
    r"a mask: a drawing of where a photo shows a defect": "eine Maske: eine Zeichnung, wo ein Foto einen Fehler zeigt",
    r"a small copy of a photo": "eine kleine Kopie eines Fotos",
    r"a mask of no photo that is scored": "eine Maske ohne Foto, das bewertet wird",
    r"in no folder that the layout (.+) scores": "in keinem Ordner, den der Aufbau {0} bewertet",
    r"photos for training, of which there is no need": "Fotos zum Trainieren, die nicht gebraucht werden",
    r"photos of a test set without published masks": "Fotos eines Prüfsatzes ohne veröffentlichte Masken",
    r"photos of a test set without published masks; scan that folder alone to score them": (
        "Fotos eines Prüfsatzes ohne veröffentlichte Masken; zum Bewerten diesen Ordner allein prüfen"
    ),
    r"another picture of a part, or notes on it": "ein weiteres Bild eines Teils oder Notizen dazu",
    r"not among the published test photos": "nicht unter den veröffentlichten Prüffotos",
    r"not in the published test split": "nicht in der veröffentlichten Aufteilung",
    r"an export of this program": "ein Export dieses Programms",
    r"a workspace of this program": "ein Arbeitsbereich dieses Programms",
    r"another cloud of (.+), which is scored with (.+)": "noch eine Punktwolke zu {0}, das mit {1} bewertet wird",
    r"one coordinate of a cloud; export x, y and z as one TIFF of three channels, or as PLY": (
        "eine Koordinate einer Punktwolke; exportieren Sie x, y und z als ein TIFF mit drei Kanälen oder als PLY"
    ),
    r"files of one coordinate each were left out; export x, y and z as one TIFF of three channels, or as PLY: (.+)": (
        "Dateien mit je einer Koordinate wurden ausgelassen; exportieren Sie x, y und z als ein TIFF mit drei Kanälen "
        "oder als PLY: {0}"
    ),
    r"(.+) hold one coordinate of a cloud each; export x, y and z as one TIFF of three channels, or as PLY": (
        "{0} enthalten je eine Koordinate einer Punktwolke; exportieren Sie x, y und z als ein TIFF mit drei Kanälen "
        "oder als PLY"
    ),
    r"a depth image of (.+); clouds are made of them where the camera is set": (
        "ein Tiefenbild zu {0}; Punktwolken werden daraus, wenn die Kamera angegeben ist"
    ),
}
"""Why files of a folder are passed over."""

_FOLDERS = {
    r"(.+) is no folder of the layout (.+): it must hold (.+); choose another (.+)": (
        "{0} ist kein Ordner des Aufbaus {1}: Er muss {2} enthalten; bitte für {3} etwas anderes wählen"
    ),
    r"no photo or cloud in (.+) that the layout (\S+) scores(.*): it scores (.+); choose another (.+); "
    r"known kinds: (.+)": (
        "in {0} ist kein Foto und keine Punktwolke, die der Aufbau {1} bewertet{2}: Er bewertet {3}; bitte für {4} "
        "etwas anderes wählen; bekannte Arten: {5}"
    ),
    r"(.+) looks like masks, but no photos have the same names: its files are scored as parts": (
        "{0} sieht nach Masken aus, aber keine Fotos heißen so: die Dateien werden als Teile bewertet"
    ),
    r"photos without a cloud: (\d+), clouds without a photo: (\d+); they are scored as they are": (
        "Fotos ohne Punktwolke: {0}, Punktwolken ohne Foto: {1}; sie werden so bewertet, wie sie sind"
    ),
    r"(.+) has no (\S+); it is scored without": "zu {0} fehlt: {1}; bewertet wird ohne",
    r"taken as clouds \((.+)\): (.+)": "als Punktwolken genommen ({0}): {1}",
    r"each pixel holds x, y and z": "jedes Pixel enthält x, y und z",
    r"depth images, seen by the (.+) that is set": "Tiefenbilder, gesehen mit der angegebenen {0}",
    r"depth images of Eyecandies": "Tiefenbilder von Eyecandies",
    r"(.+) and (\d+) more": "{0} und {1} weitere",
    r"depth images beside photos of the same parts were left out; set (.+) to score them as clouds: (.+)": (
        "Tiefenbilder neben Fotos derselben Teile wurden ausgelassen; mit {0} werden sie als Punktwolken bewertet: {1}"
    ),
    r"photos were scored that look like depth images; set (.+) to make clouds of them: (.+)": (
        "es wurden Fotos bewertet, die wie Tiefenbilder aussehen; mit {0} werden Punktwolken daraus: {1}"
    ),
    r"no list (.+) was found: all photos are compared, not the published test set": (
        "die Liste {0} wurde nicht gefunden: alle Fotos werden verglichen, nicht der veröffentlichte Prüfsatz"
    ),
    r"photos of (\d+) views \((.+)\) are compared with each other, as published": (
        "Fotos aus {0} Ansichten ({1}) werden miteinander verglichen, wie veröffentlicht"
    ),
    r"(.+) is missing: all photos are compared, not the published test split": (
        "{0} fehlt: alle Fotos werden verglichen, nicht die veröffentlichte Aufteilung"
    ),
}
"""What is said of folders and of what belongs together."""

PHOTOS = {**_NOTES, **_REFUSALS, **_LEFT_OUT, **_FOLDERS}
