from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CsAccount(models.Model):
    """The calendar of customer success: one meaning of *today* for everything."""

    _inherit = "cs.account"

    @api.model
    def _company_tz(self, company=None):
        """Return the time zone of a company's working calendar.

        :param company: a res.company; that of the account, else the current one
        :return: a ``ZoneInfo``
        """
        company = company or self.company_id[:1] or self.env.company
        return ZoneInfo(
            company.resource_calendar_id.tz or company.partner_id.tz or "UTC"
        )

    @api.model
    def _today(self, company=None):
        """Return *the* today: the date on the company's working calendar.

        The user's time zone is not asked, since scheduled actions have none.

        :param company: a res.company; that of the account, else the current one
        :return: a ``date``
        """
        now = fields.Datetime.now().replace(tzinfo=UTC)
        return now.astimezone(self._company_tz(company)).date()

    @api.model
    def _local_date(self, moment, company=None):
        """Return the company's calendar date of a naive UTC ``datetime``."""
        return moment.replace(tzinfo=UTC).astimezone(self._company_tz(company)).date()

    @api.model
    def _as_of_moment(self, as_of=None, company=None):
        """Return the naive UTC moment that an ``as_of`` means.

        :param as_of: None (now), a UTC ``datetime``, or a ``date``: the last
            microsecond of that day in the company's time zone
        :param company: a res.company; that of the account, else the current one
        :return: a naive UTC ``datetime``
        """
        if as_of is None:
            return fields.Datetime.now()
        if isinstance(as_of, str):
            as_of = (
                fields.Datetime.to_datetime(as_of)
                if len(as_of) > len("2026-01-31")
                else fields.Date.to_date(as_of)
            )
        if isinstance(as_of, datetime):
            return as_of.astimezone(UTC).replace(tzinfo=None) if as_of.tzinfo else as_of
        next_day = datetime.combine(
            as_of + timedelta(days=1), time.min, tzinfo=self._company_tz(company)
        )
        return next_day.astimezone(UTC).replace(tzinfo=None) - timedelta(microseconds=1)

    # Of many companies at once

    @api.model
    def _company_days(self, as_of=None):
        """Return what ``as_of`` means at each company.

        :param as_of: as :meth:`_as_of_moment` takes it
        :return: ``{company id: (naive UTC moment, local date)}``
        """
        days = {}
        for company in self._all_companies():
            moment = self._as_of_moment(as_of, company)
            days[company.id] = (moment, self._local_date(moment, company))
        return days

    @api.model
    def _all_companies(self):
        # sudo: calendars, whoever asks; which accounts are seen is another question.
        companies = self.env["res.company"].sudo().with_context(active_test=False)
        return companies.search_fetch(
            Domain.TRUE, ["resource_calendar_id", "partner_id", "currency_id"]
        )

    @api.model
    def _sql_companies(self, as_of=None):
        """Return the calendars of all companies as a relation.

        :param as_of: as :meth:`_as_of_moment` takes it: whose day is today
        :return: an ``SQL``: company_id, today (date), tz (name of the time zone)
        """
        days = self._company_days(as_of)
        rows = SQL(", ").join(
            SQL(
                "(%s, %s::date, %s)",
                company.id,
                days[company.id][1],
                self._company_tz(company).key,
            )
            for company in self._all_companies()
        )
        return SQL("SELECT * FROM (VALUES %s) c (company_id, today, tz)", rows)

    @api.model
    def _day_start(self, day, company=None):
        """Return the naive UTC moment at which a day begins at a company.

        :param day: a ``date``
        :param company: a res.company; the current one without it
        """
        start = datetime.combine(day, time.min, tzinfo=self._company_tz(company))
        return start.astimezone(UTC).replace(tzinfo=None)

    @api.model
    def _companies_by_today(self, companies=None):
        """Return which companies live in which today: ``{date: res.company}``.

        :param companies: only these, where they are known; all without it
        """
        return (companies or self._all_companies()).grouped(self._today)

    @api.model
    def _sql_today(self, company, companies=None):
        """Return the today of a company in SQL.

        :param company: an ``SQL`` giving the id of the company
        :param companies: the companies that it can be; all without it
        """
        by_today = self._companies_by_today(companies)
        if len(by_today) == 1:
            return SQL("%s::date", next(iter(by_today)))
        cases = SQL(" ").join(
            SQL("WHEN %s IN %s THEN %s::date", company, tuple(companies.ids), today)
            for today, companies in by_today.items()
        )
        return SQL("CASE %s END", cases)

    @api.model
    def _compare_with_today(self, field_name, operator):
        """Return a domain comparing a date with the today of the record's company.

        :param field_name: a date field of a model that has ``company_id``
        :param operator: ``<``, ``<=``, ``=``, ``>=`` or ``>``
        """
        by_today = self._companies_by_today()
        if len(by_today) == 1:
            return Domain(field_name, operator, next(iter(by_today)))
        return Domain.OR(
            Domain("company_id", "in", companies.ids)
            & Domain(field_name, operator, today)
            for today, companies in by_today.items()
        )
