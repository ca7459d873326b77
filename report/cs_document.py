from markupsafe import Markup

from odoo import api, models
from odoo.tools import format_date
from odoo.tools.misc import formatLang

from odoo.addons.base.models.ir_actions_report import _wkhtml

#: The colour of documents of companies that chose none.
COLOUR = "#714B67"


class CsDocument(models.AbstractModel):
    """What the documents for a customer share: language, letterhead, how they write.

    A document is handed over: what goes there is only what ``_content_of`` returns,
    never notes, moods, or reasons that are ours.
    """

    _name = "cs.document"
    _description = "Document for a Customer"
    #: The model that is printed.
    _document_of = None

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return what the template shows of each record.

        :raise AccessError: the user may not read one of them
        """
        docs = self.env[self._document_of].browse(docids or [])
        docs.check_access("read")
        return {
            "doc_ids": docs.ids,
            "doc_model": docs._name,
            "docs": docs,
            "lang_of": lambda doc: self._account_of(doc)._document_lang(),
            "content_of": self._content_in_language,
            # Without it, wkhtmltopdf prints no headers: the letterhead goes inside.
            "prints_headers": _wkhtml().is_patched_qt,
        }

    @api.model
    def _account_of(self, doc):
        return doc if doc._name == "cs.account" else doc.account_id

    @api.model
    def _content_in_language(self, doc):
        """Return all that is shown of a record, in the language of its customer."""
        account = self._account_of(doc)
        doc = doc.with_context(lang=account._document_lang())
        return {
            "account": self._account_of(doc),
            "company": doc.company_id,
            "colour": doc.company_id.sudo().primary_color or COLOUR,
            "today": self._day(doc.env, account._today(account.company_id)),
            **self._content_of(doc),
        }

    @api.model
    def _content_of(self, doc):
        """Return the values of a record's document.

        :param doc: the record, in the language of its customer
        :return: a dict
        """
        raise NotImplementedError

    # How documents write

    @api.model
    def _drawing(self, svg):
        """Return a drawing of ours for the template: it escaped what people wrote."""
        return Markup(svg)  # noqa: S704

    @api.model
    def _day(self, env, day):
        return format_date(env, day) if day else ""

    @api.model
    def _number(self, env, number, digits=0):
        return "–" if number is None else formatLang(env, number, digits=digits)

    @api.model
    def _quantity(self, env, number, unit):
        """Return a number as short as it is, with its unit."""
        digits = 0 if number == round(number) else 2
        return f"{self._number(env, number, digits)} {unit or ''}".strip()

    @api.model
    def _points(self, env, score):
        # Half a point is rounded up, as the screens do.
        return self._number(env, None if score is None else int(score + 0.5))

    @api.model
    def _labels(self, records, name):
        """Return the words of a selection field, in the language of the records."""
        return dict(records._fields[name]._description_selection(records.env))

    @api.model
    def _who(self, task):
        """Return who does a task: ``{"name", "side", "ours"}``."""
        ours = task.responsible != "customer"
        account = task.account_id
        # sudo: the names of people, whoever may read them
        person = (task.user_id if ours else task.partner_id).sudo().name
        side = task.company_id.sudo().name if ours else account.partner_id.name
        return {"name": person or side, "side": side, "ours": ours}

    @api.model
    def _task_row(self, task):
        """Return what a customer sees of a task of its plan."""
        env = task.env
        is_late = task.due_bucket == "late"
        return {
            "name": task.name,
            "why": task.action_id.why,
            "who": self._who(task),
            "deadline": self._day(env, task.date_deadline),
            "done_on": self._day(env, task.state == "done" and task.date_done),
            "state": "late" if is_late else task.state,
            "state_name": env._("Late")
            if is_late
            else self._labels(task, "state")[task.state],
        }

    @api.model
    def _objective_rows(self, objectives):
        """Return objectives as a customer reads them; cancelled ones are left out."""
        env = objectives.env
        outcomes = self._labels(objectives, "outcome")
        return [
            {
                "name": one.name,
                "baseline": self._quantity(env, one.baseline, one.unit),
                "target": self._quantity(env, one.target, one.unit),
                "now": self._quantity(env, one.current_value, one.unit)
                if one.is_known
                else "–",
                "due": self._day(env, one.due_on),
                "outcome": one.outcome,
                "outcome_name": outcomes.get(one.outcome) or env._("Under way"),
            }
            for one in objectives
            if one.outcome != "cancelled"
        ]
