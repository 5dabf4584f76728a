import sys

import pytest

from inspector.errors import SettingsError
from inspector.sinks.address import hide_password
from inspector.sinks.register import make_sink, make_sinks
from tests.modules import forget_modules


@pytest.mark.parametrize("wrong", ["", "file", "file:", "post:x", "/line/results"])
def test_what_is_no_address_is_refused_with_the_kinds(wrong):
    with pytest.raises(SettingsError, match="begin it with one of: command:, http:, https:"):
        make_sink(wrong)


def test_passwords_of_unknown_kinds_are_not_told():
    with pytest.raises(SettingsError) as told:
        make_sink("mtqq://line:secret@plant/parts")

    assert "secret" not in str(told.value)
    assert hide_password("mqtt://plant/parts") == "mqtt://plant/parts"


def test_a_receiver_is_named_once(tmp_path):
    with pytest.raises(SettingsError, match="is named twice"):
        make_sinks([f"file:{tmp_path}", f"file:{tmp_path}"])
    with pytest.raises(SettingsError, match="to one folder only"):
        make_sinks([f"move:{tmp_path}/a", f"move:{tmp_path}/b"])


@pytest.mark.parametrize(
    ("address", "package"),
    [("mqtt://plant/parts", "paho"), ("opcua://plant/i=1", "asyncua"), ("opcua-server://0.0.0.0:4840", "asyncua")],
)
def test_a_kind_whose_package_is_missing_says_how_to_install_it(address, package, monkeypatch):
    forget_modules(monkeypatch, f"{package}.", "inspector.sinks.mqtt", "inspector.sinks.opcua")
    monkeypatch.setitem(sys.modules, package, None)

    with pytest.raises(SettingsError, match=r"which is not installed; pip install 'mutual-inspector\[line\]'"):
        make_sink(address)
