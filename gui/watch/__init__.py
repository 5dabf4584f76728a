"""A line: a folder is watched, parts are judged as they come, and the pool that judges them is looked at."""
