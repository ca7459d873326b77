"""Which customer a cell means."""

from collections import defaultdict

from odoo.tools import SQL

from ..facts.account_resolver import AccountResolver
from ..facts.waiting import WaitingRoom
from . import cnpj
from .cells import BadRow


class UnknownCustomer(BadRow):
    """A row of a customer that nobody knows."""


class CustomerFinder:
    """Finds customers of one company by reference, CNPJ/VAT or exact name."""

    def __init__(self, source, company, texts, is_cnpj_column=False):
        """
        :param source: the ``cs.metric.source`` of the file: somebody may have said
            whom it means by a text
        :param texts: all that will be asked for
        :param is_cnpj_column: whether numbers among them are CNPJs
        """
        self.env = source.env
        texts = set(texts)
        self._restored = {text: cnpj.restore(text, is_cnpj_column) for text in texts}
        self._resolver = AccountResolver(
            self.env, company, WaitingRoom(self.env, source)
        )
        self._resolver.load(texts | set(self._restored.values()))
        unknown = [text for text in texts if not self._by_key(text)]
        self._by_name = self._load_names(company, unknown) if unknown else {}

    def find(self, text):
        """Return the id of the cs.account that a text means.

        :raise UnknownCustomer: none
        :raise BadRow: several
        """
        account_ids = self._by_key(text) or self._by_name.get(text.casefold(), [])
        if len(account_ids) == 1:
            return account_ids[0]
        if account_ids:
            raise BadRow(
                self.env._(
                    "Several customers are meant by %(text)s: give the reference or "
                    "CNPJ of the one.",
                    text=text,
                )
            )
        raise UnknownCustomer(self.env._("Unknown customer: %(text)s", text=text))

    def _by_key(self, text):
        # As it is first: a reference may be a number that happens to look like a CNPJ.
        found = self._resolver.find(text) or self._resolver.find(self._restored[text])
        return [account_id for account_id, _company in found]

    def _load_names(self, company, texts):
        self.env["res.partner"].flush_model(["name"])
        names = {text.casefold() for text in texts}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT lower(p.name), a.id
                  FROM cs_account a JOIN res_partner p ON p.id = a.partner_id
                 WHERE a.company_id = %s AND lower(p.name) = ANY(%s)
                """,
                company.id,
                list(names),
            )
        )
        found = defaultdict(list)
        for name, account_id in rows:
            found[name].append(account_id)
        return found
