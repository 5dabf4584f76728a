"""What re-scoring gives, by nearness and over the published windows (RsCIN); prints a markdown table.

python -m benchmarks.nearness DATASET [DATASET ...] [--most N] [--planted SEED | --few SEED] [--turned]
    [--metric FILE] [--widths 0.7] [--draws 1000] [--threads 2]

A dataset is a folder in a layout with labels. Image AUROC in percent: before re-scoring, by RsCIN, and by nearness with
each of some widths of the kernel, and how far that is from RsCIN, with the 95 % interval of a paired bootstrap over
photos. Features are those of the default, with the subspace where parts lie alike, without poses.
"""

from dataclasses import replace

import numpy as np
import torch

from benchmarks.leave_out import AFTER, CHOICES
from benchmarks.poses import draw_photos, make_parser, write_difference
from benchmarks.subspace import add_draws, load_chosen, measure
from inspector.presets import EMBEDDED
from inspector.scoring.rescoring import WIDTH, rescore_near


def main() -> None:
    """Print one table."""
    parser = make_parser(__doc__ or "")
    add_draws(parser)
    parser.add_argument("--widths", type=float, nargs="+", default=[WIDTH])
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    widths = [f"by nearness, {width:g}" for width in arguments.widths]
    print(f"| set | before | RsCIN | {' | '.join(widths)} |\n|---|---|---|{'---|' * len(widths)}")
    for folder in arguments.datasets:
        dataset = load_chosen(folder, arguments)
        windows = measure(dataset, EMBEDDED.subspace, always=False)[0][1]
        drawn = draw_photos(windows.labels, arguments.draws)
        raw, embeddings = torch.from_numpy(windows.raw), dataset.tokens(CHOICES[AFTER][0].size, 3)[1]
        cells = [folder.name, f"{windows.auroc(raw=True):.1f}", f"{windows.auroc():.1f}"]
        for width in arguments.widths:
            near = replace(windows, final=rescore_near(raw, embeddings, width=width).numpy())
            apart = np.array([near.auroc(places) - windows.auroc(places) for places in drawn])
            cells.append(f"{near.auroc():.1f} {write_difference(near.auroc() - windows.auroc(), apart)}")
        print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
