"""What the planner of PostgreSQL can't know about a judgement of many customers."""

from contextlib import contextmanager

#: From so many customers on, steps are joined in one sweep and not one by one.
MANY = 500


@contextmanager
def in_sweeps(cr, count):
    """Let statements over many customers join their steps in sweeps.

    Nothing is known of how many rows the steps of a judgement have. Where the planner
    takes them for a few, it goes through all values for each customer: the square of
    their number, minutes instead of a second.

    :param cr: a cursor
    :param count: of how many customers
    """
    if count <= MANY:
        yield
        return
    cr.execute("SET LOCAL enable_nestloop = off; SET LOCAL work_mem = '64MB'")
    yield
    # An error ends the transaction, or its savepoint, and the settings with it.
    cr.execute("SET LOCAL enable_nestloop = DEFAULT; SET LOCAL work_mem = DEFAULT")
