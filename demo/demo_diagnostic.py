"""What was found in the two diagnostics of the demo company: plain data."""

#: The customer, by its number.
CUSTOMER = 9
FIRST_DAYS, SECOND_DAYS = 205, 38

# Questions that are not named were answered as done.
FIRST = {
    "database_alive": "partly",
    "types_registered": "not_done",
    "cost_centres": "not_done",
    "module_released": "not_done",
    "bills_complete": "partly",
    "right_type": "not_done",
    "right_month": "partly",
    "defaults_followed": "not_done",
    "charging_rule": "not_done",
    "cards_registered": "partly",
    "cards_reconciled": "not_done",
    "bank_reconciled": "not_done",
    "balances_equal": "not_done",
    "accounts_real": "partly",
    "right_account": "partly",
    "operation_types": "partly",
    "income_statement": "not_done",
    "results_meeting": "not_done",
}
SECOND = {
    "types_registered": "partly",
    "cost_centres": "not_done",
    "module_released": "not_done",
    "bills_complete": "partly",
    "right_type": "partly",
    "defaults_followed": "partly",
    "charging_rule": "partly",
    "cards_reconciled": "partly",
    "bank_reconciled": "partly",
    "balances_equal": "partly",
    "operation_types": "partly",
    "income_statement": "not_done",
    "results_meeting": "partly",
}
EVIDENCE = {
    "database_copy": "Cópia recebida por link seguro; apagar em 30 dias.",
    "types_registered": "11 grupos, 63 tipos; 7 pares repetidos, 14 tipos sem uso.",
    "cost_centres": "0 de 412 despesas com centro de custo.",
    "module_released": "O menu não aparece para a analista financeira.",
    "bills_complete": "17 de 20 notas encontradas; a mais atrasada, 9 dias úteis.",
    "right_type": "12 % do valor em “Outros”; 5 de 30 no tipo errado.",
    "right_month": "28 de 30 no mês certo; o seguro anual está em um mês só.",
    "defaults_followed": "9 % vencido há mais de 30 dias; lista vista uma vez por mês.",
    "charging_rule": "Régua conhecida de cor; seguida com 1 de 3.",
    "cards_reconciled": "Só uma das duas adquirentes; mês fechado em 71 %.",
    "bank_reconciled": "2 de 3 contas em dia; a terceira, 19 dias atrasada.",
    "balances_equal": "Diferença de R$ 1.284,30 em uma conta desde março.",
    "operation_types": "23 transferências como despesa e receita em 90 dias.",
    "income_statement": "O dono usa uma planilha própria, sem centro de custo.",
    "results_meeting": "Duas reuniões em 3 meses, sem anotações.",
}
#: Questions that the second specialist answered.
BY_COLLEAGUE = {"cards_registered", "cards_reconciled", "bank_reconciled"}
#: What is done of the plan by now, in this order.
DONE = ("module", "routine", "operations", "balances", "register")
#: Numbers of the objectives: baseline and now.
NUMBERS = {"other": (31, 12), "default": (16, 9), "bank": (40, 19), "cards": (0, 71)}
#: Trainings held: days ago, minutes, topics, who else took part, how far they came.
TRAININGS = (
    (24, 90, ("posting",), "Tatiane Moura\nRafael Pinto", "helped"),
    (10, 60, ("payments", "reports"), "Tatiane Moura", "alone"),
)
#: What the plan is for, and what the customer downloads beside it.
PURPOSE = (
    "<p>Em três meses a Rede Horizonte fecha o mês com lançamentos confiáveis e uma "
    "DRE por centro de custo, lida pela diretoria em uma reunião mensal.</p>"
)
DOCUMENTS = {
    "Como classificar despesas.txt": (
        "1. A nota entra no dia em que chega, com grupo e tipo.\n"
        "2. O centro de custo é de quem pediu, não de quem pagou.\n"
        "3. Na dúvida, pergunte antes de usar o tipo “Outros”.\n"
    ),
    "Contas financeiras conferidas.csv": (
        "Conta;Saldo no sistema;Saldo no banco\n"
        "Banco principal;48.210,77;48.210,77\n"
        "Adquirente A;12.904,10;12.904,10\n"
    ),
}
