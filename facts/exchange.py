"""Money of readings into the money of their customers."""

from .reading_parser import MAX_NUMBER, BadReading, is_storable, shown


class Exchange:
    """Converts amounts at the rate of their day, each rate looked up once."""

    def __init__(self, env):
        self.env = env
        self._currencies = {}
        self._rates = {}

    def convert(self, amount, kind, code, company, at):
        """Return ``amount`` in the company's currency, None stays None.

        :param kind: of the metric, only money has a currency
        :param code: ISO code of the amount's currency
        :param company: the res.company of the customer
        :param at: naive UTC moment of the amount
        :raise BadReading: not money, or a currency without a rate
        """
        if kind != "money":
            raise BadReading(self.env._("Only money has a currency."))
        currency = self._currency(code)
        if amount is None or currency == company.currency_id:
            return amount
        day = self.env["cs.account"]._local_date(at, company)
        key = (currency.id, company.id, day)
        if key not in self._rates:
            self._rates[key] = self._rate(currency, company, day)
        converted = amount * self._rates[key]
        if abs(converted) > MAX_NUMBER:
            raise BadReading(self.env._("Too large: %(value)s", value=shown(converted)))
        return converted

    def _currency(self, code):
        is_code = isinstance(code, str) and is_storable(code)
        currency = self._currencies.get(code) if is_code else None
        if currency is None and is_code:
            # sudo: rates are no secret to who may record an amount.
            currencies = self.env["res.currency"].sudo()
            currency = currencies.search([("name", "=", code)], limit=1)
            self._currencies[code] = currency
        if not currency:
            raise BadReading(self.env._("Unknown currency: %(code)s", code=shown(code)))
        return currency

    def _rate(self, currency, company, day):
        own = company.sudo().currency_id
        # Odoo takes 1 for a currency without any rate, which would be a false fact.
        if not (currency.rate_ids or own.rate_ids):
            raise BadReading(
                self.env._("No exchange rate of %(code)s.", code=currency.name)
            )
        return currency._get_conversion_rate(currency, own, company, day)
