from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .journey_common import JourneyCase


@tagged("post_install", "-at_install")
class TestInteractions(JourneyCase):
    """What happened with a customer, and what it leaves on it."""

    def setUp(self):
        super().setUp()
        self.account = self.make_account()

    def log(self, date, **values):
        return self.env["cs.interaction"].create(
            {"account_id": self.account.id, "date": date, **values}
        )

    def test_newest_gives_mood_and_date(self):
        with self.at("2026-03-10"):
            self.log("2026-03-05 12:00:00", mood="4")
            self.log("2026-03-01 12:00:00", mood="1")
            self.assertEqual(self.account.mood, "4")
            newest = self.log("2026-03-09 01:00:00")
        self.assertEqual(self.account.mood, "4", "unknown is not another mood")
        self.assertEqual(self.account.last_interaction_on, self.day("2026-03-08"))
        newest.mood = "2"
        self.assertEqual(self.account.mood, "2")
        newest.unlink()
        self.assertEqual(self.account.mood, "4")
        self.assertEqual(self.account.last_interaction_on, self.day("2026-03-05"))

    def test_interaction_without_mood_leaves_the_known_mood(self):
        self.record(self.account, mood=5)
        self.assertEqual(self.account.mood, "5")
        self.log("2026-03-09 12:00:00")
        self.assertEqual(self.account.mood, "5")
        self.assertEqual(self.account.last_interaction_on, self.day("2026-03-09"))

    def test_many_interactions_are_counted_at_once(self):
        counts = []
        for size in (5, 20):
            accounts = self.make_accounts(size, csm_id=self.csm.id)
            values = [{"account_id": account.id, "mood": "4"} for account in accounts]
            self.env["cs.interaction"].create([*values, *values])
            before = self.env.cr.sql_log_count
            self.env["cs.interaction"].create(values)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(set(accounts.mapped("mood")), {"4"})
        self.assertLessEqual(counts[1], counts[0] + 5)

    def test_future_is_refused(self):
        with self.at("2026-03-10"), self.assertRaises(ValidationError):
            self.log("2026-03-11 12:00:00")

    def test_notes_are_sanitised(self):
        notes = self.log("2026-01-01", notes="<p>Hi<script>alert(1)</script></p>").notes
        self.assertIn("Hi", notes)
        self.assertNotIn("script", notes)

    def test_concluding_an_interaction_task_leaves_its_record(self):
        template = self.make_template(
            [self.task("Call", kind="interaction", interaction_kind="call")]
        )
        with self.at("2026-03-10"):
            journey = self.account.start_journey(template)
            journey.task_ids.with_user(self.csm).action_done()
        interaction = self.account.interaction_ids
        self.assertEqual(interaction.kind, "call")
        self.assertEqual(interaction.user_id, self.csm)
        self.assertEqual(interaction.task_id, journey.task_ids)
        self.assertEqual(self.account.last_interaction_on, self.day("2026-03-10"))

    def test_screen_asks_how_it_went_and_concludes(self):
        template = self.make_template(
            [self.task("Kick-off", 1, kind="interaction"), self.task("Next", 2)]
        )
        journey = self.account.start_journey(template)
        task = self.named(journey, "Kick-off").with_user(self.csm)
        action = task.action_conclude()
        self.assertEqual(task.state, "open")
        form = Form(
            self.env[action["res_model"]]
            .with_user(self.csm)
            .with_context(**action["context"])
        )
        form.mood = "5"
        form.notes = "<p>They are looking forward to it</p>"
        form.next_step = "Send the data"
        form.save().action_conclude()
        self.assertEqual(task.state, "done")
        self.assertEqual(self.open_names(journey), ["Next"])
        self.assertEqual(task.interaction_ids.next_step, "Send the data")
        self.assertEqual(self.account.mood, "5")

    def test_other_kinds_conclude_in_one_click(self):
        journey = self.account.start_journey(self.make_template([self.task("A")]))
        self.assertTrue(journey.task_ids.with_user(self.csm).action_conclude())
        self.assertEqual(journey.task_ids.state, "done")
