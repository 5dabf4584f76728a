"""The German of what is said of point clouds and depth images."""

_FIND = "bitte den Hintergrund nicht entfernen lassen"

CLOUDS = {
    r"(.+) has no pixel grid, so no border to find the background at; switch it off": (
        f"{{0}} hat kein Pixelraster, also keinen Rand, an dem der Hintergrund zu finden wäre; {_FIND}"
    ),
    r"(.+) is (.+) m wide, which no part is; check its unit": (
        "{0} ist {1:n} m breit, so breit ist kein Teil; bitte die Einheit prüfen"
    ),
    r"(.+) is all background by the recipe; switch background removal off": (
        f"{{0}} ist nach der Regel nur Hintergrund; {_FIND}"
    ),
    r"(.+) has only (.+) at its border, too few to find the background; switch background removal off": (
        f"{{0}} hat nur {{1}} am Rand, zu wenig, um den Hintergrund zu finden; {_FIND}"
    ),
    r"(.+) is a depth image; to make points of it, the camera's focal length and centre must be set": (
        "{0} ist ein Tiefenbild; für Punkte müssen Brennweite und Bildmitte der Kamera angegeben sein"
    ),
    r"its coordinates are so far from zero that 32-bit numbers go in steps of (.+) there: export them in 64 bits, or "
    r"counted from the part": (
        "seine Koordinaten liegen so weit von null, dass 32-Bit-Zahlen dort Schritte von {0:n} machen: bitte in 64 Bit "
        "oder vom Teil aus gezählt exportieren"
    ),
    r"its coordinates are all multiples of (.+), a coarse step for its size: export them with more decimals": (
        "seine Koordinaten sind alle Vielfache von {0:n}, ein grober Schritt für seine Größe: bitte mit mehr "
        "Nachkommastellen exportieren"
    ),
    r"its columns are called (.+), and were read as x, y, z: export the points with x, y, z": (
        "seine Spalten heißen {0} und wurden als x, y, z gelesen: bitte die Punkte mit x, y, z exportieren"
    ),
    r"its first three columns may be colours, and were read as x, y, z; where they are, name the columns in a line "
    r"before the numbers": (
        "seine ersten drei Spalten können Farben sein und wurden als x, y, z gelesen; wenn sie es sind, bitte die "
        "Spalten in einer Zeile vor den Zahlen benennen"
    ),
    r"(.+) holds no coordinates: half of its numbers are below (.+), and some above (.+), as where bytes stand in the "
    r"wrong order; export it again": (
        "{0} enthält keine Koordinaten: Die Hälfte der Zahlen liegt unter {1:n}, manche über {2:n}, wie bei "
        "vertauschten Bytes; bitte noch einmal exportieren"
    ),
    r"its coordinates are counted from \((.+)\) on": "seine Koordinaten zählen ab ({0})",
    r"(.+) is no depth image: it must be grey with 16 bits, but (.+)": (
        "{0} ist kein Tiefenbild: Es muss grau mit 16 Bit sein, aber {1}"
    ),
    r"it is grey with 8 bits, a picture of depths, which are lost": (
        "es ist grau mit 8 Bit, ein Bild von Tiefen, die verloren sind"
    ),
    r"its file says that x and y are degrees of the globe, and z is not; where that is so, export it in metres": (
        "die Datei nennt x und y Grade auf dem Globus, z aber nicht; trifft das zu, bitte in Metern exportieren"
    ),
    r"it is a mesh, of which only the (\d+) corners were taken; export it as STL, or as points": (
        "sie ist ein Netz, von dem nur die {0} Ecken genommen wurden; bitte als STL oder als Punkte exportieren"
    ),
    r"all its points are there twice, as if it were written behind itself": (
        "alle ihre Punkte stehen zweimal da, als wäre sie hinter sich selbst geschrieben"
    ),
    r"it is black and white": "es ist schwarz-weiß",
    r"it is coloured, a picture of depths, which are lost": "es ist farbig, ein Bild von Tiefen, die verloren sind",
    r"(.+) is damaged or no image \((.+)\); copy it again from the camera": (
        "{0} ist beschädigt oder kein Bild ({1}); bitte noch einmal von der Kamera kopieren"
    ),
    r"(.+) must hold `normalization` with `min` and `max`; copy it again": (
        "{0} muss `normalization` mit `min` und `max` enthalten; bitte noch einmal kopieren"
    ),
    r"(.+) gives the depth range (.+) to (.+); copy it again": (
        "{0} nennt den Tiefenbereich {1:n} bis {2:n}; bitte noch einmal kopieren"
    ),
    r"(.+) must hold a pose of 4 x 4 numbers; copy it again": (
        "{0} muss eine Lage aus 4 x 4 Zahlen enthalten; bitte noch einmal kopieren"
    ),
    r"(.+) must hold a pose of 4 x 4 numbers, but has (.+); copy it again": (
        "{0} muss eine Lage aus 4 x 4 Zahlen enthalten, hat aber {1}; bitte noch einmal kopieren"
    ),
    r"(.+) holds no pose: the matrix cannot be inverted; copy it again": (
        "{0} enthält keine Lage: Die Matrix ist nicht umkehrbar; bitte noch einmal kopieren"
    ),
    r"(.+) holds no pose: a number is not finite; copy it again": (
        "{0} enthält keine Lage: Eine Zahl ist nicht endlich; bitte noch einmal kopieren"
    ),
    r"(.+) has (\d+) bytes, far too many for what it must hold; copy it again": (
        "{0} hat {1} Byte, viel zu viele für das, was sie enthalten muss; bitte noch einmal kopieren"
    ),
    r"(\d+) more (\S+) of each pixel behind x, y, z passed over": (
        "{0} weitere Werte jedes Pixels hinter x, y, z wurden übergangen"
    ),
    r"(\d+ further \w+) in the file passed over": "in der Datei übergangen: {0}",
    r"1 further picture": "1 weiteres Bild",
    r"(\d+) further pictures": "{0} weitere Bilder",
    r"(.+) is damaged or no TIFF file \((.+)\); copy it again from the scanner": (
        "{0} ist beschädigt oder keine TIFF-Datei ({1}); bitte noch einmal vom Scanner kopieren"
    ),
    r"it begins otherwise": "sie beginnt anders",
    r"(.+) holds no pixel; copy it again from the scanner": (
        "{0} enthält kein Pixel; bitte noch einmal vom Scanner kopieren"
    ),
    r"(.+) has more than (\d+) pages; a cloud has one": "{0} hat mehr als {1} Seiten; eine Punktwolke hat eine",
    r"(.+) holds (\d+) pictures of (.+); a cloud has x, y and z in each pixel, a depth image one picture": (
        "{0} enthält {1} Bilder aus {2}; eine Punktwolke hat x, y und z in jedem Pixel, ein Tiefenbild ist ein Bild"
    ),
    r"(.+) holds (\S+) values of shape (.+); a cloud has three channels of floats or signed numbers \(x, y, z\), "
    r"a depth image one channel of floats or of 16 or 32 bits": (
        "{0} enthält {1}-Werte der Form {2}; eine Punktwolke hat drei Kanäle aus Gleitkomma- oder vorzeichenbehafteten "
        "Zahlen (x, y, z), ein Tiefenbild einen aus Gleitkommazahlen oder mit 16 oder 32 Bit"
    ),
    r"(\d+) (\S+) with the height (\S+) (\S+) taken for holes": "die Höhe {2:n} gilt als Loch: {0} {1}",
    r"points": "Punkte",
    r"point": "Punkt",
    r"photo": "Foto",
    r"cloud": "Punktwolke",
    r"(\d+) points have exactly the height (.+), away from all others; where these are holes, add (.+) to the "
    r"setting (.+)": (
        "{0} Punkte liegen genau auf der Höhe {1:n}, weit weg von allen anderen; wenn das Löcher sind, {2} bei {3} "
        "eintragen"
    ),
    r"; export it again": "; bitte neu exportieren",
    r"(.+) has no PCD header(; .+)": "{0} hat keinen PCD-Kopf{1}",
    r"(.+) has a PCD header that cannot be understood(; .+)": "{0} hat einen unverständlichen PCD-Kopf{1}",
    r"(.+) has no PLY header(; .+)": "{0} hat keinen PLY-Kopf{1}",
    r"(.+) has a PLY header that cannot be understood(; .+)": "{0} hat einen unverständlichen PLY-Kopf{1}",
    r"(.+) has a line whose list is not as long as it says(; .+)": (
        "{0} hat eine Zeile, deren Liste nicht so lang ist wie angegeben{1}"
    ),
    r"(.+) has (.+) in a line instead of (\d+)(; .+)": "{0} hat {1} in einer Zeile statt {2}{3}",
    r"1 number": "1 Zahl",
    r"(\d+) numbers": "{0} Zahlen",
    r"(.+) has a line that is not numbers \((.+)\)(; .+)": "{0} hat eine Zeile, die nicht aus Zahlen besteht ({1}){2}",
    r"(.+) is no STL file(; .+)": "{0} ist keine STL-Datei{1}",
    r"one of its lines holds more numbers than the first, which were passed over": (
        "eine ihrer Zeilen enthält mehr Zahlen als die erste; die überzähligen wurden übergangen"
    ),
    r"(\d+) of its lines hold more numbers than the first, which were passed over": (
        "{0} ihrer Zeilen enthalten mehr Zahlen als die erste; die überzähligen wurden übergangen"
    ),
    r"(.+) is cut off: its last line ends within a number; copy it again": (
        "{0} ist abgeschnitten: Die letzte Zeile endet in einer Zahl; bitte noch einmal kopieren"
    ),
    r"(\d+) bytes after the end of its data were passed over": ("{0} Byte hinter dem Ende der Daten wurden übergangen"),
    r"its header says (\d+) x (\d+) points, and (\d+) of them, which were read without a pixel grid": (
        "ihr Kopf gibt {0} x {1} Punkte an, und {2} Punkte, die ohne Pixelraster gelesen wurden"
    ),
    r"the centre (.+) of the setting (.+) is that of images of another size than (\d+) x (\d+) pixels, by which its "
    r"focal lengths have to be changed, too": (
        "der Mittelpunkt {0} der Einstellung {1} ist der von Bildern anderer Größe als {2} x {3} Pixel, nach der "
        "sich auch die Brennweiten richten"
    ),
    r"(.+) is damaged: its header says binary, but lines of numbers follow; export it again": (
        "{0} ist beschädigt: Laut Kopf ist sie binär, es folgen aber Zeilen mit Zahlen; bitte neu exportieren"
    ),
    r"1 byte after the end of its data was passed over": "1 Byte hinter dem Ende der Daten wurde übergangen",
    r"(.+) is cut off or damaged: it holds less than its header says; copy it again": (
        "{0} ist abgeschnitten oder beschädigt: Sie enthält weniger, als ihr Kopf angibt; bitte noch einmal kopieren"
    ),
    r"(.+) has no coordinates x, y, z, only (.+); export the scan as points": (
        "{0} hat keine Koordinaten x, y, z, nur {1}; bitte den Scan als Punkte exportieren"
    ),
    r"(.+) is damaged \((.+)\); copy it again from the scanner": (
        "{0} ist beschädigt ({1}); bitte noch einmal vom Scanner kopieren"
    ),
    r"its (\d+) scans were united": "ihre {0} Scans wurden vereint",
    r"(.+) is compressed and needs lazrs; pip install lazrs, or export it as LAS": (
        "{0} ist komprimiert und braucht lazrs; bitte als LAS exportieren"
    ),
    r"(.+) is damaged or no LAS file \((.+)\); export it again": (
        "{0} ist beschädigt oder keine LAS-Datei ({1}); bitte neu exportieren"
    ),
    r"(.+) is damaged or no E57 file \((.+)\); export it again": (
        "{0} ist beschädigt oder keine E57-Datei ({1}); bitte neu exportieren"
    ),
    r"its first column numbers the points and was passed over": (
        "ihre erste Spalte nummeriert die Punkte und wurde übergangen"
    ),
    r"of its columns, (.+) were read; where these are no x, y, z, name the columns so in the line before the numbers": (
        "von ihren Spalten wurden {0} gelesen; wenn das nicht x, y, z sind, die Spalten in der Zeile vor den Zahlen so "
        "nennen"
    ),
    r"and others can be read in two ways, for their points may be decimal marks or not": (
        "und andere sind auf zwei Arten zu lesen, denn ihre Punkte sind vielleicht Dezimalzeichen"
    ),
    r"export it again without marks between thousands": "bitte ohne Tausenderpunkte neu exportieren",
    r"its first column may be times or numbers of points, and was read as x; where it is, name the columns in a "
    r"line before the numbers": (
        "ihre erste Spalte enthält vielleicht Zeiten oder die Nummern der Punkte und wurde als x gelesen; wenn das so "
        "ist, die Spalten in einer Zeile vor den Zahlen benennen"
    ),
    r"its first column is (.+) in every line, and was read as x; where it is none, name the columns in a line before "
    r"the numbers": (
        "ihre erste Spalte ist in jeder Zeile {0} und wurde als x gelesen; wenn sie das nicht ist, die Spalten in "
        "einer Zeile vor den Zahlen benennen"
    ),
    r"1 point that it calls withheld was left out": (
        "1 Punkt, den die Datei als zurückgehalten kennzeichnet, wurde ausgelassen"
    ),
    r"1 point that it calls noise was left out": (
        "1 Punkt, den die Datei als Rauschen kennzeichnet, wurde ausgelassen"
    ),
    r"(\d+) points that it calls withheld were left out": (
        "{0} Punkte, die die Datei als zurückgehalten kennzeichnet, wurden ausgelassen"
    ),
    r"(\d+) points that it calls noise were left out": (
        "{0} Punkte, die die Datei als Rauschen kennzeichnet, wurden ausgelassen"
    ),
    r"(.+) needs (\S+); pip install (.+)": "{0} braucht {1}; bitte {2} installieren",
    r"(.+) holds no surface; export the mesh again": "{0} enthält keine Fläche; bitte das Netz neu exportieren",
    r"(.+) has no point left at (\d+) x (\d+) pixels; use a larger size": (
        "{0} hat bei {1} x {2} Pixeln keinen Punkt mehr; bitte eine größere Seite wählen"
    ),
    r"(.+) is damaged: its header tells of (.+) GB in a file of (.+) MB; copy it again from the scanner": (
        "{0} ist beschädigt: Ihr Kopf kündigt {1:n} GB in einer Datei von {2:n} MB an; bitte noch einmal vom "
        "Scanner kopieren"
    ),
    r"(.+) is cut off or damaged: (.+); copy it again": (
        "{0} ist abgeschnitten oder beschädigt: {1}; bitte noch einmal kopieren"
    ),
    r"its first line announces (\d+) points, but (\d+) follow": (
        "die erste Zeile kündigt {0} Punkte an, aber {1} folgen"
    ),
    r"its first line announces (\d+) points, but 1 follows": "die erste Zeile kündigt {0} Punkte an, aber 1 folgt",
    r"its first line announces (.+), but (\d+) follow, which were all read": (
        "die erste Zeile kündigt {0} an, aber {1} folgen; alle wurden gelesen"
    ),
    r"1 point": "1 Punkt",
    r"(\d+) points": "{0} Punkte",
    r"(.+) is a table of heights, not a list of points; export the scan as points, x y z in each line": (
        "{0} ist eine Tabelle von Höhen, keine Punktliste; bitte den Scan als Punkte exportieren, x y z in jeder Zeile"
    ),
    r"(.+) is a mesh \(OFF\), which is not read; export it as STL, or as points, x y z in each line": (
        "{0} ist ein Netz (OFF), das nicht gelesen wird; bitte als STL exportieren oder als Punkte, x y z in jeder "
        "Zeile"
    ),
    r"its columns x, y, z are in (.+) by its header, and were read as if in one unit: export them in one": (
        "die Spalten x, y, z haben laut Kopf die Einheiten {0} und wurden gelesen, als wäre es eine; bitte in einer "
        "exportieren"
    ),
    r"its further columns are like the first three, and were passed over: where it is a table of heights, or holds "
    r"several points in a line, export one point in each line": (
        "die weiteren Spalten sind wie die ersten drei und wurden übergangen; wenn es eine Tabelle von Höhen ist oder "
        "mehrere Punkte in einer Zeile stehen, bitte einen Punkt in jeder Zeile exportieren"
    ),
    r"(.+) is a PTX scan, which is not read; export it as E57, or as points, x y z in each line": (
        "{0} ist ein PTX-Scan, der nicht gelesen wird; bitte als E57 exportieren oder als Punkte, x y z in jeder Zeile"
    ),
    r"(.+) cannot be read: line (\d+) (.+?); (.+)": "{0} kann nicht gelesen werden: Zeile {1} {2}; {3}",
    r"does not hold three numbers": "enthält keine drei Zahlen",
    r"has (.+), but the first line of numbers has (\d+)": "hat {0}, die erste Zeile mit Zahlen aber {1}",
    r"1 cell": "1 Feld",
    r"(\d+) cells": "{0} Felder",
    r"holds (.+), which is no number": "enthält {0}, was keine Zahl ist",
    r"holds a byte that no text has": "enthält ein Byte, das in keinem Text vorkommt",
    r"and those after it hold (\d+) numbers: a table of heights, not a list of points": (
        "und die folgenden enthalten {0} Zahlen: eine Tabelle von Höhen, keine Punktliste"
    ),
    r"and those after it hold no numbers": "und die folgenden enthalten keine Zahlen",
    r"and those after it hold no three numbers with only blanks, commas or semicolons between them": (
        "und die folgenden enthalten keine drei Zahlen, zwischen denen nur Leerzeichen, Kommas oder Semikolons stehen"
    ),
    r"can be read in two ways, for its commas may be decimal marks or not": (
        "ist auf zwei Arten zu lesen, denn ihre Kommas sind vielleicht Dezimalzeichen"
    ),
    r"names (\d+) columns, which line (\d+) does not have": "nennt {0} Spalten, die Zeile {1} nicht hat",
    r"names (\d+) columns, but line (\d+) has (\d+)": "nennt {0} Spalten, Zeile {1} hat aber {2}",
    r"export the scan as points": "bitte den Scan als Punkte exportieren",
    r"export the scan as points, x y z in each line": "bitte den Scan als Punkte exportieren, x y z in jeder Zeile",
    r"export it again, one point in each line": "bitte neu exportieren, ein Punkt in jeder Zeile",
    r"export it again with decimal points and blanks between the numbers": (
        "bitte mit Dezimalpunkten und Leerzeichen zwischen den Zahlen neu exportieren"
    ),
    r"its first column counts the points and was passed over": (
        "ihre erste Spalte zählt die Punkte und wurde übergangen"
    ),
    r"its first two columns count rows and columns and were passed over": (
        "ihre ersten beiden Spalten zählen Zeilen und Spalten und wurden übergangen"
    ),
    r"scored by its photo alone: (.+)": "nur nach dem Foto bewertet: {0}",
    r"scored by its cloud alone: (.+)": "nur nach der Punktwolke bewertet: {0}",
    r"(.+) has (.+), the photo (.+): they are not aligned; (.+) = 3d scores the clouds alone": (
        "{0} hat {1}, das Foto {2}: Sie passen nicht aufeinander; {3} = 3d bewertet nur die Punktwolken"
    ),
    r"no pixel grid": "kein Pixelraster",
    r"(\d+) x (\d+) pixels": "{0} x {1} Pixel",
    r"it has no photo": "es hat kein Foto",
    r"it has no cloud": "es hat keine Punktwolke",
    r"(.+); without a cloud its background cannot be removed as in the others": (
        "{0}; ohne Punktwolke lässt sich der Hintergrund nicht entfernen wie bei den anderen"
    ),
    r"the cloud has only (.+), too few for (\d+) groups of (\d+): it needs at least (\d+); "
    r"choose fewer or smaller groups, or scan more densely": (
        "die Punktwolke hat nur {0}, zu wenig für {1} Gruppen zu {2}: Sie braucht mindestens {3}; bitte "
        "weniger oder kleinere Gruppen wählen oder dichter scannen"
    ),
    r"all points of the cloud are at one place; check the export of the scan": (
        "alle Punkte der Wolke liegen auf einer Stelle; bitte den Export des Scans prüfen"
    ),
    r"a few points of the cloud lie so far away from the others that these are as one place; clean the scan, or name "
    r"the value that marks its holes in (.+)": (
        "einige Punkte der Wolke liegen so weit weg, dass die übrigen wie eine Stelle sind; bitte den Scan bereinigen "
        "oder den Wert, der Löcher kennzeichnet, bei {0} eintragen"
    ),
    r"(.+) and (.+) were taken for one part, though their names are not quite the same": (
        "{0} und {1} gelten als ein Teil, obwohl ihre Namen nicht ganz gleich sind"
    ),
    r"(.+) is damaged: its header says no step from one coordinate to the next; export it again": (
        "{0} ist beschädigt: Ihr Kopf nennt keine Schrittweite der Koordinaten; bitte noch einmal exportieren"
    ),
    r"(.+) and (.+) came together and are taken for one part; what the part before lacked did not come": (
        "{0} und {1} kamen zusammen und gelten als ein Teil; was dem Teil davor fehlte, kam nicht"
    ),
    r"(.+) came too late: (.+) was judged without it, and is not judged again": (
        "{0} kam zu spät: {1} wurde ohne beurteilt und wird nicht noch einmal beurteilt"
    ),
    r"(.+) is one more cloud of (.+), which was judged; it is not judged": (
        "{0} ist noch eine Punktwolke zu {1}, das schon beurteilt ist; sie wird nicht beurteilt"
    ),
    r"(.+): this watch judges (.+) alone; (.+) are passed over": (
        "{0}: Hier werden nur {1} beurteilt; {2} werden übergangen"
    ),
    r"photos": "Fotos",
    r"clouds": "Punktwolken",
}
