from odoo.fields import Command

from .world_common import WorldCase

# Masters and drafts of dialogs hold nothing of a customer.
OF_NO_CUSTOMER = {
    "cs.churn.reason",
    "cs.competitor",
    "cs.contact.role",
    # Which nobody may read, see test_customer_database.
    "cs.customer.database.secret",
    "cs.diagnostic.erp",
    "cs.handoff.check",
    "cs.industry",
    "cs.machine",
    "cs.machine.round",
    "cs.metric",
    # Which nobody may read, see test_metric_source_fetch.
    "cs.metric.source.secret",
    "cs.package",
    "cs.phase",
    "cs.training.topic",
}


class TestCompanies(WorldCase):
    """Company B sees nothing of company A, whatever the model."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "CS B"})
        cls.stranger = cls.make_user(
            "cs_b",
            "customer_success.group_cs_admin",
            company_ids=[Command.set(cls.other.ids)],
            company_id=cls.other.id,
        )
        for model in ("cs.segment", "cs.scorecard", "cs.alert.rule"):
            cls.env[model].search([]).write({"company_id": cls.company.id})
        cls.account = cls.followed_customer()

    def test_every_model(self):
        """Each model that holds something of a customer is empty for company B."""
        empty = []
        for name, model in self.env.registry.models.items():
            if not name.startswith("cs.") or model._abstract or model._transient:
                continue
            if name in OF_NO_CUSTOMER or name.startswith("cs.journey.template"):
                continue
            if not self.env[name].search_count([]):
                empty.append(name)
            seen = self.env[name].with_user(self.stranger).search([])
            theirs = seen.filtered(lambda record: not self.is_shared(record))
            self.assertFalse(theirs, name)
        self.assertFalse(empty, "Nothing to see in the first place")

    def is_shared(self, record):
        """Whether a record is of no company: shipped for all of them."""
        record = record.sudo()
        return "company_id" in record._fields and not record.company_id
