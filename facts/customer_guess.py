"""Which customer a name that nobody knows may mean."""

import math
import re
from collections import Counter, defaultdict, namedtuple

from odoo.tools import SQL

from .account_resolver import vat_key
from .likeness import all_words_of, likeness, words_of

#: Who it may be, how sure that is (0 to 1), and why: ``name``, ``vat``, ``domain`` or
#: ``reference``.
Guess = namedtuple("Guess", "account_id certainty reason")
#: Under this nobody is proposed; from ``SURE`` on it is hardly anybody else.
LIKELY = 0.6
SURE = 0.95
#: So much less sure must the next one be.
_APART = 0.05
#: How sure it is that two are the same of whom that is the same.
_BY_KEY = {"vat": 0.97, "domain": 0.95, "reference": 0.95}
_CANDIDATES = 10
_PREFIX = 4
_VAT_ROOT = 8
_VAT_LENGTH = 14
#: Addresses there belong to no company.
_PUBLIC = {
    "gmail.com", "hotmail.com", "outlook.com", "live.com", "yahoo.com", "icloud.com",
    "yahoo.com.br", "uol.com.br", "bol.com.br", "terra.com.br", "hotmail.com.br",
}  # fmt: skip
_DOMAIN = re.compile(r"(?:^|@|//|www\.)([a-z0-9-]+(?:\.[a-z0-9-]+)+)")

_Customer = namedtuple("_Customer", "id company_id name vat ref email website")


class CustomerGuess:
    """Proposes customers for a whole list of names in one query.

    Customers that share a key with a name are looked at closely: the beginning of a
    word, the root of a CNPJ, the domain of an e-mail address, the reference but for
    zeros before it.
    """

    def __init__(self, env, companies):
        """
        :param companies: the res.company records whose customers are proposed
        """
        self.env = env
        self.company_ids = companies.ids
        self._customers = []
        #: sort of key → key → positions in the list of customers
        self._index = {}

    def of(self, names):
        """Return who names may mean.

        :param names: ``{anything: (name, id of a company, or None)}``
        :return: ``{the same: Guess}``, only of those that resemble somebody; one that
            resembles two equally is not in it
        """
        if not names:
            return {}
        self._load({name for name, _company in names.values()})
        guesses = {key: self._guess(*asked) for key, asked in names.items()}
        return {key: guess for key, guess in guesses.items() if guess}

    def _load(self, names):
        """Read the customers, and note by which wanted keys they are found."""
        wanted = {"word": set(), "vat": set(), "domain": set(), "reference": set()}
        for name in names:
            for sort, key in _keys(name):
                wanted[sort].add(key)
        self._index = {sort: defaultdict(list) for sort in wanted}
        self._customers = [
            _Customer(*row) for row in self.env.execute_query(self._sql_customers())
        ]
        for position, customer in enumerate(self._customers):
            for sort, keys in wanted.items():
                if keys:
                    for key in _KEYS_OF[sort](customer) & keys:
                        self._index[sort][key].append(position)

    def _sql_customers(self):
        self.env["res.partner"].flush_model(["name", "vat", "ref", "email", "website"])
        self.env["cs.account"].flush_model(["active", "company_id", "partner_id"])
        return SQL(
            """
            SELECT a.id, a.company_id, p.name, p.vat, p.ref, p.email, p.website
              FROM cs_account a JOIN res_partner p ON p.id = a.partner_id
             WHERE a.active AND a.company_id = ANY(%s)
             ORDER BY a.id
            """,
            self.company_ids,
        )

    def _guess(self, name, company_id):
        words = _words(name)
        rated = sorted(
            (
                self._rate(words, self._customers[position], sorts)
                for position, sorts in self._candidates(name, company_id)
            ),
            key=lambda guess: -guess.certainty,
        )
        if not rated or rated[0].certainty < LIKELY:
            return None
        best, *others = rated
        second = others[0].certainty if others else 0
        is_alone = best.certainty - second >= _APART or best.certainty == 1 > second
        return best if is_alone else None

    def _rate(self, words, customer, sorts):
        for reason, certainty in _BY_KEY.items():
            if reason in sorts:
                return Guess(customer.id, certainty, reason)
        certainty = likeness(words, words_of(customer.name), self._weight)
        return Guess(customer.id, certainty, "name")

    def _weight(self, word):
        """Return how much a word says: the more customers share it, the less."""
        sharing = len(self._index["word"].get(word[:_PREFIX], ())) or 1
        return math.log(1 + len(self._customers) / sharing) + 0.1

    def _candidates(self, name, company_id):
        """Return the customers that share most with a name, and what they share.

        :return: ``[(position, sorts of the shared keys)]``
        """
        found = [
            (sort, self._index[sort][key])
            for sort, key in _keys(name)
            if key in self._index[sort]
        ]
        rare = max(200, len(self._customers) // 200)
        usable = [one for one in found if len(one[1]) <= rare]
        if not usable and len(found) > 1:
            # All its words are common; few customers have two of them.
            (_s, first), (_s, second) = sorted(found, key=lambda one: len(one[1]))[:2]
            usable = [("word", sorted(set(first) & set(second)))]
        shared, sorts = Counter(), defaultdict(set)
        for sort, positions in usable:
            for position in positions:
                if company_id in (None, self._customers[position].company_id):
                    shared[position] += 1 / len(positions)
                    sorts[position].add(sort)
        most = shared.most_common(_CANDIDATES)
        return [(position, sorts[position]) for position, _weight in most]


def _words(name):
    """Return the words of a name; of an e-mail address or a domain those of its name.

    >>> _words("joao@padariasol.com.br"), _words("Padaria Sol")
    (['padariasol'], ['padaria', 'sol'])
    """
    domain = _domain(name)
    return words_of(domain.split(".")[0] if domain else name)


def _domain(text):
    text = text.strip().lower()
    found = None if " " in text else _DOMAIN.search(text)
    return found[1].removeprefix("www.") if found else ""


def _vat_root(text):
    key = vat_key(text)
    return key[:_VAT_ROOT] if len(key) == _VAT_LENGTH else ""


def _reference(text):
    return text.strip().lower().lstrip("0")


def _keys(name):
    """Return by what customers are found that a name may mean: ``{(sort, key)}``."""
    keys = {("word", word[:_PREFIX]) for word in _words(name)}
    domain = _domain(name)
    keys |= {
        ("vat", _vat_root(name)),
        ("domain", "" if domain in _PUBLIC else domain),
        ("reference", _reference(name)),
    }
    return {(sort, key) for sort, key in keys if key}


#: How the keys of a customer are made, by their sort.
_KEYS_OF = {
    "word": lambda one: {word[:_PREFIX] for word in all_words_of(one.name)},
    "vat": lambda one: {_vat_root(one.vat or "")},
    "domain": lambda one: {_domain(one.email or ""), _domain(one.website or "")},
    "reference": lambda one: {_reference(one.ref or "")},
}
