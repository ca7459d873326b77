"""Whether rules hide some of the records that are counted."""

from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval


class PartlyHidden(UserError):
    """Rules hide some of what would be counted, so the numbers could be too low."""


def hiding_rules(model, asked):
    """Return the names of the rules by which a person sees part of a model only.

    Rules of everybody, as those of companies, are no reason: nobody sees more.

    :param model: an empty recordset with the rights of the person
    :param asked: the ``Domain`` of the records that matter
    """
    # sudo: which rules there are is asked, never what they hide.
    rules = model.env["ir.rule"]._get_rules(model._name, "read").sudo()
    mine = rules.filtered(lambda rule: rule.groups & model.env.user.all_group_ids)
    terms = _terms(asked, "&")
    context = model.env["ir.rule"]._eval_context()
    for rule in mine:
        domain = Domain(safe_eval(rule.domain_force or "[]", context))
        if domain.is_true() or any(
            _implies(asked_for, shown)
            for asked_for in terms
            for shown in _terms(domain, "|")
        ):
            return []
    return mine.mapped("name")


def _terms(domain, operator):
    """Return the domains of which a domain is made by an operator."""
    is_made = getattr(domain, "OPERATOR", None) == operator
    return list(domain.children) if is_made else [domain]


def _implies(one, other):
    """Return whether what meets one condition meets the other one for sure."""
    if one == other:
        return True
    values, allowed = _values_of(one), _values_of(other)
    is_same_field = getattr(one, "field_expr", "") == getattr(other, "field_expr", None)
    return is_same_field and bool(values) and all(value in allowed for value in values)


def _values_of(condition):
    """Return the values that a condition leaves to a field, none if it isn't such."""
    if getattr(condition, "operator", None) not in ("=", "in"):
        return []
    is_many = isinstance(condition.value, (list, tuple, set))
    return list(condition.value) if is_many else [condition.value]
