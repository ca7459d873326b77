from odoo import Command

from .facts_common import FactsCase


class OdooSourceCase(FactsCase):
    """Sources that count opportunities, by somebody who sees them all."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.counter = cls.make_user(
            "cs_counter",
            "customer_success.group_cs_specialist",
            "sales_team.group_sale_salesman_all_leads",
        )
        cls.partner = cls.account.partner_id
        cls.person = cls.env["res.partner"].create(
            {"name": "Lia", "parent_id": cls.partner.id}
        )
        cls.quiet = cls.make_account("Sem nada")

    @classmethod
    def make_counting(cls, *lines, model="crm.lead", user=None, **values):
        """Make a source as a person would; without lines it counts active users.

        :param lines: of key of the metric, aggregate, name of the field
        """
        lines = lines or [("active_users", "count", False)]
        values = {"partner_path": "partner_id", **values}
        sources = cls.env["cs.metric.source"].with_user(user or cls.counter)
        return sources.create(
            {
                "name": "Contagem",
                "kind": "odoo",
                "model_id": cls.env["ir.model"]._get_id(model),
                "line_ids": [
                    Command.create(
                        {
                            "metric_id": cls.metric(key).id,
                            "aggregate": aggregate,
                            "field_name": field_name,
                        }
                    )
                    for key, aggregate, field_name in lines
                ],
                **values,
            }
        )

    @classmethod
    def metric(cls, key):
        return cls.env["cs.metric"].search([("key", "=", key)])

    @classmethod
    def make_leads(cls, *partners, **values):
        """Make an opportunity of each partner, of the company of the test."""
        return cls.env["crm.lead"].create(
            [
                {
                    "name": "Negócio",
                    "type": "opportunity",
                    "partner_id": partner.id,
                    "company_id": cls.company.id,
                    **values,
                }
                for partner in partners
            ]
        )

    def fetch(self, source):
        """Fetch as the scheduled action does; nothing may be refused."""
        source.sudo()._run()
        self.assertFalse(source.rows_bad, source.sudo().run_ids[:1].reason)

    def value(self, metric="active_users", account=None):
        """Return the present value, None if it is unknown or there is none."""
        fact = self.present(metric, account)
        return fact.value if fact.is_known else None

    def values_of(self, *keys, account=None):
        return [self.value(key, account) for key in keys]

    def find(self, user=None, key="opportunities", company=None):
        """Return the row of a proposal as a person is shown it."""
        rows = self.env["cs.metric.source.proposal"].with_user(user or self.counter)
        rows = rows.with_context(allowed_company_ids=(company or self.company).ids)
        action = rows.action_find()
        self.assertEqual(action["res_model"], rows._name)
        return rows.search([("create_uid", "=", rows.env.uid), ("key", "=", key)])
