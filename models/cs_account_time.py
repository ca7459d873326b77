from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models


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
