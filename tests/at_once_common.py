from contextlib import contextmanager

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests.common import BaseCase, get_db_name


class AtOnceCase(BaseCase):
    """Transactions on connections of their own, which are committed in the end.

    What a test made is taken away by ``clear()``, before it too: a run that was
    killed leaves it behind.
    """

    def setUp(self):
        super().setUp()
        self.addCleanup(self.clear)
        self.clear()

    def clear(self):
        """Take away what the test makes."""
        raise NotImplementedError

    @contextmanager
    def transaction(self):
        """Give an environment of a transaction that is committed in the end."""
        with Registry(get_db_name()).cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
