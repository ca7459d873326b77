"""Run in the shell: prints as JSON who can sign in to the demo company, and as what.

Users with a group of the addon and users made by its demo data. The password is the
login, as the demo data promises; each is verified, so the table never tells a lie.
"""

import json

ADDON = "customer_success"
env = globals()["env"]


def records(model):
    """Records of that model that the addon made."""
    data = env["ir.model.data"].search([("module", "=", ADDON), ("model", "=", model)])
    return env[model].with_context(active_test=False).browse(data.mapped("res_id"))


def role(user, groups):
    """The highest of the addon's groups, else what the user is otherwise."""
    privilege = env.ref(f"{ADDON}.res_groups_privilege_cs", raise_if_not_found=False)
    own = user.all_group_ids & groups
    ranked = own.filtered(lambda group: privilege and group.privilege_id == privilege)
    best = ranked or own
    if best:
        top = max(best, key=lambda group: (len(group.all_implied_ids), group.sequence))
        return top.name
    if user.share:
        return "Portal"
    sales = env.ref("sales_team.group_sale_salesman", raise_if_not_found=False)
    return "Salesperson" if sales and sales in user.all_group_ids else "Internal user"


def password(user):
    """The password, if it is the promised one."""
    query = "SELECT COALESCE(password, '') FROM res_users WHERE id = %s"
    env.cr.execute(query, [user.id])
    stored = env.cr.fetchone()[0]
    context = env["res.users"]._crypt_context()
    return user.login if stored and context.verify(user.login, stored) else "(unknown)"


def main():
    groups = records("res.groups")
    users = env["res.users"].search([("all_group_ids", "in", groups.ids)])
    users |= records("res.users").filtered("active") | env.ref("base.user_admin")
    users -= env.ref("base.user_root")
    users -= users.filtered(lambda user: user._may_only_ingest())
    rows = [
        {
            "login": user.login,
            "password": password(user),
            "name": user.name,
            "role": role(user, groups),
            "lang": user.lang,
        }
        for user in users.sorted(lambda user: (user.login == "admin", user.id))
    ]
    print(json.dumps(rows))


main()
