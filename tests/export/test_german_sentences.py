"""What the engine says is told in German, and every sentence of the table is one that the engine says."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

import inspector
from inspector.export.german_sentences import SENTENCES
from inspector.export.german_system import SYSTEM
from inspector.export.words import Words, _compile_sentences
from inspector.store import refusals
from inspector.store.database import REMEDIES

ON_THE_COMMAND_LINE = {"distributed", "handed_files", "barcodes", "judges", "rescoring", "distances", "samples",
    "audit", "backup", "embeddings", "hand_over", "salvage",
}  # fmt: skip
"""Files whose sentences the app and reports do not show."""

IN_THE_APP = {"accounting", "folders", "ground_truth", "listing", "own_files", "pairing", "tree"}
"""Of the layouts: those of plain folders."""

PIECES = {
    " compared in patches of § x §",
    " cut into § x § `tiles` and",
    " not cut into `tiles`, and",
    "%d samples, %s, %s, %s",
    ": defects that are much smaller may go unseen",
    "; a closer look takes `tiles` = §",
    "; as they are more than § of those compared, scores follow once it is marked as a defect",
    "; they were scored as if they could not vouch for one another",
    "It lies § above the median of the scores.",
    (
        "Parts were compared with each other: a defect on more than about § of them looks like what is usual, and is "
        "not seen."
    ),
    "a part on a plain ground is seen in § of § photos",
    "about § (§ reading, § scoring), § GB of memory, § GB of disk",
    "cloud of a part that has one",
    "depth images beside photos of the same parts were left out; set `camera` to score them as clouds",
    "file that cannot be opened",
    "folder that cannot be listed (§)",
    "has a PCD header that cannot be understood",
    "has a PLY header that cannot be understood",
    "has a line that is not numbers (§)",
    "has a line whose list is not as long as it says",
    "has § in a line instead of §",
    "is damaged or no E57 file (§)",
    "is damaged or no LAS file (§)",
    "masks of the layout §",
    "no alarm any more: §",
    "no category of the layout § in §: a category's folder holds §; check the layout and the path",
    "no name at § can be the name of a file",
    "parts are of different sizes",
    "photo outside of the layout §",
    "photos were scored that look like depth images; set `camera` to make clouds of them",
    "red {}, green {}, blue {}",
    "which are not read; export it as RGB",
    "§ has §, the photo §",
    "§ of the last § parts are flagged",
    "§ of § x § pixels are",
    "§ in the file passed over",
    "§ of § § share a region that the others lack§",
    "§ of § §, § first: §",
    (
        "§ parts, § first, differ from the others as a whole, but are too few to be judged apart: it takes §, and a "
        "tenth of the batch"
    ),
    "§ § left out: §",
    "§ §; export it again",
    "§: they are not aligned; modality = 3d scores the clouds alone",
}
"""Parts of sentences, which are known whole, and texts that nobody sees."""


PIECES_OF_REFUSALS = {
    "GPU §: §, §",
    "cannot read the shift §; §, as in “§”",
    "no workspace is named; give its folder, or leave `workspace` out for the usual one",
    "the workspace § is on a server: §",
    "§ §; update this program",
    "§ in § §, and would be lost; §",
    "§, and ask again to go on where it stopped",
    "§: before the newest entry of the workspace (§ UTC)",
    "§: scores within § of what they must be",
    "§: tensor § has the shape §; §",
    "§: §; close the quote",
    "§; make room there",
}
"""Parts of refusals, which are known whole, and what only the command line says."""

CALLERS_MISTAKES = {"ValueError", "TypeError", "RuntimeError", "NotImplementedError", "AssertionError"}


def read_texts(path: Path) -> set[str]:
    """Read all texts of a file of Python, but for what stands by itself, with § for what is filled in."""
    return read_words(ast.parse(path.read_text(encoding="utf-8")))


def read_words(tree: ast.AST) -> set[str]:
    texts, pieces = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            pieces.add(node.value)
        elif isinstance(node, ast.JoinedStr):
            pieces |= set(node.values)
            texts.add("".join(str(part.value) if isinstance(part, ast.Constant) else "§" for part in node.values))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in pieces:
            texts.add(node.value)
    return texts


@cache
def spoken() -> str:
    """All texts of the engine, one a line."""
    folder = Path(inspector.__file__).parent
    files = [path for path in folder.rglob("*.py") if not path.name.startswith("german_")]
    return "\n".join(sorted(set().union(*map(read_texts, files))))


def test_each_sentence_is_one_that_the_engine_says() -> None:
    for pattern in SENTENCES.keys() - SYSTEM.keys():
        pieces = re.split(r"\([^()]*[+*]\??\)%?|\.\+", pattern.replace(r"\(", "«").replace(r"\)", "»"))
        for piece in pieces:
            literal = (
                re.sub(r"\\(.)", r"\1", piece.replace("«", "(").replace("»", ")"))
                .strip(" ;:,()")
                .removeprefix("s ")
                .removeprefix("s: ")
            )
            assert literal in spoken(), f"nothing in the engine says {literal!r}"


@pytest.mark.parametrize("room", ["data", "jobs", "scoring", "decision"])
def test_what_is_said_of_files_and_runs_has_a_german(room: str) -> None:
    say = Words("de").sentence
    untold = []
    for path in (Path(inspector.__file__).parent / room).rglob("*.py"):
        if path.stem in ON_THE_COMMAND_LINE or (path.parent.name == "layouts" and path.stem not in IN_THE_APP):
            continue
        for text in read_texts(path) - PIECES:
            filled = text.replace("§", "7")
            if text.count(" ") > 3 and not text.startswith("expected ") and say(filled) == filled:
                untold.append(f"{path.name}: {text}")
    assert untold == []


def read_refusals(path: Path) -> set[str]:
    """Read what a file raises as errors of the user's world, and what its checks of the station find."""
    told = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        call = node.exc if isinstance(node, ast.Raise) else node
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            continue
        if call.func.id == "Finding" or (call is not node and call.func.id not in CALLERS_MISTAKES):
            words = ast.Module(body=[ast.Return(value) for value in call.args], type_ignores=[])
            told |= read_words(words)
    return told


@pytest.mark.parametrize(
    "room",
    [
        "cameras",
        "sinks",
        "health",
        "statistics",
        "weights",
        "export",
        "store",
        "recipes.py",
        "settings.py",
        "presets.py",
    ],
)
def test_what_is_refused_has_a_german(room: str) -> None:
    place, say = Path(inspector.__file__).parent / room, Words("de").sentence
    untold = []
    for path in [place] if place.is_file() else place.rglob("*.py"):
        if path.stem in ON_THE_COMMAND_LINE:
            continue
        for text in read_refusals(path) - PIECES_OF_REFUSALS:
            filled = text.replace("§", "7")
            if text.count(" ") > 1 and not text.startswith("expected ") and say(filled) == filled:
                untold.append(f"{path.name}: {text}")
    assert untold == []


@pytest.mark.parametrize(
    ("said", "german"),
    [
        (
            "setting `image_size`: Input should be greater than or equal to 32, but got 1",
            "`image_size`: Muss mindestens 32 sein, angegeben ist 1",
        ),
        (
            "setting `modality`: Input should be 'auto', '2d' or '3d', but got '4d'",
            "`modality`: Muss eines davon sein: 'auto', '2d' oder '3d', angegeben ist '4d'",
        ),
        (
            "the recipe: setting `tiles`: give auto, a number from 1 to 16, or rows x columns, as in 2x5, but got '99'",
            "das Rezept: `tiles`: bitte auto, eine Zahl von 1 bis 16 oder Reihen x Spalten angeben, "
            "etwa 2x5, angegeben ist '99'",
        ),
        (
            "run:x {lot}: there is no {lot}; choose from: id, name",
            "run:x {lot}: {lot} gibt es nicht; zur Wahl stehen: id, name",
        ),
        (
            "run 1 has nothing of what is to be written: coco; nobody has accepted or rejected a part of the run yet",
            "Lauf 1 hat nichts, was zu schreiben wäre: coco; "
            "noch hat niemand ein Teil des Laufs für gut oder als Ausschuss befunden",
        ),
    ],
)
def test_what_is_wrong_within_a_refusal_is_german_too(said: str, german: str) -> None:
    assert Words("de").sentence(said) == german


def test_german_has_the_places_of_its_pattern_and_no_others() -> None:
    for pattern, german in SENTENCES.items():
        places = {int(number) for number in re.findall(r"\{(\d+)(?::n)?\}", german)}
        assert places <= set(range(re.compile(pattern).groups)), pattern
        assert not re.search(r"\((?!\?)[^()]*\)[?*]", pattern), "a group that may be missing cannot be told"


def test_numbers_and_reasons_within_a_sentence_are_german_too() -> None:
    say = Words("de").sentence
    told = "about 2.5 s (2 s reading, 0 s scoring), 1.8 GB of memory, 0.01 GB of disk"
    assert say(told) == "etwa 2,5 s (2 s Lesen, 0 s Bewerten), 1,8 GB Arbeitsspeicher, 0,01 GB auf der Festplatte"
    assert say("the workspace can be used again, after 1.7 h: the line goes on").count("1,7 h") == 1
    scale = "the maps are on another scale than the scores, and were brought to it: value x 1.5 - 2.5e-05"
    assert say(scale).endswith(": Wert x 1,5 - 2,5e-05")
    assert say("cannot list the folder lot 1.5 h.png: Permission denied").count("lot 1.5 h.png") == 1
    holes = "9 points are exactly (1.5, 1.5, 9.5); where these are holes, add 9.5 to the setting `holes`"
    assert "(1,5, 1,5, 9,5); wenn das Löcher sind, 9.5 bei `holes` eintragen" in say(
        holes
    )  # a comma would divide two numbers there
    damaged = "a.jpg is damaged or cut off (it ends before its last pixel); copy it again from the camera"
    assert "(die Datei endet vor dem letzten Pixel)" in say(damaged)
    assert say("No photo or cloud in /b; known kinds: .png").startswith("Kein Foto und keine Punktwolke in /b")
    odd = "its photo has 31 x 17 pixels, the others 96 x 64: see whether it belongs to them"
    assert say(odd).lower() == "sein foto hat 31 x 17 pixel, die anderen 96 x 64: bitte prüfen, ob es dazugehört"
    copies = "12 of 12 samples, b.png first: the same file is in the batch 2 times: copies vouch for one another"
    assert say(copies).startswith("12 von 12 Teilen, als erstes b.png: dieselbe Datei ist 2-mal in der Charge")
    gone = "there is no look at me.png at s3://lots/lot 3; check bucket and folder"
    assert say(gone).startswith("look at me.png gibt es an der Adresse s3://lots/lot 3 nicht")
    assert say("fetched from s3://lots/lot 3") == "geholt von s3://lots/lot 3"
    assert Words("en").sentence(damaged) == damaged


def test_several_notes_and_what_stands_in_brackets_are_german_too() -> None:
    say = Words("de").sentence
    several = (
        "its cloud seems to be in another unit than the others; the photo is one flat colour (red 1, green 2, blue 3)"
    )
    assert say(several) == (
        "seine Punktwolke scheint in einer anderen Einheit zu sein als die übrigen; "
        "das Foto ist eine einzige Farbe (Rot 1, Grün 2, Blau 3)"
    )
    assert say("b; c.png: Permission denied") == "b; c.png: Keine Berechtigung"
    assert say("a.ply has no PLY header; export it again") == "a.ply hat keinen PLY-Kopf; bitte neu exportieren"
    assert say("what nobody says; a pipe") == "what nobody says; a pipe"
    patches = "photos of 9 x 8 pixels are compared in patches of 3 x 2: defects that are much smaller may go unseen"
    assert say(f"{patches}; a closer look takes `tiles` = auto, or 2x3 (6 a photo)") == (
        "Fotos mit 9 x 8 Pixeln werden in Feldern von 3 x 2 verglichen: viel kleinere Fehler bleiben womöglich "
        "unerkannt; ein näherer Blick braucht `tiles` = auto oder 2x3 (6 je Foto)"
    )
    left = "3 files were left out: 1 mask of no photo, 2 .txt"
    assert say(left) == "ausgelassene Dateien (3): 1 Maske ohne Foto, 2 .txt"


def test_a_long_list_that_nobody_knows_is_soon_left_as_it_is() -> None:
    unknown = "; ".join(f"what nobody says {number}" for number in range(60))
    assert Words("de").sentence(unknown) == unknown


def make_sentence(pattern: str) -> str:
    """Fill the groups of a pattern."""
    said = re.sub(r"(?<!\\)\(([^()]*)\)", lambda group: "7" if group[1] == r"\d+" else "s://word", pattern)
    return re.sub(r"\\(.)", r"\1", said.replace(".+", "word"))


def test_no_pattern_takes_the_sentence_of_another() -> None:
    patterns = [pattern for pattern, _ in _compile_sentences()]
    made = [(pattern, make_sentence(pattern.pattern)) for pattern in patterns]
    fitting = [(pattern, said) for pattern, said in made if pattern.fullmatch(said)]
    assert len(fitting) > 0.9 * len(patterns)
    for pattern, said in fitting:
        assert next(other for other in patterns if other.fullmatch(said)) is pattern, said


@pytest.mark.parametrize(
    ("said", "german"),
    [
        (
            "a.las is damaged: its header says no step from one coordinate to the next; export it again",
            "a.las ist beschädigt: Ihr Kopf nennt keine Schrittweite der Koordinaten; bitte noch einmal exportieren",
        ),
        ("/w/inspector.db is damaged: permission denied", "/w/inspector.db ist beschädigt: keine Berechtigung"),
        (
            "/w/a: No space left on device; its log tells where",
            "/w/a: Kein Platz mehr auf dem Datenträger; mehr dazu im Protokoll",
        ),
        ("coco is not written: permission denied", "coco wird nicht geschrieben: keine Berechtigung"),
        ("line: the broker is there again", "line: Der Broker ist wieder da"),
        (
            "cannot read the recipe /a.toml: it is a pipe or a device, and no file",
            "das Rezept /a.toml ist nicht lesbar: es ist eine Pipe oder ein Gerät und keine Datei",
        ),
        (
            "photos cannot be written: no space left on device; they wait",
            "Fotos können nicht geschrieben werden: kein Platz mehr auf dem Datenträger; sie warten",
        ),
        (
            "it has more bands than a picture, of which the first one is scored (2)",
            "sie hat mehr Kanäle als ein Bild, davon wird der erste bewertet (2)",
        ),
        (
            "a.ply: this watch judges photos alone; clouds are passed over",
            "a.ply: Hier werden nur Fotos beurteilt; Punktwolken werden übergangen",
        ),
    ],
)
def test_the_pattern_with_the_most_text_of_its_own_counts(said: str, german: str) -> None:
    assert Words("de").sentence(said) == german


def test_a_note_before_further_pictures_stands_by_itself() -> None:
    told = Words("de").sentence("its 2 scans were united; 1 further picture in the file passed over")
    assert told == "ihre 2 Scans wurden vereint; in der Datei übergangen: 1 weiteres Bild"


def test_what_to_do_about_a_workspace_that_cannot_be_used_is_german() -> None:
    of_servers = [text for name, text in vars(refusals).items() if name.isupper() and isinstance(text, str)]
    remedies = {*of_servers, *refusals.STATES.values(), *refusals.OF_LIBPQ.values(), *REMEDIES.values()}
    say = Words("de").sentence
    told = {remedy: say(f"The workspace /w cannot be used: FATAL: lost; {remedy}") for remedy in remedies}
    assert len(told) > 15
    assert [remedy for remedy, german in told.items() if remedy in german or "FATAL: lost; " not in german] == []
    lost = say("the workspace /w cannot be used: lost; nothing was written, try again when it is back")
    assert lost.endswith(": lost; nichts wurde geschrieben, bitte noch einmal versuchen, wenn er wieder da ist")
