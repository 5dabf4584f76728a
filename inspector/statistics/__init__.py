"""Statistics over runs: yield, agreement, Pareto charts and control charts, as numbers and as a report."""
