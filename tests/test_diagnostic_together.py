import threading

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests.common import BaseCase, get_db_name, tagged

NAME = "Two specialists at once"


@tagged("post_install", "-at_install")
class TestTogether(BaseCase):
    """Two specialists work on one diagnostic in transactions of their own."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            partner = env["res.partner"].create({"name": NAME, "is_company": True})
            account = env["cs.account"].create({"partner_id": partner.id})
            template = env.ref("customer_success.cs_diagnostic_template_ello")
            diagnostic = env["cs.diagnostic"].start(account, template)
            self.diagnostic_id = diagnostic.id
            areas = diagnostic.answer_ids.grouped("area_id").values()
            halves = list(areas)[:4], list(areas)[4:]
            self.halves = [
                [answer.id for answers in half for answer in answers] for half in halves
            ]
        self.addCleanup(self.forget)

    def forget(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            partner = env["res.partner"].search([("name", "=", NAME)])
            env["cs.account"].search([("partner_id", "in", partner.ids)]).unlink()
            partner.unlink()

    def at_once(self, work, people):
        threads = [threading.Thread(target=work, args=args) for args in people]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
            self.assertFalse(thread.is_alive())

    def test_both_keep_all_they_wrote(self):
        started = threading.Barrier(2, timeout=60)
        failures = []

        def work(ids, answer):
            try:
                with self.registry.cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    rows = env["cs.diagnostic.answer"].browse(ids)
                    # Both see the same beginning before either has written.
                    rows.diagnostic_id.sheet()
                    started.wait()
                    for row in rows:
                        row.answer = answer
                        row.write_evidence(f"{answer} {row.id}", "")
                        row.diagnostic_id.sheet()
                    cr.flush()
                    # Neither commits before the other has written too.
                    started.wait()
            except Exception as error:
                failures.append(error)
                started.abort()

        self.at_once(work, zip(self.halves, ("done", "not_done"), strict=True))
        self.assertFalse(failures)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            diagnostic = env["cs.diagnostic"].browse(self.diagnostic_id)
            self.assertEqual(diagnostic.answered_count, diagnostic.answer_count)
            for ids, answer in zip(self.halves, ("done", "not_done"), strict=True):
                for row in env["cs.diagnostic.answer"].browse(ids):
                    self.assertEqual(row.answer, answer)
                    self.assertEqual(row.evidence, f"{answer} {row.id}")

    def test_evidence_of_one_answer_by_both_is_kept(self):
        started = threading.Barrier(2, timeout=60)
        tries, failures = [], []
        answer_id = self.halves[0][0]

        def work(text):
            first = True

            def write():
                nonlocal first
                tries.append(text)
                row = env["cs.diagnostic.answer"].browse(answer_id)
                # Both have seen the empty evidence before either writes.
                self.assertIn(row.evidence, (False, "First", "Second"))
                if first:
                    first = False
                    started.wait()
                row.write_evidence(text, "")

            try:
                with self.registry.cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    # As a click of each in a browser: Odoo asks again who came second.
                    retrying(write, env)
            except Exception as error:
                failures.append(error)
                started.abort()

        self.at_once(work, (("First",), ("Second",)))
        self.assertFalse(failures)
        self.assertGreater(len(tries), 2)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            evidence = env["cs.diagnostic.answer"].browse(answer_id).evidence
        self.assertEqual(sorted(evidence.splitlines()), ["First", "Second"])
