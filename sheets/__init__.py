"""Spreadsheets as people keep them: read, understood, loaded row by row."""
