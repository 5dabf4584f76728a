import pytest

from inspector.errors import InputError


def test_workers_go_with_a_local_cluster_alone(run, folder, make_photos):
    make_photos(folder, 2)

    code, _, told = run("scan", folder, "--ray-workers", "2")

    assert code == 2
    assert "--ray local" in told


def test_what_to_install_is_told_where_ray_is_not(monkeypatch):
    from inspector.cli.cluster import open_engine

    monkeypatch.setattr("inspector.cli.cluster.find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"mutual-inspector\[cluster\]"), open_engine("local", None):
        pass


def test_without_an_address_this_process_does_the_work():
    from inspector.cli.cluster import open_engine
    from inspector.jobs.engine import ALONE

    with open_engine(None, None) as engine:
        assert engine is ALONE
