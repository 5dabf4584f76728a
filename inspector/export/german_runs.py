"""The German of what is said of runs and lines: what was done, what was not, and what stands in the way."""

_BATCHES = {
    r"the scan was begun by an earlier version of this program: photos with clouds are scored as a whole as this one "
    r"does it, at the largest of `more_sizes`, and strengthen the clouds alone": (
        "der Lauf wurde von einer früheren Fassung dieses Programms begonnen: Fotos mit Wolken werden im Ganzen so "
        "bewertet, wie diese es tut, in der größten von `more_sizes`, und verstärken nur die Wolken"
    ),
    r"photos of (\d+) x (\d+) pixels are (.*)compared in patches of (\d+) x (\d+)": (
        "Fotos mit {0} x {1} Pixeln werden {2}in Feldern von {3} x {4} verglichen"
    ),
    r"parts of (\d+) x (\d+) pixels are (.*)compared in patches of (\d+) x (\d+)": (
        "Teile mit {0} x {1} Pixeln werden {2}in Feldern von {3} x {4} verglichen"
    ),
    r"(.+ compared in patches of \d+ x \d+): defects that are much smaller may go unseen(.*)": (
        "{0}: viel kleinere Fehler bleiben womöglich unerkannt{1}"
    ),
    r"cut into (\d+) x (\d+) .+ and ": "in {0} x {1} Kacheln geschnitten und ",
    r"not cut into .+, and ": "nicht in Kacheln geschnitten und ",
    r"; a closer look takes (.+) = (.+) \((\d+) a photo\)": "; ein näherer Blick braucht {0} = {1} ({2} je Foto)",
    r"auto, or (.+)": "auto oder {0}",
    r"parts stand out from a plain ground: the closer look is at each part alone(.*)": (
        "die Teile heben sich vom Untergrund ab: Der nähere Blick gilt dem Teil allein{0}"
    ),
    r", turned as the others lie": ", gedreht, wie die anderen liegen",
    r"the batch holds (\d+) variants \((.+)\); each is judged among its own, by what is usual there\. "
    r"If one of them is a defect that many parts share, switch (.+) off": (
        "die Charge enthält {0} Varianten ({1}); jede wird unter ihresgleichen beurteilt, nach dem, was dort üblich "
        "ist. Wenn eine davon ein Fehler ist, den viele Teile haben, bitte {2} ausschalten"
    ),
    r"(\d+) parts, (.+) first, differ from the others as a whole, but are too few to be judged apart: "
    r"it takes (\d+), and a tenth of the batch": (
        "{0} Teile, als erstes {1}, unterscheiden sich im Ganzen von den anderen, sind aber zu wenige, um für sich "
        "beurteilt zu werden: dazu braucht es {2} und ein Zehntel der Charge"
    ),
    r"(\d+) parts, ([^;]+) first; (.+)": "{0} Teile, als erstes {1}; {2}",
    r"(\d+) parts, (.+) first": "{0} Teile, als erstes {1}",
    r"parts lie in many poses: each patch is judged by the nearest tenth of the other parts": (
        "die Teile liegen in vielerlei Lagen: Jedes Feld wird am nächsten Zehntel der anderen Teile gemessen"
    ),
    r"parts lie alike: what is unusual at its place is (\d+)% of the score of a patch": (
        "die Teile liegen gleich: Was an seiner Stelle unüblich ist, macht {0} % des Werts eines Feldes aus"
    ),
    r"recurring defects were not looked for: (.+)": "nach wiederkehrenden Fehlern wurde nicht gesucht: {0}",
    r"recurring defects were not looked for in variants of fewer than (\d+) parts": (
        "nach wiederkehrenden Fehlern wurde in Varianten mit weniger als {0} Teilen nicht gesucht"
    ),
    r"run (\d+)": "Lauf {0}",
    r"an earlier run": "einem früheren Lauf",
    r"accepted parts alone judge": "es wurde nur an als gut beurteilten Teilen gemessen",
    r"judged by the (\d+) parts that were accepted in (\D*\d*)": (
        "gemessen an den {0} Teilen, die in {1} als gut beurteilt sind"
    ),
    r"judged by (\d+) views of the (\d+) parts that were accepted in (\D*\d*)": (
        "gemessen an {0} Ansichten der {1} Teile, die in {2} als gut beurteilt sind"
    ),
    r"(.+): by (\d+) at most, drawn at random": "{0}: an höchstens {1}, die der Zufall wählt",
    r"verdicts carried over from (\D*\d*), where the files are the same: (\d+)": (
        "aus {0} übernommene Urteile, wo die Dateien dieselben sind: {1}"
    ),
    r"no verdict was carried over from (\D*\d*): it was removed meanwhile": (
        "aus {0} wurde kein Urteil übernommen: Er wurde inzwischen entfernt"
    ),
    r"parts that judge, and were accepted in (\D*\d*), but are not any more: (\d+); scan again": (
        "Teile, an denen gemessen wird und die in {0} als gut beurteilt waren, es aber nicht mehr sind: {1}; "
        "bitte erneut prüfen"
    ),
    r"accepted parts of (\D*\d*) that do not judge, as they changed since or are not in this batch: (\d+)": (
        "als gut beurteilte Teile von {0}, an denen nicht gemessen wird, weil sie seither geändert wurden oder "
        "nicht in dieser Charge sind: {1}"
    ),
    r"accepted parts that do not judge, as their files changed or were gone when they were read: (\d+)": (
        "als gut beurteilte Teile, an denen nicht gemessen wird, weil ihre Dateien beim Lesen geändert oder weg "
        "waren: {0}"
    ),
    r"fewer than two of (\d+) parts that are compared with each other, (.+) first, were accepted: "
    r"all of them judge there": (
        "weniger als zwei von {0} Teilen, die miteinander verglichen werden, als erstes {1}, sind als gut beurteilt: "
        "dort wird an allen gemessen"
    ),
    r"fewer than (\d+) parts have photo and cloud": "weniger als {0} Teile haben Foto und Punktwolke",
    r"recurring defects were looked for on the (\d+) parts with photo and cloud alone": (
        "nach wiederkehrenden Fehlern wurde nur bei den {0} Teilen mit Foto und Punktwolke gesucht"
    ),
    r"that takes at least (\d+) (.+)": "das braucht mindestens {0} {1}",
    r"that takes (.+) GB of memory, more than there is room for; give more (.+)": (
        "das braucht {0:n} GB Arbeitsspeicher, mehr als da ist; bitte {1} erhöhen"
    ),
    r"(.+); they were scored as if they could not vouch for one "
    r"another": "{0}; sie wurden bewertet, als könnten sie einander nicht entlasten",
    r"(.+); as they are more than (\d+)% of those compared, scores follow once it is marked as a defect": (
        "{0}; da es mehr als {1} % der verglichenen sind, folgen die Werte, sobald die Stelle als Fehler "
        "gekennzeichnet ist"
    ),
    r"memory ran out; (\d+) at a time go through the network from here on": (
        "der Arbeitsspeicher reichte nicht; von hier an gehen {0} auf einmal durch das Netz"
    ),
    r"it does not fit into memory; reduce its size or allow more memory": (
        "es passt nicht in den Arbeitsspeicher; bitte verkleinern oder mehr Arbeitsspeicher erlauben"
    ),
    r"(.+): subset (\d+) of (\d+), seed (\d+)": "{0}: Teilmenge {1} von {2}, Startwert {3}",
    r"scores and maps were made elsewhere and imported from (.+)": (
        "Werte und Karten wurden anderswo gemacht und aus {0} eingelesen"
    ),
    r"no score was imported for it": "dafür wurde kein Wert eingelesen",
    r"the maps are on another scale than the scores, and were brought to it: (.+)": (
        "die Karten haben eine andere Skala als die Werte und wurden auf sie gebracht: {0}"
    ),
    r"value x (.+) (.) (.+)": "Wert x {0:n} {1} {2:n}",
}
"""What is noted of a batch."""

_STOPS = {
    r"the folder (.+) is empty by now, as where a share was unmounted; mount it, and finish the run then": (
        "der Ordner {0} ist inzwischen leer, etwa weil ein Netzlaufwerk nicht mehr eingebunden ist; bitte einbinden "
        "und den Lauf dann fortsetzen"
    ),
    r"the folder (.+) is gone; put it back there, and finish the run then": (
        "der Ordner {0} ist nicht mehr da; bitte wieder bereitstellen und den Lauf dann fortsetzen"
    ),
    r"(.+); its log tells where": "{0}; mehr dazu im Protokoll",
    r"accepted parts of run (\d+) that are in (.+) as they were, under the names that they had: (\d+) of (\d+); accept "
    r"at least two there, better eight, spread over the scores": (
        "als gut beurteilte Teile von Lauf {0}, die unverändert und unter ihrem Namen in {1} sind: {2} von {3}; bitte "
        "dort mindestens zwei als gut beurteilen, besser acht, über die Werte verteilt"
    ),
    r"it is not known any more which parts judge run (\d+); scan it without (.+)": (
        "an welchen Teilen Lauf {0} gemessen wird, ist nicht mehr bekannt; bitte ohne {1} prüfen"
    ),
    r"(.+) judges run (\d+), but its file changed or is gone; scan it without (.+)": (
        "an {0} wird Lauf {1} gemessen, aber die Datei wurde geändert oder ist weg; bitte ohne {2} prüfen"
    ),
    r"stopped before it was done": "vor dem Ende angehalten",
    r"run (\d+) was stopped; (.+) finishes it": "Lauf {0} wurde angehalten; {1} beendet ihn",
    r"memory ran out in run (\d+); close other programs, or choose a smaller (.+) or (.+)": (
        "der Arbeitsspeicher reichte in Lauf {0} nicht; bitte andere Programme schließen oder {1} "
        "oder {2} kleiner wählen"
    ),
    r"(.+) at least (.+) of memory, but (.+)": "{0} mindestens {1:n} Arbeitsspeicher, aber {2}",
    r"a scan of (\d+) samples takes": "eine Prüfung von {0} Teilen braucht",
    r"the libraries and the network take": "Bibliotheken und Netz brauchen",
    r"only (.+) GB are free; close other programs or choose a smaller (.+)": (
        "nur {0:n} GB sind frei; bitte andere Programme schließen oder {1} kleiner wählen"
    ),
    r"(.+) is set to (.+) GB; give more": "{0} steht auf {1:n} GB; bitte mehr geben",
    r"only (.+) GB may be taken, for others need memory too; allow more with (.+)": (
        "nur {0:n} GB dürfen belegt werden, denn auch anderes braucht Arbeitsspeicher; mehr mit {1}"
    ),
    r"memory does not suffice for one image of (\d+) x (\d+) pixels in (\S+); choose a smaller image_size or network, "
    r"close other programs, or allow more memory": (
        "der Arbeitsspeicher reicht nicht für ein Bild mit {0} x {1} Pixeln in {2}; bitte eine kleinere Bildgröße oder "
        "ein kleineres Netz wählen, andere Programme schließen oder mehr Arbeitsspeicher erlauben"
    ),
    r"there is no memory to compare even one sample with the others; close programs or reduce image_size": (
        "der Arbeitsspeicher reicht nicht, auch nur ein Teil mit den anderen zu vergleichen; bitte Programme schließen "
        "oder die Bildgröße verringern"
    ),
    r"(.+) takes images whose side is a multiple of (\d+) pixels, but got (\d+); try (\d+) or (\d+)": (
        "{0} nimmt Bilder, deren Seite ein Vielfaches von {1} Pixeln ist, nicht {2}; möglich sind {3} oder {4}"
    ),
    r"tiles are for photos, but (.+) has clouds; set (.+) to 2d, or (.+) to 1": (
        "Kacheln sind für Fotos, {0} hat aber Punktwolken; bitte {1} auf 2d oder {2} auf 1 stellen"
    ),
    r"(.+) needs (.+), but (.+) has none; use auto": ("{0} braucht {1}, {2} hat aber keine; bitte auto nehmen"),
    r"(.+) counts patches of photos, and only clouds are scored; leave it out": (
        "{0} zählt Felder von Fotos, bewertet werden aber nur Punktwolken; bitte weglassen"
    ),
    r"tokens cannot be written to (.+?): (.+); make room there, or choose another workspace": (
        "Merkmale lassen sich nicht nach {0} schreiben: {1}; bitte dort Platz schaffen oder einen anderen "
        "Arbeitsbereich wählen"
    ),
    r"the tokens (.+) are not there: they were removed meanwhile; (.+) makes them anew": (
        "die Merkmale {0} fehlen: Sie wurden inzwischen entfernt; {1} macht sie neu"
    ),
    r"cannot write to (.+?): (.+?); make room there": (
        "{0} kann nicht geschrieben werden: {1}; bitte dort Platz schaffen"
    ),
    r"cannot write (.+?): (.+); make room there, or choose another workspace": (
        "{0} kann nicht geschrieben werden: {1}; bitte dort Platz schaffen oder einen anderen Arbeitsbereich wählen"
    ),
    r"cannot write to (.+?): (.+); choose another folder": (
        "in {0} kann nicht geschrieben werden: {1}; bitte einen anderen Ordner wählen"
    ),
    r"(.+); scoring will take longer than that in so little memory: (.+) GB would do": (
        "{0}; mit so wenig Arbeitsspeicher dauert das Bewerten länger: {1:n} GB würden reichen"
    ),
    r"layers of (\S+) must be ascending (\w+) from (\d+) to (\d+), but got (.+)": (
        "Schichten von {0} müssen aufsteigend von {2} bis {3} sein, nicht {4}"
    ),
    r"FPFH has no weights; leave them away or choose the point feature (.+)": (
        "FPFH hat keine Gewichte; bitte weglassen oder als Punktmerkmal {0} wählen"
    ),
    r"the map (.+) is missing or damaged; scan the batch again": (
        "die Karte {0} fehlt oder ist beschädigt; bitte die Charge neu prüfen"
    ),
    r"the cloud (.+) is damaged; scan the batch again": (
        "die Punktwolke {0} ist beschädigt; bitte die Charge neu prüfen"
    ),
}
"""Why a scan does not begin, or stops."""

_LINES = {
    r"(\d+) of the last (\d+) parts are flagged: nothing is learnt until (\d+) in a row are not": (
        "{0} der letzten {1} Teile sind auffällig: Es wird nichts gelernt, bis {2} hintereinander unauffällig sind"
    ),
    r"change of product\? The flagged parts are like each other and unlike all that judge them: nothing is learnt of "
    r"them\. If the product has changed, stop, and watch anew": (
        "anderes Produkt? Die auffälligen Teile gleichen einander und keinem der Vergleichsteile: Von ihnen wird "
        "nichts gelernt. Wenn das Produkt gewechselt hat, bitte anhalten und neu beginnen"
    ),
    r"(\d+) parts in a row are not flagged: the pool learns again": (
        "{0} Teile hintereinander sind unauffällig: Die Vergleichsteile lernen wieder"
    ),
    r"alarm: (\d+)% of the last (\d+) parts are flagged": "Alarm: {0} % der letzten {1} Teile sind auffällig",
    r"no alarm any more: (\d+)% of the last (\d+) parts are flagged": (
        "kein Alarm mehr: {0} % der letzten {1} Teile sind auffällig"
    ),
    r"parts come faster than they are judged: (\d+) wait": (
        "Teile kommen schneller, als sie beurteilt werden: {0} warten"
    ),
    r"(.+) cannot be listed: (.+); it is looked at again": "{0} ist nicht lesbar: {1}; es wird wieder nachgesehen",
    r"run (\d+) is (\w+), not done; its parts cannot judge others yet": (
        "Lauf {0} ist nicht fertig; seine Teile taugen noch nicht als Vergleichsteile"
    ),
    r"(.+) was never watched in (.+); watch it without (.+)": (
        "{0} wurde in {1} nie überwacht; bitte ohne {2} überwachen"
    ),
    r"give known good parts once: a folder with (.+), or a run with (.+)": (
        "bitte bekannt gute Teile einmal angeben: einen Ordner mit {0} oder einen Lauf mit {1}"
    ),
    r"a watch takes a (.+) and a (.+) of 2 or more, (.+) of 1 or more, no time below 0": (
        "zum Überwachen gehören {0} und {1} ab 2, {2} ab 1 und keine Zeit unter 0"
    ),
    r"there is no folder (.+) with known good parts; check the path": (
        "den Ordner {0} mit bekannt guten Teilen gibt es nicht; bitte den Pfad prüfen"
    ),
    r"(.+) is not written: (.+)": "{0} wird nicht geschrieben: {1}",
    r"nobody has accepted or rejected a part of the run yet": (
        "noch hat niemand ein Teil des Laufs für gut oder als Ausschuss befunden"
    ),
    r"(.+) has 1 known good part that is there; give at least two, better twenty": (
        "{0} hat 1 bekannt gutes Teil, das da ist; bitte mindestens zwei angeben, besser zwanzig"
    ),
    r"(.+) has no known good part that is there; give at least two, better twenty": (
        "{0} hat kein bekannt gutes Teil, das da ist; bitte mindestens zwei angeben, besser zwanzig"
    ),
    r"only 1 of the first (\d+) parts has (.+); set (.+) to 2d or 3d": (
        "nur 1 der ersten {0} Teile hat {1}; bitte {2} auf 2d oder 3d stellen"
    ),
    r"none of the first (\d+) parts has (.+); set (.+) to 2d or 3d": (
        "keines der ersten {0} Teile hat {1}; bitte {2} auf 2d oder 3d stellen"
    ),
    r"what is judged": "das, was beurteilt wird",
    r"a photo and a cloud that fit each other": "ein Foto und eine Punktwolke, die zueinander passen",
    r"stopped in its warm-up: nothing was judged": "beim Anlernen angehalten: nichts wurde beurteilt",
    r"(.+) lies in the watched folder (.+): its photos would be judged again": (
        "{0} liegt im überwachten Ordner {1}: Die Fotos dort würden noch einmal beurteilt"
    ),
    r"cannot list the folder (.+?): (.+)": "der Ordner {0} lässt sich nicht auflisten: {1}",
    r"run (\d+) was begun with other weights of (.+); watch the folder anew": (
        "Lauf {0} wurde mit anderen Gewichten von {1} begonnen; bitte den Ordner neu überwachen"
    ),
    r"run (\d+) was begun on (\S+), where (.+) computes in another precision than on (\S+), on which it would go on; "
    r"go on where it was begun, or watch the folder anew": (
        "Lauf {0} wurde auf {1} begonnen, wo {2} mit anderer Genauigkeit rechnet als auf {3}, auf dem es weiterginge; "
        "dort weitermachen, wo er begonnen wurde, oder den Ordner neu überwachen"
    ),
    r"depth images of parts that come one by one become no clouds: leave out (.+), or scan them as a batch": (
        "aus Tiefenbildern einzeln kommender Teile werden keine Punktwolken: bitte {0} weglassen oder sie als Charge "
        "prüfen"
    ),
    r"photos of parts that come one by one are not cut: set (.+) to 1, or scan them as a batch": (
        "Fotos einzeln kommender Teile werden nicht geschnitten: bitte {0} auf 1 stellen oder sie als Charge prüfen"
    ),
    r"features of parts that judge cannot be read, and (.+) with their photos is empty, as where a share is not "
    r"mounted; mount it and go on, or watch anew, without (.+)": (
        "Merkmale von Vergleichsteilen sind nicht lesbar, und {0} mit ihren Fotos ist leer, etwa weil ein Netzlaufwerk "
        "nicht eingebunden ist; bitte einbinden und fortsetzen oder ohne {1} neu überwachen"
    ),
    r"the tokens of the pool of run (\d+) are missing or damaged; watch anew, without (.+)": (
        "die Merkmale der Vergleichsteile von Lauf {0} fehlen oder sind beschädigt; bitte ohne {1} neu überwachen"
    ),
    r"earlier maps and pictures are gone, for the folder (.+) was deleted or is another one now; put it back if "
    r"there is a copy; scores and verdicts are all there": (
        "frühere Karten und Bilder sind weg: Der Ordner {0} wurde gelöscht oder ist jetzt ein anderer; bitte "
        "zurücklegen, wenn es eine Kopie gibt; Werte und Urteile sind alle da"
    ),
    r"the clock of this station was set back by (.+) to (.+): parts that were judged before bear later times than "
    r"those to come; they stand in the order in which they came": (
        "die Uhr dieser Station wurde um {0:n} auf {1} zurückgestellt: Früher beurteilte Teile tragen spätere Zeiten "
        "als die kommenden; sie stehen in der Reihenfolge, in der sie kamen"
    ),
    r"features of parts that judge could not be read, and were made anew: (.+) and (\d+) more": (
        "Merkmale von Vergleichsteilen waren nicht lesbar und wurden neu berechnet: {0} und {1} weitere"
    ),
    r"features of parts that judge cannot be read, and their photos are away with (.+)": (
        "Merkmale von Vergleichsteilen sind nicht lesbar, und ihre Fotos sind mit {0} nicht erreichbar"
    ),
    r"features of parts that judge could not be read, and were made anew: (.+)": (
        "Merkmale von Vergleichsteilen waren nicht lesbar und wurden neu berechnet: {0}"
    ),
    r"(.+) judges no more: its features cannot be read, and (.+)": (
        "{0} ist kein Vergleichsteil mehr: Seine Merkmale sind nicht lesbar, und {1}"
    ),
    r"the last part of the pool cannot be taken out: it judges until another one does": (
        "das letzte Vergleichsteil lässt sich nicht herausnehmen: Es bleibt, bis ein anderes da ist"
    ),
    r"(.+) cannot judge others: it lacks a photo or a cloud": (
        "{0} taugt nicht als Vergleichsteil: Ihm fehlt ein Foto oder eine Punktwolke"
    ),
    r"(.+) cannot judge others: (.+)": "{0} taugt nicht als Vergleichsteil: {1}",
    r"(.+) is not there any more": "{0} ist nicht mehr da",
    r"(.+) is not what was judged any more": "{0} ist nicht mehr das, was beurteilt wurde",
    r"part (\d+) of run (\d+) was rejected: accept it before it judges others": (
        "Teil {0} von Lauf {1} ist Ausschuss: bitte erst als gut beurteilen, bevor es Vergleichsteil wird"
    ),
    r"run (\d+) has no part (\d+) that could judge others": (
        "Lauf {0} hat kein Teil {1}, das Vergleichsteil werden könnte"
    ),
    r"left out: (\d+) without a verdict": "ausgelassen: {0} ohne Urteil",
    r"left out: (\d+) rejected, without a region in the map": (
        "ausgelassen: {0} Ausschuss, ohne Fehlerstelle in der Karte"
    ),
    r"with an empty mask: (\d+) rejected, without a region in the map": (
        "mit leerer Maske: {0} Ausschuss, ohne Fehlerstelle in der Karte"
    ),
    r"its file in (.+) cannot be written \((.+)\); the others are": (
        "ihre Datei in {0} kann nicht geschrieben werden ({1}); die anderen schon"
    ),
    r"its file in (.+) does not fit into memory; the others are written": (
        "ihre Datei in {0} passt nicht in den Arbeitsspeicher; die anderen sind geschrieben"
    ),
}
"""What a line tells."""

RUNS = {**_BATCHES, **_STOPS, **_LINES}
