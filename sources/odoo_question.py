"""What a source asks the records of a model of this Odoo."""

from ast import literal_eval
from datetime import timedelta
from functools import cached_property

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from .odoo_aggregates import AGGREGATES

#: Where a path to the customer may end.
PARTNER, ACCOUNT = "res.partner", "cs.account"
_COMPANY_OF_PARTNER = "commercial_partner_id"


class Question:
    """Asks one model for the values of all customers of a company at once."""

    def __init__(self, source):
        self.source = source
        self.env = source.env

    @property
    def model(self):
        """The model whose records are counted, with the rights of who asks.

        :raise UserError: none is chosen, or its app is gone
        """
        name = self.source.model_name
        if not name:
            raise ValidationError(self.env._("Choose whose records are counted."))
        if name not in self.env:
            raise UserError(
                self.env._(
                    "There are no records of “%(model)s” any more: the app they "
                    "belong to was removed. Archive this source, or choose other "
                    "records.",
                    model=name,
                )
            )
        return self.env[name]

    @cached_property
    def lines(self):
        return [Line(self.model, line) for line in self.source.line_ids]

    @property
    def domain(self):
        """Which of the records count, as the source says.

        :raise ValidationError: it is no domain
        """
        try:
            found = literal_eval((self.source.domain or "[]").strip())
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            found = None
        return self.read_domain(found)

    def read_domain(self, conditions):
        """Return a list of conditions as a ``Domain``.

        :raise ValidationError: it is none
        """
        try:
            if not isinstance(conditions, list):
                raise TypeError
            return Domain(conditions)
        except (ValueError, TypeError, RecursionError):
            raise ValidationError(
                self.env._(
                    "The filter cannot be read. It is a list of conditions on fields "
                    "with plain values, such as [('active', '=', True)]; days are "
                    "written like 'today -30d'."
                )
            ) from None

    def path_fields(self):
        """Return the fields on the path to the customer, each with its model.

        :raise ValidationError: it is no path of links that ends at a customer
        """
        model, found = self.model, []
        for name in (self.source.partner_path or "").split("."):
            field = model._fields.get(name)
            is_link = field and field.type == "many2one"
            if not is_link or not (field.store or field.related):
                self._refuse_path(model, name, field)
            found.append((model, field))
            model = self.env[field.comodel_name]
        if model._name not in (PARTNER, ACCOUNT):
            raise ValidationError(
                self.env._(
                    "The path to the customer, “%(path)s”, ends at %(model)s: it must "
                    "end at a contact or at a customer.",
                    path=self.source.partner_path,
                    model=self.env["ir.model"]._get(model._name).name,
                )
            )
        return found

    def _refuse_path(self, model, name, field):
        label = self.env["ir.model"]._get(model._name).name
        if not name:
            raise ValidationError(
                self.env._(
                    "Say by which field of %(model)s the customer is found.",
                    model=label,
                )
            )
        if not field:
            raise ValidationError(
                self.env._(
                    "The path to the customer: %(model)s has no field “%(field)s”.",
                    model=label,
                    field=name,
                )
            )
        raise ValidationError(
            self.env._(
                "The path to the customer: “%(field)s” of %(model)s is not stored as "
                "a link to one record, and only such can be followed.",
                model=label,
                field=name,
            )
        )

    @property
    def by_account(self):
        """Whether the path ends at our customers, else at contacts."""
        _model, last = self.path_fields()[-1]
        return last.comodel_name == ACCOUNT

    def groupby(self):
        path = self.source.partner_path
        by_customer = path if self.by_account else f"{path}.{_COMPANY_OF_PARTNER}"
        return [by_customer, *self.currencies()]

    def currencies(self):
        """Return the fields with the currencies of the amounts asked for."""
        return list(
            dict.fromkeys(c for c in (line.currency for line in self.lines) if c)
        )

    def within(self, company):
        """Return which records count at a company."""
        domain = self.domain & self._window(company)
        field = self.model._fields.get("company_id")
        is_company = field and field.comodel_name == "res.company"
        if is_company and (field.store or field.search):
            # What belongs to no company counts at each that follows the customer.
            domain &= Domain("company_id", "in", [company.id, False])
        return domain

    def _window(self, company):
        """Return the days that count, by the calendar of the company."""
        name, days = self.source.date_field, self.source.window_days
        if not name:
            return Domain.TRUE
        accounts = self.env["cs.account"]
        today = accounts._today(company)
        first, last = today - timedelta(days=days), today
        if self.model._fields[name].type == "date":
            return Domain(name, ">=", first) & Domain(name, "<=", last)
        start = accounts._day_start(first, company)
        end = accounts._day_start(last + timedelta(days=1), company)
        return Domain(name, ">=", start) & Domain(name, "<", end)

    def ask(self, company, only=Domain.TRUE):
        """Return what the records say, in one query for all customers.

        :param company: the res.company whose records are asked
        :param only: a ``Domain`` beside that of the source
        :return: rows of id (of a partner or a cs.account), currencies (a dict, field
            to res.currency) and, for each line, its part
        :raise AccessError: the owner may not see what is asked
        """
        zone = self.env["cs.account"]._company_tz(company)
        model = self.model.with_context(
            allowed_company_ids=company.ids, tz=zone.key, active_test=True
        )
        currencies, lines = self.currencies(), self.lines
        specs = [line.specs(bool(currencies)) for line in lines]
        rows = model._read_group(
            self.within(company) & only,
            self.groupby(),
            [s for one in specs for s in one],
        )
        answers = []
        for customer, *rest in rows:
            found = dict(zip(currencies, rest, strict=False))
            cells = iter(rest[len(currencies) :])
            parts = [[_known(next(cells)) for _spec in one] for one in specs]
            answers.append((customer.id, found, parts))
        return answers


class Line:
    """One value that is asked for."""

    def __init__(self, model, line):
        self.env = model.env
        # sudo: key and kind of a metric, to know how its value is read.
        metric = line.metric_id.sudo()
        self.metric_id, self.key, self.kind = metric.id, metric.key, metric.kind
        self.name = metric.name
        self.aggregate = AGGREGATES[line.aggregate or "count"]
        self.field_name = line.field_name if self.aggregate.types else None
        self.field = model._fields.get(self.field_name) if self.field_name else None
        self.currency = self._currency(model) if self.is_money else None

    @property
    def is_money(self):
        of_amounts = self.aggregate.key in ("sum", "avg", "min", "max")
        return of_amounts and self.field is not None and self.field.type == "monetary"

    def specs(self, in_parts):
        return self.aggregate.specs(self.field_name, in_parts)

    def _currency(self, model):
        """Return the field with the currency, None if the database doesn't have it."""
        name = self.field.get_currency_field(model)
        try:
            model._field_to_sql(model._table, name, model._search([]))
        except (ValueError, KeyError):
            return None
        return name


def _known(cell):
    # What is NULL comes as False.
    return None if cell is False else cell
