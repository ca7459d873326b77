from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.customer_success.sources import proposals

from .odoo_source_common import OdooSourceCase


@tagged("post_install", "-at_install")
class TestFindSources(OdooSourceCase):
    """For each app that is installed ready sources are proposed, and added once."""

    def test_what_is_proposed_says_what_it_feeds_and_for_how_many(self):
        self.make_leads(self.partner, self.person, expected_revenue=100)
        row = self.find()
        self.assertEqual(row.state, "new")
        self.assertEqual(row.customer_count, 1)
        self.assertIn("Open opportunities (new)", row.metric_names)
        self.assertFalse(self.metric("opportunities"))
        self.assertFalse(self.env["cs.metric.source"].search([("kind", "=", "odoo")]))

    def test_added_it_is_fetched_and_not_proposed_again(self):
        self.make_leads(self.partner, self.person, expected_revenue=100)
        row = self.find()
        row.action_add()
        source = row.source_id
        self.assertTrue(source.is_automatic)
        self.assertTrue(source.next_run)
        self.assertEqual(source.user_id, self.counter)
        self.fetch(source)
        keys = "opportunities", "opportunities_amount"
        self.assertEqual(self.values_of(*keys), [2, 200])
        self.assertEqual(self.values_of(*keys, account=self.quiet), [0, 0])
        self.assertEqual(self.metric("opportunities_amount").kind, "money")
        row.action_add()
        source.active = False
        again = self.find()
        self.assertEqual((again.state, again.source_id), ("added", source))
        again.action_add()
        sources = self.env["cs.metric.source"].with_context(active_test=False)
        self.assertEqual(sources.search_count([("proposal", "=", "opportunities")]), 1)

    def test_each_company_adds_its_own(self):
        other = self.env["res.company"].create({"name": "Filial"})
        self.counter.company_ids += other
        theirs = self.make_account(partner_id=self.partner.id, company_id=other.id)
        self.make_leads(self.partner, self.partner, company_id=other.id)
        self.find().action_add()
        there = self.find(company=other)
        self.assertEqual((there.state, there.customer_count), ("new", 1))
        there.action_add()
        self.fetch(there.source_id)
        self.assertEqual(self.value("opportunities", theirs), 2)
        self.assertFalse(self.present("opportunities"))

    def test_a_metric_that_is_there_is_fed_one_that_was_put_away_is_taken_up(self):
        metric = self.env["cs.metric"].create(
            {"key": "opportunities", "name": "Negócios", "active": False}
        )
        row = self.find()
        self.assertIn("Negócios", row.metric_names)
        self.assertFalse(metric.active)
        row.action_add()
        self.assertTrue(metric.active)
        self.assertIn(metric, row.source_id.line_ids.metric_id)

    def test_metrics_are_made_in_every_language(self):
        self.env["res.lang"]._activate_lang("pt_BR")
        row = self.find()
        row.action_add()
        metric = self.metric("opportunities")
        self.assertEqual(metric.with_context(lang="en_US").name, "Open opportunities")

    def test_who_else_feeds_it_is_said(self):
        self.env["cs.metric"].create({"key": "opportunities", "name": "Negócios"})
        self.make_counting(("opportunities", "count", False), name="De antes")
        self.assertIn("Comes already from De antes", self.find().note)

    def test_what_one_may_not_see_is_not_counted_and_not_added(self):
        self.make_leads(self.partner)
        row = self.find(self.specialist)
        self.assertEqual((row.state, row.customer_count), ("refused", 0))
        self.assertIn("You may not read", row.note)
        row.action_add()
        self.assertFalse(row.source_id)

    def test_apps_that_are_not_there_are_not_proposed(self):
        known = {proposal.model for proposal in proposals.PROPOSALS}
        missing = proposals.Proposal(key="x", name="X", model="no.such.app", values=())
        self.assertFalse(missing.fits(self.env))
        lacking = proposals.Proposal(
            key="x", name="X", model="crm.lead", values=(), needs=("stage_id.nothing",)
        )
        self.assertFalse(lacking.fits(self.env))
        self.assertTrue({"crm.lead", "res.users", "helpdesk.ticket"} <= known)

    def test_only_who_keeps_sources_finds_them(self):
        for user in (self.csm, self.manager):
            with self.assertRaises(AccessError):
                self.find(user)
        mine = self.find()
        others = mine.with_user(self.specialist)
        self.assertFalse(others.search([("id", "in", mine.ids)]))

    def test_people_who_signed_in_to_the_portal(self):
        signed_in, never, staff = (
            self.make_user(
                f"{name}@example.com",
                f"base.group_{group}",
                partner_id=self.person.copy({"parent_id": self.partner.id}).id,
            )
            for name, group in {"a": "portal", "b": "portal", "c": "user"}.items()
        )
        log = self.env["res.users.log"]
        for user in (signed_in, signed_in, staff):
            log.with_user(user).sudo().create({})
        old = self.env["res.users.log"].with_user(never).sudo().create({})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_users_log SET create_date = create_date - interval '31 days' "
            "WHERE id = %s",
            [old.id],
        )
        row = self.find(self.specialist, key="portal_logins")
        self.assertEqual((row.state, row.customer_count), ("new", 1), row.note)
        row.action_add()
        self.fetch(row.source_id)
        self.assertEqual(self.value("portal_logins"), 1)
        self.assertEqual(self.value("portal_logins", self.quiet), 0)
