"""Forks the scenarios of drive.py from a process that has loaded the app; its engines are forked, too.

    python tests/gui/forked_app.py DOOR [WORD ...]

DOOR is the number of a socket that stand-ins are listened to at, the words are the command of the engine. It ends with
its standard input.
"""

import importlib
import socket
import sys

import gui.engine.command
from tests.stand_in import fork_for_each

LATE = ("gui.start.runs", "gui.review.operator_mode", "gui.review.screen", "gui.scanning.dialog", "gui.watch.dialog")
"""What the app loads when it is asked for."""

if __name__ == "__main__":
    gui.engine.command.ENGINE = tuple(sys.argv[2:])  # before what starts it is loaded
    drive = importlib.import_module("tests.gui.drive")
    for name in LATE:
        importlib.import_module(name)
    assert "torch" not in sys.modules
    drive.main(fork_for_each(socket.socket(fileno=int(sys.argv[1])), sys.stdin.fileno()))
