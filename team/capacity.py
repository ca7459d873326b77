"""How many CSMs a portfolio asks for, by its customers and by its money."""

from decimal import ROUND_CEILING, Decimal


def csms_for_customers(customers, per_csm):
    """Return how many CSMs carry so many customers.

    >>> csms_for_customers(75, 30), csms_for_customers(40, 40), csms_for_customers(0, 9)
    (3, 1, 0)

    :param per_csm: customers that one CSM carries; 0: nobody is needed
    """
    return -(-customers // per_csm) if per_csm > 0 else 0


def csms_for_mrr(mrr, mrr_per_csm):
    """Return how many CSMs carry so much MRR.

    >>> csms_for_mrr(100000, 100000), csms_for_mrr(100000.01, 100000)
    (1, 2)

    :param mrr_per_csm: MRR that one CSM carries; 0: nobody is needed
    """
    if mrr_per_csm <= 0 or mrr <= 0:
        return 0
    # Decimals: in binary, sums of cents may lie a hair above a whole multiple.
    share = Decimal(f"{mrr:.2f}") / Decimal(f"{mrr_per_csm:.2f}")
    return int(share.to_integral_value(ROUND_CEILING))


def customers_for_ticket(ticket, mrr_per_csm):
    """Return how many customers of an average ticket one CSM carries, 0: unknown.

    >>> customers_for_ticket(2000, 100000), customers_for_ticket(0, 100000)
    (50, 0)

    :param ticket: average MRR of a customer
    """
    if ticket <= 0 or mrr_per_csm <= 0:
        return 0
    return int(Decimal(f"{mrr_per_csm:.2f}") // Decimal(f"{ticket:.2f}"))


def binding(by_customers, by_mrr):
    """Return which rule asks for more people: customers, mrr or both."""
    if by_customers == by_mrr:
        return "both"
    return "customers" if by_customers > by_mrr else "mrr"


def unfilled(needed, serving):
    """Return for how many places of each kind nobody is there.

    Each CSM fills one place, of a kind that they serve; as many places are filled as
    can be.

    >>> unfilled({"large": 3}, [{"small"}, {"small"}, {"small"}])
    {'large': 3}
    >>> unfilled({"large": 1, "small": 1}, [None, {"large"}])
    {'large': 0, 'small': 0}

    :param needed: ``{kind: places}``
    :param serving: for each CSM the kinds that they serve; None: every kind
    """
    filled = {}

    def fill(place, tried):
        for csm, kinds in enumerate(serving):
            if csm in tried or (kinds is not None and place[0] not in kinds):
                continue
            tried.add(csm)
            # Who is there already moves on where another place can have them.
            if csm not in filled or fill(filled[csm], tried):
                filled[csm] = place
                return True
        return False

    return {
        kind: sum(not fill((kind, number), set()) for number in range(places))
        for kind, places in needed.items()
    }
