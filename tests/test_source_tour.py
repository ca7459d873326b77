from unittest import SkipTest

from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestFindSourcesTour(HttpCase):
    """A specialist finds, adds and tests a ready source in a browser."""

    def test_tickets_are_found_added_and_counted(self):
        if "helpdesk.ticket" not in self.env:
            raise SkipTest("the helpdesk is not installed")
        specialist = new_test_user(
            self.env,
            login="cs_find",
            groups="customer_success.group_cs_specialist,"
            "helpdesk_mgmt.group_helpdesk_user",
        )
        partner = self.env["res.partner"].create(
            {"name": "Transportes Aurora", "is_company": True}
        )
        account = self.env["cs.account"].create({"partner_id": partner.id})
        stages = self.env["helpdesk.ticket.stage"].search([("closed", "=", False)])
        self.env["helpdesk.ticket"].create(
            [
                {
                    "name": "Não abre",
                    "description": "Não abre",
                    "partner_id": partner.id,
                    "stage_id": stages[:1].id,
                }
                for _n in range(2)
            ]
        )
        self.start_tour(
            "/odoo/cs-customers", "cs_find_sources_tour", login="cs_find", timeout=120
        )
        source = self.env["cs.metric.source"].search(
            [("proposal", "=", "tickets_open")]
        )
        self.assertEqual(source.user_id, specialist)
        source._run()
        value = self.env["cs.metric.value"].search(
            [("account_id", "=", account.id), ("source_id", "=", source.id)]
        )
        self.assertEqual(value.value, 2)
