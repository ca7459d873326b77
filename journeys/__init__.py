from . import titles
