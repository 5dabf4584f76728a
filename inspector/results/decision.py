"""Thresholds and defect regions for those who read results: the app may not look into the scoring itself."""

from inspector.scoring.threshold import Region, defect_regions, label_free_threshold, to_map_scale

__all__ = ["Region", "defect_regions", "label_free_threshold", "to_map_scale"]
