from odoo import api, models
from odoo.tools import html2plaintext, is_html_empty

from ..diagnostic.levels import ANSWER_COLOURS, LEVEL_COLOURS, UNKNOWN
from ..diagnostic.photos import photo_uri
from ..diagnostic.scale import draw_scale

#: A finding that says more than this may be parted by the end of a page.
SHORT = 1200
#: So many characters of conclusions fit on the cover.
COVER = 450


class CsDocumentDiagnostic(models.AbstractModel):
    """The diagnostic report: level, findings with evidence, recommendations."""

    _name = "report.customer_success.report_diagnostic"
    _description = "Diagnostic Report"
    _inherit = "cs.document"
    _document_of = "cs.diagnostic"

    @api.model
    def _content_of(self, doc):
        env = doc.env
        score = doc.score if doc.level else None
        return {
            "diagnostic": doc,
            "concluded": self._day(env, doc.concluded_on),
            "started": self._day(env, doc.started_on),
            "specialist": doc.specialist_id.sudo().name,  # sudo: a person's name
            "score": self._points(env, score),
            "level_name": self._labels(doc, "level").get(doc.level),
            "level_colour": LEVEL_COLOURS.get(doc.level, UNKNOWN),
            "scale": self._drawing(self._draw_scale(doc, score)),
            "radar": self._drawing(doc._draw_radar()),
            "change": self._change(doc),
            "previous": self._day(env, doc.previous_on),
            "conclusions": self._conclusions(doc),
            "areas": self._areas(doc),
            "finding_count": len(doc.finding_ids),
            "actions": self._actions(doc),
        }

    @api.model
    def _draw_scale(self, doc, score):
        limits = (doc.basic_from, doc.organised_from, doc.managed_from)
        return draw_scale(score, limits, list(self._labels(doc, "level").values()))

    @api.model
    def _conclusions(self, doc):
        """Say whether the conclusions fit on the cover: short, long, or False."""
        if is_html_empty(doc.summary):
            return False
        return "short" if len(html2plaintext(doc.summary)) <= COVER else "long"

    @api.model
    def _change(self, doc):
        """Return the points won or lost since the diagnostic before, or False."""
        if not (doc.previous_id and doc.level and doc.previous_id.level):
            return False
        points = self._points(doc.env, abs(doc.score_change))
        return f"{'+' if doc.score_change >= 0 else '−'}{points}"

    @api.model
    def _areas(self, doc):
        """Return each area: how it stands, what was found, what is in order."""
        by_area = doc.answer_ids.grouped(lambda one: one.area_id.id)
        labels = self._labels(doc.answer_ids, "answer")
        return [
            {
                **row,
                "points": self._points(doc.env, row["score"]),
                "colour": LEVEL_COLOURS.get(row["level"], UNKNOWN),
                "findings": [
                    self._finding(one, labels)
                    for one in by_area[row["area_id"]]
                    if one._is_finding()
                ],
                "in_order": self._questions(by_area[row["area_id"]], "done"),
                "left_out": self._questions(by_area[row["area_id"]], "not_applicable"),
            }
            for row in doc._results_by_area()
        ]

    @api.model
    def _questions(self, answers, found):
        return answers.filtered(lambda one: one.answer == found).question_id.mapped(
            "name"
        )

    @api.model
    def _finding(self, answer, labels):
        evidence = answer.evidence or ""
        photos, files = self._files(answer)
        return {
            "question": answer.question_id.name,
            "answer": answer.answer,
            "answer_name": labels[answer.answer],
            "colour": ANSWER_COLOURS[answer.answer],
            "meaning": answer.meaning,
            "evidence": evidence,
            "is_short": len(evidence) <= SHORT,
            "photos": [photos[place : place + 2] for place in range(0, len(photos), 2)],
            "files": files,
        }

    @api.model
    def _files(self, answer):
        """Return the pictures of an answer, and the names of its other files.

        :return: a list of ``{"name", "uri"}``, and a list of texts
        """
        photos, others = [], []
        # sudo: files of an answer that the reader was let to read
        for file in answer.sudo().attachment_ids.sorted("id"):
            is_picture = (file.mimetype or "").startswith("image/")
            uri = photo_uri(file.raw or b"") if is_picture else None
            if uri:
                photos.append({"name": file.name, "uri": uri})
            else:
                others.append(file.name)
        return photos, others

    @api.model
    def _actions(self, doc):
        """Return what is recommended, the best first."""
        return [
            {
                "name": action.name,
                "why": action.why,
                "impact": action.impact,
                "effort": action.effort,
                "days": action.duration_days,
                "module": action.module,
                "trainings": action.topic_ids.filtered("active").mapped("name"),
                "by_customer": action.responsible == "customer",
            }
            for action in doc.proposed_actions()
        ]
