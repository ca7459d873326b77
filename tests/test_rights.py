from odoo.fields import Command

from .rights_table import RIGHTS
from .world_common import WorldCase

# Masters of no company, and what the machine keeps of itself.
OF_NO_COMPANY = {
    "cs.churn.reason",
    "cs.competitor",
    "cs.contact.role",
    "cs.customer.database.secret",
    "cs.diagnostic.erp",
    "cs.handoff.check",
    "cs.health.due",
    "cs.industry",
    "cs.machine",
    "cs.machine.round",
    "cs.metric",
    "cs.metric.source.secret",
    "cs.package",
    "cs.phase",
    "cs.training.topic",
}
OPERATIONS = {"read": "r", "write": "w", "create": "c", "unlink": "d"}


class TestRights(WorldCase):
    """Each group × each model × one's own, another's and another company's records."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = {
            "portal": cls.make_user("cs_portal", "base.group_portal"),
            "employee": cls.make_user("cs_employee", "base.group_user"),
            "ingest": cls.make_user("cs_ingest", "customer_success.group_cs_ingest"),
            "sales": cls.salesperson,
            "csm": cls.csm,
            "all": cls.manager,
            "specialist": cls.specialist,
            "admin": cls.admin,
        }
        cls.models = [
            name
            for name, model in cls.env.registry.models.items()
            if name.startswith("cs.") and not model._abstract and not model._transient
        ]
        seller = {"user_id": cls.salesperson.id}
        cls.worlds = {
            "own": cls.records_made_by(cls.followed_customer, cls.csm, **seller),
            "others": cls.records_made_by(cls.followed_customer, cls.other_csm),
            "strange": cls.records_made_by(cls.customer_of_another_company),
        }

    @classmethod
    def customer_of_another_company(cls):
        other = cls.env["res.company"].create({"name": "CS B"})
        here = cls.env, cls.admin
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": other.ids})
        there = {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        group = "customer_success.group_cs_admin"
        cls.admin = cls.make_user("cs_admin_b", group, **there)
        cls.followed_customer(cls.make_user("cs_csm_b", group, **there))
        cls.masters_of_company(other)
        cls.env, cls.admin = here

    @classmethod
    def records_made_by(cls, make, *args, **kwargs):
        """Return the records of each model that a function leaves."""
        before = {name: cls.all_of(name) for name in cls.models}
        make(*args, **kwargs)
        return {name: cls.all_of(name) - before[name] for name in cls.models}

    @classmethod
    def all_of(cls, name):
        records = cls.env[name].with_context(active_test=False)
        cls.env.flush_all()
        return records.search([]).with_context(active_test=True)

    def rights(self, records, user):
        """Return what a user may do to some of these records, as in ``rw``."""
        records = records.with_user(user)
        return "".join(
            letter
            for operation, letter in OPERATIONS.items()
            if records._filtered_access(operation)
        )

    def of_model(self, name):
        """Return the rights of each kind of user: on own records / on others'."""
        if not self.worlds["own"][name]:
            everything = self.all_of(name)
            return {
                who: self.rights(everything, user) or "-"
                for who, user in self.people.items()
            }
        found = {}
        for who, user in self.people.items():
            own, others = (
                self.rights(self.worlds[world][name], user)
                for world in ("own", "others")
            )
            found[who] = own if own == others else f"{own or '-'}/{others or '-'}"
        return {who: rights or "-" for who, rights in found.items()}

    def test_every_model_is_in_the_table(self):
        self.assertEqual(sorted(RIGHTS), sorted(self.models))

    def test_each_group(self):
        for name, expected in RIGHTS.items():
            with self.subTest(name):
                self.assertEqual(self.of_model(name), expected)

    def test_nobody_of_this_company_sees_the_other(self):
        for name in set(self.models) - OF_NO_COMPANY:
            strangers = self.worlds["strange"][name]
            self.assertTrue(strangers, f"{name}: nothing to hide")
            for who, user in self.people.items():
                with self.subTest(f"{name}, {who}"):
                    self.assertFalse(self.rights(strangers, user))
