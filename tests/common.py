from contextlib import contextmanager
from unittest.mock import patch

from odoo import fields
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tests.common import freeze_time


@tagged("post_install", "-at_install")
class CsCase(TransactionCase):
    """A team of two CSMs, a manager and a salesperson, and factories of customers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.company = cls.env.company
        cls.company.resource_calendar_id.tz = "America/Sao_Paulo"
        cls.csm = cls.make_user("cs_csm", "customer_success.group_cs_user")
        cls.other_csm = cls.make_user("cs_other", "customer_success.group_cs_user")
        cls.manager = cls.make_user("cs_manager", "customer_success.group_cs_user_all")
        cls.specialist = cls.make_user(
            "cs_specialist", "customer_success.group_cs_specialist"
        )
        cls.admin = cls.make_user("cs_admin", "customer_success.group_cs_admin")
        cls.salesperson = cls.make_user("cs_sales", "sales_team.group_sale_salesman")

    @classmethod
    def make_user(cls, login, *groups, **values):
        return new_test_user(
            cls.env, login=login, groups=",".join(groups), tz="UTC", **values
        )

    @classmethod
    def make_partner(cls, name="Cliente", **values):
        return cls.env["res.partner"].create(
            {"name": name, "is_company": True, **values}
        )

    @classmethod
    def make_account(cls, name="Cliente", **values):
        """Make a customer; ``csm_id`` is nobody unless it is given."""
        values.setdefault("partner_id", cls.make_partner(name).id)
        return cls.env["cs.account"].create(values)

    @classmethod
    def make_accounts(cls, count, **values):
        """Make many customers at once."""
        partners = cls.env["res.partner"].create(
            [{"name": f"Cliente {n}", "is_company": True} for n in range(count)]
        )
        return cls.env["cs.account"].create(
            [{"partner_id": partner.id, **values} for partner in partners]
        )

    @classmethod
    def record(cls, account, at=None, **facts):
        """Record facts of a customer by the one door; none may be refused."""
        at = at and fields.Datetime.to_string(at)
        answer = cls.env["cs.metric.value"].record(
            [
                {"account": account.id, "metric": key, "value": value}
                | ({"at": at} if at else {})
                for key, value in facts.items()
            ]
        )
        assert not answer["errors"], answer["errors"]

    @contextmanager
    def at_time(self, moment):
        """Freeze Python's clock and that of the transaction at a UTC moment."""
        moment = fields.Datetime.to_datetime(moment)
        with freeze_time(moment), patch.object(self.env.cr, "_now", moment):
            yield
