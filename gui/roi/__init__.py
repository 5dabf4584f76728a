"""Drawing what of a part is looked at, and how long a millimetre is."""
