from unittest.mock import patch

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .sheet_common import SheetCase


@tagged("post_install", "-at_install")
class TestCustomers(SheetCase):
    """Files of customers."""

    def test_found_made_and_mended(self):
        follower = self.make_partner("Mercado Lua", vat="12.345.678/0001-95")
        file = (
            "Razão social;CNPJ;Código;UF;Cidade;CSM (login);Pacote",
            "Padaria Sol Ltda;;C-1;SP;Santos;cs_csm;Professional",
            "Mercado Lua;12345678000195;C-2;SP;;;",
            "Oficina Mar;;C-3;PA;Belém;cs_csm;",
            "Loja Céu;;C-4;;;nobody;",
            "Oficina Mar;;C-3;;;;",
            ";;;SP;;;",
        )
        report = self.load("customers", *file)
        bad = ((5, "Unknown CSM"), (6, "as in line 4"), (7, "Neither name"))
        self.check_report(report, kept=3, created=2, bad=bad)
        self.assertEqual(self.account.partner_id.name, "Padaria Sol Ltda")
        self.assertEqual(self.account.partner_id.state_id.name, "São Paulo")
        self.assertEqual(self.account.csm_id, self.csm)
        self.assertEqual(self.account.package_id.name, "Professional")
        self.assertEqual(self.customer("Mercado Lua").partner_id, follower)
        # PA could be Pennsylvania, but SP is in Brazil only.
        self.assertEqual(self.customer("Oficina Mar").partner_id.state_id.name, "Pará")
        self.check_report(self.load("customers", *file), unchanged=3, bad=bad)

    def test_a_csm_is_an_active_user_of_the_company(self):
        other = self.env["res.company"].create({"name": "Filial"})
        self.make_user("gone", "customer_success.group_cs_user").active = False
        self.make_user("portal_ana", "base.group_portal")
        self.make_user(
            "elsewhere",
            "customer_success.group_cs_user",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        report = self.load(
            "customers",
            "name,ref,csm",
            "A,C-10,gone",
            "B,C-11,portal_ana",
            "C,C-12,elsewhere",
            "D,C-13,CS_CSM",
        )
        bad = [(line, "Unknown CSM") for line in (2, 3, 4)]
        self.check_report(report, kept=1, created=1, bad=bad)

    def test_a_csm_by_name_and_a_row_without_a_name(self):
        self.csm.name = "Ana Beatriz"
        report = self.load(
            "customers",
            "name,vat,csm",
            "Padaria Lua,,Ana Beatriz",
            ",11.222.333/0001-81,",
        )
        bad = [(3, "A new customer needs a name or a reference.")]
        self.check_report(report, kept=1, created=1, bad=bad)
        self.assertEqual(self.customer("Padaria Lua").csm_id, self.csm)

    def test_a_value_that_a_company_refuses_stops_no_other(self):
        follower = self.make_partner("Mercado Lua", ref="C-2")
        check = type(follower).write
        refusal = "No such phone"

        def write(partner, vals):
            if vals.get("phone") == "wrong":
                raise ValidationError(refusal)
            return check(partner, vals)

        with patch.object(type(follower), "write", write):
            report = self.load(
                "customers", "name,ref,phone", "Lua,C-2,wrong", "Nova,C-5,11 5555"
            )
        self.check_report(report, kept=1, created=1, bad=[(2, "No such phone")])
        self.assertEqual(follower.name, "Mercado Lua")
        self.assertFalse(self.customer("Mercado Lua"))
        self.assertTrue(self.customer("Nova"))

    def test_empty_cells_change_nothing(self):
        self.account.partner_id.city = "Santos"
        self.load("customers", "ref,city", "C-1,")
        self.assertEqual(self.account.partner_id.city, "Santos")

    def test_a_name_alone(self):
        self.make_partner("Gêmeos")
        self.make_partner("Gêmeos")
        report = self.load("customers", "nome", "Nova", "Gêmeos", "Padaria Sol")
        self.check_report(
            report, kept=1, created=1, unchanged=1, bad=[(3, "Several companies")]
        )

    def test_another_reference_is_another_customer(self):
        report = self.load("customers", "name,ref", "Padaria Sol,C-77")
        self.check_report(report, kept=1, created=1)
        self.assertEqual(self.account.partner_id.ref, "C-1")

    def test_into_the_company_that_was_chosen(self):
        other = self.env["res.company"].create({"name": "Filial"})
        with self.assertRaises(AccessError):
            self.load("customers", "name,ref", "Nova,C-5", company_id=other.id)
        self.specialist.company_ids += other
        self.load("customers", "name,ref", "Padaria Sol,C-1", company_id=other.id)
        accounts = self.env["cs.account"].search(
            [("partner_id", "=", self.account.partner_id.id)]
        )
        self.assertEqual(accounts.company_id, self.company + other)
