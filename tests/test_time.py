from datetime import date, datetime

from odoo.fields import Command

from .common import CsCase


class TestTime(CsCase):
    """One meaning of today, and money of each company in its own currency."""

    def test_today_is_the_companys_day(self):
        """23:30 in São Paulo is still that day, although UTC is at the next."""
        account = self.make_account()
        with self.at_time("2026-03-11 02:30:00"):
            self.assertEqual(account._today(), date(2026, 3, 10))
            self.assertEqual(
                self.env["cs.account"]._today(self.company), date(2026, 3, 10)
            )
        with self.at_time("2026-03-11 03:00:00"):
            self.assertEqual(account._today(), date(2026, 3, 11))

    def test_end_of_a_day_is_the_companys_midnight(self):
        account = self.make_account()
        moment = account._as_of_moment(date(2026, 3, 10))
        self.assertEqual(moment, datetime(2026, 3, 11, 2, 59, 59, 999999))

    def test_two_companies_two_currencies_two_todays(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        calendar = self.company.resource_calendar_id.copy({"tz": "Asia/Tokyo"})
        other = self.env["res.company"].create(
            {
                "name": "CS Tokyo",
                "currency_id": euro.id,
                "resource_calendar_id": calendar.id,
            }
        )
        partner = self.make_partner()
        here = self.make_account(partner_id=partner.id)
        there = self.make_account(partner_id=partner.id, company_id=other.id)
        self.assertEqual(there.currency_id, euro)
        self.assertEqual(here.currency_id, self.company.currency_id)
        with self.at_time("2026-03-11 02:30:00"):
            self.assertEqual(here._today(), date(2026, 3, 10))
            self.assertEqual(there._today(), date(2026, 3, 11))

    def test_company_sees_nothing_of_another(self):
        other = self.env["res.company"].create({"name": "CS B"})
        partner = self.make_partner()
        ours = self.make_account(partner_id=partner.id)
        theirs = self.make_account(partner_id=partner.id, company_id=other.id)
        manager = self.manager
        seen = self.env["cs.account"].with_user(manager).search([])
        self.assertIn(ours, seen)
        self.assertNotIn(theirs, seen)
        manager.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        seen = self.env["cs.account"].with_user(manager).search([])
        self.assertEqual(seen, theirs)
