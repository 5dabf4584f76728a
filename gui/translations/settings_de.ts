<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
    <context>
        <name>Settings</name>
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
            <source>Neighbourhood aggregation: LNAMD (MuSc) or SNAMD (MuSc-V2).</source>
            <translation>Zusammenfassung der Nachbarschaft: LNAMD (MuSc) oder SNAMD (MuSc-V2).</translation>
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
            <source>Neighbourhood sizes of the re-scoring; empty = no re-scoring.</source>
            <translation>Nachbarschaften der Neubewertung; leer = keine Neubewertung.</translation>
        </message>
        <message>
            <source>Flagged above median + k x MAD of the batch's scores.</source>
            <translation>Auffällig über Median + k x MAD der Werte der Charge.</translation>
        </message>
        <message>
            <source>Where to compute.</source>
            <translation>Wo gerechnet wird.</translation>
        </message>
        <message>
            <source>Images that go through the network together.</source>
            <translation>Fotos, die zusammen durch das Netz gehen.</translation>
        </message>
    </context>
</TS>
