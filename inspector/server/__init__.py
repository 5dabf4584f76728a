"""The workspace over HTTP: what scans left, verdicts, and scans in a queue. Needs the extra `serve`."""
