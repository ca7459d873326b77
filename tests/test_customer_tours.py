from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestCustomerTours(HttpCase):
    """Customers, clicked in a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["cs.team.member"].search([]).action_archive()
        cls.manager = cls.make_user("Fernanda", "group_cs_user_all")
        cls.ana = cls.make_user("Ana", "group_cs_user")
        cls.bruno = cls.make_user("Bruno", "group_cs_user")
        cls.env["cs.team.member"].create(
            [
                {"user_id": cls.ana.id},
                {"user_id": cls.bruno.id},
                {"user_id": cls.manager.id, "role": "manager"},
            ]
        )
        partners = cls.env["res.partner"].create(
            [
                {"name": name, "is_company": True}
                for name in ("Padaria Sol", "Padaria Mar", "Padaria Lua")
            ]
        )
        cls.sol, cls.mar, cls.lua = cls.env["cs.account"].create(
            [{"partner_id": partner.id, "csm_id": cls.ana.id} for partner in partners]
        )

    @classmethod
    def make_user(cls, name, group):
        return new_test_user(
            cls.env,
            login=f"cs_tour_{name.lower()}",
            name=f"{name} Tour",
            groups=f"customer_success.{group}",
        )

    def test_a_manager_moves_a_portfolio(self):
        self.start_tour(
            "/odoo/action-customer_success.cs_team_member_action",
            "cs_transfer_tour",
            login="cs_tour_fernanda",
            timeout=120,
        )
        self.assertEqual((self.sol | self.mar).csm_id, self.bruno)
        self.assertEqual(self.lua.csm_id, self.ana)
        self.assertIn(
            "Marta decides", " ".join(map(str, self.mar.message_ids.mapped("body")))
        )

    def test_a_csm_brings_a_new_person(self):
        self.start_tour(
            f"/odoo/action-customer_success.cs_account_action/{self.sol.id}",
            "cs_new_person_tour",
            login="cs_tour_ana",
            timeout=120,
        )
        person = self.sol.contact_ids.partner_id
        self.assertEqual(
            (person.name, person.email, person.parent_id),
            ("Marta Tour", "marta@sol.example", self.sol.partner_id),
        )


@tagged("post_install", "-at_install")
class TestCustomersPhone(HttpCase):
    """Customers on a phone: nothing is wider than the screen."""

    browser_size = "360x740"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        csm = new_test_user(
            cls.env, login="cs_phone", groups="customer_success.group_cs_user"
        )
        partner = cls.env["res.partner"].create(
            {"name": "Padaria Sol Comércio e Transportes Ltda.", "is_company": True}
        )
        account = cls.env["cs.account"].create(
            {"partner_id": partner.id, "csm_id": csm.id}
        )
        account.start_journey(
            cls.env.ref("customer_success.cs_segment_enterprise").journey_template_id
        )

    def test_board_and_page(self):
        action = "/odoo/action-customer_success.cs_account_action"
        self.start_tour(action, "cs_customers_phone", login="cs_phone", timeout=120)
