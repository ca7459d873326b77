"""Whether a question may be asked, and whether its answer could be true."""

import psycopg2

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..models.cs_metric import DATE_KINDS
from .odoo_aggregates import AGGREGATES
from .odoo_visibility import PartlyHidden, hiding_rules

#: What we conclude ourselves: counted again, verdicts would feed on themselves.
_VERDICTS = (
    "cs.account",
    "cs.alert",
    "cs.health",
    "cs.metric",
    "cs.scorecard",
    "cs.segment",
)
_ANY = ("any", "not any")
_MOST_DAYS = 36_500
#: How Odoo and PostgreSQL refuse a question that makes no sense.
_REFUSED = (
    ValueError,
    TypeError,
    KeyError,
    OverflowError,
    RecursionError,
    psycopg2.DataError,
    psycopg2.ProgrammingError,
)


class QuestionCheck:
    """Refuses, in plain words, what cannot be asked or may not be seen.

    All is checked with the rights of who asks, so that a filter on what they may not
    read is refused as well.
    """

    def __init__(self, question):
        self.question = question
        self.source = question.source
        self.env = question.env
        #: Models whose records decide what is counted.
        self._read = {}

    def check(self):
        """
        :raise AccessError: the person may not read a model or a field
        :raise ValidationError: it cannot be asked, or could not be true
        """
        model = self.question.model
        self._check_model(model)
        self._walk_domain(model, self.question.domain)
        self._walk_path()
        self._check_window(model)
        for line in self.question.lines:
            self._check_line(model, line)
        self._try()
        if not self.source.counts_visible_only:
            self._check_sees_all()

    def _check_model(self, model):
        if model._transient or model._abstract:
            raise ValidationError(
                self.env._(
                    "%(model)s keeps no records: choose others.",
                    model=self._label(model),
                )
            )
        self._enter(model)

    def _enter(self, model):
        """Go on to the records of a model."""
        self._refuse_verdicts(model)
        model.check_access("read")
        self._read[model._name] = model
        for parent in model._inherits:
            # Their rules hide a record too, which is one with its parent.
            self._read[parent] = self.env[parent]

    def _refuse_verdicts(self, model):
        if model._name.startswith(_VERDICTS):
            raise ValidationError(
                self.env._(
                    "%(model)s are what Customer Success itself concludes from facts: "
                    "they cannot be counted as facts again.",
                    model=self._label(model),
                )
            )

    # The filter

    def _walk_domain(self, model, domain):
        for condition in domain.iter_conditions():
            field = self._walk_field(model, condition.field_expr)
            if not field.relational:
                continue
            below = self.env[field.comodel_name]
            is_any = condition.operator in _ANY
            # Even whether there are any is something of records one may not read.
            if is_any or field.type != "many2one":
                self._enter(below)
            if is_any:
                self._walk_domain(below, self.question.read_domain(condition.value))

    def _walk_field(self, model, path):
        """Return the last field of a path of which all may be read."""
        names = path.split(".")
        for number, name in enumerate(names):
            field = self._field(model, name)
            # Odoo itself asks for the right on what is stored, not on what is searched.
            model._check_field_access(field, "read")
            if not field.relational or number == len(names) - 1:
                return field
            model = self.env[field.comodel_name]
            self._enter(model)
        return None

    def _field(self, model, name):
        if name not in model._fields:
            raise ValidationError(
                self.env._(
                    "%(model)s has no field “%(field)s”.",
                    model=self._label(model),
                    field=name,
                )
            )
        return model._fields[name]

    # The path, the days, the values

    def _walk_path(self):
        for model, field in self.question.path_fields():
            model._check_field_access(field, "read")
            target = self.env[field.comodel_name]
            target.check_access("read")
            self._read[target._name] = target

    def _check_window(self, model):
        name = self.source.date_field
        if not name:
            return
        field = self._walk_field(model, name)
        if "." in name or field.type not in ("date", "datetime"):
            raise ValidationError(
                self.env._(
                    "“%(field)s” of %(model)s is no date: the last days cannot be "
                    "told by it.",
                    model=self._label(model),
                    field=name,
                )
            )
        if not 1 <= self.source.window_days <= _MOST_DAYS:
            raise ValidationError(
                self.env._(
                    "The records of the last days count: of at least 1, of at most "
                    "%(most)s days.",
                    most=_MOST_DAYS,
                )
            )

    def _check_line(self, model, line):
        types = AGGREGATES[line.aggregate.key].types
        if types:
            self._check_line_field(model, line, types)
        is_day = line.aggregate.key in ("newest", "oldest")
        if is_day != (line.kind in DATE_KINDS):
            raise ValidationError(
                self.env._(
                    "%(metric)s: the newest and the oldest date go to metrics of days "
                    "since or until a date, and nothing else does.",
                    metric=line.name,
                )
            )
        if line.kind == "boolean" and not line.aggregate.is_counted:
            raise ValidationError(
                self.env._(
                    "%(metric)s: yes or no can be told by a number of records alone.",
                    metric=line.name,
                )
            )
        if line.is_money:
            self._check_money(line)

    def _check_money(self, line):
        if line.kind != "money":
            raise ValidationError(
                self.env._(
                    "%(metric)s: an amount of money needs a metric of money.",
                    metric=line.name,
                )
            )
        # With one currency only, it is that one.
        if not line.currency and self.env["res.currency"].search_count([], limit=2) > 1:
            raise ValidationError(
                self.env._(
                    "%(metric)s: the currencies of the amounts “%(field)s” are not "
                    "stored, so they cannot be put together.",
                    metric=line.name,
                    field=line.field_name,
                )
            )

    def _check_line_field(self, model, line, types):
        if not line.field_name:
            raise ValidationError(
                self.env._("%(metric)s: say of which field.", metric=line.name)
            )
        field = self._field(model, line.field_name)
        model._check_field_access(field, "read")
        if field.type not in types or not field.store:
            raise ValidationError(
                self.env._(
                    "%(metric)s: “%(field)s” of %(model)s cannot be taken that way.",
                    metric=line.name,
                    field=line.field_name,
                    model=self._label(model),
                )
            )

    def _try(self):
        """Ask it of no record: Odoo and the database say what they refuse."""
        try:
            with self.env.cr.savepoint(flush=False):
                self.question.ask(self.env.company, Domain("id", "<", 0))
        except UserError:
            raise
        except _REFUSED as error:
            reason = str(error).partition("\n")[0]
            raise ValidationError(
                self.env._("This cannot be asked: %(reason)s", reason=reason)
            ) from None

    # What is hidden

    def _check_sees_all(self):
        """Refuse numbers that would be too low: rules hide records from the owner."""
        asked = self.question.within(self.env.company)
        for model in self._read.values():
            of_itself = asked if model == self.question.model else Domain.TRUE
            hiding = hiding_rules(model, of_itself)
            if hiding:
                raise PartlyHidden(
                    self.env._(
                        "%(user)s sees only part of %(model)s (%(rules)s), so numbers "
                        "counted from them could be too low. Have somebody who sees "
                        "them all save this source, or tick “Count what the owner "
                        "sees”.",
                        user=self.env.user.name,
                        model=self._label(model),
                        rules=", ".join(hiding),
                    )
                )

    def _label(self, model):
        return self.env["ir.model"]._get(model._name).name
