"""What is started where the engine is wanted."""

import sys

ENGINE = (sys.executable, "-m", "inspector.cli")
