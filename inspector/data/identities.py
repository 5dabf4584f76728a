"""Which parts the photos of a batch show, by the names of their files."""

from dataclasses import replace

from inspector.data.samples import Batch
from inspector.part_rule import describe_misfits, read_identity


def identify_batch(batch: Batch, rule: str) -> Batch:
    """Return a batch whose samples know what a rule catches of their names; a note says where it catches nothing.

    Args:
        batch: any.
        rule: see `inspector.part_rule`; "" = the batch as it is.
    """
    if not rule:
        return batch
    samples = tuple(
        replace(each, identity={**each.identity, **read_identity(rule, each.name)}) for each in batch.samples
    )
    told = describe_misfits(rule, (sample.name for sample in samples))
    return replace(batch, samples=samples, notes=(*batch.notes, *([told] if told else [])))
