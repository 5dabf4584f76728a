"""The support archive tells what happened, and neither what the parts look like nor who decided."""

import json
import sqlite3
import zipfile
from contextlib import closing

import pytest

from inspector.errors import StoreError
from inspector.health.bundle import write_bundle
from inspector.health.findings import Finding
from inspector.store.workspace import Workspace


def test_archive_has_log_settings_versions_and_schema_but_no_images_nor_names(run, tmp_path, make_photos):
    secret = tmp_path / "Secret Customer"
    for path in make_photos(secret, 2):
        path.rename(path.with_name(f"prototype-{path.name}"))
    (secret / "prototype_bad.png").write_text("no image")
    assert run("scan", secret, "--image-size", 64, "--more-sizes", "none")[0] == 0
    with Workspace(tmp_path / "workspace") as store:
        store.verdicts.add(1, "Ada Lovelace", "rejected", "shameful dent")
    with closing(sqlite3.connect(tmp_path / "workspace" / "inspector.db")) as database:
        database.execute("UPDATE verdict SET comment = 'it''s \"shameful\"; all', operator = 'Ada \"the\" Lovelace'")
        database.commit()
    run("audit")

    with Workspace(tmp_path / "workspace") as store:
        [problem] = store.audit.find_problems()
    assert "Ada Lovelace" in problem
    findings = [Finding("database", "wrong", problem, "look"), Finding("versions", "good", "torch 2")]
    write_bundle(tmp_path / "workspace", findings, tmp_path / "support.zip")

    with zipfile.ZipFile(tmp_path / "support.zip") as archive:
        content = {name: archive.read(name).decode() for name in archive.namelist()}
    assert list(content) == ["doctor.json", "runs.json", "schema.sql", "logs/inspector.log"]
    everything = "\n".join(content.values())
    for word in ("Secret", "Customer", "prototype", "Ada", "Lovelace", "shameful", str(tmp_path)):
        assert word not in everything
    assert json.loads(content["doctor.json"])[0]["message"] == "verdict 1 (run 1) was changed"
    [facts] = json.loads(content["runs.json"])
    assert facts["settings"]["image_size"] == 64
    assert facts["samples"] == 3
    assert "CREATE TABLE run" in content["schema.sql"]
    assert "begins: scan <run 1> --image-size 64" in content["logs/inspector.log"]
    assert "<file>.png" in content["logs/inspector.log"]
    assert "verdict 1 (run 1) was changed" in content["logs/inspector.log"]


def test_archive_of_a_damaged_or_missing_workspace(tmp_path):
    write_bundle(tmp_path / "none", [], tmp_path / "a.zip")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "inspector.db").write_bytes(b"no database " * 999)
    write_bundle(tmp_path / "broken", [], tmp_path / "b.zip")

    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        assert archive.read("schema.sql") == b"-- file is not a database\n"
    with pytest.raises(StoreError, match="choose another place"):
        write_bundle(tmp_path / "none", [], tmp_path / "a.zip" / "c.zip")
