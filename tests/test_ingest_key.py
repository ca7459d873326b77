import json
import xmlrpc.client
from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .facts_common import FactsCase

INGEST = "/json/2/cs.metric.value/ingest"


@tagged("post_install", "-at_install")
class IngestKeyCase(FactsCase, HttpCase):
    """A key made by the administrator's button, and calls with it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.partner_id.ref = "C-1"

    def make_key(self, **values):
        """Make a key as an administrator does; return ``(cs.ingest.key, text)``."""
        before = self.env["cs.ingest.key"].search([])
        make = self.env["cs.ingest.key.make"].with_user(self.admin)
        action = make.create({"name": "Billing", **values}).action_make()
        key = self.env["cs.ingest.key"].search([]) - before
        return key, action["context"]["default_key"]

    def call(self, path, text, method="POST", **body):
        headers = {"Authorization": f"Bearer {text}"} if text else {}
        return self.url_open(path, json=body, headers=headers, method=method)

    def send(self, text, *readings):
        readings = readings or (self.reading("nps", 9, "C-1", at="2026-01-05"),)
        return self.call(INGEST, text, readings=list(readings))


@tagged("post_install", "-at_install")
class TestIngestKey(IngestKeyCase):
    """Keys by which other systems record facts."""

    def test_the_key_records_facts(self):
        _key, text = self.make_key()
        response = self.send(text)
        self.assertEqual(response.status_code, 200, response.text)
        self.assertEqual(response.json()["recorded"], 1)
        self.assertEqual(self.present().value, 9)

    def test_it_is_good_for_a_year_and_kept_nowhere(self):
        key, text = self.make_key()
        today = self.env["cs.account"]._today()
        self.assertGreater(key.expires_on, today + timedelta(days=360))
        self.assertEqual(key.state, "active")
        stored = json.dumps(
            [
                self.env[model].sudo().search([]).read()
                for model in ("cs.ingest.key", "cs.ingest.key.make")
            ],
            default=str,
        )
        self.assertNotIn(text, stored)
        self.env.cr.execute("SELECT * FROM res_users_apikeys")
        self.assertNotIn(text, str(self.env.cr.fetchall()))

    def test_its_user_is_no_person_and_has_one_group(self):
        key, _text = self.make_key()
        user = key.user_id
        group = self.env.ref("customer_success.group_cs_ingest")
        self.assertEqual(user.all_group_ids, group)
        self.assertTrue(user.share)
        self.assertTrue(user._may_only_ingest())
        self.assertFalse(self.admin._may_only_ingest())

    def test_a_second_key_for_the_same_user(self):
        key, text = self.make_key()
        action = key.with_user(self.admin).action_make_another()
        values = {
            name.removeprefix("default_"): value
            for name, value in action["context"].items()
        }
        second, other_text = self.make_key(**values)
        self.assertEqual(second.user_id, key.user_id)
        for each in (text, other_text):
            self.assertEqual(self.send(each).status_code, 200)

    def test_no_key_for_a_user_who_may_do_more(self):
        self.specialist.group_ids += self.env.ref("customer_success.group_cs_ingest")
        with self.assertRaisesRegex(UserError, "may do more"):
            self.make_key(user_id=self.specialist.id)

    def test_only_administrators_make_see_and_revoke(self):
        key, text = self.make_key()
        for user in (self.csm, self.manager, self.specialist, self.salesperson):
            with self.assertRaises(AccessError):
                self.env["cs.ingest.key.make"].with_user(user).create({"name": "X"})
            with self.assertRaises(AccessError):
                key.with_user(user).name  # noqa: B018
            with self.assertRaises(AccessError):
                key.with_user(user).action_revoke()
        self.assertEqual(self.send(text).status_code, 200)

    def test_a_revoked_key_is_refused_at_once(self):
        key, text = self.make_key()
        key.with_user(self.admin).action_revoke()
        self.assertEqual(key.state, "revoked")
        self.assertEqual(self.send(text).status_code, 401)
        self.assertIn("revoked", key.message_ids[0].body)

    def test_a_day_to_come(self):
        with self.assertRaisesRegex(UserError, "day to come"):
            self.make_key(expires_on="2020-01-01")

    def test_a_key_stays_within_its_companies(self):
        branch = self.env["res.company"].create({"name": "Filial"})
        with self.assertRaisesRegex(AccessError, "Companies"):
            self.make_key(company_ids=branch.ids)
        self.admin.company_ids += branch
        key, text = self.make_key(company_ids=branch.ids)
        answer = self.send(text).json()
        self.assertIn("Unknown customer", answer["errors"][0]["reason"])
        self.assertEqual(key.company_ids, branch)

    def test_no_key_for_companies_that_are_not_ones_own(self):
        key, _text = self.make_key()
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        with self.assertRaises(AccessError):
            self.make_key(company_ids=[(6, 0, elsewhere.ids)])
        key.user_id.sudo().company_ids = elsewhere + self.company
        with self.assertRaises(AccessError):
            self.make_key(user_id=key.user_id.id)

    def test_its_end_is_announced_once(self):
        today = self.env["cs.account"]._today()
        far, _text = self.make_key(expires_on=today + timedelta(days=31))
        near, _text = self.make_key(expires_on=today + timedelta(days=29))
        ending = self.env["res.users.apikeys"]._cs_ending(30)
        self.assertEqual(ending, near.sudo().apikey_id)
        self.assertEqual((far.state, near.state), ("active", "ending"))
        self.announce()
        self.announce()
        told = near.message_ids.filtered("subject")
        self.assertEqual(len(told), 1)
        self.assertIn(self.admin.partner_id, told.notified_partner_ids)
        self.assertNotIn(self.specialist.partner_id, told.notified_partner_ids)
        self.assertFalse(far.message_ids.filtered("subject"))

    def announce(self):
        cron = self.env.ref("customer_success.ir_cron_announce_key_ends")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()

    def test_a_key_past_its_end_is_refused(self):
        key, text = self.make_key()
        self.env.cr.execute(
            "UPDATE res_users_apikeys SET expiration_date = '2020-01-01' WHERE id = %s",
            (key.sudo().apikey_id.id,),
        )
        self.assertEqual(self.send(text).status_code, 401)
        self.env["res.users.apikeys"]._gc_user_apikeys()
        key.invalidate_recordset()
        self.assertEqual(key.state, "ended")


@tagged("post_install", "-at_install")
class TestIngestKeyOpensNothingElse(IngestKeyCase):
    """What somebody tries who got hold of a key."""

    CALLS = (
        "cs.account/search_read",
        "cs.metric/search_read",
        "cs.metric.value/search_read",
        "cs.metric.value/record",
        "cs.metric.source/search_read",
        "cs.ingest.key/search_read",
        "res.partner/search_read",
        "res.users/search_read",
        "res.users/context_get",
        "res.users/has_group",
        "res.company/search_read",
        "res.lang/search_read",
        "res.country/search_read",
        "ir.model/search_read",
        "ir.ui.view/search_read",
        "ir.attachment/search_read",
        "ir.config_parameter/get_param",
        "ir.module.module/search_read",
        "bus.bus/search_read",
        "mail.message/search_read",
        "res.users.apikeys/search_read",
        "res.users.apikeys.description/create",
    )

    def setUp(self):
        super().setUp()
        _key, self.text = self.make_key()
        self.user = self.env["cs.ingest.key"].search([], limit=1).user_id
        # A key for everything, of the same user: Odoo's button makes such.
        self.broad = (
            self.env["res.users.apikeys"]
            .with_user(self.user)
            .sudo()
            ._generate("rpc", "broad", date.today() + timedelta(days=9))
        )

    def test_no_other_method_of_the_api(self):
        for path in self.CALLS:
            response = self.call(f"/json/2/{path}", self.text)
            self.assertEqual(response.status_code, 401, path)
            response = self.call(f"/json/2/{path}", self.broad)
            self.assertEqual(response.status_code, 403, path)
            self.assertIn("only record facts", response.json()["message"])
        own = self.call("/json/2/res.users/read", self.broad, ids=self.user.ids)
        self.assertEqual(own.status_code, 403)

    def test_a_broad_key_of_such_a_user_records_facts_all_the_same(self):
        self.assertEqual(self.send(self.broad).json()["recorded"], 1)

    @mute_logger("odoo.http", "odoo.addons.base.models.res_users")
    def test_neither_as_a_password(self):
        database = self.env.cr.dbname
        self.user.password = "a password somebody set"
        for password in (self.text, self.broad, "a password somebody set"):
            self.assertFalse(
                self.xmlrpc_common.authenticate(database, self.user.login, password, {})
            )
            with self.assertRaises(xmlrpc.client.Fault):
                self.xmlrpc_object.execute_kw(
                    database, self.user.id, password, "res.partner", "search", [[]]
                )
            answer = self.call(
                "/web/session/authenticate",
                None,
                jsonrpc="2.0",
                params={
                    "db": database,
                    "login": self.user.login,
                    "password": password,
                },
            ).json()
            self.assertIn("error", answer)

    def test_no_page(self):
        for path in ("/odoo", "/my", "/web/session/get_session_info"):
            headers = {"Authorization": f"Bearer {self.text}"}
            response = self.url_open(path, headers=headers, allow_redirects=False)
            self.assertIn(response.status_code, (303, 404, 415), path)
        rpc = {"params": {"model": "res.partner", "method": "search", "args": [[]]}}
        answer = self.call("/web/dataset/call_kw", self.text, **rpc).json()
        self.assertEqual(answer["error"]["code"], 100)

    def test_no_session_is_left(self):
        response = self.send(self.text)
        self.assertEqual(response.status_code, 200)
        self.assertFalse(
            self.call("/web/session/get_session_info", None, jsonrpc="2.0", params={})
            .json()
            .get("result")
        )


@tagged("post_install", "-at_install")
class TestIngestKeyTour(HttpCase):
    """An administrator makes a key, sees it once and revokes it, in a browser."""

    def test_made_shown_revoked(self):
        admin = new_test_user(
            self.env, login="cs_keys", groups="customer_success.group_cs_admin"
        )
        self.env["cs.ingest.key"].search([]).unlink()
        self.start_tour(
            "/odoo/cs-ingest-keys", "cs_ingest_key_tour", login="cs_keys", timeout=120
        )
        key = self.env["cs.ingest.key"].search([])
        self.assertEqual((key.name, key.state), ("Hub", "revoked"))
        self.assertEqual(key.with_user(admin).create_uid, admin)
