"""Where the results of a watched line go: each sink takes them one by one, in order, none lost."""
