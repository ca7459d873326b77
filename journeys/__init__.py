"""What journeys need that is no model: titles in words, changes to take over."""
