"""Run in the shell on a copy of the demo: writes which pages to picture, as whom.

Arguments: result file, language, login or nothing, extra pages as JSON.
"""

import json
import re
import sys

from odoo.tools.safe_eval import datetime, safe_eval

ADDON = "customer_success"
NO_SCREEN = {"search", "form"}
env = globals()["env"]


def walker(login):
    """Who walks the menus: the one named, else who may do most in the addon."""
    users = env["res.users"].search([("login", "=", login)]) if login else None
    if login and not users:
        sys.exit(f"no user {login}")
    if users:
        return users
    data = env["ir.model.data"].search(
        [("module", "=", ADDON), ("model", "=", "res.groups")]
    )
    groups = env["res.groups"].browse(data.mapped("res_id"))
    users = env["res.users"].search([("all_group_ids", "in", groups.ids)])
    users -= env.ref("base.user_root")
    return max(
        users,
        key=lambda user: (len(user.all_group_ids & groups), user.login != "admin"),
    )


def slug(*names):
    text = "-".join(names).lower().replace("&", "and")
    return re.sub(r"[^a-z0-9]+", "-", text).strip("-")


def menu_actions(user):
    """(name, action) of every menu of the addon that the user can see, in English."""
    menus = env["ir.ui.menu"].with_user(user).with_context(lang="en_US")
    known = menus.load_web_menus(False)
    roots = [m for m in known.values() if m.get("xmlid") == f"{ADDON}.menu_root"]

    def walk(menu, path):
        if path and menu.get("actionID"):  # an app's own is that of its first menu
            action = env[menu["actionModel"]].browse(menu["actionID"])
            yield slug(*path), action
        for child in menu["children"]:
            item = known[child]
            yield from walk(item, [*path, item["name"]])

    for root in roots:
        yield from walk(root, [])


def first(model, user, domain=()):
    """The first record the user may read, in the model's own order."""
    records = env[model].with_user(user)
    if records._abstract or not records.has_access("read"):
        return None
    return records.search(list(domain), limit=1).id or None


def domain_of(action, user):
    scope = {
        "uid": user.id,
        "datetime": datetime,
        "context_today": datetime.date.today,
        "allowed_company_ids": user.company_ids.ids,
    }
    try:
        return safe_eval(action.domain or "[]", scope)
    except Exception:  # a domain for the client only: any record will do
        return []


def window_pages(name, action, user):
    url = f"/odoo/action-{action.id}"
    if action.target == "new":
        yield page(f"{name}-dialog", "/odoo", action=action.id)
        return
    kinds = [kind for _view, kind in action.views]
    for kind in kinds:
        if kind not in NO_SCREEN:
            yield page(f"{name}-{kind}", f"{url}?view_type={kind}")
    if "form" in kinds:
        record = first(action.res_model, user, domain_of(action, user))
        yield page(f"{name}-form", f"{url}/{record or 'new'}")


def page(name, path, **more):
    return {"name": name, "path": path, "login": None, "width": None, **more}


def action_pages(user):
    """Pages of all menus; an action that two menus share is pictured once."""
    seen = set()
    for name, action in menu_actions(user):
        if action in seen:
            continue
        seen.add(action)
        if action._name == "ir.actions.act_window":
            yield from window_pages(name, action, user)
        elif action._name in ("ir.actions.client", "ir.actions.server"):
            yield page(name, f"/odoo/action-{action.id}")


def model_pages(user, covered):
    """Forms of models that no menu leads to."""
    names = env["ir.model"].search(
        [("model", "=like", "cs.%"), ("transient", "=", False)], order="model"
    )
    for model in names.mapped("model"):
        has_form = env["ir.ui.view"].search_count(
            [("model", "=", model), ("type", "=", "form")], limit=1
        )
        if model in covered or model not in env or not has_form:
            continue
        if record := first(model, user):
            yield page(
                slug(model.removeprefix("cs."), "form"), f"/odoo/m-{model}/{record}"
            )


def report_pages(user):
    """The PDFs of the addon, each for the first record of its model."""
    data = env["ir.model.data"].search(
        [("module", "=", ADDON), ("model", "=", "ir.actions.report")]
    )
    reports = env["ir.actions.report"].browse(data.mapped("res_id")).exists()
    for report in reports.with_context(lang="en_US").sorted("report_name"):
        if report.report_type == "qweb-pdf" and (record := first(report.model, user)):
            path = f"/report/pdf/{report.report_name}/{record}"
            yield page(slug("pdf", report.name), path, pdf=True)


def filled(extra, user):
    """Extra pages whose records exist."""
    for item in extra:
        login = item["login"]
        who = env["res.users"].search([("login", "=", login)]) if login else user
        found = {
            model: first(model, who) if model in env else None
            for model in re.findall(r"{([\w.]+)}", item["path"])
        }
        if who and all(found.values()):
            path = item["path"]
            for model, record in found.items():
                path = path.replace(f"{{{model}}}", str(record))
            yield {**item, "path": path}


def settle(lang):
    """Everyone in one language, and no robot that says hello in a corner."""
    users = env["res.users"].with_context(active_test=False).search([])
    users.partner_id.lang = lang
    if "odoobot_state" in users:
        users.odoobot_state = "disabled"


def main(result, lang, login, extra):
    user = walker(login)
    settle(lang)
    pages = list(action_pages(user))
    windows = [a for _n, a in menu_actions(user) if a._name == "ir.actions.act_window"]
    pages += model_pages(user, {action.res_model for action in windows})
    pages += report_pages(user)
    pages += filled(json.loads(extra), user)
    with open(result, "w") as file:
        json.dump({"login": user.login, "lang": lang, "pages": pages}, file)
    env.cr.commit()


main(*sys.argv[1:5])
