"""What every screen shares: commands, menus, keys, theme, preferences, dialogs, work off the GUI thread."""
