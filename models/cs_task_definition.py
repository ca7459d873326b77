from odoo import api, fields, models

from .cs_interaction import INTERACTION_KINDS

TASK_KINDS = [
    ("task", "Task"),
    ("interaction", "Interaction"),
    ("survey", "Survey"),
    ("indicator", "Indicator"),
    ("email", "E-mail"),
]


class CsTaskDefinition(models.AbstractModel):
    """What is to be done, by whom and how long it may take.

    Said once for the tasks of templates and for their copies in journeys, so that
    a copy is nothing but these fields.
    """

    _name = "cs.task.definition"
    _inherit = "cs.condition"
    _description = "Task Definition"

    # Of indicators only.
    metric_id = fields.Many2one(required=False, index="btree_not_null")
    continuous = fields.Boolean(
        help="Goes on being judged in the stages that follow. When it fails there, "
        "the customer returns to the stage before.",
    )
    name = fields.Char(
        string="Title",
        required=True,
        translate=True,
        help='What is to be done: a verb and its context, as in "Agree on the goals '
        'of the first quarter". Indicators are named by a quantity, with the value '
        "that is expected.",
    )
    position = fields.Integer(
        default=1,
        required=True,
        help="Tasks of the same position open together, when the mandatory tasks of "
        "the positions before are settled.",
    )
    kind = fields.Selection(
        selection=TASK_KINDS,
        default="task",
        required=True,
        help="Task: standard work. Interaction: leaves a record in the customer's "
        "history. Survey: asks the customer's satisfaction. Indicator: a value that "
        "is expected, judged by itself when the stage's tasks are done. E-mail: a "
        "message to the customer.",
    )
    interaction_kind = fields.Selection(
        selection=INTERACTION_KINDS,
        string="Interaction kind",
        default="meeting",
        help="What kind of interaction the task leaves in the customer's history.",
    )
    duration_days = fields.Integer(
        string="Days",
        default=1,
        required=True,
        help="The longest it may take, counted from the day it opens.",
    )
    responsible = fields.Selection(
        selection=[
            ("csm", "The customer's CSM"),
            ("user", "A fixed person"),
            ("customer", "The customer"),
        ],
        default="csm",
        required=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Assigned to",
        domain="[('share', '=', False)]",
    )
    mandatory = fields.Boolean(
        default=True,
        help="The next position waits for it, and so does the end of the stage.",
    )
    once = fields.Boolean(
        compute="_compute_once",
        store=True,
        readonly=False,
        precompute=True,
        help="Done once in a journey, even when the customer goes through the stage "
        "again.",
    )
    recurrence_days = fields.Integer(
        string="Every (days)",
        help="Comes again so many days after it was planned, while the stage lasts. "
        "A task that recurs blocks nothing. 0: once only.",
    )
    recurrence_from = fields.Selection(
        selection=[
            ("adoption", "Contact in adoption"),
            ("followup", "Follow-up"),
            ("results", "Results meeting"),
        ],
        string="As often as",
        help="Comes again by this cadence of the customer: its own, else that of the "
        "phase of its segment, else that of the segment. Where none is said, the days "
        "of this task count; without them it is on demand, and opens for nobody.",
    )
    closed_by = fields.Selection(
        selection=[
            ("hand", "A person"),
            ("handoff_accepted", "The accepted handoff"),
        ],
        string="Closed by",
        default="hand",
        required=True,
    )
    effort_hours = fields.Float(
        string="Effort (hours)",
        help="Work that it asks of who is responsible, each time.",
    )
    description = fields.Html(
        string="Instructions",
        translate=True,
        help="For who does it: what to prepare, what must be true at the end.",
    )
    material = fields.Html(
        translate=True, help="Links and texts to be used with the customer."
    )

    _definition_positive = models.Constraint(
        "CHECK (duration_days >= 0 AND recurrence_days >= 0 AND effort_hours >= 0)",
        "Days and hours of a task cannot be negative.",
    )

    @api.depends("name")
    def _compute_display_name(self):
        for task in self:
            task.display_name = task.name

    @api.depends("kind", "closed_by", "recurrence_days", "recurrence_from")
    def _compute_once(self):
        for task in self:
            recurs = task.recurrence_days or task.recurrence_from
            once = task.kind == "email" or task.closed_by == "handoff_accepted"
            task.once = once and not recurs

    @api.model
    def _definition_fields(self):
        """Return the names of the fields that a copy of a task takes along."""
        definition = self.env.registry["cs.task.definition"]._fields
        return [
            name
            for name, field in definition.items()
            if field.store and name not in models.MAGIC_COLUMNS
        ]
