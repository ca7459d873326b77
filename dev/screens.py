"""Pages to picture beside those found by walking the addon's menus.

Add a line for what no menu leads to: portal pages, a dialog's own address, a phone's
width. `path` may contain {model.name} for the first record that the user may read:
"/odoo/m-cs.account/{cs.account}". `click` is pressed when the page is there.
"""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Page:
    name: str
    path: str
    login: str | None = None  # the one who walks the menus
    width: int | None = None
    click: str | None = None  # CSS selector


PAGES = [
    Page("apps", "/odoo"),
    Page("portal-home", "/my", login="mariana"),
    Page("portal-journey", "/my/success", login="mariana"),
    Page("portal-journey-phone", "/my/success", login="mariana", width=360),
    Page(
        "portal-task",
        "/my/success",
        login="mariana",
        click=".o_cs_portal a.list-group-item",
    ),
    Page("portal-customer", "/my/success", login="juliana"),
    Page("portal-plan", "/my/success", login="juliana", click="a.o_cs_plan"),
    Page(
        "portal-plan-phone",
        "/my/success",
        login="juliana",
        click="a.o_cs_plan",
        width=360,
    ),
    Page(
        "plan-progress-mail",
        "/odoo/cs-plans/{cs.plan}",
        login="elisa",
        click=".o_notebook a[name=progress_mail]",
    ),
    Page("task", "/odoo/m-cs.task/{cs.task}", login="ana"),
    Page(
        "customer-health",
        "/odoo/m-cs.account/{cs.account}",
        login="ana",
        click=".o_notebook a[name=health]",
    ),
    Page(
        "customer-health-phone",
        "/odoo/m-cs.account/{cs.account}",
        login="ana",
        width=360,
        click=".o_notebook a[name=health]",
    ),
    Page(
        "customer-health-by-hand",
        "/odoo/m-cs.account/{cs.account}",
        login="ana",
        click="[name=health] button:nth-child(1)",
    ),
    Page(
        "customer-pulse",
        "/odoo/m-cs.account/{cs.account}",
        login="ana",
        click="[name=health] button:last-child",
    ),
    Page(
        "scorecard-past",
        "/odoo/m-cs.scorecard/{cs.scorecard}",
        login="elisa",
        click=".o_notebook a[name=past]",
    ),
    Page(
        "customer-facts",
        "/odoo/m-cs.account/{cs.account}",
        login="ana",
        click=".o_notebook a[name=facts]",
    ),
    Page(
        "customer-features",
        "/odoo/m-cs.account/{cs.account}",
        login="fernanda",
        click=".o_notebook a[name=features]",
    ),
    Page(
        "back-test-who-left",
        "/odoo/m-cs.health.backtest/{cs.health.backtest}",
        login="elisa",
        click=".o_notebook a[name=customers]",
    ),
    Page(
        "back-test-compared",
        "/odoo/m-cs.health.backtest/{cs.health.backtest}",
        login="elisa",
        click="button[name=action_compare]",
    ),
    Page("metric", "/odoo/m-cs.metric/{cs.metric}", login="elisa"),
    Page("ingest-key-new", "/odoo/m-cs.ingest.key.make/new", login="helena"),
    Page("portfolio-csm", "/odoo/cs-portfolio", login="ana"),
    Page("portfolio-manager", "/odoo/cs-portfolio", login="fernanda"),
    Page("portfolio-phone", "/odoo/cs-portfolio", login="ana", width=360),
    Page("my-tasks", "/odoo/cs-my-tasks", login="ana"),
    Page("my-tasks-phone", "/odoo/cs-my-tasks", login="ana", width=390),
    Page("customers-phone", "/odoo/cs-customers", login="ana", width=390),
    Page("health-of-the-machine-phone", "/odoo/cs-machine", login="elisa", width=390),
    Page(
        "diagnostic-answers",
        "/odoo/cs-diagnostics/{cs.diagnostic}/cs-diagnostic-answers",
        login="elisa",
    ),
    Page(
        "diagnostic-proposals",
        "/odoo/cs-diagnostics/{cs.diagnostic}/cs-diagnostic-answers",
        login="elisa",
        click=".o_cs_diagnostic_area:nth-of-type(2)",
    ),
    Page(
        "customer-databases",
        "/odoo/cs-customer-databases",
        login="elisa",
    ),
    Page(
        "customer-database",
        "/odoo/cs-customer-databases/{cs.customer.database}",
        login="elisa",
    ),
    Page(
        "diagnostic-erp",
        "/odoo/cs-diagnostic-erps/{cs.diagnostic.erp}",
        login="elisa",
    ),
    Page(
        "diagnostic-probe",
        "/odoo/cs-diagnostic-probes/{cs.diagnostic.probe}",
        login="elisa",
    ),
    Page(
        "diagnostic-answers-phone",
        "/odoo/cs-diagnostics/{cs.diagnostic}/cs-diagnostic-answers",
        login="elisa",
        width=360,
    ),
    Page(
        "diagnostic-evolution",
        "/odoo/cs-diagnostics/{cs.diagnostic}",
        login="elisa",
        click=".o_notebook a[name=evolution]",
    ),
    Page(
        "plan-draft",
        "/odoo/cs-diagnostics/{cs.diagnostic}",
        login="elisa",
        click="button[name=action_open_plan_draft]",
    ),
    Page(
        "plan-timeline",
        "/odoo/cs-plans/{cs.plan}",
        login="elisa",
        click=".o_notebook a[name=timeline]",
    ),
    Page("deal-won", "/odoo/crm", login="gustavo"),
]


def as_data():
    return [asdict(page) for page in PAGES]
