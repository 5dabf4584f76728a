"""`python -m gui.clouds.gl_check`: says what OpenGL there is; exit code 1 = none. Run apart, for drivers may crash."""

import sys

from PySide6.QtGui import QGuiApplication, QOffscreenSurface, QOpenGLContext


def describe_gl() -> str:
    """Return renderer and version of this desktop's OpenGL, "" where there is none; a QGuiApplication is there."""
    context, surface = QOpenGLContext(), QOffscreenSurface()
    surface.create()
    if not (context.create() and context.makeCurrent(surface)):
        return ""
    functions = context.functions()
    words = [functions.glGetString(name) for name in (0x1F01, 0x1F02)]  # GL_RENDERER, GL_VERSION
    context.doneCurrent()
    return "OpenGL: " + ", ".join(str(word) for word in words if word)


def main() -> None:
    """Print it and exit."""
    application = QGuiApplication.instance() or QGuiApplication(sys.argv[:1])
    found = describe_gl()
    del application
    sys.stdout.write(f"{found}\n")
    sys.exit(0 if found else 1)


if __name__ == "__main__":
    main()
