"""How alike two names of a company are, as a person would say it."""

import string
from difflib import SequenceMatcher

#: Words that say nothing about which company it is.
_FORMS = {
    "ltda", "sa", "me", "epp", "eireli", "mei", "cia", "inc", "ltd", "llc", "gmbh",
    "de", "do", "da", "dos", "das", "e", "a", "o", "the", "and", "of",
}  # fmt: skip
_ACCENTS = "áàâãäåéèêëíìîïóòôõöúùûüçñ"
_PLAIN = "aaaaaaeeeeiiiiooooouuuucn"
_LETTERS = str.maketrans(
    _ACCENTS + string.punctuation, _PLAIN + " " * len(string.punctuation)
)
#: So alike must two words be to be the same, mistyped.
_SAME_WORD = 0.8
#: Weight of what both share in the name asked for, and in the other one.
_ASKED, _OTHER = 0.7, 0.3


def all_words_of(name):
    """Return the words of a name, small and without accents."""
    return (name or "").lower().replace("s/a", "sa").translate(_LETTERS).split()


def words_of(name):
    """Return the words of a name that tell it from others.

    >>> words_of("Padaria do Sol Ltda."), words_of("AÇÃO S/A")
    (['padaria', 'sol'], ['acao'])
    """
    words = all_words_of(name)
    return [word for word in words if word not in _FORMS] or words


def likeness(asked, other, weight_of):
    """Return how alike two names are, from 0 to 1.

    Rare words count more than those that many companies have in their names.

    :param asked: the words of one, see :func:`words_of`
    :param other: the words of the other
    :param weight_of: function from a word of ``asked`` to its weight
    """
    if not asked or not other:
        return 0.0
    if "".join(asked) == "".join(other):
        return 1.0
    left, total, shared = set(other), 0.0, 0.0
    for word in asked:
        weight = weight_of(word)
        total += weight
        match = max(left, key=lambda one: _same(word, one), default=None)
        if match and _same(word, match) >= _SAME_WORD:
            shared += weight * _same(word, match)
            left.discard(match)
    if not shared:
        return 0.0
    # A word that only the other has is as rare as the asked ones are on average.
    rest = len(left) * total / len(asked)
    return _ASKED * shared / total + _OTHER * shared / (shared + rest)


def _same(word, other):
    if word == other:
        return 1.0
    if min(len(word), len(other)) < 4:
        return 0.0
    return SequenceMatcher(None, word, other).ratio()
