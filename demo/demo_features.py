"""Features of what the demo company sells: plain data, the same in every database.

Product → key, name, unit, kind of metric, kind of feature, full use, and what the
customer sees in it.
"""

FEATURES = {
    "expenses": [
        (
            "receipts_by_photo",
            "Recibos lançados por foto",
            "% dos recibos",
            "percent",
            "essential",
            80,
            "Ninguém digita nota: o valor e a data saem da foto.",
        ),
        (
            "approved_on_phone",
            "Aprovações pelo celular",
            "% das aprovações",
            "percent",
            "essential",
            70,
            "O gestor aprova no mesmo dia, de onde estiver.",
        ),
        (
            "policy_checks",
            "Despesas conferidas pela política",
            "% das despesas",
            "percent",
            "essential",
            90,
            "O que foge da política é avisado antes de ser pago.",
        ),
        (
            "savings_report",
            "Relatório de economia",
            "consultas por mês",
            "number",
            "differentiator",
            6,
            "Mostra à diretoria quanto se deixou de gastar no mês.",
        ),
        (
            "erp_postings",
            "Lançamentos no ERP",
            "% das despesas",
            "percent",
            "differentiator",
            95,
            "A contabilidade recebe tudo classificado, sem redigitar.",
        ),
    ],
    "travel": [
        (
            "booked_online",
            "Viagens reservadas na ferramenta",
            "% das viagens",
            "percent",
            "essential",
            85,
            "Toda viagem tem aprovação e centro de custo antes da compra.",
        ),
        (
            "agencies_compared",
            "Comparador de agências",
            "% das viagens",
            "percent",
            "differentiator",
            60,
            "O que se economiza por cotar em mais de uma agência.",
        ),
    ],
    "card": [
        (
            "cards_in_use",
            "Cartões em uso",
            "% dos cartões",
            "percent",
            "essential",
            90,
            "O adiantamento em dinheiro deixa de existir.",
        ),
        (
            "card_reconciled",
            "Conciliação automática do cartão",
            "% das compras",
            "percent",
            "differentiator",
            80,
            "A fatura fecha sozinha: cada compra já tem a sua nota.",
        ),
    ],
    "invoices": [
        (
            "invoices_captured",
            "Notas capturadas na SEFAZ",
            "% das notas",
            "percent",
            "essential",
            95,
            "Nenhuma nota se perde, nem chega depois do vencimento.",
        ),
    ],
}

# How readily the features catch on, in the order above.
POPULARITY = (1, 0.9, 1.05, 0.5, 0.85, 1, 0.45, 1.1, 0.7, 0.8)


def use_of(number, turn, months, trend, full_use):
    """Return the use of a feature over the months, the oldest first.

    :param number: of the customer
    :param turn: of the feature among all
    :param months: how many
    :param trend: for each month how much the customer uses the product at all, as a
        share of what it is used to
    :param full_use: of the feature
    """
    habit = 0.45 + (number * 29 + turn * 47) % 60 / 100
    habit *= POPULARITY[turn % len(POPULARITY)]
    use = []
    for month in range(months):
        learned = min(1.0, 0.3 + month * (0.06 + turn % 3 / 50))
        wave = 1 + ((number * 11 + turn * 5 + month * 3) % 7 - 3) / 100
        value = full_use * habit * learned * wave * trend[month]
        # Nearly all of them are shares.
        use.append(round(min(value, 100), 1))
    return use
