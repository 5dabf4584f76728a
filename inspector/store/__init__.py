"""The workspace: runs, samples and verdicts in a database, maps and pictures as files beside it. No torch."""
