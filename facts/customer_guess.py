"""Which customer a name that nobody knows may mean."""

import math
import re
from collections import defaultdict, namedtuple

from odoo.tools import SQL

from .account_resolver import vat_key
from .likeness import likeness, words_of

#: Who it may be, how sure that is (0 to 1), and why: ``name``, ``vat``, ``domain`` or
#: ``ref``.
Guess = namedtuple("Guess", "account_id certainty reason")
#: Under this nobody is proposed; from ``SURE`` on it is hardly anybody else.
LIKELY = 0.6
SURE = 0.85
#: So much less sure must the next one be.
_APART = 0.05
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
_ACCENTS = "áàâãäéèêëíìîïóòôõöúùûüçñ"
_PLAIN = "aaaaaeeeeiiiiooooouuuucn"
_SIGNS = ".,;:/\\-_&'\"()|+*#@"


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

    def of(self, names):
        """Return who names may mean.

        :param names: ``{anything: (name, id of a company, or None)}``
        :return: ``{the same: Guess}``, only of those that resemble somebody; one that
            resembles two equally is not in it
        """
        asked = {key: (_keys(name), company) for key, (name, company) in names.items()}
        positions = list(asked)
        rarity, rows = self._candidates([asked[key] for key in positions])
        total = max(rarity.pop("", 1), 1)
        candidates = defaultdict(list)
        for position, *candidate in rows:
            candidates[positions[position]].append(candidate)
        weight = _weigher(rarity, total)
        guesses = {}
        for key, found in candidates.items():
            rated = sorted(
                (self._rate(names[key][0], one, weight) for one in found),
                key=lambda guess: -guess.certainty,
            )
            best, *others = rated
            is_alone = not others or best.certainty - others[0].certainty >= _APART
            if best.certainty >= LIKELY and is_alone:
                guesses[key] = best
        return guesses

    def _rate(self, name, candidate, weight):
        account_id, other, shared = candidate
        reasons = {key[0] for key in shared}
        for sign, reason, certainty in (
            ("v", "vat", 0.95),
            ("d", "domain", 0.9),
            ("r", "ref", 0.9),
        ):
            if sign in reasons:
                return Guess(account_id, certainty, reason)
        certainty = likeness(_words(name), words_of(other), weight)
        return Guess(account_id, certainty, "name")

    def _candidates(self, asked):
        """Return how many customers have each key, and those that share most.

        :param asked: list of ``(keys, id of a company, or None)``
        :return: ``({key: customers; "": all}, [(position, account id, name, keys)])``
        """
        rows = [
            (position, company, key)
            for position, (keys, company) in enumerate(asked)
            for key in keys
        ]
        if not rows:
            return {}, []
        positions, companies, keys = zip(*rows, strict=True)
        [(rarity, candidates)] = self.env.execute_query(
            SQL(
                """
                WITH asked AS MATERIALIZED (
                    SELECT *
                      FROM unnest(%(positions)s::int[], %(companies)s::int[],
                                  %(keys)s::text[]) a (position, company_id, key)
                ), customers AS MATERIALIZED (
                    %(customers)s
                ), keyed AS MATERIALIZED (
                    SELECT DISTINCT k.key, c.id, c.company_id
                      FROM customers c CROSS JOIN LATERAL (%(own_keys)s) k (key)
                     WHERE k.key IN (SELECT key FROM asked)
                ), rarity AS MATERIALIZED (
                    SELECT key, count(*) AS n FROM keyed GROUP BY key
                ), shared AS (
                    SELECT a.position, k.id, array_agg(a.key) AS keys,
                           row_number() OVER (
                               PARTITION BY a.position
                               ORDER BY sum(1.0 / r.n) DESC, k.id
                           ) AS rank
                      FROM asked a
                      JOIN keyed k ON k.key = a.key
                       AND (a.company_id IS NULL OR a.company_id = k.company_id)
                      JOIN rarity r ON r.key = a.key
                     GROUP BY a.position, k.id
                )
                SELECT (SELECT json_object_agg(key, n)
                          FROM (SELECT key, n FROM rarity
                                 UNION ALL
                                SELECT '', count(*) FROM customers) every),
                       (SELECT json_agg(json_build_array(
                                   s.position, c.id, c.name, s.keys))
                          FROM shared s JOIN customers c USING (id)
                         WHERE s.rank <= %(most)s)
                """,
                positions=list(positions),
                companies=list(companies),
                keys=list(keys),
                customers=self._sql_customers(),
                own_keys=_sql_own_keys(),
                most=_CANDIDATES,
            )
        )
        return rarity or {}, candidates or []

    def _sql_customers(self):
        self.env["res.partner"].flush_model(["name", "vat", "ref", "email", "website"])
        self.env["cs.account"].flush_model(["active", "company_id", "partner_id"])
        return SQL(
            """
            SELECT a.id, a.company_id, p.name, p.vat, p.ref, p.email, p.website
              FROM cs_account a JOIN res_partner p ON p.id = a.partner_id
             WHERE a.active AND a.company_id = ANY(%s)
            """,
            self.company_ids,
        )


def _words(name):
    """Return the words of a name; of an e-mail address or a domain those of its name.

    >>> _words("joao@padariasol.com.br"), _words("Padaria Sol")
    (['padariasol'], ['padaria', 'sol'])
    """
    domain = _domain(name)
    return words_of(domain.split(".")[0] if domain else name)


def _domain(name):
    found = None if " " in name.strip() else _DOMAIN.search(name.strip().lower())
    return found and found[1].removeprefix("www.")


def _keys(name):
    """Return by what customers are found that a name may mean."""
    keys = {f"n{word[:_PREFIX]}" for word in _words(name)}
    vat = vat_key(name)
    if len(vat) == _VAT_LENGTH:
        keys.add(f"v{vat[:_VAT_ROOT]}")
    domain = _domain(name)
    if domain and domain not in _PUBLIC:
        keys.add(f"d{domain}")
    reference = name.strip().lower().lstrip("0")
    if reference:
        keys.add(f"r{reference}")
    return keys


def _sql_own_keys():
    """Return the keys of the customer ``c``, as :func:`_keys` makes them."""
    vat_digits = SQL(
        "regexp_replace(regexp_replace(upper(c.vat), '[^0-9A-Z]', '', 'g'),"
        " '^[A-Z]+', '')"
    )
    return SQL(
        """
        SELECT 'n' || left(word, %(prefix)s)
          FROM unnest(string_to_array(
                   translate(translate(lower(c.name), %(accents)s, %(plain)s),
                             %(signs)s, %(spaces)s), ' ')) word
         WHERE word <> ''
         UNION ALL
        SELECT 'v' || left(%(vat)s, %(root)s)
         WHERE c.vat IS NOT NULL AND length(%(vat)s) = %(vat_length)s
         UNION ALL
        SELECT 'd' || lower(split_part(c.email, '@', 2)) WHERE c.email LIKE '%%@%%'
         UNION ALL
        SELECT 'd' || substring(lower(c.website) FROM '^(?:[a-z]+://)?(?:www\\.)?([^/]+)')
         WHERE c.website IS NOT NULL
         UNION ALL
        SELECT 'r' || ltrim(lower(c.ref), '0') WHERE c.ref IS NOT NULL
        """,
        prefix=_PREFIX,
        accents=_ACCENTS,
        plain=_PLAIN,
        signs=_SIGNS,
        spaces=" " * len(_SIGNS),
        vat=vat_digits,
        root=_VAT_ROOT,
        vat_length=_VAT_LENGTH,
    )


def _weigher(rarity, total):
    """Return how much a word weighs: the more customers share it, the less."""

    def weight(word):
        having = rarity.get(f"n{word[:_PREFIX]}", 0)
        return math.log(1 + total / max(having, 1)) + 0.1

    return weight
