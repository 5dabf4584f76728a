"""What is known to be wrong still, until it is mended."""

UNREAD: frozenset[str] = frozenset({"photo-jxl", "mask-tif", "cloud-ply", "visa-csv"})
"""Readers that do not yet read all their seeds."""

UNMENDED: frozenset[str] = frozenset(
    {
        *("photo-tif", "photo-jpg", "photo-avif", "photo-gif", "mask-png", "mask-bmp", "mask-tif", "mask-jpg"),
        *("cloud-ply", "cloud-pcd", "cloud-tiff", "cloud-png", "cloud-xyz", "cloud-background"),
        *("eyecandies-depth.png", "visa-csv", "embeddings-npz", "embeddings-npy", "scores-csv", "settings-toml"),
    }
)
"""Readers from which something still escapes."""
