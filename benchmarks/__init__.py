"""Measurements; each module runs with `python -m benchmarks.NAME`."""

import os

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # as the command line sets it, before torch is loaded
