"""Kinds of sources and built-in counts, by their keys."""

#: cs.metric.source.kind → class
KINDS = {}
#: cs.metric.source.builtin → class
BUILTINS = {}


def kind(cls):
    """Register the class of a kind of source."""
    KINDS[cls.kind] = cls
    return cls


def builtin(cls):
    """Register the class that counts one of our own models."""
    BUILTINS[cls.key] = cls
    return cls


def kind_of(source):
    """Return the object that fetches for a ``cs.metric.source``."""
    return KINDS[source.kind].of(source)
