from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.customer_success.sources import registry

from .odoo_source_common import OdooSourceCase

LOG = "odoo.addons.customer_success.models.cs_metric_source_outcome"


@tagged("post_install", "-at_install")
class TestOwnersEyes(OdooSourceCase):
    """A source shows nobody what its owner may not see."""

    def check_forbidden(self, reason, *lines, **values):
        """It is not saved; nor fetched or tested once its owner lost their rights."""
        values.setdefault("user", self.specialist)
        with self.assertRaisesRegex(UserError, reason):
            self.make_counting(*lines, **values)
        stray = self.make_counting(*lines, **{**values, "user": self.env.user})
        self.set_by_force(stray, user_id=values["user"].id)
        with self.assertRaisesRegex(UserError, reason):
            stray.with_user(values["user"]).action_test()
        with mute_logger(LOG), self.enter_registry_test_mode():
            stray.sudo().next_run = "2026-01-01"
            self.env.flush_all()
            self.env.ref("customer_success.ir_cron_fetch_facts").method_direct_trigger()
        stray.invalidate_recordset()
        self.assertRegex(stray.last_error, reason)
        self.assertFalse(self.present("active_users"))
        stray.unlink()

    def set_by_force(self, record, **values):
        self.env.flush_all()
        for name, value in values.items():
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET %s = %s WHERE id = %s",
                    SQL.identifier(record._table),
                    SQL.identifier(name),
                    value,
                    record.id,
                )
            )
        record.invalidate_recordset()

    def test_models_they_may_not_read(self):
        self.make_leads(self.partner)
        for model, path in {
            "crm.lead": "partner_id",
            "ir.config_parameter": "create_uid.partner_id",
            "res.users.log": "create_uid.partner_id",
        }.items():
            with self.subTest(model):
                self.check_forbidden(
                    "not allowed to access", model=model, partner_path=path
                )

    def test_paths_over_records_they_may_not_read(self):
        self.env["ir.model.fields"].create(
            {
                "model_id": self.env["ir.model"]._get_id("cs.contact"),
                "name": "x_lead_id",
                "ttype": "many2one",
                "relation": "crm.lead",
            }
        )
        self.check_forbidden(
            "not allowed to access",
            model="cs.contact",
            partner_path="x_lead_id.partner_id",
        )

    def test_fields_of_others(self):
        self.check_forbidden(
            "enough rights to access the field",
            ("active_users", "count_distinct", "signup_type"),
            model="res.partner",
            partner_path="commercial_partner_id",
        )

    def test_a_filter_is_no_oracle(self):
        for domain in (
            "[('signup_type', '=', 'reset')]",
            "['!', ('signup_type', '=', 'reset')]",
            "[('parent_id.signup_type', '=', 'reset')]",
            "[('parent_id', 'any', [('signup_type', '=', 'reset')])]",
            "[('parent_id', 'not any', [('child_ids.signup_type', '=', 'reset')])]",
            "['|', ('id', '>', 0), ('user_ids.partner_id.signup_type', '!=', False)]",
        ):
            with self.subTest(domain):
                self.check_forbidden(
                    "enough rights to access the field",
                    model="res.partner",
                    partner_path="commercial_partner_id",
                    domain=domain,
                )
        for domain in (
            "[('opportunity_ids.expected_revenue', '>', 1000)]",
            "[('opportunity_ids', '!=', False)]",
        ):
            with self.subTest(domain):
                self.check_forbidden(
                    "not allowed to access",
                    model="res.partner",
                    partner_path="commercial_partner_id",
                    domain=domain,
                )

    def test_rules_that_hide_records_make_numbers_too_low(self):
        mine_only = self.make_user(
            "cs_mine",
            "customer_success.group_cs_specialist",
            "sales_team.group_sale_salesman",
        )
        self.check_forbidden("sees only part of .*Personal Leads", user=mine_only)
        self.make_leads(self.partner, user_id=mine_only.id)
        self.make_leads(self.partner, user_id=self.salesperson.id)
        self.fetch(self.make_counting(user=mine_only, counts_visible_only=True))
        self.assertEqual(self.value(), 1)

    def test_rules_that_hide_nothing_of_what_is_asked(self):
        rule = self.env.ref("crm.crm_rule_all_lead")
        rule.domain_force = "['|', ('type', '=', 'opportunity'), ('user_id', '=', 1)]"
        self.check_forbidden("sees only part", user=self.counter)
        self.make_leads(self.partner)
        self.fetch(self.make_counting(domain="[('type', '=', 'opportunity')]"))
        self.assertEqual(self.value(), 1)

    def test_records_of_companies_they_do_not_work_in(self):
        other = self.env["res.company"].create({"name": "Filial"})
        source = self.make_counting()
        self.set_by_force(source, company_id=other.id)
        with self.assertRaisesRegex(AccessError, "compan"):
            source.sudo()._run()

    def test_the_machine_owns_none(self):
        source = self.make_counting(user=self.env.ref("base.user_root"))
        with self.assertRaisesRegex(UserError, "no longer active"):
            source._run()
        self.set_by_force(self.env.ref("base.user_root"), active=True)
        with self.assertRaisesRegex(UserError, "owned by the machine"):
            source._run()

    def test_it_is_counted_without_the_rights_of_the_machine(self):
        source = self.make_counting()
        kind = registry.kind_of(source.sudo()._as_owner())
        self.assertFalse(kind.env.su)
        self.assertEqual(kind.env.user, self.counter)

    def test_who_may_choose_records(self):
        models = self.env["ir.model"]
        self.assertTrue(models.with_user(self.specialist).has_access("read"))
        self.assertFalse(models.with_user(self.specialist).has_access("write"))
        self.assertFalse(models.with_user(self.manager).has_access("read"))
