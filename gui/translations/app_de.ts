<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>AlarmBar</name>
    <message>
        <source>Several of the latest parts are flagged: nothing is learnt until parts are good again.</source>
        <translation>Mehrere der letzten Teile sind auffällig: Es wird nichts gelernt, bis wieder gute Teile kommen.</translation>
    </message>
    <message>
        <source>Change of product? The flagged parts are like each other and unlike all that judge them. If the product has changed, stop, and watch the folder anew.</source>
        <translation>Produktwechsel? Die auffälligen Teile gleichen einander, aber keinem der Vergleichsteile. Falls das Produkt gewechselt hat: beenden und den Ordner neu überwachen.</translation>
    </message>
    <message>
        <source>Alarm: {count} of the last {total} parts flagged.</source>
        <translation>Alarm: auffällig unter den letzten {total} Teilen: {count}.</translation>
    </message>
    <message>
        <source>The folder cannot be read; it is looked at again and again.</source>
        <translation>Der Ordner ist nicht lesbar; es wird weiter versucht.</translation>
    </message>
    <message>
        <source>Parts come faster than they are judged: {waiting} wait.</source>
        <translation>Teile kommen schneller, als sie beurteilt werden: {waiting} warten.</translation>
    </message>
    <message>
        <source>Parts are good again: the pool goes on learning.</source>
        <translation>Die Teile sind wieder gut: Es wird weiter gelernt.</translation>
    </message>
    <message>
        <source>The alarm is over: {count} of the last {total} parts flagged.</source>
        <translation>Der Alarm ist vorbei: auffällig unter den letzten {total} Teilen: {count}.</translation>
    </message>
    <message>
        <source>The folder can be read again.</source>
        <translation>Der Ordner ist wieder lesbar.</translation>
    </message>
    <message>
        <source>Parts are judged as they come again.</source>
        <translation>Teile werden wieder beurteilt, wie sie kommen.</translation>
    </message>
    <message>
        <source>{name}: {count} results wait to be sent. None is lost.</source>
        <translation>{name}: {count} Ergebnisse warten auf das Senden. Keines geht verloren.</translation>
    </message>
</context>
<context>
    <name>ArrivalStrip</name>
    <message>
        <source>The photos read last</source>
        <translation>Die zuletzt gelesenen Fotos</translation>
    </message>
</context>
<context>
    <name>AwayNote</name>
    <message>
        <source>The server of the workspace cannot be reached. Reconnecting…</source>
        <translation>Der Server des Arbeitsbereichs ist nicht erreichbar. Die Verbindung wird wiederhergestellt …</translation>
    </message>
</context>
<context>
    <name>Band</name>
    <message>
        <source>OK</source>
        <translation>OK</translation>
    </message>
    <message>
        <source>NG</source>
        <translation>NG</translation>
    </message>
</context>
<context>
    <name>CameraFields</name>
    <message>
        <source>none: photos arrive by themselves</source>
        <translation>keine: Fotos treffen von selbst ein</translation>
    </message>
    <message>
        <source>Camera that takes photos into the folder</source>
        <translation>Kamera, die ihre Fotos im Ordner ablegt</translation>
    </message>
    <message>
        <source>0 or /dev/video0, genicam:PRODUCER.cti, or file:FILM; docs/line.md says what each is</source>
        <translation>0 oder /dev/video0, genicam:PRODUCER.cti oder file:FILM; siehe docs/line.md</translation>
    </message>
    <message>
        <source>When a photo is taken</source>
        <translation>Wann ein Foto aufgenommen wird</translation>
    </message>
    <message>
        <source>whenever the camera gives a photo</source>
        <translation>immer, wenn die Kamera eines liefert</translation>
    </message>
    <message>
        <source>by the clock, every</source>
        <translation>zeitgesteuert, alle</translation>
    </message>
    <message>
        <source>at each message of MQTT</source>
        <translation>bei jeder MQTT-Nachricht</translation>
    </message>
    <message>
        <source>Seconds from one photo to the next</source>
        <translation>Sekunden von einem Foto zum nächsten</translation>
    </message>
    <message>
        <source>Address of the messages</source>
        <translation>Adresse der Nachrichten</translation>
    </message>
    <message>
        <source>Name a camera first.</source>
        <translation>Nennen Sie zuerst eine Kamera.</translation>
    </message>
</context>
<context>
    <name>CheckDialog</name>
    <message>
        <source>Check this station</source>
        <translation>Station prüfen</translation>
    </message>
    <message>
        <source>Looking at program, machine and workspace; this takes some seconds…</source>
        <translation>Programm, Rechner und Arbeitsbereich werden geprüft; das dauert einige Sekunden …</translation>
    </message>
    <message>
        <source>The checks are running</source>
        <translation>Die Prüfungen laufen</translation>
    </message>
    <message>
        <source>Save report…</source>
        <translation>Bericht speichern …</translation>
    </message>
    <message>
        <source>Support archive…</source>
        <translation>Support-Archiv …</translation>
    </message>
    <message>
        <source>Findings, log and settings of runs; no image, no names of people.</source>
        <translation>Befunde, Protokoll und Einstellungen der Läufe; keine Bilder, keine Namen von Personen.</translation>
    </message>
    <message>
        <source>Written to {file}</source>
        <translation>Geschrieben nach {file}</translation>
    </message>
    <message>
        <source>The station is being checked.</source>
        <translation>Die Station wird geprüft.</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>Befunde</translation>
    </message>
    <message>
        <source>The checks could not be done.</source>
        <translation>Die Prüfungen waren nicht möglich.</translation>
    </message>
    <message>
        <source>✓ good</source>
        <translation>✓ gut</translation>
    </message>
    <message>
        <source>– left out</source>
        <translation>– entfällt</translation>
    </message>
    <message>
        <source>! warning</source>
        <translation>! Warnung</translation>
    </message>
    <message>
        <source>✗ problem</source>
        <translation>✗ Problem</translation>
    </message>
    <message>
        <source>versions</source>
        <translation>Versionen</translation>
    </message>
    <message>
        <source>devices</source>
        <translation>Recheneinheiten</translation>
    </message>
    <message>
        <source>memory</source>
        <translation>Arbeitsspeicher</translation>
    </message>
    <message>
        <source>weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>OpenGL</source>
        <translation>OpenGL</translation>
    </message>
    <message>
        <source>database</source>
        <translation>Datenbank</translation>
    </message>
    <message>
        <source>write speed</source>
        <translation>Schreibgeschwindigkeit</translation>
    </message>
    <message>
        <source>clock</source>
        <translation>Uhr</translation>
    </message>
    <message>
        <source>disk</source>
        <translation>Festplatte</translation>
    </message>
    <message>
        <source>self-test</source>
        <translation>Selbsttest</translation>
    </message>
    <message>
        <source>Problems: {wrong}, warnings: {warnings}. What to do stands below each.</source>
        <translation>Probleme: {wrong}, Warnungen: {warnings}. Was zu tun ist, steht jeweils darunter.</translation>
    </message>
    <message>
        <source>All is well.</source>
        <translation>Alles in Ordnung.</translation>
    </message>
    <message>
        <source>Save report</source>
        <translation>Bericht speichern</translation>
    </message>
    <message>
        <source>Support archive</source>
        <translation>Support-Archiv</translation>
    </message>
</context>
<context>
    <name>Choices</name>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Farben</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>After {minutes} minutes</source>
        <translation>Nach {minutes} Minuten</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>Nie</translation>
    </message>
    <message>
        <source>Sign out when idle</source>
        <translation>Bei Untätigkeit abmelden</translation>
    </message>
</context>
<context>
    <name>ClassBar</name>
    <message>
        <source>Classes…</source>
        <translation>Klassen …</translation>
    </message>
    <message>
        <source>Change the list of defect classes</source>
        <translation>Liste der Fehlerklassen ändern</translation>
    </message>
    <message>
        <source>{name} rejected: {kind}</source>
        <translation>{name} ist Ausschuss: {kind}</translation>
    </message>
    <message>
        <source>{name} rejected, class:</source>
        <translation>{name} ist Ausschuss, Klasse:</translation>
    </message>
    <message>
        <source>Defect class {kind}</source>
        <translation>Fehlerklasse {kind}</translation>
    </message>
</context>
<context>
    <name>ClassControl</name>
    <message>
        <source>1 to 9 give a class after a rejection</source>
        <translation>1 bis 9 vergeben nach „Ausschuss“ die Klasse</translation>
    </message>
    <message>
        <source>There is no class {number}</source>
        <translation>Es gibt keine Klasse {number}</translation>
    </message>
</context>
<context>
    <name>ClassEditor</name>
    <message>
        <source>Defect classes</source>
        <translation>Fehlerklassen</translation>
    </message>
    <message>
        <source>Of {product}, one a line.</source>
        <translation>Von {product}, eine je Zeile.</translation>
    </message>
    <message>
        <source>Of all runs without a recipe, one a line.</source>
        <translation>Für alle Läufe ohne Rezept, eine je Zeile.</translation>
    </message>
    <message>
        <source>After a rejection the keys 1 to 9 give the first nine.</source>
        <translation>Nach „Ausschuss“ vergeben die Tasten 1 bis 9 die ersten neun.</translation>
    </message>
    <message>
        <source>Defect classes, one a line</source>
        <translation>Fehlerklassen, eine je Zeile</translation>
    </message>
    <message>
        <source>Each class once, and not more than 50.</source>
        <translation>Jede Klasse nur einmal, und nicht mehr als 50.</translation>
    </message>
</context>
<context>
    <name>CloudView</name>
    <message>
        <source>Coloured by score</source>
        <translation>Farbe: Wert</translation>
    </message>
    <message>
        <source>Coloured by photo</source>
        <translation>Farbe aus dem Foto</translation>
    </message>
    <message>
        <source>Coloured by height</source>
        <translation>Farbe: Höhe</translation>
    </message>
    <message>
        <source>Colours of the points</source>
        <translation>Farben der Punkte</translation>
    </message>
    <message>
        <source>As scanned</source>
        <translation>Sensoransicht</translation>
    </message>
    <message>
        <source>Look at the cloud as the sensor did</source>
        <translation>Punktwolke aus Sicht des Sensors zeigen</translation>
    </message>
    <message>
        <source>No OpenGL on this desktop: the cloud is shown as a projected picture.</source>
        <translation>Kein OpenGL auf diesem Rechner: Die Punktwolke wird als projiziertes Bild gezeigt.</translation>
    </message>
    <message>
        <source>This cloud has no photo on its grid.</source>
        <translation>Zu dieser Punktwolke gehört kein Foto auf ihrem Raster.</translation>
    </message>
    <message>
        <source>x {x}  y {y}  z {z}  score {score}</source>
        <translation>x {x}  y {y}  z {z}  Wert {score}</translation>
    </message>
</context>
<context>
    <name>Commands</name>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>&amp;Go</source>
        <translation>&amp;Gehe zu</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>Scan a folder…</source>
        <translation>Ordner prüfen …</translation>
    </message>
    <message>
        <source>Scan again, judged by accepted parts</source>
        <translation>Nochmals prüfen, gemessen an den guten Teilen</translation>
    </message>
    <message>
        <source>Watch a folder…</source>
        <translation>Ordner überwachen …</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>Läufe</translation>
    </message>
    <message>
        <source>Show the running scan</source>
        <translation>Laufende Prüfung zeigen</translation>
    </message>
    <message>
        <source>Locate folder…</source>
        <translation>Ordner suchen …</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportieren …</translation>
    </message>
    <message>
        <source>Statistics…</source>
        <translation>Statistik …</translation>
    </message>
    <message>
        <source>Networks…</source>
        <translation>Netze …</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Accept</source>
        <translation>Gut</translation>
    </message>
    <message>
        <source>Reject</source>
        <translation>Ausschuss</translation>
    </message>
    <message>
        <source>Undecided</source>
        <translation>Offen</translation>
    </message>
    <message>
        <source>Undo verdict</source>
        <translation>Urteil zurücknehmen</translation>
    </message>
    <message>
        <source>Redo verdict</source>
        <translation>Urteil wiederherstellen</translation>
    </message>
    <message>
        <source>Write a comment</source>
        <translation>Bemerkung schreiben</translation>
    </message>
    <message>
        <source>Part, lot, station…</source>
        <translation>Teil, Los, Station …</translation>
    </message>
    <message>
        <source>Defect classes…</source>
        <translation>Fehlerklassen …</translation>
    </message>
    <message>
        <source>Region of interest…</source>
        <translation>Prüfbereich …</translation>
    </message>
    <message>
        <source>Operator…</source>
        <translation>Bediener …</translation>
    </message>
    <message>
        <source>Change keys…</source>
        <translation>Tasten ändern …</translation>
    </message>
    <message>
        <source>Next sample</source>
        <translation>Nächstes Teil</translation>
    </message>
    <message>
        <source>Previous sample</source>
        <translation>Voriges Teil</translation>
    </message>
    <message>
        <source>Next unreviewed sample</source>
        <translation>Nächstes unbeurteiltes Teil</translation>
    </message>
    <message>
        <source>Next to judge: tells most about the threshold</source>
        <translation>Nächstes Urteil: sagt am meisten über die Schwelle</translation>
    </message>
    <message>
        <source>Next defect region</source>
        <translation>Nächste Fehlerstelle</translation>
    </message>
    <message>
        <source>Previous defect region</source>
        <translation>Vorige Fehlerstelle</translation>
    </message>
    <message>
        <source>Zoom as before the region</source>
        <translation>Zoom wie vor der Fehlerstelle</translation>
    </message>
    <message>
        <source>Next view of the part</source>
        <translation>Nächste Ansicht des Teils</translation>
    </message>
    <message>
        <source>Search names</source>
        <translation>Namen suchen</translation>
    </message>
    <message>
        <source>Overlay, side by side, map only</source>
        <translation>Überlagert, nebeneinander, nur Karte</translation>
    </message>
    <message>
        <source>Heat map</source>
        <translation>Wärmebild</translation>
    </message>
    <message>
        <source>Contour at the threshold</source>
        <translation>Umriss an der Schwelle</translation>
    </message>
    <message>
        <source>Numbered defect regions</source>
        <translation>Nummerierte Fehlerstellen</translation>
    </message>
    <message>
        <source>Where an unflagged part is oddest</source>
        <translation>Wo ein unauffälliges Teil am ungewöhnlichsten ist</translation>
    </message>
    <message>
        <source>Regions that several parts share…</source>
        <translation>Stellen, die mehrere Teile gemeinsam haben …</translation>
    </message>
    <message>
        <source>Compare with the most similar normal sample</source>
        <translation>Mit dem ähnlichsten unauffälligen Teil vergleichen</translation>
    </message>
    <message>
        <source>Point cloud</source>
        <translation>Punktwolke</translation>
    </message>
    <message>
        <source>Grid of thumbnails</source>
        <translation>Raster der Vorschaubilder</translation>
    </message>
    <message>
        <source>Operator mode, full screen</source>
        <translation>Bedienermodus, Vollbild</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>Vergrößern</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>Verkleinern</translation>
    </message>
    <message>
        <source>Fit the photo</source>
        <translation>Foto einpassen</translation>
    </message>
    <message>
        <source>100 %</source>
        <translation>100 %</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Check this station…</source>
        <translation>Station prüfen …</translation>
    </message>
    <message>
        <source>About</source>
        <translation>Über</translation>
    </message>
    <message>
        <source>No verdict was given in this sitting that could be taken back.</source>
        <translation>Es gibt kein Urteil dieser Sitzung, das zurückgenommen werden könnte.</translation>
    </message>
    <message>
        <source>No verdict was taken back that could be given again.</source>
        <translation>Es wurde kein Urteil zurückgenommen, das wiederholt werden könnte.</translation>
    </message>
    <message>
        <source>The run is being read.</source>
        <translation>Der Lauf wird gelesen.</translation>
    </message>
    <message>
        <source>Once the run has ended it can be exported.</source>
        <translation>Erst wenn der Lauf zu Ende ist, kann er exportiert werden.</translation>
    </message>
    <message>
        <source>The run was not finished: resume it in the list of runs, then it can be exported.</source>
        <translation>Der Lauf wurde nicht beendet: Setzen Sie ihn in der Liste der Läufe fort, dann kann er exportiert werden.</translation>
    </message>
    <message>
        <source>Open a run first.</source>
        <translation>Öffnen Sie zuerst einen Lauf.</translation>
    </message>
</context>
<context>
    <name>Counters</name>
    <message>
        <source>Judged</source>
        <translation>Beurteilt</translation>
    </message>
    <message>
        <source>Flagged</source>
        <translation>Auffällig</translation>
    </message>
    <message>
        <source>Reject rate, last {count}</source>
        <translation>Auffällig, letzte {count}</translation>
    </message>
    <message>
        <source>Unreadable</source>
        <translation>Unlesbar</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Wartend</translation>
    </message>
    <message>
        <source>Warm-up</source>
        <translation>Einlernen</translation>
    </message>
    <message>
        <source>Learning {done} of {total}</source>
        <translation>Einlernen: {done} von {total}</translation>
    </message>
    <message>
        <source>Waiting to be sent – {sinks}</source>
        <translation>Noch zu senden – {sinks}</translation>
    </message>
</context>
<context>
    <name>DoubtBanner</name>
    <message>
        <source>Show or fold the reasons</source>
        <translation>Gründe zeigen oder einklappen</translation>
    </message>
    <message>
        <source>Decision in doubt. Reasons: {count}</source>
        <translation>Entscheidung zweifelhaft. Gründe: {count}</translation>
    </message>
</context>
<context>
    <name>Doubts</name>
    <message>
        <source>Fewer than {least} scores do not tell good parts from bad ones. Judge the parts that are asked for (eight are mostly enough) and set the threshold by verdicts.</source>
        <translation>Weniger als {least} Werte trennen gute nicht von schlechten Teilen. Beurteilen Sie die Teile, nach denen gefragt wird (acht genügen meist), und setzen Sie die Schwelle nach Urteilen.</translation>
    </message>
    <message>
        <source>The scores show no two groups: good parts alone look like this, and so do batches with faint or very many defects. Judge the parts that are asked for (eight are mostly enough) and set the threshold by verdicts.</source>
        <translation>Die Werte zeigen keine zwei Gruppen: So sehen gute Teile allein aus, aber auch Chargen mit schwachen oder sehr vielen Fehlern. Beurteilen Sie die Teile, nach denen gefragt wird (acht genügen meist), und setzen Sie die Schwelle nach Urteilen.</translation>
    </message>
    <message>
        <source>The parts that this line was begun with do not say where odd begins. When it is paused or has ended, judge the parts that are asked for (eight are mostly enough) and set the threshold by verdicts.</source>
        <translation>Die Teile, mit denen diese Linie begann, sagen nicht, wo Auffälliges beginnt. Beurteilen Sie, wenn sie angehalten oder beendet ist, die Teile, nach denen gefragt wird (acht genügen meist), und setzen Sie die Schwelle nach den Urteilen.</translation>
    </message>
    <message>
        <source>{flagged} of {count} parts are flagged: so many may vouch for each other. Accept good ones and scan again, judged by them.</source>
        <translation>{flagged} von {count} Teilen sind auffällig: So viele können sich gegenseitig bestätigen. Beurteilen Sie einige als gut und prüfen Sie nochmals, gemessen an diesen.</translation>
    </message>
    <message>
        <source>The scores fall into two groups: the upper one may be good parts of another kind.</source>
        <translation>Die Werte bilden zwei Gruppen: Die obere können gute Teile einer anderen Art sein.</translation>
    </message>
    <message>
        <source>The batch holds {count} variants, each judged among its own parts alone.</source>
        <translation>Die Charge enthält {count} Varianten, jede nur unter ihresgleichen beurteilt.</translation>
    </message>
    <message>
        <source>Some parts share a region that the others lack ({groups}×): it may be a defect.</source>
        <translation>Einige Teile haben eine Stelle gemeinsam, die den anderen fehlt ({groups}×): Das kann ein Fehler sein.</translation>
    </message>
    <message>
        <source>Only {count} parts were compared: what is usual is not sure.</source>
        <translation>Nur {count} Teile wurden verglichen: Was üblich ist, steht nicht fest.</translation>
    </message>
    <message>
        <source>Parts that may have been misread: {count}, the first is {name}.</source>
        <translation>Vielleicht falsch gelesene Teile: {count}, das erste ist {name}.</translation>
    </message>
    <message>
        <source>Parts that could not be read and were not judged: {count}.</source>
        <translation>Nicht lesbare, nicht beurteilte Teile: {count}.</translation>
    </message>
    <message>
        <source>The scores fall into two groups, but into others before re-scoring. Judge the parts that are asked for (eight are mostly enough) and set the threshold by verdicts.</source>
        <translation>Die Werte zerfallen in zwei Gruppen, vor der Neubewertung aber in andere. Beurteilen Sie die Teile, nach denen gefragt wird (acht genügen meist), und setzen Sie die Schwelle nach Urteilen.</translation>
    </message>
</context>
<context>
    <name>EndBar</name>
    <message>
        <source>What comes next</source>
        <translation>Was als Nächstes kommt</translation>
    </message>
    <message>
        <source>All parts of this run are reviewed.</source>
        <translation>Alle Teile dieses Laufs sind beurteilt.</translation>
    </message>
    <message>
        <source>The only part of this list is reviewed.</source>
        <translation>Das einzige Teil der Liste ist beurteilt.</translation>
    </message>
    <message>
        <source>All {count} flagged parts are reviewed.</source>
        <translation>Alle {count} auffälligen Teile sind beurteilt.</translation>
    </message>
    <message>
        <source>All {count} listed parts are reviewed.</source>
        <translation>Alle {count} Teile der Liste sind beurteilt.</translation>
    </message>
    <message>
        <source>Go on with {count} unreviewed</source>
        <translation>Weiter, unbeurteilt: {count}</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportieren …</translation>
    </message>
</context>
<context>
    <name>EngineProcess</name>
    <message>
        <source>The engine could not be started.</source>
        <translation>Das Rechenprogramm konnte nicht gestartet werden.</translation>
    </message>
    <message>
        <source>The system ended the engine, most likely because memory ran out.</source>
        <translation>Das System hat das Rechenprogramm beendet, wahrscheinlich weil der Speicher ausging.</translation>
    </message>
    <message>
        <source>The engine crashed (signal {number}).</source>
        <translation>Das Rechenprogramm ist abgestürzt (Signal {number}).</translation>
    </message>
    <message>
        <source>The engine ended with code {number}.</source>
        <translation>Das Rechenprogramm endete mit Code {number}.</translation>
    </message>
</context>
<context>
    <name>ErrorReporter</name>
    <message>
        <source>Something went wrong in the app; your verdicts are safe.</source>
        <translation>In der App ist ein Fehler aufgetreten; Ihre Urteile sind gespeichert.</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Export run {number}</source>
        <translation>Lauf {number} exportieren</translation>
    </message>
    <message>
        <source>Decimal commas in CSV files, semicolons between cells</source>
        <translation>Dezimalkommas in CSV-Dateien, Semikolons zwischen Zellen</translation>
    </message>
    <message>
        <source>Folder to write to</source>
        <translation>Zielordner</translation>
    </message>
    <message>
        <source>Progress of the export</source>
        <translation>Fortschritt des Exports</translation>
    </message>
    <message>
        <source>This run has nothing of this kind.</source>
        <translation>Dieser Lauf hat nichts davon.</translation>
    </message>
    <message>
        <source>Browse…</source>
        <translation>Durchsuchen …</translation>
    </message>
    <message>
        <source>Choose another folder</source>
        <translation>Anderen Ordner wählen</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Choose what to export and a folder.</source>
        <translation>Wählen Sie, was exportiert wird, und einen Ordner.</translation>
    </message>
    <message>
        <source>There are files in {folder} already; those of the same names are replaced. Write there?</source>
        <translation>In {folder} liegen schon Dateien; gleichnamige werden ersetzt. Dorthin schreiben?</translation>
    </message>
    <message>
        <source>Writing…</source>
        <translation>Wird gespeichert …</translation>
    </message>
    <message>
        <source>Written to {folder}</source>
        <translation>Gespeichert in {folder}</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Not all could be written to {folder}. Missing: {count}, the first: {reason}</source>
        <translation>Nicht alles konnte in {folder} gespeichert werden. Fehlend: {count}, zuerst: {reason}</translation>
    </message>
    <message>
        <source>Stopped; what was written so far stays.</source>
        <translation>Angehalten; was schon geschrieben ist, bleibt.</translation>
    </message>
</context>
<context>
    <name>Exports</name>
    <message>
        <source>Scores (CSV)</source>
        <translation>Werte (CSV)</translation>
    </message>
    <message>
        <source>Scores and verdicts (CSV)</source>
        <translation>Werte und Urteile (CSV)</translation>
    </message>
    <message>
        <source>Regions (CSV)</source>
        <translation>Fehlerstellen (CSV)</translation>
    </message>
    <message>
        <source>Report (HTML)</source>
        <translation>Bericht (HTML)</translation>
    </message>
    <message>
        <source>Photos with their maps (PNG)</source>
        <translation>Fotos mit ihren Karten (PNG)</translation>
    </message>
    <message>
        <source>Anomaly maps (TIFF)</source>
        <translation>Anomaliekarten (TIFF)</translation>
    </message>
    <message>
        <source>Anomaly maps at the size of the photos (TIFF)</source>
        <translation>Anomaliekarten in der Größe der Fotos (TIFF)</translation>
    </message>
    <message>
        <source>Defect masks (PNG)</source>
        <translation>Fehlermasken (PNG)</translation>
    </message>
    <message>
        <source>Point clouds with scores (PLY)</source>
        <translation>Punktwolken mit Werten (PLY)</translation>
    </message>
    <message>
        <source>Confirmed regions (COCO)</source>
        <translation>Bestätigte Fehlerstellen (COCO)</translation>
    </message>
    <message>
        <source>Confirmed regions (YOLO)</source>
        <translation>Bestätigte Fehlerstellen (YOLO)</translation>
    </message>
    <message>
        <source>Confirmed regions (Pascal VOC)</source>
        <translation>Bestätigte Fehlerstellen (Pascal VOC)</translation>
    </message>
    <message>
        <source>Confirmed regions (labelme)</source>
        <translation>Bestätigte Fehlerstellen (labelme)</translation>
    </message>
    <message>
        <source>Data set to train with (anomalib)</source>
        <translation>Datensatz zum Trainieren (anomalib)</translation>
    </message>
    <message>
        <source>Report (PDF)</source>
        <translation>Bericht (PDF)</translation>
    </message>
</context>
<context>
    <name>Files</name>
    <message>
        <source>{file} could not be written</source>
        <translation>{file} konnte nicht geschrieben werden</translation>
    </message>
</context>
<context>
    <name>FilterBar</name>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>Flagged</source>
        <translation>Auffällig</translation>
    </message>
    <message>
        <source>Not flagged</source>
        <translation>Nicht auffällig</translation>
    </message>
    <message>
        <source>Unreviewed</source>
        <translation>Unbeurteilt</translation>
    </message>
    <message>
        <source>Accepted</source>
        <translation>Gut</translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation>Ausschuss</translation>
    </message>
    <message>
        <source>Unreadable</source>
        <translation>Unlesbar</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Time of the photo</source>
        <translation>Zeit des Fotos</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>Urteil</translation>
    </message>
    <message>
        <source>Search names</source>
        <translation>Namen suchen</translation>
    </message>
    <message>
        <source>Sort by</source>
        <translation>Sortieren nach</translation>
    </message>
    <message>
        <source>Largest first</source>
        <translation>Größte zuerst</translation>
    </message>
    <message>
        <source>Turn the order round</source>
        <translation>Reihenfolge umkehren</translation>
    </message>
    <message>
        <source>Grid</source>
        <translation>Raster</translation>
    </message>
    <message>
        <source>Show thumbnails side by side; mark several with Shift or Ctrl</source>
        <translation>Vorschaubilder nebeneinander zeigen; mehrere mit Umschalt oder Strg markieren</translation>
    </message>
    <message>
        <source>Grid of thumbnails</source>
        <translation>Raster der Vorschaubilder</translation>
    </message>
    <message>
        <source>Show: {filter}, samples: {count}</source>
        <translation>Zeigen: {filter}, Teile: {count}</translation>
    </message>
</context>
<context>
    <name>Filters</name>
    <message>
        <source>run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>shift</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>day</source>
        <translation>Tag</translation>
    </message>
    <message>
        <source>all</source>
        <translation>alle</translation>
    </message>
    <message>
        <source>today</source>
        <translation>heute</translation>
    </message>
    <message>
        <source>last 7 days</source>
        <translation>letzte 7 Tage</translation>
    </message>
    <message>
        <source>last 30 days</source>
        <translation>letzte 30 Tage</translation>
    </message>
    <message>
        <source>last 90 days</source>
        <translation>letzte 90 Tage</translation>
    </message>
    <message>
        <source>chosen days</source>
        <translation>gewählte Tage</translation>
    </message>
    <message>
        <source>Product</source>
        <translation>Produkt</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Lot</source>
        <translation>Los</translation>
    </message>
    <message>
        <source>Station</source>
        <translation>Station</translation>
    </message>
    <message>
        <source>Operator</source>
        <translation>Bediener</translation>
    </message>
    <message>
        <source>First day</source>
        <translation>Erster Tag</translation>
    </message>
    <message>
        <source>Last day</source>
        <translation>Letzter Tag</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeitraum</translation>
    </message>
    <message>
        <source>Shift</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>A point is a</source>
        <translation>Ein Punkt je</translation>
    </message>
</context>
<context>
    <name>Following</name>
    <message>
        <source>The scores could not follow: {reason}</source>
        <translation>Die Bewertungen konnten nicht angepasst werden: {reason}</translation>
    </message>
</context>
<context>
    <name>Forecast</name>
    <message>
        <source>Looking at the folder…</source>
        <translation>Ordner wird gelesen …</translation>
    </message>
</context>
<context>
    <name>Gallery</name>
    <message>
        <source>Samples</source>
        <translation>Teile</translation>
    </message>
    <message>
        <source>No sample matches filter and search.</source>
        <translation>Kein Teil passt zu Filter und Suche.</translation>
    </message>
    <message>
        <source>This run holds no samples.</source>
        <translation>Dieser Lauf enthält keine Teile.</translation>
    </message>
</context>
<context>
    <name>GalleryModel</name>
    <message>
        <source>Thumbnails cannot be shown: {reason}</source>
        <translation>Vorschaubilder können nicht gezeigt werden: {reason}</translation>
    </message>
    <message>
        <source>{name}, unreadable: {reason}</source>
        <translation>{name}, unlesbar: {reason}</translation>
    </message>
    <message>
        <source>flagged</source>
        <translation>auffällig</translation>
    </message>
    <message>
        <source>not flagged</source>
        <translation>nicht auffällig</translation>
    </message>
    <message>
        <source>no score yet</source>
        <translation>noch kein Wert</translation>
    </message>
    <message>
        <source>accepted</source>
        <translation>gut</translation>
    </message>
    <message>
        <source>rejected</source>
        <translation>Ausschuss</translation>
    </message>
    <message>
        <source>undecided</source>
        <translation>offen</translation>
    </message>
</context>
<context>
    <name>GlPoints</name>
    <message>
        <source>Point cloud</source>
        <translation>Punktwolke</translation>
    </message>
</context>
<context>
    <name>HelpSheet</name>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Keys of all commands</source>
        <translation>Tasten aller Befehle</translation>
    </message>
    <message>
        <source>Space, held: the most similar normal sample in the same place.</source>
        <translation>Leertaste gedrückt halten: das ähnlichste unauffällige Teil an derselben Stelle.</translation>
    </message>
    <message>
        <source>Mouse: wheel zooms at the cursor, drag moves the photo, double click shows the whole photo.</source>
        <translation>Maus: Rad vergrößert am Zeiger, Ziehen verschiebt das Foto, Doppelklick zeigt das ganze Foto.</translation>
    </message>
    <message>
        <source>1 to 9 after a rejection: the class of the defect.</source>
        <translation>1 bis 9 nach „Ausschuss“: Klasse des Fehlers.</translation>
    </message>
</context>
<context>
    <name>Identity</name>
    <message>
        <source>lot {text}</source>
        <translation>Los {text}</translation>
    </message>
    <message>
        <source>station {text}</source>
        <translation>Station {text}</translation>
    </message>
</context>
<context>
    <name>ImageView</name>
    <message>
        <source>Loading…</source>
        <translation>Wird geladen …</translation>
    </message>
</context>
<context>
    <name>JobBar</name>
    <message>
        <source>Progress of the scan</source>
        <translation>Fortschritt der Prüfung</translation>
    </message>
    <message>
        <source>Scan is running</source>
        <translation>Prüfung läuft</translation>
    </message>
    <message>
        <source>Show the running scan</source>
        <translation>Laufende Prüfung zeigen</translation>
    </message>
</context>
<context>
    <name>Labels</name>
    <message>
        <source>Mark some text first.</source>
        <translation>Bitte zuerst Text markieren.</translation>
    </message>
</context>
<context>
    <name>LicenceDialog</name>
    <message>
        <source>Licence of {network}</source>
        <translation>Lizenz von {network}</translation>
    </message>
    <message>
        <source>I know this licence and accept it.</source>
        <translation>Ich kenne diese Lizenz und nehme sie an.</translation>
    </message>
    <message>
        <source>Accept the licence first.</source>
        <translation>Nehmen Sie zuerst die Lizenz an.</translation>
    </message>
</context>
<context>
    <name>LiveScreen</name>
    <message>
        <source>What the engine said</source>
        <translation>Meldungen der Engine</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Review the parts so far</source>
        <translation>Teile beurteilen</translation>
    </message>
    <message>
        <source>Pool…</source>
        <translation>Vergleichsteile …</translation>
    </message>
    <message>
        <source>Starting the engine…</source>
        <translation>Engine wird gestartet …</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Waiting for the first part…</source>
        <translation>Warten auf das erste Teil …</translation>
    </message>
    <message>
        <source>Learning: the first parts are judged together.</source>
        <translation>Einlernen: Die ersten Teile werden gemeinsam beurteilt.</translation>
    </message>
    <message>
        <source>Results that {name} refused for good: {count}; they are not sent again. The latest: {parts}</source>
        <translation>Ergebnisse, die {name} endgültig abgelehnt hat: {count}; sie werden nicht noch einmal gesendet. Die letzten: {parts}</translation>
    </message>
    <message>
        <source>There is no photo of this part to be seen. Accept it all the same?</source>
        <translation>Von diesem Teil ist kein Foto zu sehen. Trotzdem als gut beurteilen?</translation>
    </message>
    <message>
        <source>Is “{name}” to judge the parts to come? It stays until somebody takes it out.</source>
        <translation>Soll „{name}“ zum Vergleichsteil für die kommenden Teile werden? Es bleibt, bis es jemand herausnimmt.</translation>
    </message>
    <message>
        <source>{name} is put into the pool.</source>
        <translation>{name} wird zu den Vergleichsteilen genommen.</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>{text} is neither a folder nor the number of a run.</source>
        <translation>{text} ist weder ein Ordner noch die Nummer eines Laufs.</translation>
    </message>
    <message>
        <source>No scan is running.</source>
        <translation>Es läuft keine Prüfung.</translation>
    </message>
    <message>
        <source>Scan a folder</source>
        <translation>Ordner prüfen</translation>
    </message>
    <message>
        <source>Run {number} is done.</source>
        <translation>Lauf {number} ist fertig.</translation>
    </message>
    <message>
        <source>A scan is running. Stop it and close? It can be resumed.</source>
        <translation>Es läuft eine Prüfung. Anhalten und beenden? Sie kann später fortgesetzt werden.</translation>
    </message>
    <message>
        <source>A folder is watched. Close all the same? It goes on when the app is started again.</source>
        <translation>Ein Ordner wird überwacht. Trotzdem schließen? Beim nächsten Start geht es weiter.</translation>
    </message>
    <message>
        <source>Comments that are not kept: {count}. They are lost with the window. Close all the same?</source>
        <translation>Bemerkungen, die nicht gespeichert sind: {count}. Sie gehen mit dem Fenster verloren. Trotzdem schließen?</translation>
    </message>
    <message>
        <source>Version {version}
Workspace: {folder}</source>
        <translation>Version {version}
Arbeitsbereich: {folder}</translation>
    </message>
    <message>
        <source>The language changes when the app is started again.</source>
        <translation>Die Sprache wechselt beim nächsten Start.</translation>
    </message>
</context>
<context>
    <name>NetworkDetails</name>
    <message>
        <source>Download…</source>
        <translation>Herunterladen …</translation>
    </message>
    <message>
        <source>Import a file…</source>
        <translation>Datei importieren …</translation>
    </message>
    <message>
        <source>What is known of the marked network</source>
        <translation>Was vom gewählten Netz bekannt ist</translation>
    </message>
    <message>
        <source>Other weights are being brought in; wait for their end.</source>
        <translation>Es werden gerade Gewichte geholt; warten Sie, bis das beendet ist.</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>Vorgabe</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <source>Text of the licence</source>
        <translation>Lizenztext</translation>
    </message>
    <message>
        <source>Published as {file} by {origin}.</source>
        <translation>Veröffentlicht als {file} von {origin}.</translation>
    </message>
    <message>
        <source>Weights are kept in {folder}.</source>
        <translation>Gewichte liegen in {folder}.</translation>
    </message>
    <message>
        <source>It cannot be downloaded from here: get the file from its publisher and import it.</source>
        <translation>Es kann von hier nicht heruntergeladen werden: Datei beim Herausgeber holen und importieren.</translation>
    </message>
</context>
<context>
    <name>NetworksPage</name>
    <message>
        <source>Networks</source>
        <translation>Netze</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>Netz</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Good for</source>
        <translation>Geeignet für</translation>
    </message>
    <message>
        <source>Progress of the download</source>
        <translation>Fortschritt des Herunterladens</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Photos are compared by what a network sees in them. One comes with the inspector.</source>
        <translation>Fotos werden danach verglichen, was ein Netz in ihnen sieht. Eines ist dabei.</translation>
    </message>
    <message>
        <source>Looking for networks…</source>
        <translation>Netze werden gesucht …</translation>
    </message>
    <message>
        <source>here</source>
        <translation>vorhanden</translation>
    </message>
    <message>
        <source>comes with the inspector</source>
        <translation>mitgeliefert</translation>
    </message>
    <message>
        <source>missing</source>
        <translation>fehlt</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>Herunterladen</translation>
    </message>
    <message>
        <source>File with the weights of {network}</source>
        <translation>Datei mit den Gewichten von {network}</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>Importieren</translation>
    </message>
    <message>
        <source>Downloading {network}…</source>
        <translation>{network} wird heruntergeladen …</translation>
    </message>
    <message>
        <source>Reading and testing {file}…</source>
        <translation>{file} wird gelesen und geprüft …</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>Wird angehalten …</translation>
    </message>
    <message>
        <source>Nothing is under way.</source>
        <translation>Es ist nichts im Gange.</translation>
    </message>
    <message>
        <source>Testing what came…</source>
        <translation>Das Heruntergeladene wird geprüft …</translation>
    </message>
    <message>
        <source>{done} of {total} MB</source>
        <translation>{done} von {total} MB</translation>
    </message>
    <message>
        <source>The weights are here.</source>
        <translation>Die Gewichte sind da.</translation>
    </message>
    <message>
        <source>Stopped. The next download goes on from here.</source>
        <translation>Angehalten. Das nächste Herunterladen geht von hier weiter.</translation>
    </message>
</context>
<context>
    <name>Operator</name>
    <message>
        <source>Operator</source>
        <translation>Bediener</translation>
    </message>
    <message>
        <source>Your name or number, kept with each verdict:</source>
        <translation>Ihr Name oder Ihre Nummer, bei jedem Urteil vermerkt:</translation>
    </message>
    <message>
        <source>{name} is no user any more and was signed out.</source>
        <translation>{name} ist kein Benutzer mehr und wurde abgemeldet.</translation>
    </message>
    <message>
        <source>{name} is {role} from now on.</source>
        <translation>{name} ist ab jetzt {role}.</translation>
    </message>
</context>
<context>
    <name>OperatorBand</name>
    <message>
        <source>Decision on this part</source>
        <translation>Entscheidung zu diesem Teil</translation>
    </message>
    <message>
        <source>accepted</source>
        <translation>gut</translation>
    </message>
    <message>
        <source>rejected</source>
        <translation>Ausschuss</translation>
    </message>
    <message>
        <source>flagged, not reviewed</source>
        <translation>auffällig, noch nicht beurteilt</translation>
    </message>
    <message>
        <source>not flagged, not reviewed</source>
        <translation>nicht auffällig, noch nicht beurteilt</translation>
    </message>
    <message>
        <source>unreadable</source>
        <translation>unlesbar</translation>
    </message>
    <message>
        <source>no score yet</source>
        <translation>noch kein Wert</translation>
    </message>
    <message>
        <source>Leave (F11)</source>
        <translation>Verlassen (F11)</translation>
    </message>
    <message>
        <source>Leave the operator mode</source>
        <translation>Bedienermodus verlassen</translation>
    </message>
</context>
<context>
    <name>OperatorBar</name>
    <message>
        <source>Signed in as {name}</source>
        <translation>Angemeldet als {name}</translation>
    </message>
    <message>
        <source>Nobody is signed in</source>
        <translation>Niemand ist angemeldet</translation>
    </message>
    <message>
        <source>Change…</source>
        <translation>Wechseln …</translation>
    </message>
    <message>
        <source>Sign in…</source>
        <translation>Anmelden …</translation>
    </message>
    <message>
        <source>Change the operator</source>
        <translation>Bediener wechseln</translation>
    </message>
    <message>
        <source>Sign in as operator</source>
        <translation>Als Bediener anmelden</translation>
    </message>
</context>
<context>
    <name>Panes</name>
    <message>
        <source>List</source>
        <translation>Liste</translation>
    </message>
    <message>
        <source>Viewer</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Einzelheiten</translation>
    </message>
</context>
<context>
    <name>PartDialog</name>
    <message>
        <source>Part</source>
        <translation>Teil</translation>
    </message>
    <message>
        <source>Lot</source>
        <translation>Los</translation>
    </message>
    <message>
        <source>Station</source>
        <translation>Station</translation>
    </message>
    <message>
        <source>Photos with the same part and lot are views of one part: the worst of them decides.</source>
        <translation>Fotos mit gleichem Teil und Los sind Ansichten eines Teils: die schlechteste entscheidet.</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>nichts</translation>
    </message>
    <message>
        <source>{old} became {new}</source>
        <translation>bisher {old}, jetzt {new}</translation>
    </message>
</context>
<context>
    <name>PartList</name>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>Teil</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>Urteil</translation>
    </message>
    <message>
        <source>Parts, the newest first</source>
        <translation>Teile, das neueste zuerst</translation>
    </message>
    <message>
        <source>OK</source>
        <translation>OK</translation>
    </message>
    <message>
        <source>NG</source>
        <translation>NG</translation>
    </message>
    <message>
        <source>unreadable</source>
        <translation>unlesbar</translation>
    </message>
    <message>
        <source>accepted</source>
        <translation>gut</translation>
    </message>
    <message>
        <source>rejected</source>
        <translation>Ausschuss</translation>
    </message>
</context>
<context>
    <name>PartPreview</name>
    <message>
        <source>What the rule for part ids catches</source>
        <translation>Was die Regel für Teilenummern erfasst</translation>
    </message>
    <message>
        <source>There are no photos in this folder.</source>
        <translation>In diesem Ordner sind keine Fotos.</translation>
    </message>
    <message>
        <source>The rule fits all names: {count}.</source>
        <translation>Die Regel passt auf alle Namen: {count}.</translation>
    </message>
    <message>
        <source>Names that the rule fits: {caught} of {count}, not {name}.</source>
        <translation>Namen, auf die die Regel passt: {caught} von {count}, nicht {name}.</translation>
    </message>
</context>
<context>
    <name>PartView</name>
    <message>
        <source>Photo with its anomaly map</source>
        <translation>Foto mit Anomaliekarte</translation>
    </message>
    <message>
        <source>Hold this part</source>
        <translation>Teil festhalten</translation>
    </message>
    <message>
        <source>Keep showing this part; a part that is held can be judged.</source>
        <translation>Dieses Teil weiter zeigen; nur ein festgehaltenes Teil kann beurteilt werden.</translation>
    </message>
    <message>
        <source>Into the pool…</source>
        <translation>Zu den Vergleichsteilen …</translation>
    </message>
    <message>
        <source>This part is to judge the parts to come.</source>
        <translation>Mit diesem Teil werden die kommenden Teile verglichen.</translation>
    </message>
    <message>
        <source>Back to the newest</source>
        <translation>Zurück zum neuesten</translation>
    </message>
    <message>
        <source>No part has come yet.</source>
        <translation>Es ist noch kein Teil gekommen.</translation>
    </message>
    <message>
        <source>Hold the part first: the newest may change under the hand.</source>
        <translation>Halten Sie das Teil zuerst fest: Das neueste kann unter der Hand wechseln.</translation>
    </message>
    <message>
        <source>This part has no score.</source>
        <translation>Dieses Teil hat keinen Wert.</translation>
    </message>
    <message>
        <source>This part was rejected.</source>
        <translation>Dieses Teil ist Ausschuss.</translation>
    </message>
</context>
<context>
    <name>PathField</name>
    <message>
        <source>The name of this folder is no valid text; rename it.</source>
        <translation>Der Name dieses Ordners ist kein gültiger Text; benennen Sie ihn um.</translation>
    </message>
    <message>
        <source>This folder is not there.</source>
        <translation>Diesen Ordner gibt es nicht.</translation>
    </message>
</context>
<context>
    <name>PhotoControl</name>
    <message>
        <source>flagged</source>
        <translation>auffällig</translation>
    </message>
    <message>
        <source>This photo cannot be shown.</source>
        <translation>Dieses Foto kann nicht gezeigt werden.</translation>
    </message>
    <message>
        <source>This sample has no photo.</source>
        <translation>Dieses Teil hat kein Foto.</translation>
    </message>
    <message>
        <source>Loading the photo…</source>
        <translation>Foto wird geladen …</translation>
    </message>
    <message>
        <source>not flagged</source>
        <translation>nicht auffällig</translation>
    </message>
    <message>
        <source>asked for</source>
        <translation>Urteil gefragt</translation>
    </message>
    <message>
        <source>rings: oddest</source>
        <translation>Ringe: Ungewöhnliches</translation>
    </message>
    <message>
        <source>This photo could not be read.</source>
        <translation>Dieses Foto konnte nicht gelesen werden.</translation>
    </message>
</context>
<context>
    <name>PhotoToDrawOn</name>
    <message>
        <source>there is no photo in {folder} that can be read</source>
        <translation>in {folder} liegt kein Foto, das gelesen werden kann</translation>
    </message>
</context>
<context>
    <name>PictureCache</name>
    <message>
        <source>The defect regions of this sample cannot be shown: {reason}</source>
        <translation>Die Fehlerstellen dieses Teils können nicht gezeigt werden: {reason}</translation>
    </message>
</context>
<context>
    <name>PoolDialog</name>
    <message>
        <source>Pool of run {number}</source>
        <translation>Vergleichsteile von Lauf {number}</translation>
    </message>
    <message>
        <source>given as good</source>
        <translation>als gut vorgegeben</translation>
    </message>
    <message>
        <source>warm-up</source>
        <translation>Einlernen</translation>
    </message>
    <message>
        <source>learnt</source>
        <translation>gelernt</translation>
    </message>
    <message>
        <source>put in by {operator}</source>
        <translation>aufgenommen von {operator}</translation>
    </message>
    <message>
        <source>Parts that judge</source>
        <translation>Vergleichsteile</translation>
    </message>
    <message>
        <source>What people changed</source>
        <translation>Änderungen von Hand</translation>
    </message>
    <message>
        <source>Take out…</source>
        <translation>Herausnehmen …</translation>
    </message>
    <message>
        <source>Keep for good…</source>
        <translation>Dauerhaft behalten …</translation>
    </message>
    <message>
        <source>Parts that judge those to come: {count}. Good parts join by themselves, and older ones that resemble others leave when there is no more room; those that were put in by hand stay.</source>
        <translation>Teile, mit denen die kommenden verglichen werden: {count}. Gute Teile kommen von selbst hinzu, ältere, die anderen gleichen, gehen, wenn kein Platz mehr ist; von Hand aufgenommene bleiben.</translation>
    </message>
    <message>
        <source>{operator} put {name} in</source>
        <translation>{operator} hat {name} aufgenommen</translation>
    </message>
    <message>
        <source>{operator} took {name} out</source>
        <translation>{operator} hat {name} herausgenommen</translation>
    </message>
    <message>
        <source>Mark a part first.</source>
        <translation>Markieren Sie zuerst ein Teil.</translation>
    </message>
    <message>
        <source>This part stays already.</source>
        <translation>Dieses Teil bleibt schon.</translation>
    </message>
    <message>
        <source>Is “{name}” to judge no more? It can be put in again from the list of parts.</source>
        <translation>Soll „{name}“ kein Vergleichsteil mehr sein? Es kann aus der Liste der Teile wieder aufgenommen werden.</translation>
    </message>
    <message>
        <source>Is “{name}” to judge for good? It stays until somebody takes it out.</source>
        <translation>Soll „{name}“ dauerhaft Vergleichsteil sein? Es bleibt, bis es jemand herausnimmt.</translation>
    </message>
</context>
<context>
    <name>ProgressScreen</name>
    <message>
        <source>Warnings</source>
        <translation>Warnungen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Stop the scan; it can be resumed later</source>
        <translation>Prüfung anhalten; sie kann später fortgesetzt werden</translation>
    </message>
    <message>
        <source>Look at the samples so far</source>
        <translation>Bisherige Teile ansehen</translation>
    </message>
    <message>
        <source>Reading photos</source>
        <translation>Fotos lesen</translation>
    </message>
    <message>
        <source>Reading clouds</source>
        <translation>Punktwolken lesen</translation>
    </message>
    <message>
        <source>Reading photos and clouds</source>
        <translation>Fotos und Punktwolken lesen</translation>
    </message>
    <message>
        <source>Fetching files</source>
        <translation>Dateien holen</translation>
    </message>
    <message>
        <source>Measuring values</source>
        <translation>Werte messen</translation>
    </message>
    <message>
        <source>Looking at parts</source>
        <translation>Teile ansehen</translation>
    </message>
    <message>
        <source>Mutual scoring</source>
        <translation>Gegenseitig bewerten</translation>
    </message>
    <message>
        <source>Anomaly maps</source>
        <translation>Anomaliekarten</translation>
    </message>
    <message>
        <source>Starting the engine…</source>
        <translation>Rechenprogramm wird gestartet …</translation>
    </message>
    <message>
        <source>The run has not begun yet.</source>
        <translation>Der Lauf hat noch nicht begonnen.</translation>
    </message>
    <message>
        <source>Scanning, run {number}</source>
        <translation>Prüfung, Lauf {number}</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>Wird angehalten …</translation>
    </message>
    <message>
        <source>The scan is over.</source>
        <translation>Die Prüfung ist zu Ende.</translation>
    </message>
    <message>
        <source>{time} elapsed</source>
        <translation>{time} vergangen</translation>
    </message>
    <message>
        <source>about {time} left</source>
        <translation>noch etwa {time}</translation>
    </message>
</context>
<context>
    <name>ProjectedView</name>
    <message>
        <source>Point cloud</source>
        <translation>Punktwolke</translation>
    </message>
</context>
<context>
    <name>QWidgetTextControl</name>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopieren</translation>
    </message>
</context>
<context>
    <name>RecipeBar</name>
    <message>
        <source>Recipe</source>
        <translation>Rezept</translation>
    </message>
    <message>
        <source>Region of interest…</source>
        <translation>Prüfbereich …</translation>
    </message>
    <message>
        <source>Draw on a photo what is looked at, and set the scale</source>
        <translation>Auf einem Foto zeichnen, was geprüft wird, und den Maßstab setzen</translation>
    </message>
    <message>
        <source>Keep…</source>
        <translation>Speichern …</translation>
    </message>
    <message>
        <source>Keep these settings as the recipe of a product</source>
        <translation>Diese Einstellungen als Rezept eines Produkts speichern</translation>
    </message>
    <message>
        <source>The recipe {name} was changed meanwhile. Choose it again to see it as it is now.</source>
        <translation>Das Rezept {name} wurde inzwischen geändert. Bitte erneut wählen, um den jetzigen Stand zu sehen.</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keines</translation>
    </message>
    <message>
        <source>Keep as a recipe</source>
        <translation>Als Rezept speichern</translation>
    </message>
    <message>
        <source>Name of the product</source>
        <translation>Name des Produkts</translation>
    </message>
    <message>
        <source>Replace the recipe {name} by these settings?</source>
        <translation>Das Rezept {name} durch diese Einstellungen ersetzen?</translation>
    </message>
</context>
<context>
    <name>RecipeFiles</name>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Bring a recipe from another station, or write one for it</source>
        <translation>Ein Rezept von einem anderen Prüfplatz holen oder eines für ihn schreiben</translation>
    </message>
    <message>
        <source>Import a recipe…</source>
        <translation>Rezept importieren …</translation>
    </message>
    <message>
        <source>Export the chosen recipe…</source>
        <translation>Gewähltes Rezept exportieren …</translation>
    </message>
    <message>
        <source>Of the recipe that is chosen above: choose one first.</source>
        <translation>Von dem Rezept, das oben gewählt ist: Wählen Sie zuerst eines.</translation>
    </message>
    <message>
        <source>Replace the recipe {name} by that of the file?</source>
        <translation>Das Rezept {name} durch das der Datei ersetzen?</translation>
    </message>
    <message>
        <source>Import a recipe</source>
        <translation>Rezept importieren</translation>
    </message>
    <message>
        <source>Recipes (*.toml)</source>
        <translation>Rezepte (*.toml)</translation>
    </message>
    <message>
        <source>Export a recipe</source>
        <translation>Rezept exportieren</translation>
    </message>
</context>
<context>
    <name>Relocating</name>
    <message>
        <source>Folder that {folder} has become</source>
        <translation>Neuer Ort des Ordners {folder}</translation>
    </message>
</context>
<context>
    <name>Review</name>
    <message>
        <source>Reading the run…</source>
        <translation>Lauf wird gelesen …</translation>
    </message>
    <message>
        <source>This run holds no samples.</source>
        <translation>Dieser Lauf enthält keine Teile.</translation>
    </message>
    <message>
        <source>No sample is listed.</source>
        <translation>Kein Teil in der Liste.</translation>
    </message>
</context>
<context>
    <name>Roi</name>
    <message>
        <source>This sample has no photo.</source>
        <translation>Dieses Teil hat kein Foto.</translation>
    </message>
    <message>
        <source>Kept in the recipe {name}, for the next scan with it.</source>
        <translation>Im Rezept {name} gespeichert, für die nächste Prüfung damit.</translation>
    </message>
    <message>
        <source>Keep as a recipe</source>
        <translation>Als Rezept speichern</translation>
    </message>
    <message>
        <source>Name of the product</source>
        <translation>Name des Produkts</translation>
    </message>
</context>
<context>
    <name>RoiCanvas</name>
    <message>
        <source>Photo to draw on</source>
        <translation>Foto, auf dem gezeichnet wird</translation>
    </message>
</context>
<context>
    <name>RoiDialog</name>
    <message>
        <source>Region of interest</source>
        <translation>Prüfbereich</translation>
    </message>
    <message>
        <source>Reading a photo…</source>
        <translation>Foto wird gelesen …</translation>
    </message>
    <message>
        <source>Rectangle</source>
        <translation>Rechteck</translation>
    </message>
    <message>
        <source>Drag from corner to corner</source>
        <translation>Von Ecke zu Ecke ziehen</translation>
    </message>
    <message>
        <source>Polygon</source>
        <translation>Polygon</translation>
    </message>
    <message>
        <source>Click corner after corner; the first one or Enter closes it</source>
        <translation>Ecke für Ecke klicken; die erste Ecke oder die Eingabetaste schließt</translation>
    </message>
    <message>
        <source>Brush</source>
        <translation>Pinsel</translation>
    </message>
    <message>
        <source>Paint with the left button held</source>
        <translation>Mit gedrückter linker Taste malen</translation>
    </message>
    <message>
        <source>Move</source>
        <translation>Verschieben</translation>
    </message>
    <message>
        <source>Move the photo; the wheel zooms</source>
        <translation>Das Foto verschieben; das Rad zoomt</translation>
    </message>
    <message>
        <source>Ruler</source>
        <translation>Maß</translation>
    </message>
    <message>
        <source>Drag along something of known length</source>
        <translation>Entlang einer bekannten Länge ziehen</translation>
    </message>
    <message>
        <source>Look here</source>
        <translation>Hier prüfen</translation>
    </message>
    <message>
        <source>Ignore here</source>
        <translation>Hier nicht prüfen</translation>
    </message>
    <message>
        <source>What becomes of the shape</source>
        <translation>Was mit der Form geschieht</translation>
    </message>
    <message>
        <source>Width of the brush</source>
        <translation>Breite des Pinsels</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Take the last step back</source>
        <translation>Den letzten Schritt zurücknehmen</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Leeren</translation>
    </message>
    <message>
        <source>Take all shapes away</source>
        <translation>Alle Formen entfernen</translation>
    </message>
    <message>
        <source>Draw the ruler first.</source>
        <translation>Ziehen Sie zuerst das Lineal.</translation>
    </message>
    <message>
        <source>Length of what the ruler lies along</source>
        <translation>Länge, an der das Maß liegt</translation>
    </message>
    <message>
        <source>The photo is not there yet.</source>
        <translation>Das Foto ist noch nicht da.</translation>
    </message>
    <message>
        <source>Choose the brush first.</source>
        <translation>Wählen Sie zuerst den Pinsel.</translation>
    </message>
    <message>
        <source>Choose what to draw with first.</source>
        <translation>Wählen Sie zuerst, womit gezeichnet wird.</translation>
    </message>
    <message>
        <source>Nothing is drawn: the whole photo is looked at.</source>
        <translation>Nichts gezeichnet: Das ganze Foto wird geprüft.</translation>
    </message>
    <message>
        <source>What is dark is not looked at; it still serves to compare other parts with.</source>
        <translation>Dunkles wird nicht geprüft; zum Vergleich mit anderen Teilen dient es weiterhin.</translation>
    </message>
    <message>
        <source>This leaves nothing, or all, to be looked at.</source>
        <translation>So bleibt nichts oder alles zu prüfen.</translation>
    </message>
    <message>
        <source>Nothing is drawn yet.</source>
        <translation>Es ist noch nichts gezeichnet.</translation>
    </message>
    <message>
        <source>Scale unknown: draw the ruler along something of known length.</source>
        <translation>Maßstab unbekannt: Das Maß entlang einer bekannten Länge ziehen.</translation>
    </message>
    <message>
        <source>Scale: {scale} mm per pixel</source>
        <translation>Maßstab: {scale} mm je Pixel</translation>
    </message>
    <message>
        <source>Ruler: {length} pixels</source>
        <translation>Maß: {length} Pixel</translation>
    </message>
</context>
<context>
    <name>RowPainter</name>
    <message>
        <source>no score yet</source>
        <translation>noch kein Wert</translation>
    </message>
    <message>
        <source>flagged</source>
        <translation>auffällig</translation>
    </message>
    <message>
        <source>not flagged</source>
        <translation>nicht auffällig</translation>
    </message>
</context>
<context>
    <name>ScanAgain</name>
    <message>
        <source>This is for runs that are done.</source>
        <translation>Das geht bei Läufen, die fertig sind.</translation>
    </message>
    <message>
        <source>A watched folder has known good parts of its own.</source>
        <translation>Ein überwachter Ordner hat seine eigenen bekannt guten Teile.</translation>
    </message>
    <message>
        <source>Another program has found the scores of this run.</source>
        <translation>Die Werte dieses Laufs hat ein anderes Programm bestimmt.</translation>
    </message>
    <message>
        <source>Accept at least two parts first, better eight, spread over the scores: they judge the others.</source>
        <translation>Beurteilen Sie erst mindestens zwei Teile als gut, besser acht, über die Werte verteilt: An ihnen werden die anderen gemessen.</translation>
    </message>
</context>
<context>
    <name>ScanDialog</name>
    <message>
        <source>Scan a folder</source>
        <translation>Ordner prüfen</translation>
    </message>
    <message>
        <source>Folder with the photos of one batch of like parts</source>
        <translation>Ordner mit den Fotos einer Charge gleicher Teile</translation>
    </message>
    <message>
        <source>What the engine would do</source>
        <translation>Was das Rechenprogramm tun würde</translation>
    </message>
    <message>
        <source>Why it cannot start</source>
        <translation>Warum nicht gestartet werden kann</translation>
    </message>
    <message>
        <source>Browse…</source>
        <translation>Durchsuchen …</translation>
    </message>
    <message>
        <source>Choose another folder</source>
        <translation>Anderen Ordner wählen</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Starten</translation>
    </message>
    <message>
        <source>Networks…</source>
        <translation>Netze …</translation>
    </message>
    <message>
        <source>Bring the missing weights in</source>
        <translation>Fehlende Gewichte holen</translation>
    </message>
</context>
<context>
    <name>Scans</name>
    <message>
        <source>A scan is running. Wait for its end, or cancel it first.</source>
        <translation>Es läuft schon eine Prüfung. Warten Sie ihr Ende ab oder brechen Sie sie ab.</translation>
    </message>
    <message>
        <source>The scan was stopped. It can be resumed.</source>
        <translation>Die Prüfung wurde angehalten. Sie kann fortgesetzt werden.</translation>
    </message>
    <message>
        <source>Run {number} can be resumed.</source>
        <translation>Lauf {number} kann fortgesetzt werden.</translation>
    </message>
</context>
<context>
    <name>ScorePlot</name>
    <message>
        <source>Histogram of the scores; left and right move the threshold</source>
        <translation>Verteilung der Werte; links und rechts bewegen die Schwelle</translation>
    </message>
    <message>
        <source>threshold {value}</source>
        <translation>Schwelle {value}</translation>
    </message>
    <message>
        <source>No scores yet</source>
        <translation>Noch keine Werte</translation>
    </message>
</context>
<context>
    <name>SettingInText</name>
    <message>
        <source>“{name}”</source>
        <translation>„{name}“</translation>
    </message>
</context>
<context>
    <name>SettingsForm</name>
    <message>
        <source>Preset</source>
        <translation>Vorgabe</translation>
    </message>
    <message>
        <source>All settings</source>
        <translation>Alle Einstellungen</translation>
    </message>
    <message>
        <source>Show all settings</source>
        <translation>Alle Einstellungen zeigen</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>automatisch</translation>
    </message>
</context>
<context>
    <name>SharedRegions</name>
    <message>
        <source>Shared regions</source>
        <translation>Gemeinsame Stellen</translation>
    </message>
    <message>
        <source>Scores are brought in line with what was said…</source>
        <translation>Die Bewertungen werden an die Angaben angepasst …</translation>
    </message>
    <message>
        <source>Parts that share a region vouch for one another: their scores may be too low. Say whether it is a defect, or no defect. Scores stay as they are.</source>
        <translation>Teile mit einer gemeinsamen Stelle entlasten einander: ihre Werte sind vielleicht zu niedrig. Sagen Sie, ob es ein Fehler ist oder kein Fehler. Die Werte bleiben, wie sie sind.</translation>
    </message>
    <message>
        <source>Parts that share a region vouch for one another. Say whether it is a defect, and they are scored as if they could not; or no defect, and they are scored as they are.</source>
        <translation>Teile mit einer gemeinsamen Stelle entlasten sich gegenseitig. Geben Sie an, ob es ein Fehler ist: dann werden sie so bewertet, als könnten sie das nicht; oder kein Fehler: dann bleibt es bei der Bewertung im Vergleich mit allen.</translation>
    </message>
    <message>
        <source>No region of this run is shared by several parts.</source>
        <translation>In diesem Lauf haben keine Teile eine Stelle gemeinsam.</translation>
    </message>
    <message>
        <source>; scores are as if they could not vouch for one another</source>
        <translation>; sie wurden bewertet, als könnten sie einander nicht entlasten</translation>
    </message>
    <message>
        <source>Defect</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>No defect</source>
        <translation>Kein Fehler</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Offen</translation>
    </message>
    <message>
        <source>What the parts of group {number} share</source>
        <translation>Was die Teile der Gruppe {number} gemeinsam haben</translation>
    </message>
</context>
<context>
    <name>ShortcutEditor</name>
    <message>
        <source>Change keys</source>
        <translation>Tasten ändern</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>Befehl</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Taste</translation>
    </message>
    <message>
        <source>Second key</source>
        <translation>Zweite Taste</translation>
    </message>
    <message>
        <source>Commands and their keys</source>
        <translation>Befehle und ihre Tasten</translation>
    </message>
    <message>
        <source>Usual keys</source>
        <translation>Übliche Tasten</translation>
    </message>
    <message>
        <source>Key for: {command}</source>
        <translation>Taste für: {command}</translation>
    </message>
    <message>
        <source>{key} is given to: {commands}.</source>
        <translation>{key} ist vergeben an: {commands}.</translation>
    </message>
</context>
<context>
    <name>SidePanel</name>
    <message>
        <source>Threshold: above it a sample is flagged</source>
        <translation>Schwelle: darüber ist ein Teil auffällig</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>Back to the threshold that the scores themselves suggest</source>
        <translation>Zurück zur Schwelle, die sich aus den Werten selbst ergibt</translation>
    </message>
    <message>
        <source>Back to the automatic threshold</source>
        <translation>Zurück zur automatischen Schwelle</translation>
    </message>
    <message>
        <source>By verdicts</source>
        <translation>Nach Urteilen</translation>
    </message>
    <message>
        <source>Set the threshold by the verdicts given so far</source>
        <translation>Die Schwelle nach den bisherigen Urteilen setzen</translation>
    </message>
    <message>
        <source>Next to judge</source>
        <translation>Nächstes Urteil</translation>
    </message>
    <message>
        <source>Show the part whose verdict tells most about the threshold</source>
        <translation>Das Teil zeigen, dessen Urteil am meisten über die Schwelle sagt</translation>
    </message>
    <message>
        <source>Regions that several parts share</source>
        <translation>Stellen, die mehrere Teile gemeinsam haben</translation>
    </message>
    <message>
        <source>No.</source>
        <translation>Nr.</translation>
    </message>
    <message>
        <source>Peak</source>
        <translation>Spitzen-
wert</translation>
    </message>
    <message>
        <source>Area, px</source>
        <translation>Fläche, px</translation>
    </message>
    <message>
        <source>Place, px</source>
        <translation>Lage, px</translation>
    </message>
    <message>
        <source>Defect regions, highest peak first</source>
        <translation>Fehlerstellen, höchster Spitzenwert zuerst</translation>
    </message>
    <message>
        <source>With the verdict, or by Enter</source>
        <translation>Zum Urteil; mit Enter sofort</translation>
    </message>
    <message>
        <source>Comment</source>
        <translation>Bemerkung</translation>
    </message>
    <message>
        <source>Set the threshold by the verdicts so far (parts: {count}); press again when there are more</source>
        <translation>Die Schwelle nach den bisherigen Urteilen setzen (Teile: {count}); nach weiteren Urteilen noch einmal drücken</translation>
    </message>
    <message>
        <source>Scores</source>
        <translation>Werte</translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation>Schwelle</translation>
    </message>
    <message>
        <source>Defect regions</source>
        <translation>Fehlerstellen</translation>
    </message>
    <message>
        <source>Verdicts</source>
        <translation>Urteile</translation>
    </message>
    <message>
        <source>This run has no threshold yet.</source>
        <translation>Dieser Lauf hat noch keine Schwelle.</translation>
    </message>
    <message>
        <source>Unsure. {why}</source>
        <translation>Unsicher. {why}</translation>
    </message>
    <message>
        <source>{flagged} of {scored} flagged</source>
        <translation>{flagged} von {scored} auffällig</translation>
    </message>
    <message>
        <source>Once the run has ended and has scores</source>
        <translation>Sobald der Lauf beendet ist und Werte hat</translation>
    </message>
    <message>
        <source>Show the part whose verdict tells most about the threshold; {count} verdicts are mostly enough</source>
        <translation>Das Teil zeigen, dessen Urteil am meisten über die Schwelle sagt; {count} Urteile genügen meist</translation>
    </message>
    <message>
        <source>No part with a score has a verdict yet: judge those that “Next to judge” shows</source>
        <translation>Noch hat kein Teil mit einem Wert ein Urteil: Beurteilen Sie die Teile, die „Nächstes Urteil“ zeigt</translation>
    </message>
    <message>
        <source>Verdicts: {count}; still asked for: {more}</source>
        <translation>Urteile: {count}; noch {more} gesucht</translation>
    </message>
    <message>
        <source>Verdicts: {count}; set the threshold by them</source>
        <translation>Urteile: {count}; jetzt die Schwelle setzen</translation>
    </message>
    <message>
        <source>Verdicts: {count}; not enough yet, judge more</source>
        <translation>Urteile: {count}; noch nicht genug, beurteilen Sie weitere</translation>
    </message>
    <message>
        <source>Left out: {count}</source>
        <translation>Ausgelassen: {count}</translation>
    </message>
    <message>
        <source>Notes: {count}</source>
        <translation>Hinweise: {count}</translation>
    </message>
    <message>
        <source>Value range: {scale}</source>
        <translation>Wertebereich: {scale}</translation>
    </message>
    <message>
        <source>Facts: {names}</source>
        <translation>Angaben: {names}</translation>
    </message>
    <message>
        <source>Shared regions: {count}…</source>
        <translation>Gemeinsame Stellen: {count} …</translation>
    </message>
    <message>
        <source>Parts that share a region: {counts}. Show them side by side, and say whether it is a defect</source>
        <translation>Teile mit einer gemeinsamen Stelle: {counts}. Nebeneinander zeigen und angeben, ob es ein Fehler ist</translation>
    </message>
    <message>
        <source>Area, mm²</source>
        <translation>Fläche, mm²</translation>
    </message>
</context>
<context>
    <name>SideView</name>
    <message>
        <source>Looking for the most similar normal sample…</source>
        <translation>Das ähnlichste unauffällige Teil wird gesucht …</translation>
    </message>
    <message>
        <source>No normal sample to compare with.</source>
        <translation>Kein unauffälliges Teil zum Vergleichen.</translation>
    </message>
    <message>
        <source>Most similar normal sample: {name}</source>
        <translation>Ähnlichstes unauffälliges Teil: {name}</translation>
    </message>
</context>
<context>
    <name>SignIn</name>
    <message>
        <source>Sign in</source>
        <translation>Anmelden</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Passwort</translation>
    </message>
    <message>
        <source>The name or the password is wrong.</source>
        <translation>Name oder Passwort ist falsch.</translation>
    </message>
    <message>
        <source>operator</source>
        <translation>Bediener</translation>
    </message>
    <message>
        <source>engineer</source>
        <translation>Ingenieur</translation>
    </message>
    <message>
        <source>auditor</source>
        <translation>Auditor</translation>
    </message>
    <message>
        <source>{name} is signed in as {role} and may not do that. Who may: {roles}.</source>
        <translation>{name} ist als {role} angemeldet und darf das nicht. Berechtigt: {roles}.</translation>
    </message>
</context>
<context>
    <name>StartScreen</name>
    <message>
        <source>Scan a folder…</source>
        <translation>Ordner prüfen …</translation>
    </message>
    <message>
        <source>Scan a folder</source>
        <translation>Ordner prüfen</translation>
    </message>
    <message>
        <source>Watch a folder…</source>
        <translation>Ordner überwachen …</translation>
    </message>
    <message>
        <source>Parts that arrive one by one are judged at once.</source>
        <translation>Teile, die einzeln eintreffen, werden sofort beurteilt.</translation>
    </message>
    <message>
        <source>Watch a folder</source>
        <translation>Ordner überwachen</translation>
    </message>
    <message>
        <source>Earlier runs</source>
        <translation>Frühere Läufe</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>Datum</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>Teile</translation>
    </message>
    <message>
        <source>Flagged</source>
        <translation>Auffällig</translation>
    </message>
    <message>
        <source>Unreadable</source>
        <translation>Unlesbar</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Stand</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Open the marked run</source>
        <translation>Markierten Lauf öffnen</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Finish the marked run</source>
        <translation>Markierten Lauf zu Ende führen</translation>
    </message>
    <message>
        <source>No runs yet. Scan a folder with photos of like parts, or try a sample batch.</source>
        <translation>Noch keine Läufe. Prüfen Sie einen Ordner mit Fotos gleicher Teile, oder nehmen Sie eine Beispielcharge.</translation>
    </message>
    <message>
        <source>Which parts are odd?</source>
        <translation>Welche Teile fallen auf?</translation>
    </message>
    <message>
        <source>Parts of one batch are compared with each other; nothing has to be labelled or trained.</source>
        <translation>Teile einer Charge werden miteinander verglichen; nichts muss beschriftet oder angelernt werden.</translation>
    </message>
    <message>
        <source>or drop a folder here</source>
        <translation>oder einen Ordner hierher ziehen</translation>
    </message>
    <message>
        <source>Sample batches:</source>
        <translation>Beispielchargen:</translation>
    </message>
    <message>
        <source>Washers (photos)</source>
        <translation>Scheiben (Fotos)</translation>
    </message>
    <message>
        <source>Housings (photos and 3D)</source>
        <translation>Gehäuse (Fotos und 3D)</translation>
    </message>
    <message>
        <source>Scan the sample batch: {name}</source>
        <translation>Beispielcharge prüfen: {name}</translation>
    </message>
    <message>
        <source>being scanned</source>
        <translation>wird geprüft</translation>
    </message>
    <message>
        <source>being watched</source>
        <translation>wird überwacht</translation>
    </message>
    <message>
        <source>done</source>
        <translation>fertig</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>angehalten</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>fehlgeschlagen</translation>
    </message>
    <message>
        <source>unfinished</source>
        <translation>unfertig</translation>
    </message>
    <message>
        <source>Mark a run first.</source>
        <translation>Markieren Sie zuerst einen Lauf.</translation>
    </message>
    <message>
        <source>Only a run that was stopped can be resumed.</source>
        <translation>Nur ein Lauf, der angehalten wurde, kann fortgesetzt werden.</translation>
    </message>
</context>
<context>
    <name>StatisticsPage</name>
    <message>
        <source>Control chart of the reject rate</source>
        <translation>Regelkarte der Ausschussquote</translation>
    </message>
    <message>
        <source>Pareto chart of the classes of defects</source>
        <translation>Pareto-Diagramm der Fehlerarten</translation>
    </message>
    <message>
        <source>Places on the part</source>
        <translation>Orte auf dem Teil</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportieren …</translation>
    </message>
    <message>
        <source>Shift times…</source>
        <translation>Schichtzeiten …</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Statistics</source>
        <translation>Statistik</translation>
    </message>
    <message>
        <source>Points: reject rate. Dashed: limits. Dotted: smoothed (EWMA). Thin: mean of all.</source>
        <translation>Punkte: Ausschussquote. Gestrichelt: Eingriffsgrenzen. Gepunktet: geglättet (EWMA). Dünn: Mittelwert aller.</translation>
    </message>
    <message>
        <source>Program and operator</source>
        <translation>Programm und Bediener</translation>
    </message>
    <message>
        <source>Classes of defects</source>
        <translation>Fehlerarten</translation>
    </message>
    <message>
        <source>Rejects of each class, and the share of all down to it.</source>
        <translation>Ausschuss je Fehlerart und Anteil aller bis hierher.</translation>
    </message>
    <message>
        <source>The brighter, the more regions of rejects lie there.</source>
        <translation>Je heller, desto mehr Fehlerstellen von Ausschuss liegen dort.</translation>
    </message>
    <message>
        <source>Early 06:00, Late 14:00, Night 22:00</source>
        <translation>Früh 06:00, Spät 14:00, Nacht 22:00</translation>
    </message>
    <message>
        <source>Counting…</source>
        <translation>Wird gezählt …</translation>
    </message>
    <message>
        <source>Saved in {folder}</source>
        <translation>Gespeichert in {folder}</translation>
    </message>
    <message>
        <source>Each shift with its name and when it begins:</source>
        <translation>Jede Schicht mit Name und Beginn:</translation>
    </message>
    <message>
        <source>Shift times</source>
        <translation>Schichtzeiten</translation>
    </message>
    <message>
        <source>Export statistics</source>
        <translation>Statistik exportieren</translation>
    </message>
    <message>
        <source>Writing…</source>
        <translation>Wird geschrieben …</translation>
    </message>
</context>
<context>
    <name>ThresholdControl</name>
    <message>
        <source>Move the threshold from {old} to {new}?
Parts of this run with a verdict: {reviewed}. Parts that are decided anew: {count}.</source>
        <translation>Schwelle von {old} auf {new} verschieben?
Teile dieses Laufs mit Urteil: {reviewed}. Neu entschieden werden: {count}.</translation>
    </message>
    <message>
        <source>There is no part left to ask for: all with a score were judged or left undecided.</source>
        <translation>Es ist kein Teil mehr zu erfragen: Alle mit einem Wert sind beurteilt oder offengelassen.</translation>
    </message>
    <message>
        <source>Parts are asked for once the run has ended and has scores.</source>
        <translation>Nach Teilen wird gefragt, sobald der Lauf beendet ist und Werte hat.</translation>
    </message>
</context>
<context>
    <name>ThresholdField</name>
    <message>
        <source>This run has no threshold yet.</source>
        <translation>Dieser Lauf hat noch keine Schwelle.</translation>
    </message>
    <message>
        <source>“{text}” is no number; type one such as {example}.</source>
        <translation>„{text}“ ist keine Zahl; geben Sie eine ein wie {example}.</translation>
    </message>
    <message>
        <source>A threshold of this run lies between {low} and {high}.</source>
        <translation>Eine Schwelle dieses Laufs liegt zwischen {low} und {high}.</translation>
    </message>
</context>
<context>
    <name>Title</name>
    <message>
        <source>scanning {folder}</source>
        <translation>Prüfung läuft: {folder}</translation>
    </message>
    <message>
        <source>run {number}, {folder}</source>
        <translation>Lauf {number}, {folder}</translation>
    </message>
</context>
<context>
    <name>VerdictBar</name>
    <message>
        <source>Accept</source>
        <translation>Gut</translation>
    </message>
    <message>
        <source>Reject</source>
        <translation>Ausschuss</translation>
    </message>
    <message>
        <source>Undecided</source>
        <translation>Offen</translation>
    </message>
    <message>
        <source>{done} of {total} reviewed</source>
        <translation>{done} von {total} beurteilt</translation>
    </message>
</context>
<context>
    <name>VerdictControl</name>
    <message>
        <source>Accept all {count} marked parts?</source>
        <translation>Alle {count} markierten Teile als gut beurteilen?</translation>
    </message>
    <message>
        <source>Reject all {count} marked parts?</source>
        <translation>Alle {count} markierten Teile als Ausschuss beurteilen?</translation>
    </message>
    <message>
        <source>Leave all {count} marked parts undecided?</source>
        <translation>Alle {count} markierten Teile offen lassen?</translation>
    </message>
    <message>
        <source>{count} of them cannot be read.</source>
        <translation>Davon unlesbar: {count}.</translation>
    </message>
    <message>
        <source>Not yet: the photo is being loaded</source>
        <translation>Noch nicht: das Foto wird geladen</translation>
    </message>
    <message>
        <source>There is no photo of this part to be seen. Accept it all the same?</source>
        <translation>Von diesem Teil ist kein Foto zu sehen. Trotzdem als gut beurteilen?</translation>
    </message>
    <message>
        <source>No part is listed.</source>
        <translation>Kein Teil in der Liste.</translation>
    </message>
    <message>
        <source>{operator} said “{verdict}” at {time}</source>
        <translation>{operator} hat am {time} „{verdict}“ geurteilt</translation>
    </message>
    <message>
        <source>{name}: {operator} said “{verdict}” at {time}. That stands; nothing was written.</source>
        <translation>{name}: {operator} hat am {time} „{verdict}“ geurteilt. Das gilt; es wurde nichts geschrieben.</translation>
    </message>
    <message>
        <source>{name}: {operator} said “{verdict}” at {time}, after it had come up here.</source>
        <translation>{name}: {operator} hat am {time} „{verdict}“ geurteilt, nachdem das Teil hier aufgerufen war.</translation>
    </message>
    <message>
        <source>Say “{verdict}” all the same?</source>
        <translation>Trotzdem „{verdict}“ urteilen?</translation>
    </message>
    <message>
        <source>undecided</source>
        <translation>offen</translation>
    </message>
    <message>
        <source>rejected</source>
        <translation>Ausschuss</translation>
    </message>
    <message>
        <source>accepted</source>
        <translation>gut</translation>
    </message>
</context>
<context>
    <name>VerdictHistory</name>
    <message>
        <source>Verdicts on this sample, newest first</source>
        <translation>Urteile zu diesem Teil, neueste zuerst</translation>
    </message>
    <message>
        <source>accepted</source>
        <translation>gut</translation>
    </message>
    <message>
        <source>rejected</source>
        <translation>Ausschuss</translation>
    </message>
    <message>
        <source>undecided</source>
        <translation>offen</translation>
    </message>
    <message>
        <source>taken back: {verdict}</source>
        <translation>zurückgenommen: {verdict}</translation>
    </message>
    <message>
        <source>said again: {verdict}</source>
        <translation>wiederholt: {verdict}</translation>
    </message>
    <message>
        <source>comment</source>
        <translation>Bemerkung</translation>
    </message>
    <message>
        <source>carried over: {verdict}</source>
        <translation>übernommen: {verdict}</translation>
    </message>
</context>
<context>
    <name>ViewStrip</name>
    <message>
        <source>Views of the part</source>
        <translation>Ansichten des Teils</translation>
    </message>
    <message>
        <source>{part}: {count} views</source>
        <translation>{part}: {count} Ansichten</translation>
    </message>
    <message>
        <source>View {name}</source>
        <translation>Ansicht {name}</translation>
    </message>
</context>
<context>
    <name>Viewer</name>
    <message>
        <source>Photo with anomaly map</source>
        <translation>Foto mit Anomaliekarte</translation>
    </message>
    <message>
        <source>Photo to compare with</source>
        <translation>Vergleichsfoto</translation>
    </message>
    <message>
        <source>Locate folder…</source>
        <translation>Ordner suchen …</translation>
    </message>
    <message>
        <source>Say where the photos of this run lie now</source>
        <translation>Sagen, wo die Fotos dieses Laufs jetzt liegen</translation>
    </message>
    <message>
        <source>with anomaly map</source>
        <translation>mit Anomaliekarte</translation>
    </message>
    <message>
        <source>x {x}  y {y}  score {score}</source>
        <translation>x {x}  y {y}  Wert {score}</translation>
    </message>
</context>
<context>
    <name>ViewerTools</name>
    <message>
        <source>Overlay</source>
        <translation>Überlagert</translation>
    </message>
    <message>
        <source>Side by side</source>
        <translation>Nebeneinander</translation>
    </message>
    <message>
        <source>Map only</source>
        <translation>Nur Karte</translation>
    </message>
    <message>
        <source>How photo and map are shown</source>
        <translation>Wie Foto und Karte gezeigt werden</translation>
    </message>
    <message>
        <source>Opacity of the heat map in percent</source>
        <translation>Deckkraft des Wärmebilds in Prozent</translation>
    </message>
    <message>
        <source>Colours of the heat map</source>
        <translation>Farben des Wärmebilds</translation>
    </message>
    <message>
        <source>Contour</source>
        <translation>Umriss</translation>
    </message>
    <message>
        <source>Outline everything above the threshold</source>
        <translation>Alles über der Schwelle umranden</translation>
    </message>
    <message>
        <source>Regions</source>
        <translation>Fehlerstellen</translation>
    </message>
    <message>
        <source>Number the defect regions, and show where the part was found</source>
        <translation>Fehlerstellen nummerieren, und zeigen, wo das Teil gefunden wurde</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Vergleich</translation>
    </message>
    <message>
        <source>Show the most similar normal sample beside</source>
        <translation>Das ähnlichste unauffällige Teil daneben zeigen</translation>
    </message>
    <message>
        <source>Show the point cloud</source>
        <translation>Punktwolke zeigen</translation>
    </message>
    <message>
        <source>Fit</source>
        <translation>Einpassen</translation>
    </message>
    <message>
        <source>Show the whole photo</source>
        <translation>Ganzes Foto zeigen</translation>
    </message>
    <message>
        <source>One photo pixel is one screen pixel</source>
        <translation>Ein Fotopixel ist ein Bildschirmpixel</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>Deckkraft</translation>
    </message>
    <message>
        <source>This part has no point cloud.</source>
        <translation>Dieses Teil hat keine Punktwolke.</translation>
    </message>
    <message>
        <source>Only the map is shown.</source>
        <translation>Es wird nur die Karte gezeigt.</translation>
    </message>
</context>
<context>
    <name>WatchDialog</name>
    <message>
        <source>Watch a folder</source>
        <translation>Ordner überwachen</translation>
    </message>
    <message>
        <source>Folder that photos of like parts arrive in</source>
        <translation>Ordner, in dem Fotos gleichartiger Teile eintreffen</translation>
    </message>
    <message>
        <source>Folder of known good parts</source>
        <translation>Ordner mit bekannt guten Teilen</translation>
    </message>
    <message>
        <source>the first parts, compared with each other</source>
        <translation>die ersten Teile untereinander, Anzahl:</translation>
    </message>
    <message>
        <source>known good parts of a folder</source>
        <translation>bekannt gute Teile eines Ordners</translation>
    </message>
    <message>
        <source>the good parts of a reviewed run</source>
        <translation>die guten Teile eines beurteilten Laufs</translation>
    </message>
    <message>
        <source>Parts of the warm-up</source>
        <translation>Teile zum Einlernen</translation>
    </message>
    <message>
        <source>Reviewed run</source>
        <translation>Beurteilter Lauf</translation>
    </message>
    <message>
        <source>Recipe of the product</source>
        <translation>Rezept des Produkts</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keines</translation>
    </message>
    <message>
        <source>Seconds that photo and cloud of a part wait for each other</source>
        <translation>Sekunden, die Foto und Punktwolke eines Teils aufeinander warten</translation>
    </message>
    <message>
        <source>Leave out photos that are in the folder already</source>
        <translation>Fotos auslassen, die schon im Ordner liegen</translation>
    </message>
    <message>
        <source>No scan of this workspace is finished yet.</source>
        <translation>In diesem Arbeitsbereich ist noch keine Prüfung fertig.</translation>
    </message>
    <message>
        <source>Alarm when more of the last 50 parts are flagged than</source>
        <translation>Alarm, wenn von den letzten 50 Teilen mehr auffällig sind als</translation>
    </message>
    <message>
        <source>Share of flagged parts that raises the alarm</source>
        <translation>Anteil auffälliger Teile, der den Alarm auslöst</translation>
    </message>
    <message>
        <source>Where results are sent, one address a line</source>
        <translation>Wohin Ergebnisse gehen, eine Adresse je Zeile</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>What judges at first</source>
        <translation>Anfangs vergleichen mit</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Kamera</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>Rezept</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>Vorgabe</translation>
    </message>
    <message>
        <source>Photo waits for cloud</source>
        <translation>Foto wartet auf Wolke</translation>
    </message>
    <message>
        <source>Results go to</source>
        <translation>Ergebnisse gehen an</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Starten</translation>
    </message>
    <message>
        <source>Browse…</source>
        <translation>Durchsuchen …</translation>
    </message>
    <message>
        <source>Name the folder that photos arrive in.</source>
        <translation>Bitte den Ordner angeben, in dem Fotos eintreffen.</translation>
    </message>
    <message>
        <source>Name a folder of known good parts.</source>
        <translation>Bitte einen Ordner mit bekannt guten Teilen angeben.</translation>
    </message>
    <message>
        <source>A camera is a number as 0, /dev/video0, genicam:PRODUCER.cti, or file:FILM.</source>
        <translation>Eine Kamera ist eine Nummer wie 0, /dev/video0, genicam:PRODUCER.cti oder file:FILM.</translation>
    </message>
    <message>
        <source>This camera gives photos all the time: say when one is to be taken.</source>
        <translation>Diese Kamera liefert ständig Fotos: Geben Sie an, wann eines aufgenommen werden soll.</translation>
    </message>
    <message>
        <source>Messages come from mqtt://HOST/TOPIC.</source>
        <translation>Nachrichten kommen von mqtt://HOST/TOPIC.</translation>
    </message>
    <message>
        <source>An address is KIND:PLACE, as in file:/line/results; docs/line.md has all kinds.</source>
        <translation>Eine Adresse ist ART:ORT, etwa file:/line/results; docs/line.md nennt alle Arten.</translation>
    </message>
    <message>
        <source>The recipe says how.</source>
        <translation>Das Rezept sagt, wie.</translation>
    </message>
    <message>
        <source>There is no alarm: tick it first.</source>
        <translation>Es gibt keinen Alarm: Kreuzen Sie ihn zuerst an.</translation>
    </message>
</context>
<context>
    <name>WatchJob</name>
    <message>
        <source>Stopping; the server does not answer.</source>
        <translation>Wird beendet; der Server antwortet nicht.</translation>
    </message>
    <message>
        <source>Pausing; the server does not answer.</source>
        <translation>Wird angehalten; der Server antwortet nicht.</translation>
    </message>
    <message>
        <source>The engine had ended; it goes on. {reason}</source>
        <translation>Die Engine war beendet; es geht weiter. {reason}</translation>
    </message>
    <message>
        <source>The engine ended and is started again in {seconds} s. {reason}</source>
        <translation>Die Engine ist beendet und wird in {seconds} s neu gestartet. {reason}</translation>
    </message>
    <message>
        <source>Run {number} was taken up at another station meanwhile, and is left to it.</source>
        <translation>Lauf {number} wurde inzwischen an einer anderen Station übernommen und bleibt dort.</translation>
    </message>
</context>
<context>
    <name>Watching</name>
    <message>
        <source>Show the watched folder</source>
        <translation>Überwachten Ordner zeigen</translation>
    </message>
    <message>
        <source>Run {number} was taken up at another station and has been ended there. It is left so.</source>
        <translation>Lauf {number} wurde an einer anderen Station übernommen und dort beendet. Dabei bleibt es.</translation>
    </message>
    <message>
        <source>The app was ended while this folder was watched; it goes on.</source>
        <translation>Die Anwendung wurde beendet, während dieser Ordner überwacht wurde; es geht weiter.</translation>
    </message>
    <message>
        <source>Stop watching? Parts that arrive from now on are not judged.</source>
        <translation>Überwachung beenden? Teile, die von jetzt an eintreffen, werden nicht beurteilt.</translation>
    </message>
    <message>
        <source>Watching {folder}</source>
        <translation>Überwachung von {folder}</translation>
    </message>
    <message>
        <source>A folder is watched already. Stop that first.</source>
        <translation>Es wird bereits ein Ordner überwacht. Diese Überwachung zuerst beenden.</translation>
    </message>
    <message>
        <source>Watching</source>
        <translation>Überwachung</translation>
    </message>
    <message>
        <source>Pausing…</source>
        <translation>Wird angehalten …</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>Wird beendet …</translation>
    </message>
    <message>
        <source>Starting again…</source>
        <translation>Wird neu gestartet …</translation>
    </message>
    <message>
        <source>{what}, run {number}</source>
        <translation>{what}, Lauf {number}</translation>
    </message>
    <message>
        <source>Paused. Judged: {judged}, flagged: {flagged}</source>
        <translation>Angehalten. Beurteilt: {judged}, auffällig: {flagged}</translation>
    </message>
    <message>
        <source>Watching. Judged: {judged}, flagged: {flagged}</source>
        <translation>Überwachung. Beurteilt: {judged}, auffällig: {flagged}</translation>
    </message>
    <message>
        <source>run {number}, {count} parts of {folder}</source>
        <translation>Lauf {number}, {count} Teile aus {folder}</translation>
    </message>
</context>
<context>
    <name>WeightsEngine</name>
    <message>
        <source>The engine does not say which networks there are.</source>
        <translation>Das Rechenprogramm sagt nicht, welche Netze es gibt.</translation>
    </message>
</context>
</TS>
