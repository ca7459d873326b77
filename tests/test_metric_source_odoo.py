from datetime import date
from unittest.mock import patch

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError, ValidationError
from odoo.tests import BaseCase, Form, tagged

from odoo.addons.customer_success.sources.odoo_aggregates import AGGREGATES

from .odoo_source_common import OdooSourceCase


@tagged("post_install", "-at_install")
class TestCounting(OdooSourceCase):
    """The records of an app are counted for all customers at once."""

    def test_people_count_for_their_company_and_strangers_for_nobody(self):
        stranger = self.make_partner("Ninguém")
        self.person.active = False
        self.make_leads(self.partner, self.person, self.person, stranger)
        self.fetch(self.make_counting())
        self.assertEqual(self.value(), 3)
        self.assertEqual(self.value(account=self.quiet), 0)

    def test_archived_records_count_only_where_they_are_asked_for(self):
        self.make_leads(self.partner)
        self.make_leads(self.partner, active=False)
        source = self.make_counting()
        self.fetch(source)
        self.assertEqual(self.value(), 1)
        source.domain = "[('active', 'in', [True, False])]"
        self.fetch(source)
        self.assertEqual(self.value(), 2)

    def test_every_aggregate(self):
        self.make_leads(
            self.partner, expected_revenue=100, date_deadline="2026-03-01", color=4
        )
        self.make_leads(
            self.person, expected_revenue=50, date_deadline="2026-01-31", color=4
        )
        self.make_leads(self.partner, expected_revenue=0, color=7)
        expected = {
            "count": ("active_users", False, 3),
            "count_distinct": ("active_users", "color", 2),
            "sum": ("mrr", "expected_revenue", 150),
            "avg": ("mrr", "expected_revenue", 50),
            "min": ("mrr", "expected_revenue", 0),
            "max": ("mrr", "expected_revenue", 100),
            "newest": ("tenure", "date_deadline", days(2026, 3, 1)),
            "oldest": ("renewal", "date_deadline", days(2026, 1, 31)),
        }
        self.assertEqual(set(expected), set(AGGREGATES))
        for aggregate, (key, field_name, value) in expected.items():
            with self.subTest(aggregate):
                source = self.make_counting((key, aggregate, field_name))
                self.fetch(source)
                self.assertEqual(self.value(key), value)
                is_number = aggregate in ("count", "count_distinct", "sum")
                nothing = 0 if is_number else None
                self.assertEqual(self.value(key, self.quiet), nothing)
                source.unlink()
                for facts in (self.values, self.readings):
                    facts.search([("metric_id.key", "=", key)]).unlink()

    def test_without_the_option_none_is_unknown_until_the_first(self):
        source = self.make_counting(
            ("active_users", "count", False),
            ("mrr", "avg", "expected_revenue"),
            zero_when_none=False,
        )
        self.fetch(source)
        self.assertFalse(self.present("active_users"))
        leads = self.make_leads(self.partner, expected_revenue=10)
        self.fetch(source)
        self.assertEqual(self.values_of("active_users", "mrr"), [1, 10])
        leads.unlink()
        later = source.last_run.replace(year=source.last_run.year + 1)
        with self.at_time(later):
            self.fetch(source)
        self.assertEqual(self.values_of("active_users", "mrr"), [0, None])
        self.assertTrue(self.present("mrr"))
        self.assertFalse(self.present("active_users", self.quiet))

    def test_the_last_days_are_those_of_the_calendar_of_the_company(self):
        self.make_leads(self.partner, date_deadline="2026-03-02")
        self.make_leads(self.partner, date_deadline="2026-03-01")
        self.make_leads(self.partner, date_deadline="2026-03-10")
        source = self.make_counting(date_field="date_deadline", window_days=7)
        # In São Paulo it is still the 9th.
        with self.at_time("2026-03-10 01:00:00"):
            self.fetch(source)
            self.assertEqual(self.value(), 1)
        moments = "2026-03-02 02:59:59", "2026-03-02 03:00:00", "2026-03-10 03:00:00"
        for moment in moments:
            with patch.object(self.env.cr, "_now", moment):
                self.make_leads(self.partner)
        source.write({"date_field": "create_date", "domain": "[]"})
        with self.at_time("2026-03-10 01:00:00"):
            self.fetch(source)
            self.assertEqual(self.value(), 1)

    def test_days_in_the_filter_are_those_of_the_company_too(self):
        self.make_leads(self.partner, date_deadline="2026-03-09")
        source = self.make_counting(domain="[('date_deadline', '=', 'today')]")
        self.counter.tz = "Asia/Tokyo"
        with self.at_time("2026-03-10 01:00:00"):
            self.fetch(source)
        self.assertEqual(self.value(), 1)

    def test_yes_or_no(self):
        self.make_leads(self.partner, self.partner)
        self.fetch(self.make_counting(("from_competitor", "count", False)))
        self.assertEqual(self.value("from_competitor"), 1)
        self.assertEqual(self.value("from_competitor", self.quiet), 0)

    def test_a_path_can_end_at_the_customer_itself(self):
        self.env["cs.contact"].create(
            [{"account_id": self.account.id, "partner_id": self.person.id}]
        )
        self.fetch(self.make_counting(model="cs.contact", partner_path="account_id"))
        self.assertEqual(self.value(), 1)

    def test_a_path_can_have_several_links(self):
        self.make_user(
            "lia@example.com", "base.group_portal", partner_id=self.person.id
        )
        lead = self.make_leads(self.make_partner("Outra"))
        lead.user_id = self.env["res.users"].search([("login", "=", "lia@example.com")])
        self.fetch(self.make_counting(partner_path="user_id.partner_id"))
        self.assertEqual(self.value(), 1)

    def test_customers_of_a_company_get_its_records_and_those_of_none(self):
        other = self.env["res.company"].create({"name": "Filial"})
        theirs = self.make_account(partner_id=self.partner.id, company_id=other.id)
        self.make_leads(self.partner)
        self.make_leads(self.partner, self.partner, company_id=other.id)
        self.make_leads(self.partner, company_id=False)
        source = self.make_counting()
        self.fetch(source)
        self.assertEqual(self.value(), 2)
        self.assertFalse(self.present("active_users", theirs))
        self.counter.company_ids += other
        self.fetch(source)
        self.assertEqual(self.value(), 2)
        self.assertEqual(self.value(account=theirs), 3)
        source.company_id = other
        self.make_leads(self.partner, self.partner)
        self.make_leads(self.partner, company_id=other.id)
        self.fetch(source)
        self.assertEqual(self.value(), 2)
        self.assertEqual(self.value(account=theirs), 4)

    def test_a_walk_over_companies_goes_on_where_it_stood(self):
        other = self.env["res.company"].create({"name": "Filial"})
        theirs = self.make_account(company_id=other.id)
        self.counter.company_ids += other
        source = self.make_counting()
        source.sudo().position = other.id
        self.fetch(source)
        self.assertFalse(self.present("active_users"))
        self.assertEqual(self.value(account=theirs), 0)
        self.assertFalse(source.position)

    def test_the_number_of_queries_does_not_grow_with_the_customers(self):
        source = self.make_counting(
            ("active_users", "count", False), ("mrr", "sum", "expected_revenue")
        )
        counts = []
        for number in (3, 60):
            accounts = self.make_accounts(number)
            self.make_leads(*accounts.partner_id, expected_revenue=1)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.fetch(source)
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    def test_records_are_read_by_one_query_for_the_whole_portfolio(self):
        source = self.make_counting()
        self.make_leads(self.partner, self.quiet.partner_id)
        leads = type(self.env["crm.lead"])
        with patch.object(leads, "_read_group", autospec=True) as asked:
            asked.side_effect = lambda *_args, **_more: []
            self.fetch(source)
        # Once of no record, to see whether it may be asked.
        self.assertEqual(asked.call_count, 2)

    def test_the_first_rows_are_shown_by_the_names_of_customer_and_metric(self):
        self.make_leads(self.person)
        action = self.make_counting(zero_when_none=False).action_test()
        preview = self.env[action["res_model"]].browse(action["res_id"])
        self.assertIn("Padaria Sol", preview.rows)
        self.assertIn("Active users", preview.rows)
        self.assertTrue(preview.is_good)
        self.assertFalse(self.present("active_users"))

    def test_the_form_proposes_the_usual_way_to_the_customer(self):
        form = Form(self.env["cs.metric.source"].with_user(self.counter))
        form.name = "Negócios"
        form.kind = "odoo"
        form.model_id = self.env["ir.model"]._get("crm.lead")
        self.assertEqual(form.partner_path, "partner_id")
        form.model_id = self.env["ir.model"]._get("cs.contact")
        with form.line_ids.new() as line:
            line.metric_id = self.metric("active_users")
        source = form.save()
        self.assertEqual(source.line_ids.aggregate, "count")
        self.assertEqual(source.model_name, "cs.contact")

    def test_when_the_app_is_gone_the_source_says_so(self):
        source = self.make_counting()
        source.sudo().write({"model_id": False})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE cs_metric_source SET model_name = 'gone.app' WHERE id = %s",
            [source.id],
        )
        source.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "no records of “gone.app” any more"):
            source.sudo()._run()


@tagged("post_install", "-at_install")
class TestWhatCannotBeAsked(OdooSourceCase):
    """It is said on saving, in words, what is wrong."""

    def check_refused(self, reason, *lines, **values):
        with self.assertRaisesRegex(ValidationError, reason):
            self.make_counting(*lines, **values)

    def test_the_path_must_lead_to_a_customer(self):
        for path, reason in {
            "": "Say by which field",
            "nobody": "has no field “nobody”",
            "user_id": "must end at a contact",
            "tag_ids": "not stored as a link",
            "partner_id.child_ids": "not stored as a link",
            "name.partner_id": "not stored as a link",
        }.items():
            with self.subTest(path):
                self.check_refused(reason, partner_path=path)

    def test_the_filter_must_be_plain(self):
        for domain, reason in {
            "[('name', '=', uid)]": "cannot be read",
            "__import__('os').system('true')": "cannot be read",
            "[('name', '=', 'x')": "cannot be read",
            "'name'": "cannot be read",
            "[('name', 'is', 'x')]": "cannot be read",
            "[('nothing', '=', 1)]": "has no field “nothing”",
            "[('partner_id.nothing', '=', 1)]": "has no field “nothing”",
            "[('partner_id', 'any', [('nothing', '=', 1)])]": "has no field",
            "[('partner_id', 'any', 5)]": "cannot be read",
            "[('partner_id', 'any', [('id', 'any!', [])])]": "cannot be read",
            "[('id', '=', 'x')]": "cannot be asked",
            "[('name', '=', '\\x00')]": "cannot be asked",
            "[('create_date', '>', 'whenever')]": "cannot be asked",
        }.items():
            with self.subTest(domain):
                self.check_refused(reason, domain=domain)

    def test_verdicts_are_not_counted_again(self):
        for model, path in {
            "cs.metric.value": "account_id",
            "cs.metric.reading": "account_id",
            "cs.account": "partner_id",
            "cs.alert": "account_id",
            "cs.health.snapshot": "account_id",
        }.items():
            with self.subTest(model):
                self.check_refused("concludes", model=model, partner_path=path)
        self.check_refused(
            "concludes",
            model="cs.task",
            partner_path="account_id",
            domain="[('account_id.health_band', '=', 'red')]",
        )

    def test_values_fit_their_metric(self):
        for line, reason in {
            ("active_users", "sum", False): "say of which field",
            ("active_users", "sum", "nothing"): "no field “nothing”",
            ("active_users", "sum", "name"): "cannot be taken that way",
            ("active_users", "newest", "color"): "cannot be taken that way",
            ("active_users", "newest", "date_deadline"): "metrics of days",
            ("tenure", "count", False): "metrics of days",
            ("active_users", "sum", "expected_revenue"): "metric of money",
            ("from_competitor", "avg", "color"): "yes or no",
        }.items():
            with self.subTest(line):
                self.check_refused(reason, line)

    def test_other_settings(self):
        self.check_refused("keeps no records", model="mail.compose.message")
        self.check_refused("is no date", date_field="name")
        for days_back in (0, -1, 10**9):
            self.check_refused(
                "at least 1", date_field="create_date", window_days=days_back
            )
        self.check_refused("Choose whose records", model_id=False)

    def test_a_line_is_checked_when_it_changes(self):
        source = self.make_counting()
        with self.assertRaisesRegex(ValidationError, "metrics of days"):
            source.line_ids.metric_id = self.metric("tenure")


class TestParts(BaseCase):
    """Put together from parts, an aggregate says what it says of all at once."""

    @settings(deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.lists(st.none() | st.integers(-50, 50), min_size=1), min_size=1))
    def test_parts_make_the_whole(self, parts):
        everything = [one for part in parts for one in part]
        for key, aggregate in AGGREGATES.items():
            in_parts = aggregate.value([asked(aggregate, part) for part in parts])
            whole = aggregate.value([asked(aggregate, everything)])
            self.assertEqual(in_parts, whole, key)
            self.assertEqual(whole, plainly(key, everything), key)


def asked(aggregate, values):
    """What the database answers."""
    known = [one for one in values if one is not None]
    answers = {
        "__count": len(values),
        "x:count": len(known),
        "x:sum": sum(known) if known else None,
        "x:min": min(known, default=None),
        "x:max": max(known, default=None),
        "x:array_agg_distinct": [*set(known), *([None] if None in values else [])],
    }
    return [answers[spec] for spec in aggregate.specs("x", in_parts=True)]


def plainly(key, values):
    known = [one for one in values if one is not None]
    if key == "count":
        return len(values)
    if key == "count_distinct":
        return len(set(known))
    if not known:
        return None
    return {
        "sum": sum(known),
        "avg": sum(known) / len(known),
        "min": min(known),
        "max": max(known),
        "newest": max(known),
        "oldest": min(known),
    }[key]


def days(*day):
    return (date(*day) - date(1970, 1, 1)).days
