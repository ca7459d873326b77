"""How health is judged, in SQL, and explained to the last digit, in plain Python."""
