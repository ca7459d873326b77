"""What the copy of one customer's database said: plain data.

Each row is what the shipped probe of Odoo gives for the question.
"""

#: Days before the second diagnostic, and days for which it could be used.
COPIED_DAYS, USED_DAYS = 4, 30
COPY = {
    "name": "Backup do fechamento",
    "host": "copias.fluxo.example.com",
    "database": "copia_rede_horizonte",
    "username": "cs_reader",
    "sslmode": "verify-full",
    "origin": "Enviado pela controladoria por link seguro, restaurado pelo suporte",
    "consent_note": (
        "Por e-mail: só a equipe de diagnóstico olha, só para o diagnóstico, e a "
        "cópia é apagada em 30 dias."
    ),
}
ROWS = {
    "types_registered": {
        "value": 22.2,
        "types": 63,
        "unused": 14,
        "doubles": 7,
        "others": 2,
        "groups": 11,
    },
    "cost_centres": {
        "value": 0.0,
        "expenses": 412,
        "unclassified": 412,
        "bills": 98,
        "bills_unclassified": 98,
        "centres": 0,
    },
    "bills_complete": {"value": 96.9, "bills": 98, "in_time": 95, "average": 1.6},
    "right_type": {
        "value": 12.0,
        "total": 184350.4,
        "others": 22122.05,
        "unsorted": 3980.0,
    },
    "defaults_followed": {
        "value": 9.0,
        "open": 96400.0,
        "overdue": 8676.0,
        "days_30": 6120.0,
        "days_60": 4300.0,
        "days_90": 2676.0,
        "longer": 1700.0,
    },
    "bank_reconciled": {
        "value": 19,
        "banks": 3,
        "late": 1,
        "late_names": "BNK3",
        "worst": 19,
        "open_lines": 46,
    },
    # Nobody enters bank statements with balances: nothing to count.
    "balances_equal": {"value": None},
    "operation_types": {
        "value": 3.33,
        "movements": 690,
        "adjustments": 0,
        "transfers": 23,
    },
}
#: Proposals that the specialist took over; others were answered by looking.
ACCEPTED = ("types_registered", "cost_centres", "right_type", "bank_reconciled")
