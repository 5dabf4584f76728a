"""The review screen: list, viewer, panel, and the session behind them."""
