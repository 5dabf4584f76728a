<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
    <context>
        <name>Settings</name>
        <message>
            <source>What is scored: photos, clouds, or both; auto = all that the batch has.</source>
            <translation>Was bewertet wird: Fotos, Wolken oder beides; auto = alles, was die Charge hat.</translation>
        </message>
        <message>
            <source>Network whose patch tokens are compared.</source>
            <translation>Netz, dessen Patch-Merkmale verglichen werden.</translation>
        </message>
        <message>
            <source>Weights file; none = the imported or embedded ones.</source>
            <translation>Datei mit Gewichten; leer = die importierten oder mitgelieferten.</translation>
        </message>
        <message>
            <source>Side of the network's input, in pixels.</source>
            <translation>Seitenlänge der Netzeingabe in Pixeln.</translation>
        </message>
        <message>
            <source>Blocks (ViT) or stages (CNN) whose tokens are used.</source>
            <translation>Blöcke (ViT) oder Stufen (CNN), deren Merkmale benutzt werden.</translation>
        </message>
        <message>
            <source>2 = photos go through the network a second time, half a patch aside.</source>
            <translation>2 = Fotos gehen ein zweites Mal durch das Netz, um einen halben Patch versetzt.</translation>
        </message>
        <message>
            <source>Neighbourhood aggregation: LNAMD (MuSc), its mean over the windows, that of the layers joined, or SNAMD (MuSc-V2).</source>
            <translation>Zusammenfassung der Nachbarschaft: LNAMD (MuSc), ihr Mittel über die Fenster, das der verbundenen Schichten, oder SNAMD (MuSc-V2).</translation>
        </message>
        <message>
            <source>Further sides of the network's input; the maps at all sizes are averaged, each divided by what is usual at its size. Beside clouds photos are scored at the largest of these sizes alone.</source>
            <translation>Weitere Seitenlängen der Eingabe des Netzes; die Karten aller Größen werden gemittelt, jede geteilt durch das bei ihrer Größe Übliche. Neben Punktwolken werden Fotos nur mit der größten dieser Größen bewertet.</translation>
        </message>
        <message>
            <source>Where `more_sizes` look: auto = at the part alone, turned as the others lie, where parts on a plain ground are clearly seen; else, and with off, at the whole photo.</source>
            <translation>Wohin die weiteren Größen sehen: auto = nur auf das Teil, gedreht wie die anderen liegen, wo sich Teile klar von einem einfarbigen Untergrund abheben; sonst, und mit off, auf das ganze Foto.</translation>
        </message>
        <message>
            <source>Aggregation windows, in patches.</source>
            <translation>Fenster der Zusammenfassung in Patches.</translation>
        </message>
        <message>
            <source>Share of the other samples, nearest first, that a patch is judged by.</source>
            <translation>Anteil der anderen Teile, die nächsten zuerst, an denen ein Patch gemessen wird.</translation>
        </message>
        <message>
            <source>Other samples that judge each one; larger batches then cost only in proportion.</source>
            <translation>So viele andere Teile beurteilen jedes; größere Chargen kosten dann nur im Verhältnis.</translation>
        </message>
        <message>
            <source>What makes samples neighbours: the whole photo (RsCIN) or the highest-scoring patch (RsCon); auto = RsCon where clouds are scored; near = as auto, but photos count by how near they are, not by `windows`.</source>
            <translation>Was Teile zu Nachbarn macht: das ganze Foto (RsCIN) oder der Patch mit dem höchsten Wert (RsCon); auto = RsCon, wo Punktwolken bewertet werden; near = wie auto, aber Fotos zählen nach ihrer Nähe, nicht nach `windows`.</translation>
        </message>
        <message>
            <source>Neighbourhood sizes of RsCIN and RsCon; empty = no re-scoring. As an option or in a file without `rescoring`, they choose auto in place of near.</source>
            <translation>Nachbarschaften von RsCIN und RsCon; leer = keine Neubewertung. Als Option oder in einer Datei ohne `rescoring` wählen sie auto statt near.</translation>
        </message>
        <message>
            <source>Description of groups of points: FPFH needs no weights, Point-MAE does.</source>
            <translation>Beschreibung von Punktgruppen: FPFH braucht keine Gewichte, Point-MAE schon.</translation>
        </message>
        <message>
            <source>Aggregation windows of point groups, in groups; FPFH spans several sizes itself.</source>
            <translation>Fenster der Zusammenfassung von Punktgruppen; FPFH umfasst selbst mehrere Größen.</translation>
        </message>
        <message>
            <source>Weights file of Point-MAE; none = the imported one.</source>
            <translation>Datei mit Gewichten von Point-MAE; leer = die importierten.</translation>
        </message>
        <message>
            <source>Groups of points in each cloud.</source>
            <translation>Punktgruppen in jeder Wolke.</translation>
        </message>
        <message>
            <source>Points in a group.</source>
            <translation>Punkte in einer Gruppe.</translation>
        </message>
        <message>
            <source>Points a group on a rough surface grows by.</source>
            <translation>Punkte, um die eine Gruppe auf rauer Fläche wächst.</translation>
        </message>
        <message>
            <source>How the surface that parts lie on is cut off from clouds; auto = by the folder's layout.</source>
            <translation>Wie die Unterlage der Teile aus den Wolken geschnitten wird; auto = nach der Ordnerstruktur.</translation>
        </message>
        <message>
            <source>For depth images: focal lengths x, y and centre x, y, in pixels.</source>
            <translation>Für Tiefenbilder: Brennweiten x, y und Mitte x, y in Pixeln.</translation>
        </message>
        <message>
            <source>Values of z or depth that mark holes of a scan; none = recognised where that is sure.</source>
            <translation>Werte von z oder der Tiefe, die Löcher des Scans bedeuten; leer = erkannt, wo es sicher ist.</translation>
        </message>
        <message>
            <source>Image score = mean of this share of the map's highest values; 0 = the highest.</source>
            <translation>Bildwert = Mittel dieses Anteils der höchsten Werte der Karte; 0 = der höchste.</translation>
        </message>
        <message>
            <source>auto = patches are compared by a metric that was learnt beforehand on other parts, where there is one: for the embedded network with stages 2 and 3 joined.</source>
            <translation>auto = Patches werden mit einer Metrik verglichen, die vorab an anderen Teilen gelernt wurde, wo es eine gibt: für das mitgelieferte Netz mit den Stufen 2 und 3 verbunden.</translation>
        </message>
        <message>
            <source>auto = where parts lie in many poses, patches are judged by the nearest tenth of the other samples instead of `share`.</source>
            <translation>auto = wo Teile in vielerlei Lagen liegen, werden Patches am nächsten Zehntel der anderen Teile gemessen statt an `share`.</translation>
        </message>
        <message>
            <source>Weight of what is left of a patch when the ways in which parts commonly differ at its place are taken off (principal components), where parts lie alike. Photos alone; 0 = `share` alone.</source>
            <translation>Gewicht dessen, was von einem Patch übrig bleibt, wenn abgezogen ist, worin sich Teile an seiner Stelle üblicherweise unterscheiden (Hauptkomponenten), wo Teile gleich liegen. Nur Fotos; 0 = nur `share`.</translation>
        </message>
        <message>
            <source>auto = groups of parts of another colour or finish are judged apart. Photos alone.</source>
            <translation>auto = Gruppen von Teilen anderer Farbe oder Oberfläche werden getrennt beurteilt. Nur Fotos.</translation>
        </message>
        <message>
            <source>How the threshold is found: mad = median + k x MAD of the scores, for batches of mostly good parts; auto = between two groups of scores where there are two, else as mad; says where it is unsure.</source>
            <translation>Wie die Schwelle gefunden wird: mad = Median + k x MAD der Werte, für Chargen mit meist guten Teilen; auto = zwischen zwei Gruppen von Werten, wo es zwei gibt, sonst wie mad; sagt, wo sie unsicher ist.</translation>
        </message>
        <message>
            <source>Flagged above median + k x MAD of the batch's scores, where they do not fall into two groups.</source>
            <translation>Auffällig über Median + k x MAD der Werte der Charge, wo diese nicht in zwei Gruppen fallen.</translation>
        </message>
        <message>
            <source>Where to compute.</source>
            <translation>Wo gerechnet wird.</translation>
        </message>
        <message>
            <source>Photos are cut into overlapping tiles, for tiny defects: a number along the shorter side, with as many along the longer as keep them nearly square; rows x columns, as in 2x5; or auto, by the photos' size.</source>
            <translation>Fotos werden für winzige Fehler in überlappende Kacheln geteilt: eine Anzahl längs der kürzeren Seite, längs der längeren so viele, dass sie fast quadratisch bleiben; Zeilen x Spalten, etwa 2x5; oder auto, nach der Größe der Fotos.</translation>
        </message>
        <message>
            <source>Patches are compared only up to so many patches away; for aligned parts.</source>
            <translation>Patches werden nur bis zu so vielen Patches weit verglichen; für ausgerichtete Teile.</translation>
        </message>
        <message>
            <source>Of the comparisons; half is faster where the processor has it, auto = half on GPUs.</source>
            <translation>Der Vergleiche; half ist schneller, wo der Prozessor es kann, auto = half auf GPUs.</translation>
        </message>
        <message>
            <source>Memory that a scan may take in all, in GB; none = 60 % of what is free.</source>
            <translation>Speicher, den eine Prüfung insgesamt belegen darf, in GB; leer = 60 % des freien.</translation>
        </message>
        <message>
            <source>Images that go through the network together; none = what fits.</source>
            <translation>Fotos, die zusammen durch das Netz gehen; leer = so viele, wie passen.</translation>
        </message>
        <message>
            <source>Where patches lie on the map: their centres on their place in the photo, or the grid's corners on the photo's (MuSc), up to half a patch too far out.</source>
            <translation>Wo Patches auf der Karte liegen: mit ihrer Mitte an ihrem Ort im Foto, oder mit den Ecken des Gitters auf denen des Fotos (MuSc), bis zu einem halben Patch zu weit außen.</translation>
        </message>
        <message>
            <source>Which values of photos above 8 bits are black and white: auto = one scale for the batch, by the bits that the files declare or use; full = all that the files could hold; or two numbers, low and high, in the files' own values, or two for each channel.</source>
            <translation>Welche Werte von Fotos über 8 Bit schwarz und weiß sind: auto = eine Skala für die Charge, nach den Bits, die die Dateien angeben oder benutzen; full = alles, was die Dateien fassen könnten; oder zwei Zahlen, tief und hoch, in den Werten der Dateien, oder zwei für jeden Kanal.</translation>
        </message>
        <message>
            <source>Filter that brings photos to the network's size; auto = as published, bilinear for DINO and DINOv2 with LNAMD (MuSc), else bicubic.</source>
            <translation>Filter, das Fotos auf die Größe des Netzes bringt; auto = wie veröffentlicht, bilinear für DINO und DINOv2 mit LNAMD (MuSc), sonst bikubisch.</translation>
        </message>
        <message>
            <source>How maps of photo and cloud become one: each divided by what is usual in the batch, where photos strengthen clouds alone, or their plain sum, where both strengthen each other (MuSc-V2).</source>
            <translation>Wie die Karten von Foto und Wolke eine werden: jede geteilt durch das in der Charge Übliche, wobei nur Fotos die Wolken verstärken, oder ihre bloße Summe, wobei beide einander verstärken (MuSc-V2).</translation>
        </message>
        <message>
            <source>Tell regions that only some parts share; correct = score these without each other.</source>
            <translation>Bereiche melden, die nur einige Teile gemeinsam haben; correct = und diese Teile ohne einander bewerten.</translation>
        </message>
        <message>
            <source>Regular expression with named groups, as (?P&lt;lot&gt;...)_(?P&lt;part&gt;...), that tells part, lot, station and whatever else by the names of files; photos of one part (and lot) are views of it.</source>
            <translation>Regulärer Ausdruck mit benannten Gruppen wie (?P&lt;lot&gt;...)_(?P&lt;part&gt;...), der aus Dateinamen Teil (part), Los (lot), Station (station) und Weiteres liest; Fotos mit gleichem Teil (und Los) sind Ansichten eines Teils.</translation>
        </message>
        <message>
            <source>The part is told by a barcode, QR or DataMatrix code in its photo, where one is found.</source>
            <translation>Das Teil wird am Strichcode, QR- oder DataMatrix-Code in seinem Foto erkannt, wo einer zu finden ist.</translation>
        </message>
        <message>
            <source>File of the region of interest, white or drawn shapes: scores, maps and regions are of that alone; none = the whole photo.</source>
            <translation>Datei mit dem Prüfbereich, weiß oder als gezeichnete Formen: Werte, Karten und Fehlerstellen kommen nur aus ihm; leer = das ganze Foto.</translation>
        </message>
        <message>
            <source>Smaller regions are not listed nor drawn: in square millimetres where `mm_per_pixel` is set, else in pixels of the photo. Scores and decisions stay.</source>
            <translation>Kleinere Fehlerstellen werden weder aufgeführt noch gezeichnet: in Quadratmillimetern, wo `mm_per_pixel` gesetzt ist, sonst in Pixeln des Fotos. Werte und Entscheidungen bleiben.</translation>
        </message>
        <message>
            <source>Regions whose peak is below so many times the threshold are not listed nor drawn; 1 = all are.</source>
            <translation>Fehlerstellen, deren Spitzenwert unter so vielen Schwellen liegt, werden weder aufgeführt noch gezeichnet; 1 = alle.</translation>
        </message>
        <message>
            <source>Scale of the photos, millimetres a pixel: areas of regions are told in them.</source>
            <translation>Maßstab der Fotos, Millimeter je Pixel: Flächen von Fehlerstellen werden darin angegeben.</translation>
        </message>
    </context>
    <context>
        <name>Presets</name>
        <message>
            <source>The network that comes with the inspector, at two sizes: the one to begin with.</source>
            <translation>Das mitgelieferte Netz in zwei Größen: der richtige Anfang.</translation>
        </message>
        <message>
            <source>The same network at one size, in a fraction of the time: for lines and slow machines.</source>
            <translation>Dasselbe Netz in einer Größe, in einem Bruchteil der Zeit: für Linien und langsame Rechner.</translation>
        </message>
        <message>
            <source>The rules of MuSc, for whichever network you choose.</source>
            <translation>Die Regeln von MuSc für ein Netz Ihrer Wahl.</translation>
        </message>
        <message>
            <source>MuSc as it was published: CLIP L/14-336, every part judged by all others.</source>
            <translation>MuSc wie veröffentlicht: CLIP L/14-336, jedes Teil wird an allen anderen gemessen.</translation>
        </message>
        <message>
            <source>MuSc-V2 as it was published: DINO B/8 for photos, Point-MAE for point clouds.</source>
            <translation>MuSc-V2 wie veröffentlicht: DINO B/8 für Fotos, Point-MAE für Punktwolken.</translation>
        </message>
        <message>
            <source>DINOv2 S/14, the smallest network worth importing; how well it finds defects is untested.</source>
            <translation>DINOv2 S/14, das kleinste Netz, dessen Import sich lohnt; wie gut es Fehler findet, ist ungeprüft.</translation>
        </message>
    </context>
    <context>
        <name>Networks</name>
        <message>
            <source>Comes with the inspector and is fast on any machine: the one to begin with.</source>
            <translation>Ist dabei und auf jedem Rechner schnell: das Netz für den Anfang.</translation>
        </message>
        <message>
            <source>The fastest CLIP: large patches, so for large defects.</source>
            <translation>Das schnellste CLIP: große Bildfelder, also für große Fehler.</translation>
        </message>
        <message>
            <source>CLIP with smaller patches: for smaller defects than B/32, at about four times its work.</source>
            <translation>CLIP mit kleineren Bildfeldern: für kleinere Fehler als B/32, bei etwa vierfachem Aufwand.</translation>
        </message>
        <message>
            <source>A wider CLIP B/16, trained on LAION-400M by open_clip.</source>
            <translation>Ein breiteres CLIP B/16, von open_clip auf LAION-400M trainiert.</translation>
        </message>
        <message>
            <source>The large CLIP, trained on photos of 224 pixels; use L/14-336 unless you compare the two.</source>
            <translation>Das große CLIP, auf Fotos von 224 Pixeln trainiert; nehmen Sie L/14-336, außer zum Vergleich.</translation>
        </message>
        <message>
            <source>The network of MuSc as it was published; wants a graphics card.</source>
            <translation>Das Netz von MuSc, wie veröffentlicht; braucht eine Grafikkarte.</translation>
        </message>
        <message>
            <source>The network of MuSc-V2 as it was published, with the smallest patches; wants a graphics card.</source>
            <translation>Das Netz von MuSc-V2, wie veröffentlicht, mit den kleinsten Bildfeldern; braucht eine Grafikkarte.</translation>
        </message>
        <message>
            <source>DINO with larger patches: takes photos at 512 pixels at about the work of B/8 at 224.</source>
            <translation>DINO mit größeren Bildfeldern: Fotos mit 512 Pixeln bei etwa dem Aufwand von B/8 mit 224.</translation>
        </message>
        <message>
            <source>The smallest network worth importing: detailed features, still usable without a graphics card.</source>
            <translation>Das kleinste Netz, dessen Import sich lohnt: feine Merkmale, auch ohne Grafikkarte brauchbar.</translation>
        </message>
        <message>
            <source>The middle DINOv2: more detail than S/14, at about four times its work.</source>
            <translation>Das mittlere DINOv2: feiner als S/14, bei etwa vierfachem Aufwand.</translation>
        </message>
        <message>
            <source>The large DINOv2; wants a graphics card.</source>
            <translation>Das große DINOv2; braucht eine Grafikkarte.</translation>
        </message>
        <message>
            <source>DINOv2 S/14 with registers: where maps of S/14 show stray hot spots on plain ground.</source>
            <translation>DINOv2 S/14 mit Registern: wenn Karten von S/14 auf glattem Grund einzelne heiße Stellen zeigen.</translation>
        </message>
        <message>
            <source>DINOv2 B/14 with registers: where maps of B/14 show stray hot spots on plain ground.</source>
            <translation>DINOv2 B/14 mit Registern: wenn Karten von B/14 auf glattem Grund einzelne heiße Stellen zeigen.</translation>
        </message>
        <message>
            <source>DINOv2 L/14 with registers: where maps of L/14 show stray hot spots on plain ground.</source>
            <translation>DINOv2 L/14 mit Registern: wenn Karten von L/14 auf glattem Grund einzelne heiße Stellen zeigen.</translation>
        </message>
        <message>
            <source>The smallest DINOv3; it has a licence of its own.</source>
            <translation>Das kleinste DINOv3; es hat eine eigene Lizenz.</translation>
        </message>
        <message>
            <source>The middle DINOv3, at about four times the work of S/16; it has a licence of its own.</source>
            <translation>Das mittlere DINOv3, etwa vierfacher Aufwand von S/16; es hat eine eigene Lizenz.</translation>
        </message>
        <message>
            <source>The large DINOv3; it has a licence of its own, and wants a graphics card.</source>
            <translation>Das große DINOv3; es hat eine eigene Lizenz und braucht eine Grafikkarte.</translation>
        </message>
        <message>
            <source>For point clouds alone, as in MuSc-V2: it describes groups of points, and takes no photos.</source>
            <translation>Nur für Punktwolken, wie in MuSc-V2: beschreibt Gruppen von Punkten, nimmt keine Fotos.</translation>
        </message>
        <message>
            <source>Free to use, also commercially; the notice of copyright goes with copies.</source>
            <translation>Frei nutzbar, auch gewerblich; der Urheberrechtsvermerk gehört zu jeder Kopie.</translation>
        </message>
        <message>
            <source>Free to use, also commercially; licence and notices go with copies.</source>
            <translation>Frei nutzbar, auch gewerblich; Lizenz und Vermerke gehören zu jeder Kopie.</translation>
        </message>
        <message>
            <source>Meta's own licence: read it before use, it sets conditions for use and for passing on.</source>
            <translation>Eigene Lizenz von Meta: vor der Nutzung lesen, sie stellt Bedingungen für Nutzung und Weitergabe.</translation>
        </message>
        <message>
            <source>Ask its publisher what the licence allows.</source>
            <translation>Fragen Sie den Herausgeber, was die Lizenz erlaubt.</translation>
        </message>
    </context>
    <context>
        <name>SettingNames</name>
        <message>
            <source>Modality</source>
            <translation>Datenart</translation>
        </message>
        <message>
            <source>Backbone</source>
            <translation>Netz</translation>
        </message>
        <message>
            <source>Weights</source>
            <translation>Gewichte</translation>
        </message>
        <message>
            <source>Image size</source>
            <translation>Bildgröße</translation>
        </message>
        <message>
            <source>More sizes</source>
            <translation>Weitere Größen</translation>
        </message>
        <message>
            <source>Part box</source>
            <translation>Teilausschnitt</translation>
        </message>
        <message>
            <source>Resize</source>
            <translation>Größenfilter</translation>
        </message>
        <message>
            <source>Layers</source>
            <translation>Schichten</translation>
        </message>
        <message>
            <source>Tiles</source>
            <translation>Kacheln</translation>
        </message>
        <message>
            <source>Value range</source>
            <translation>Wertebereich</translation>
        </message>
        <message>
            <source>Phases</source>
            <translation>Durchgänge</translation>
        </message>
        <message>
            <source>Aggregation</source>
            <translation>Zusammenfassung</translation>
        </message>
        <message>
            <source>Degrees</source>
            <translation>Fenstergrößen</translation>
        </message>
        <message>
            <source>Alignment</source>
            <translation>Kartenlage</translation>
        </message>
        <message>
            <source>Share</source>
            <translation>Anteil</translation>
        </message>
        <message>
            <source>References</source>
            <translation>Vergleichsteile</translation>
        </message>
        <message>
            <source>Search radius</source>
            <translation>Suchradius</translation>
        </message>
        <message>
            <source>Rescoring</source>
            <translation>Neubewertung</translation>
        </message>
        <message>
            <source>Windows</source>
            <translation>Nachbarschaften</translation>
        </message>
        <message>
            <source>Point feature</source>
            <translation>Punktmerkmal</translation>
        </message>
        <message>
            <source>Point degrees</source>
            <translation>Fenstergrößen (Punkte)</translation>
        </message>
        <message>
            <source>Point weights</source>
            <translation>Gewichte (Punkte)</translation>
        </message>
        <message>
            <source>Groups</source>
            <translation>Punktgruppen</translation>
        </message>
        <message>
            <source>Group size</source>
            <translation>Gruppengröße</translation>
        </message>
        <message>
            <source>Group step</source>
            <translation>Gruppenwachstum</translation>
        </message>
        <message>
            <source>Fusion</source>
            <translation>Verknüpfung der Karten</translation>
        </message>
        <message>
            <source>Background</source>
            <translation>Unterlage</translation>
        </message>
        <message>
            <source>Camera</source>
            <translation>Kamera</translation>
        </message>
        <message>
            <source>Holes</source>
            <translation>Lochwerte</translation>
        </message>
        <message>
            <source>Roi</source>
            <translation>Prüfbereich</translation>
        </message>
        <message>
            <source>Min region area</source>
            <translation>Kleinste Fläche</translation>
        </message>
        <message>
            <source>Min region strength</source>
            <translation>Kleinste Stärke</translation>
        </message>
        <message>
            <source>Mm per pixel</source>
            <translation>Millimeter je Pixel</translation>
        </message>
        <message>
            <source>Subspace</source>
            <translation>Unterraum</translation>
        </message>
        <message>
            <source>Metric</source>
            <translation>Metrik</translation>
        </message>
        <message>
            <source>Poses</source>
            <translation>Lagen</translation>
        </message>
        <message>
            <source>Variants</source>
            <translation>Varianten</translation>
        </message>
        <message>
            <source>Score share</source>
            <translation>Anteil am Bildwert</translation>
        </message>
        <message>
            <source>Recurring</source>
            <translation>Gemeinsame Fehler</translation>
        </message>
        <message>
            <source>Threshold</source>
            <translation>Schwelle</translation>
        </message>
        <message>
            <source>Threshold k</source>
            <translation>Schwellenfaktor k</translation>
        </message>
        <message>
            <source>Precision</source>
            <translation>Rechengenauigkeit</translation>
        </message>
        <message>
            <source>Device</source>
            <translation>Rechengerät</translation>
        </message>
        <message>
            <source>Memory</source>
            <translation>Arbeitsspeicher</translation>
        </message>
        <message>
            <source>Batch size</source>
            <translation>Fotos auf einmal</translation>
        </message>
        <message>
            <source>Part id</source>
            <translation>Teilenummer</translation>
        </message>
        <message>
            <source>Barcode</source>
            <translation>Strichcode</translation>
        </message>
    </context>
</TS>
