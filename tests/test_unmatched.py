from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from odoo.addons.customer_success.facts.customer_guess import CustomerGuess

from .fetched_common import FetchedCase


class UnmatchedCase(FetchedCase):
    """A source that calls customers by names nobody knows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.queue = cls.env["cs.metric.unmatched"]

    def unmatched(self, *names, source=None, **row):
        """Return the names after a fetch that brought a value of each."""
        source = source or self.make_fetched(at_column="when")
        rows = [
            {"who": name, "users": number, "when": "2026-01-05", **row}
            for number, name in enumerate(names)
        ]
        with self.giving(rows):
            source._run()
        source.invalidate_recordset()
        found = self.queue.with_user(self.specialist).search(
            [("source_id", "=", source.id)]
        )
        by_name = {one.reference: one for one in found}
        return found.browse(by_name[name].id for name in names)


@tagged("post_install", "-at_install")
class TestGuess(UnmatchedCase):
    """Whom a name may mean."""

    def check_guess(self, name, account, **more):
        guess = CustomerGuess(self.env, self.company).of({1: (name, None)}).get(1)
        if account is None:
            self.assertIsNone(guess, name)
        else:
            self.assertIsNotNone(guess, name)
            self.assertEqual(guess.account_id, account.id, name)
            for field, value in more.items():
                self.assertEqual(getattr(guess, field), value, name)

    def test_names_as_other_systems_write_them(self):
        self.account.partner_id.ref = False
        mill = self.make_account("Moinho São Jorge S/A")
        acme = self.make_account("ACME Brasil")
        brothers = self.make_account("Padaria 3 Irmãos")
        self.make_account("Transportes Souza")
        self.make_accounts(30)
        for name, account in (
            ("PADARIA DO SOL LTDA", self.account),
            ("padaria-sol", self.account),
            ("Padraia Sol", self.account),
            ("Sol Padaria ME", self.account),
            ("MOINHO SAO JORGE", mill),
            ("Acme", acme),
            ("Padaria3Irmaos", brothers),
            ("padariasol.com.br", self.account),
            ("Transportes Silva", None),
            ("Zebra", None),
            ("4711", None),
            ("ltda", None),
            ("☺ % _ ' \\", None),
        ):
            self.check_guess(name, account)

    def test_by_cnpj_root_domain_and_reference(self):
        account = self.make_account("Moinho")
        account.partner_id.write(
            {
                "vat": "11.222.333/0001-81",
                "ref": "000815",
                "email": "contato@moinho.ind.br",
            }
        )
        self.check_guess("11222333000262", account, reason="vat")
        self.check_guess("815", account, reason="reference")
        self.check_guess("joana@moinho.ind.br", account, reason="domain")
        self.account.partner_id.email = "padaria@gmail.com"
        self.check_guess("maria@gmail.com", None)

    def test_the_very_same_words_win_over_alike_ones(self):
        self.make_account("Construtora Bela Vista")
        consultants = self.make_account("Consultoria Bela Vista")
        self.check_guess("consultoria-bela-vista", consultants, certainty=1)
        self.check_guess("Consultoira Bela Vista", None)

    def test_two_that_are_as_alike_are_not_guessed(self):
        self.make_account("Padaria Sol")
        self.check_guess("Padaria do Sol", None)

    def test_only_customers_of_the_companies_at_hand(self):
        other = self.env["res.company"].create({"name": "Outra"})
        self.make_account("Moinho Velho", company_id=other.id)
        self.check_guess("Moinho Velho", None)
        both = CustomerGuess(self.env, self.company | other)
        self.assertTrue(both.of({1: ("Moinho Velho", None)}))
        self.assertFalse(both.of({1: ("Moinho Velho", self.company.id)}))

    def test_two_hundred_names_are_guessed_together(self):
        accounts = self.make_accounts(200)
        names = self.unmatched(*(f"CLIENTE {n} Ltda." for n in range(200)))
        columns = dict.fromkeys(["reference", "sample", "waiting_count", "suggestion"])
        columns["suggested_account_id"] = {"fields": {"display_name": {}}}
        names.invalidate_recordset()
        names[:1].web_read(columns)
        self.env.invalidate_all()
        with self.assertQueryCount(11):
            rows = names.web_read(columns)
        guessed = [row["suggested_account_id"]["id"] for row in rows]
        self.assertEqual(guessed, accounts.ids)


@tagged("post_install", "-at_install")
class TestQueue(UnmatchedCase):
    """Working off the names, as a specialist."""

    def test_one_click_takes_the_suggestion(self):
        [name] = self.unmatched("PADARIA SOL LTDA")
        self.assertEqual(name.suggested_account_id, self.account)
        self.assertEqual(name.suggestion, "100 % alike")
        self.assertEqual(name.sample, "Active users: 0 (01/05/2026)")
        name.action_take_suggestion()
        self.assertEqual((name.state, name.account_id), ("mapped", self.account))
        self.assertEqual(self.history("active_users"), [("2026-01-05 03:00:00", 0.0)])
        self.assertFalse(name.suggested_account_id)

    def test_of_many_only_the_sure_ones_are_taken(self):
        mill = self.make_account("Moinho Velho")
        doubtful = self.make_account("Moinho Novo do Norte")
        names = self.unmatched("Padaria Sol", "Moinho Velho", "Moinho Novo", "Zebra")
        self.assertEqual(names[2].suggested_account_id, doubtful)
        names.action_take_suggestion()
        self.assertEqual(names.mapped("state"), ["mapped", "mapped"] + ["waiting"] * 2)
        self.assertEqual(names[:2].account_id, self.account | mill)
        with self.assertRaisesRegex(UserError, "by hand"):
            names[3].action_take_suggestion()

    def test_many_are_recorded_together_each_with_its_own_outcome(self):
        owner = self.make_source("Dona")
        self.record_all(self.reading("active_users", 1), source=owner)
        accounts = self.make_accounts(20)
        names = self.unmatched("Padaria Sol", *(f"Cliente {n}" for n in range(20)))
        names.flush_recordset()
        with self.assertQueryCount(160):
            names.action_take_suggestion()
        self.assertEqual(names[1:].account_id, accounts)
        self.assertEqual(names[1].last_result, "1 values taken, 0 refused")
        self.assertIn("0 values taken, 1 refused", names[0].last_result)
        self.assertIn("comes from “Dona”", names[0].last_result)
        self.assertEqual(self.present("active_users", accounts[7]).value, 8)

    def test_a_customer_of_another_company_is_refused(self):
        other = self.env["res.company"].create({"name": "Outra"})
        account = self.make_account("Dela", company_id=other.id)
        source = self.make_fetched(company_id=self.company.id, at_column="when")
        [name] = self.unmatched("Dela SA", source=source)
        with self.assertRaisesRegex(ValidationError, "another company"):
            name.sudo().account_id = account

    def test_customers_are_made_of_names(self):
        known = self.make_partner("Moinho Velho")
        names = self.unmatched("Moinho Velho", "Zebra Ltda", "11.222.333/0001-81")
        action = names.action_make_customers()
        wizards = self.env["cs.unmatched.customer"].with_user(self.specialist)
        form = Form(wizards.with_context(**action["context"]))
        self.assertEqual(len(form.line_ids), 3)
        with form.line_ids.edit(2) as line:
            self.assertEqual(line.vat, "11.222.333/0001-81")
            line.name = "Padaria Lua"
        form.csm_id = self.csm
        form.save().action_confirm()
        self.assertEqual(names.mapped("state"), ["mapped"] * 3)
        partners = names.account_id.partner_id
        self.assertEqual(partners[0], known)
        self.assertEqual(
            partners.mapped("name"), ["Moinho Velho", "Zebra Ltda", "Padaria Lua"]
        )
        self.assertTrue(all(partners[1:].mapped("is_company")))
        self.assertEqual(partners[2].vat, "11.222.333/0001-81")
        self.assertEqual(names.account_id.csm_id, self.csm)
        self.assertEqual(self.present("active_users", names[1].account_id).value, 1)

    def test_what_is_done_already_is_not_made_a_customer(self):
        names = self.unmatched("Zebra")
        wizards = self.env["cs.unmatched.customer"].with_user(self.specialist)
        wizard = wizards.with_context(default_unmatched_ids=names.ids).create({})
        names.account_id = self.account
        with self.assertRaisesRegex(UserError, "look again"):
            wizard.action_confirm()

    def test_who_may_work_off_the_queue(self):
        names = self.unmatched("Padaria Sol")
        for user in (self.csm, self.manager, self.salesperson):
            mine = names.with_user(user)
            for method in ("action_take_suggestion", "action_make_customers"):
                with self.assertRaises(AccessError):
                    getattr(mine, method)()
            with self.assertRaises(AccessError):
                self.env["cs.unmatched.customer"].with_user(user).create({})
        self.assertTrue(names.with_user(self.admin).suggested_account_id)
