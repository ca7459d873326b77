"""Which customer a text or a number means."""

import re
from collections import defaultdict

from odoo.tools import SQL

from .columns import array_text
from .reading_parser import is_storable

_MAX_ID = 2**31 - 1


def vat_key(text):
    """Return what a CNPJ or VAT is compared by: its digits.

    Country letters before them and punctuation don't count; letters within do, as
    CNPJs have them since 2026.
    """
    return re.sub(r"^[A-Z]+", "", re.sub(r"[^0-9A-Z]", "", text.upper()))


def sql_vat_key(column):
    """Return :func:`vat_key` of a column as an ``SQL`` expression."""
    return SQL(
        "regexp_replace(regexp_replace(upper(%s), '[^0-9A-Z]', '', 'g'),"
        " '^[A-Z]+', '')",
        column,
    )


class AccountResolver:
    """Finds the accounts of a whole list of references in a handful of queries."""

    def __init__(self, env, companies, waiting_room=None):
        """
        :param companies: the res.company records in which accounts are looked for
        :param waiting_room: the names that somebody explained of a source, asked first
        """
        self.env = env
        self._waiting_room = waiting_room
        self.company_ids = companies.ids
        # {account id: company id}
        self._by_number = {}
        # Each step: {text: [(account id, company id)]}, the first that knows wins.
        self._steps = []
        self._found = {}

    def load(self, references):
        """Look up references before they are asked for.

        :param references: set of ids of accounts (``int``) and of texts
        """
        numbers = [ref for ref in references if type(ref) is int]
        texts = [ref for ref in references if isinstance(ref, str) and is_storable(ref)]
        self._by_number = self._by_id(numbers) if numbers else {}
        self._steps = []
        for step in (
            self._by_explained_name,
            self._by_external_id,
            self._by_partner_ref,
            self._by_vat,
        ):
            texts = [text for text in texts if not self._is_settled(text)]
            if texts:
                self._steps.append(step(texts))
        self._found = {}

    def find(self, reference, company_id=None):
        """Return the accounts that a loaded reference means: none, one or several.

        :param company_id: only look in this company
        :return: list of ``(account id, company id)``
        """
        key = (reference, company_id)
        if key not in self._found:
            self._found[key] = self._pick(reference, company_id)
        return self._found[key]

    def unambiguous(self):
        """Return the loaded references that mean exactly one account.

        :return: iterable of ``(reference, account id, company id)``
        """
        for account_id, company_id in self._by_number.items():
            yield account_id, account_id, company_id
        found = {}
        for step in reversed(self._steps):
            found.update(step)
        for reference, matches in found.items():
            if len(matches) == 1:
                yield reference, *matches[0]

    def _pick(self, reference, company_id):
        if reference in self._by_number:
            match = (reference, self._by_number[reference])
            return [match] if company_id in (None, match[1]) else []
        for step in self._steps:
            matches = step.get(reference, ())
            if company_id:
                matches = [match for match in matches if match[1] == company_id]
            if matches:
                return list(matches)
        return []

    def _is_settled(self, text):
        """Whether every company has an answer already."""
        companies = {
            company for step in self._steps for _id, company in step.get(text, ())
        }
        return len(companies) == len(self.company_ids)

    def _query(self, key, join, condition):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT %s, a.id, a.company_id
                  FROM cs_account a JOIN res_partner p ON p.id = a.partner_id %s
                 WHERE a.company_id = ANY(%s) AND %s
                 ORDER BY a.id
                """,
                key,
                join,
                self.company_ids,
                condition,
            )
        )
        found = defaultdict(list)
        for reference, account_id, company_id in rows:
            found[reference].append((account_id, company_id))
        return found

    def _by_id(self, numbers):
        # By company in one row each: half the time of a row each.
        rows = self.env.execute_query(
            SQL(
                """
                SELECT company_id, array_agg(id) FROM cs_account
                 WHERE id = ANY(%s::int[]) AND company_id = ANY(%s)
                 GROUP BY company_id
                """,
                array_text([number for number in numbers if 0 < number <= _MAX_ID]),
                self.company_ids,
            )
        )
        found = {}
        for company_id, account_ids in rows:
            found.update(dict.fromkeys(account_ids, company_id))
        return found

    def _by_explained_name(self, texts):
        if not self._waiting_room:
            return {}
        return self._waiting_room.known(texts, self.company_ids)

    def _by_external_id(self, texts):
        names = tuple(tuple(text.split(".", 1)) for text in texts if "." in text)
        if not names:
            return {}
        own = self._by_external_id_of("cs.account", SQL("a.id"), names)
        of_partner = self._by_external_id_of("res.partner", SQL("p.id"), names)
        return {**of_partner, **own}

    def _by_external_id_of(self, model, column, names):
        return self._query(
            SQL("d.module || '.' || d.name"),
            SQL(
                "JOIN ir_model_data d ON d.model = %s AND d.res_id = %s", model, column
            ),
            SQL("(d.module, d.name) IN %s", names),
        )

    def _by_partner_ref(self, texts):
        self.env["res.partner"].flush_model(["ref"])
        return self._query(SQL("p.ref"), SQL(), SQL("p.ref = ANY(%s)", texts))

    def _by_vat(self, texts):
        by_key = defaultdict(list)
        for text in texts:
            if key := vat_key(text):
                by_key[key].append(text)
        if not by_key:
            return {}
        self.env["res.partner"].flush_model(["vat"])
        sql_key = sql_vat_key(SQL("p.vat"))
        found = self._query(
            sql_key,
            SQL(),
            SQL("p.vat IS NOT NULL AND %s = ANY(%s)", sql_key, list(by_key)),
        )
        return {text: found[key] for key in found for text in by_key[key]}
