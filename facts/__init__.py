"""Plain Python behind the facts: how readings are checked, resolved and written."""
