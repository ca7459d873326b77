from odoo.tests import tagged

from .portal_common import PortalCase


@tagged("post_install", "-at_install")
class TestPortalTour(PortalCase):
    """A customer does its task on the portal; its CSM sees the next one open."""

    def test_the_customer_does_its_part(self):
        self.named(self.journey, "Check it in secret").action_done()
        self.start_tour("/my", "cs_portal_tour", login="cs_marta", timeout=120)
        self.assertEqual(self.task_of_customer.state, "done")
        said = self.task_of_customer.message_ids.filtered(
            lambda message: "Here it is" in message.body
        )
        self.assertEqual(said.author_id, self.marta.partner_id)
        self.start_tour(
            "/odoo/cs-my-tasks", "cs_portal_csm_tour", login="cs_csm", timeout=120
        )
