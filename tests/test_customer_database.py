from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .database_common import DatabaseCase
from .sql_common import PASSWORD

PLACE = ("host", "port", "database", "username", "sslmode", "certificate")


@tagged("post_install", "-at_install")
class TestConsent(DatabaseCase):
    """Without consent, or after its end, nothing connects."""

    def check_nothing_connects(self, said):
        before = self.other.statements("cs_reader")
        self.make_probe("SELECT 7 AS value")
        diagnostic = self.diagnosed()
        row = self.row(diagnostic)
        row.probe()
        self.assertRegex(row.proposed_problem, said)
        self.assertEqual(diagnostic.probe_all(), {"proposed": 0, "problems": 1})
        answer = self.database.action_test_connection()
        self.assertRegex(answer["params"]["message"], said)
        self.assertFalse(self.database.is_reached)
        self.assertEqual(self.other.statements("cs_reader"), before)

    def test_nobody_agreed(self):
        self.database.consent_by_id = False
        self.assertEqual(self.database.state, "no_consent")
        self.check_nothing_connects("consent to Backup is missing")

    def test_nobody_knows_when(self):
        self.database.consent_on = False
        self.check_nothing_connects("consent to Backup is missing")

    def test_nobody_knows_to_what(self):
        self.database.consent_note = " "
        self.check_nothing_connects("consent to Backup is missing")

    def test_a_document_is_consent_too(self):
        self.database.write({"consent_note": False, "consent_file": "YQ=="})
        self.assertEqual(self.database.state, "ready")

    def test_expired(self):
        yesterday = self.account._today() - timedelta(days=1)
        self.database.expires_on = yesterday
        self.assertEqual(self.database.state, "expired")
        self.check_nothing_connects("could be used until .* nothing connects any more")

    def test_the_last_day_counts(self):
        self.database.expires_on = self.account._today()
        self.assertEqual(self.database.state, "ready")

    def test_archived(self):
        self.database.active = False
        self.check_nothing_connects("is archived")

    def test_days(self):
        tomorrow = self.account._today() + timedelta(days=1)
        for name in ("copied_on", "consent_on"):
            with self.assertRaisesRegex(ValidationError, "a day to come"):
                self.database[name] = tomorrow

    def test_another_copy_needs_another_consent(self):
        day = self.account._today() - timedelta(days=1)
        self.database.copied_on = day
        self.assertEqual(self.database.state, "no_consent")
        self.database.write(
            {
                "copied_on": day - timedelta(days=1),
                "consent_by_id": self.account.partner_id.id,
                "consent_on": day,
                "consent_note": "Once more, said on the phone",
            }
        )
        self.assertEqual(self.database.state, "ready")

    def test_longer_than_agreed_must_be_agreed(self):
        later = self.database.expires_on + timedelta(days=300)
        with self.assertRaisesRegex(UserError, "customer agreed to"):
            self.database.expires_on = later
        self.database.write(
            {"expires_on": later, "consent_note": "A year, by e-mail of today"}
        )
        self.assertEqual(
            (self.database.expires_on, self.database.state), (later, "ready")
        )
        self.database.expires_on = later - timedelta(days=9)

    def test_a_copy_of_the_record_has_no_consent(self):
        copied = self.database.copy()
        self.assertEqual((copied.state, copied.has_secret), ("no_consent", False))


@tagged("post_install", "-at_install")
class TestConnection(DatabaseCase):
    """The button that tests the connection says what is in the way."""

    def said(self, **values):
        self.database.write(values)
        params = self.database.action_test_connection()["params"]
        self.assertEqual(params["message"], self.database.test_result)
        self.assertEqual(params["type"] == "success", self.database.is_reached)
        return params["message"]

    def test_it_works(self):
        self.assertRegex(
            self.said(), r"PostgreSQL \d+.* answers; 2 of 3 tables can be read"
        )
        self.assertTrue(self.database.is_reached)

    def test_it_does_not(self):
        self.make_role("cs_nothing")
        for values, said in (
            ({"password": "wr0ng"}, "role or its password is wrong"),
            (
                {"username": "cs_nothing", "password": PASSWORD},
                "may read none of its 3 tables",
            ),
            ({"username": "cs_nothing"}, "may read none"),
            ({"host": "10.1.2.3"}, "private network"),
        ):
            with self.subTest(values):
                self.assertRegex(self.said(**values), said)
                self.assertFalse(self.database.is_reached)

    def test_a_place_that_is_none(self):
        for name, value in (("host", "a b"), ("port", 0), ("database", "x=y")):
            with self.assertRaises(ValidationError):
                self.database[name] = value


@tagged("post_install", "-at_install")
class TestPassword(DatabaseCase):
    """Who knows the password writes it; nobody reads it."""

    def test_nobody_reads_it(self):
        system = self.system
        for user in (system, self.admin, self.specialist, self.csm):
            database = self.database.with_user(user)
            readable = [
                name
                for name, field in database._fields.items()
                if database._has_field_access(field, "read")
            ]
            self.assertNotIn("s3cr+t", str(database.read(readable)))
            with self.assertRaises(AccessError):
                self.env["cs.customer.database.secret"].with_user(user).search([])
        exported = self.database.with_user(system).export_data(["name", "password"])
        self.assertNotIn("s3cr+t", str(exported))
        self.assertNotIn("s3cr+t", str(self.database.sudo().read()))
        self.assertNotIn("s3cr+t", str(self.database.copy_data()))
        self.assertFalse(self.database.copy().has_secret)

    def test_it_is_in_no_message(self):
        said = PASSWORD.replace("'", "''").replace("%", "%%")
        self.other.execute(
            "CREATE FUNCTION tell() RETURNS int LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION 'it is {said}'; END $$",
            database="erp",
        )
        self.make_probe("SELECT tell() AS value")
        self.env.cr.flush()  # made without a trace
        database = self.database.with_context(tracking_disable=False)
        with self.assertNoLogs("odoo.addons.customer_success", "INFO"):
            row = self.probed(self.diagnosed())
            database.write({"password": "an0ther", "expires_on": database.copied_on})
            database.action_test_connection()
        self.assertIn("it is •••", row.proposed_problem)
        self.env.cr.flush()
        kept = str(database.message_ids.mapped("body"))
        kept += str(database.sudo().message_ids.tracking_value_ids.read())
        self.assertTrue(database.message_ids)
        for text in (kept, database.test_result, str(row.read())):
            self.assertNotIn("an0ther", text)
            self.assertNotIn("s3cr+t", text)

    def test_it_is_sent_nowhere_else(self):
        for name, value in (
            ("host", "db.example.com"),
            ("port", 5433),
            ("database", "other"),
            ("username", "postgres"),
            ("sslmode", "require"),
        ):
            self.database.password = PASSWORD
            self.assertTrue(self.database.has_secret)
            self.database[name] = value
            self.assertFalse(self.database.has_secret, name)
        self.database.write({"port": 5434, "password": "known"})
        self.assertTrue(self.database.has_secret)
        self.database.name = "Another name"
        self.assertTrue(self.database.has_secret)
        self.database.action_forget_secret()
        self.assertFalse(self.database.has_secret)


@tagged("post_install", "-at_install")
class TestWhoSeesIt(DatabaseCase):
    """Specialists look in; the customer's CSM sees that there is a copy."""

    def test_the_csm_sees_that_there_is_one(self):
        database = self.database.with_user(self.csm)
        self.assertEqual(database.state, "ready")
        self.assertEqual(database.display_name, "Backup – Padaria Aurora")
        self.assertTrue(database.copied_on and database.expires_on)
        for name in (*PLACE, "password", "origin", "consent_by_id", "consent_file"):
            with self.subTest(name), self.assertRaises(AccessError):
                database.read([name])
        for change in (
            lambda: database.write({"name": "x"}),
            database.unlink,
            database.action_test_connection,
            database.action_forget_secret,
            lambda: self.make_database(user=self.csm),
        ):
            with self.assertRaises(AccessError):
                change()

    def test_other_csms_and_employees_see_nothing(self):
        employee = self.make_user("cs_employee", "base.group_user")
        self.assertFalse(
            self.database.with_user(self.other_csm).search([("id", "!=", 0)])
        )
        for user in (employee, self.salesperson):
            with self.assertRaises(AccessError):
                self.database.with_user(user).search([])

    def test_specialists_and_administrators(self):
        for user in (self.specialist, self.admin):
            database = self.make_database(user=user)
            database.action_test_connection()
            self.assertTrue(database.is_reached)
            database.unlink()

    def test_it_stays_with_its_customer(self):
        with self.assertRaisesRegex(UserError, "stays with its customer"):
            self.database.account_id = self.make_account("Outra")

    def test_it_can_be_deleted_with_its_password(self):
        diagnostic = self.diagnosed()
        self.assertTrue(self.database.has_secret)
        self.database.unlink()
        self.assertFalse(diagnostic.database_id)
        self.assertFalse(self.env["cs.customer.database.secret"].sudo().search([]))

    def test_what_was_read_stays_on_record(self):
        self.make_probe("SELECT 7 AS value")
        self.probed(self.diagnosed())
        with self.assertRaisesRegex(UserError, "Archive it"):
            self.database.unlink()
        self.database.active = False
        self.assertFalse(self.database.has_secret)
