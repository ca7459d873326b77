from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .facts_common import FactsCase

MONDAY = "2026-01-05 12:00:00"
TUESDAY = "2026-01-06 12:00:00"


@tagged("post_install", "-at_install")
class TestWithdrawal(FactsCase):
    """An administrator takes out of the history what was wrong."""

    def readings_of(self, metric="nps", account=None):
        return self.readings.search(
            [
                ("account_id", "=", (account or self.account).id),
                ("metric_id.key", "=", metric),
            ],
            order="at",
        )

    def withdraw(self, readings, reason="Counted twice"):
        return readings.with_user(self.admin).action_withdraw(reason)

    def test_what_counts_now_is_the_reading_before(self):
        self.record_all(
            self.reading("mrr", 100, at=MONDAY), self.reading("mrr", 900, at=TUESDAY)
        )
        self.assertEqual(self.account.mrr, 900)
        self.withdraw(self.readings_of("mrr")[1])
        self.assertEqual(self.history("mrr"), [(MONDAY, 100)])
        self.assertEqual(self.present("mrr").value, 100)
        self.assertEqual(self.account.mrr, 100)
        self.assertEqual(self.judged(metric="mrr"), 100)

    def test_of_an_only_reading_nothing_is_left(self):
        facts = {"mrr": 10, "mood": 4, "renewal": "2026-01-05"}
        self.record_all(*(self.reading(key, one) for key, one in facts.items()))
        self.withdraw(
            self.readings.search([("account_id", "=", self.account.id)]), "Test data"
        )
        self.assertFalse(self.values.search([("account_id", "=", self.account.id)]))
        for name in ("mrr", "mood", "renewal_on"):
            self.assertFalse(self.account[name], name)

    def test_one_of_the_past_leaves_the_present(self):
        self.record_all(
            self.reading(value=3, at=MONDAY), self.reading(value=8, at=TUESDAY)
        )
        self.withdraw(self.readings_of()[0])
        self.assertEqual(self.history(), [(TUESDAY, 8)])
        self.assertIsNone(self.judged(MONDAY))
        self.assertEqual(self.present().value, 8)

    def test_many_at_once_in_few_queries(self):
        for count in (2, 60):
            accounts = self.make_accounts(count)
            self.record_all(
                *(
                    self.reading(key, value, one.id, at=at)
                    for one in accounts
                    for key in ("nps", "mrr")
                    for at, value in ((MONDAY, 5), (TUESDAY, 6))
                )
            )
            of_them = [("account_id", "in", accounts.ids)]
            wrong = self.readings.search([*of_them, ("at", "=", TUESDAY)])
            self.assertEqual(len(wrong), 2 * count)
            self.env.flush_all()
            self.env.invalidate_all()
            with self.assertQueryCount(22):
                self.withdraw(wrong)
            facts = self.values.search(of_them)
            self.assertEqual(facts.mapped("value"), [5] * 2 * count)
            self.assertEqual(accounts.mapped("mrr"), [5] * count)

    def test_who_when_what_and_why_is_kept(self):
        source = self.make_source("Faturamento")
        self.record_all(self.reading(value=3, at=MONDAY), source=source)
        with self.at_time("2026-02-01 10:00:00"):
            withdrawal = self.withdraw(self.readings_of(), "  The file was a test  ")
        self.assertRecordValues(
            withdrawal,
            [
                {
                    "account_id": self.account.id,
                    "value": 3,
                    "source_id": source.id,
                    "reason": "The file was a test",
                    "create_uid": self.admin.id,
                }
            ],
        )
        self.assertEqual(str(withdrawal.create_date), "2026-02-01 10:00:00")
        self.assertEqual(str(withdrawal.at), MONDAY)
        self.assertEqual(withdrawal.display_value[:1], "3")

    def test_an_unknown_one_is_kept_as_unknown(self):
        self.record_all(
            self.reading(value=3, at=MONDAY), self.reading(value=None, at=TUESDAY)
        )
        withdrawal = self.withdraw(self.readings_of()[1])
        self.assertEqual(withdrawal.display_value, "unknown")
        self.assertEqual(self.judged(), 3)
        answer = self.record_all(self.reading(value=None, at=TUESDAY))
        self.check_refused(answer, "withdrawn")

    def test_the_same_from_the_same_source_stays_withdrawn(self):
        source, other = self.make_source("Faturamento"), self.make_source("Outra")
        call = [
            self.reading(value=3, at=MONDAY),
            self.reading(value=8, at=TUESDAY),
            self.reading("csat", 4, at=TUESDAY),
        ]
        self.values.record(call, source)
        self.withdraw(self.readings_of()[1])
        answer = self.values.record(call, source)
        self.check_refused(answer, "Counted twice")
        self.assertEqual(answer["errors"][0]["index"], 1)
        self.assertEqual((answer["recorded"], answer["unchanged"]), (0, 2))
        self.assertEqual(self.history(), [(MONDAY, 3)])
        # What it says of another moment, or another value, is taken.
        self.assertEqual(
            self.values.record([self.reading(value=8, at="2026-01-07")], source),
            {"recorded": 1, "unchanged": 0, "errors": []},
        )
        self.values.record([self.reading(value=7, at=TUESDAY)], source)
        self.assertEqual(self.judged(TUESDAY), 7)
        source.active = False
        answer = self.values.record([self.reading(value=8, at=TUESDAY)], other)
        self.assertFalse(answer["errors"])

    def test_a_late_one_stays_withdrawn_too(self):
        self.record_all(
            self.reading(value=3, at=MONDAY), self.reading(value=8, at=TUESDAY)
        )
        self.withdraw(self.readings_of()[0])
        answer = self.record_all(
            self.reading(value=3, at=MONDAY), self.reading(value=8, at=TUESDAY)
        )
        self.check_refused(answer, "Counted twice")
        self.assertEqual(self.history(), [(TUESDAY, 8)])

    def test_the_owner_is_who_said_what_is_left(self):
        source = self.make_source("Faturamento")
        self.record_all(self.reading(value=3, at=MONDAY))
        self.record_all(self.reading(value=8, at=TUESDAY), source=source)
        self.withdraw(self.readings_of()[1])
        self.assertFalse(self.present().source_id)
        self.assertFalse(self.record_all(self.reading(value=9))["errors"])

    def test_by_the_buttons(self):
        self.record_all(
            self.reading(value=3, at=MONDAY), self.reading(value=8, at=TUESDAY)
        )
        readings = self.readings_of().with_user(self.admin)
        action = readings.action_ask_withdrawal()
        wizards = self.env[action["res_model"]].with_user(self.admin)
        with Form(wizards.with_context(**action["context"])) as form:
            self.assertIn("2 readings of 1 customers", form.summary)
            form.reason = "Wrong file"
        form.record.action_confirm()
        self.assertFalse(self.history())

    def test_a_reason_is_asked_for(self):
        self.record_all(self.reading(at=MONDAY))
        for reason in ("", "  ", None, False):
            with self.assertRaises(UserError):
                self.withdraw(self.readings_of(), reason)
        self.assertTrue(self.history())


@tagged("post_install", "-at_install")
class TestWhoWithdraws(FactsCase):
    """Administrators withdraw; who sees the customer sees what was withdrawn."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.csm_id = cls.csm
        cls.record_all(cls.reading(at=MONDAY))
        cls.there = cls.env["res.company"].create({"name": "Filial"})
        cls.far = cls.make_account("Longe", company_id=cls.there.id)
        cls.record_all(cls.reading(account=cls.far.id, at=MONDAY, company="Filial"))

    def reading_of(self, account):
        return self.readings.search([("account_id", "=", account.id)])

    def test_nobody_but_administrators_withdraws(self):
        ingest = self.make_user("cs_machine", "customer_success.group_cs_ingest")
        portal = self.make_user("cs_portal", "base.group_portal")
        reading = self.reading_of(self.account)
        for user in (
            self.csm,
            self.manager,
            self.specialist,
            self.salesperson,
            ingest,
            portal,
        ):
            with self.assertRaises(AccessError):
                reading.with_user(user).action_withdraw("Because")
            with self.assertRaises(AccessError):
                reading.with_user(user).action_ask_withdrawal()
        self.assertTrue(reading.exists())

    def test_not_even_administrators_of_other_companies(self):
        reading = self.reading_of(self.far)
        with self.assertRaises(AccessError):
            reading.with_user(self.admin).action_withdraw("Because")
        self.assertTrue(reading.exists())

    def test_what_was_withdrawn_is_seen_with_the_customer(self):
        withdrawal = (
            self.reading_of(self.account).with_user(self.admin).action_withdraw("Wrong")
        )
        for user, sees in (
            (self.csm, True),
            (self.other_csm, False),
            (self.manager, True),
            (self.admin, True),
            (self.salesperson, False),
        ):
            found = withdrawal.with_user(user).has_access("read")
            self.assertEqual(found, sees, user.login)

    def test_nobody_changes_the_log(self):
        withdrawal = (
            self.reading_of(self.account).with_user(self.admin).action_withdraw("Wrong")
        )
        for user in (self.csm, self.specialist, self.admin):
            for operation in ("write", "create", "unlink"):
                self.assertFalse(withdrawal.with_user(user).has_access(operation))
