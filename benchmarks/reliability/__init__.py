"""What a station survives: kills, full disks, power cuts, many programs at once, damaged workspaces.

Each module prints a table of docs/reliability.md: `python -m benchmarks.reliability.kills`.
"""
