"""What the app loads, and what it must not."""

import gc
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def loaded_after(code: str) -> set[str]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", f"{code}\nimport sys; print(' '.join(sys.modules))"]
    return set(
        subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, env=environment).stdout.split()
    )


def test_the_first_picture_of_the_window_needs_neither_numpy_nor_pydantic(tmp_path: Path) -> None:
    build = f"kept = gui.app.build(['app', '--workspace', {str(tmp_path)!r}])"
    modules = loaded_after(f"import gui.app\n{build}")
    assert modules.isdisjoint({"torch", "timm", "open3d", "numpy", "cv2", "sqlalchemy", "pydantic", "pyqtgraph"})


def test_the_list_of_runs_needs_no_readers_of_pictures_and_no_scipy() -> None:
    modules = loaded_after("import gui.start.runs")
    assert "inspector.store.workspace" in modules
    assert modules.isdisjoint({"scipy", "PIL", "tifffile", "yaml", "inspector.data.photos", "gui.review.screen"})


def test_imports_of_the_store_leave_the_collector_of_garbage_on() -> None:
    from gui.app import _load_store

    _load_store()
    assert gc.isenabled()


def test_nothing_in_the_app_loads_torch_or_opengl_before_a_cloud_is_shown() -> None:
    modules = loaded_after(
        "import gui.app, gui.review.screen, gui.export.dialog, gui.scanning.dialog, gui.export.pdf, gui.clouds.view"
    )
    assert "inspector.store.workspace" in modules
    assert modules.isdisjoint({"torch", "timm", "open3d", "pyqtgraph", "inspector.jobs.scan"})


def test_the_qt_binding_keeps_its_references() -> None:
    """PySide6 6.12.0 did not, before Python 3.12: the app ended after some thousand calls."""
    loaded_after(
        "import sys\n"
        "from PySide6.QtWidgets import QApplication, QWidget\n"
        "app, before = QApplication([]), sys.getrefcount(None)\n"
        "widget = QWidget()\n"
        "for _ in range(200): widget.update()\n"
        "assert sys.getrefcount(None) > before - 100"
    )


def test_plugin_paths_of_opencv_are_forgotten() -> None:
    from gui.app import forget_foreign_plugins

    opencv = str(Path("x") / "site-packages" / "cv2" / "qt" / "plugins")
    environment = {"QT_QPA_PLATFORM_PLUGIN_PATH": opencv, "QT_QPA_FONTDIR": "/usr/share/fonts", "HOME": "/h"}
    forget_foreign_plugins(environment)
    assert environment == {"QT_QPA_FONTDIR": "/usr/share/fonts", "HOME": "/h"}
