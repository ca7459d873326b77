"""Whom of our customers the companies of a helpdesk are."""

from ..facts.account_resolver import AccountResolver
from ..facts.waiting import WaitingRoom


class ItemCustomers:
    """Finds customers by CNPJ, else reference, else by what somebody said of the name.

    Companies are dicts with key, name, cnpj, reference and is_namesake.
    """

    def __init__(self, source, companies):
        """
        :param source: the ``cs.metric.source``, as its owner
        """
        # sudo: whom a number means, and no more, is looked up among all customers
        # of the owner's companies, as the door does.
        env = source.env(su=True)
        room = WaitingRoom(env, source.sudo())
        self._resolver = AccountResolver(env, source.env.companies, room)
        texts = {text for one in companies for text in self._names(one)}
        self._resolver.load(texts)

    def of(self, company):
        """Return the customer of a company as a reading names it.

        :return: (account, whether it is one we know): the id of the account, or the
            text that means several, or the name by which it waits
        """
        for text in self._names(company):
            found = self._resolver.find(text)
            if len(found) == 1:
                return found[0][0], True
            if found:
                return text, True
        return self.label(company), False

    def _names(self, company):
        names = (company["cnpj"], company["reference"], self.label(company))
        return [text for text in names if text]

    def label(self, company):
        """Return how people call a company; of a person, the number it has there."""
        if not company["name"]:
            return f"Movidesk {company['key']}"
        if company["is_namesake"]:
            return f"{company['name']} ({company['key']})"
        return company["name"]
