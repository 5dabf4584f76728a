"""What is known to be wrong still, until it is mended."""

UNMENDED: frozenset[str] = frozenset(
    {
        *("photo-tif", "photo-jpg", "mask-png", "mask-bmp", "mask-tif", "mask-jpg"),
        *("cloud-ply", "cloud-pcd", "cloud-tiff", "cloud-png", "cloud-xyz", "cloud-background"),
        *("eyecandies-depth.png", "eyecandies-info_depth.yaml", "visa-csv"),
        *("embeddings-npz", "embeddings-npy", "scores-csv", "settings-toml"),
    }
)
"""Readers from which something still escapes."""
