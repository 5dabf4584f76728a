"""`inspector scan --judged-by RUN`."""

from inspector.store.workspace import Workspace

SMALL = ("--image-size", 64, "--more-sizes", "none")


def test_a_batch_is_scanned_again_judged_by_accepted_parts(run, make_photos, tmp_path):
    make_photos(tmp_path / "batch", 5, spot=True)
    code, _, stderr = run("scan", tmp_path / "batch", *SMALL, "--judged-by", 1, "--dry-run")
    assert (code, "there is no workspace in" in stderr) == (1, True)
    assert not (tmp_path / "workspace" / "inspector.db").exists()
    run("scan", tmp_path / "batch", *SMALL)

    code, _, stderr = run("scan", tmp_path / "batch", *SMALL, "--judged-by", 1)
    assert (code, "under the names that they had: 0 of 0; accept" in stderr) == (1, True)

    with Workspace(tmp_path / "workspace") as store:
        for sample in store.runs.samples(1)[1:4]:
            store.verdicts.add(sample.id, "ann", "accepted")
    code, stdout, _ = run("scan", tmp_path / "batch", *SMALL, "--judged-by", 1, "--dry-run")
    assert (code, "# judged by the 3 parts that were accepted in run 1" in stdout) == (0, True)
    code, stdout, stderr = run("scan", tmp_path / "batch", *SMALL, "--judged-by", 1)
    assert (code, "Run 2: " in stdout) == (0, True)
    assert "judged by the 3 parts that were accepted in run 1" in stderr

    code, _, stderr = run("scan", tmp_path / "batch", "--resume", "--judged-by", 1)
    assert (code, "--judged-by" in stderr) == (2, True)


def test_report_of_it_says_what_accepted_parts_cannot_show(run, make_photos, tmp_path):
    make_photos(tmp_path / "batch", 5, spot=True)
    run("scan", tmp_path / "batch", *SMALL)
    with Workspace(tmp_path / "workspace") as store:
        for sample in store.runs.samples(1)[1:4]:
            store.verdicts.add(sample.id, "ann", "accepted")
    run("scan", tmp_path / "batch", *SMALL, "--judged-by", 1)
    told = []
    for number in (1, 2):
        run("export", number, "--out", tmp_path / str(number), "--what", "report,verdicts")
        page = (tmp_path / str(number) / "report.html").read_text(encoding="utf-8")
        told.append(("compared with each other" in page, "compared with those that were accepted before" in page))
        assert page.count(", carried over</p>") == (0, 3)[number - 1]
        table = (tmp_path / str(number) / "verdicts.csv").read_text(encoding="utf-8").splitlines()
        assert table[0].endswith(",carried_from") == (number == 2)
    assert told == [(True, False), (False, True)]
    assert sum(line.endswith(",1") and ",ann," in line for line in table) == 3
    run("statistics", "--out", tmp_path / "figures")
    header, *rows = (tmp_path / "figures" / "agreement.csv").read_text(encoding="utf-8").splitlines()
    assert header.endswith(",carried over")
    assert sum(int(row.rpartition(",")[2]) for row in rows) == 3
