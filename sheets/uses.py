"""Which column of a file holds what: guessed, remembered, checked."""

from collections import defaultdict

from odoo.exceptions import UserError

from .header import plain

#: A column that holds a metric has this use and the metric's key.
METRIC = "metric:"
#: What a column is used for that is used for nothing.
UNUSED = ""


def metric_key(use):
    """Return the key of the metric that a column holds, None for another use."""
    return use.removeprefix(METRIC) if use.startswith(METRIC) else None


def guess(header, targets, remembered):
    """Return ``{column: use}`` of the columns that are known.

    As remembered where it is, else by the names that people give such columns.

    :param header: names of columns
    :param targets: list of :class:`~.loader.Target`
    :param remembered: ``{column: use}`` of files before
    """
    keys = {one.key for one in targets}
    uses = {}
    for name, use in _candidates(header, targets, remembered):
        is_free = use == UNUSED or use not in uses.values()
        if name not in uses and is_free and (use in keys or _needs_no_target(use)):
            uses[name] = use
    return uses


def _needs_no_target(use):
    return use == UNUSED or metric_key(use) is not None


def _candidates(header, targets, remembered):
    """Yield ``(column, use)``, the surest first."""
    by_plain = {plain(name): use for name, use in remembered.items()}
    for name in header:
        if name in remembered:
            yield name, remembered[name]
    for name in header:
        if plain(name) in by_plain:
            yield name, by_plain[plain(name)]
    for one in targets:
        for alias in one.aliases:
            for name in header:
                if plain(name) == alias:
                    yield name, one.key


def remember(remembered, uses):
    """Return what is remembered after a file, the newest word on each target."""
    now_used = {use for use in uses.values() if use != UNUSED}
    before = {name: use for name, use in remembered.items() if use not in now_used}
    return uses | {name: use for name, use in before.items() if name not in uses}


def check(env, uses, targets):
    """Check that each target has one column at most, and the required ones one.

    :raise UserError: otherwise
    """
    columns = defaultdict(list)
    for name, use in uses.items():
        columns[use].append(name)
    for one in targets:
        names = columns[one.key]
        if not names and one.is_required:
            raise UserError(
                env._("Say which column holds: %(field)s", field=env._(one.label))
            )
        if len(names) > 1:
            raise UserError(
                env._(
                    "Several columns hold %(field)s: %(columns)s. Choose one.",
                    field=env._(one.label),
                    columns=", ".join(names),
                )
            )
