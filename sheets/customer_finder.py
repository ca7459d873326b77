"""Which customer a cell means."""

from collections import defaultdict

from odoo.tools import SQL

from ..facts.account_resolver import AccountResolver
from .cells import BadRow


class CustomerFinder:
    """Finds customers of one company by reference, CNPJ/VAT or exact name."""

    def __init__(self, env, company, texts):
        """
        :param texts: all that will be asked for
        """
        self.env = env
        self._resolver = AccountResolver(env, company)
        self._resolver.load(set(texts))
        unknown = [text for text in set(texts) if not self._resolver.find(text)]
        self._by_name = self._load_names(company, unknown) if unknown else {}

    def find(self, text):
        """Return the id of the cs.account that a text means.

        :raise BadRow: none or several
        """
        account_ids = [one for one, _company in self._resolver.find(text)]
        account_ids = account_ids or self._by_name.get(text.casefold(), [])
        if len(account_ids) == 1:
            return account_ids[0]
        if account_ids:
            raise BadRow(
                self.env._("Several customers are called: %(text)s", text=text)
            )
        raise BadRow(self.env._("Unknown customer: %(text)s", text=text))

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
