"""The embeddings of a run, one row for each scored sample: what its scores were re-scored with."""

import numpy as np
from numpy.typing import NDArray

from inspector.errors import StoreError
from inspector.store.arrays import DAMAGED, to_npy
from inspector.store.artefacts import write_file
from inspector.store.workspace import Workspace


def save_embeddings(store: Workspace, run_id: int, embeddings: NDArray[np.float32]) -> None:
    """Keep the embeddings of a run: (N, D) float32, the scored samples in batch order."""
    path = store.artefacts.run_folder(run_id) / "embeddings.npy"
    with write_file(path) as beside:
        beside.write_bytes(to_npy(embeddings.astype(np.float32)))


def load_embeddings(store: Workspace, run_id: int) -> tuple[list[str], NDArray[np.float32]]:
    """Return the names of a run's scored samples and their embeddings, (N, D) float32.

    Raises:
        StoreError: there is no such run, it is not done, or its embeddings are missing or damaged.
    """
    run = store.runs.get(run_id)
    if run.status != "done":
        raise StoreError(f"run {run_id} is {run.status}, not done; finish it with `resume`")
    names = [sample.name for sample in store.runs.samples(run_id) if sample.raw_score is not None]
    path = store.artefacts.run_folder(run_id) / "embeddings.npy"
    try:
        embeddings = np.load(path, mmap_mode="r")  # its shape is told by its size before it is read
        if embeddings.ndim != 2 or len(embeddings) != len(names) or embeddings.dtype != np.float32:
            raise StoreError(f"the embeddings {path} are not those of the run's {len(names)} samples; scan again")
        return names, np.array(embeddings)
    except DAMAGED as error:
        raise StoreError(f"the embeddings {path} are missing or damaged; scan {run.root} again") from error
