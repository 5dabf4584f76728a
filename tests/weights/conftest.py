"""Networks and folders of weights, as the tests of features have them."""

from tests.features.conftest import tiny, weights_home

__all__ = ["tiny", "weights_home"]
