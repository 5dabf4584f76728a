import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    "module", ["inspector", "inspector.settings", "inspector.events", "inspector.results.store", "inspector.cli"]
)
def test_import_loads_no_torch(module):
    code = f"import sys, {module}; sys.exit(any(m in sys.modules for m in ('torch', 'timm', 'open3d', 'PySide6')))"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
