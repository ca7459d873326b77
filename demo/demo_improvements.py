"""What waits to be made better in the demo company: plain data."""

#: Topics of product requests: key, name, product, what all of them need.
TOPICS = [
    (
        "phone",
        "Aprovar despesas pelo celular",
        "product_expenses",
        "Gestores em viagem demoram a aprovar; querem o celular, mesmo sem internet.",
    ),
    (
        "erp",
        "Integrar a captura de notas com o ERP",
        "product_invoices",
        "Hoje as notas são exportadas em planilha e importadas à mão no ERP.",
    ),
    (
        "pix",
        "Reembolso por Pix no mesmo dia",
        "product_expenses",
        "Reembolsar o colaborador por Pix assim que a despesa é aprovada.",
    ),
]
#: Product requests: number of the customer, topic or none, in its own words.
REQUESTS = [
    (1, "phone", "Os diretores só aprovam no escritório"),
    (4, "phone", "Queremos aprovar pelo celular, como no banco"),
    (9, "phone", "Aplicativo de aprovação para os encarregados de obra"),
    (9, "phone", "Aprovar sem internet nas obras"),
    (2, "erp", "Digitamos as notas duas vezes"),
    (6, "erp", "Mandar a nota capturada direto para o contas a pagar"),
    (3, "pix", "Reembolso leva oito dias e a equipe reclama"),
    (11, None, "Exportar o relatório mensal em inglês para a matriz"),
]
#: Others: number of the customer, kind, impact, owner, days from now, name, text.
OTHERS = [
    (
        2,
        "improvement",
        "2",
        "elisa",
        6,
        "Usar regras por centro de custo em vez de conferir à mão",
        "Três pessoas conferem 400 despesas por mês; 85 % caberiam em quatro regras.",
    ),
    (
        5,
        "novelty",
        "1",
        "elisa",
        12,
        "Apresentar o novo painel de viagens",
        "Saiu na última versão; mostra a economia por agência, que a Controller pediu.",
    ),
    (
        3,
        "failure",
        "3",
        "elisa",
        -2,
        "Cartões corporativos sem dono na conciliação",
        "Seis cartões têm gastos e nenhum responsável; o fechamento para neles.",
    ),
    (
        7,
        "improvement",
        "1",
        "ana",
        20,
        "Treinar os novos analistas financeiros",
        "Duas pessoas entraram e lançam sem anexar o comprovante.",
    ),
]
#: Cross-sell ideas: number of the customer, product, a month, name.
IDEAS = [
    (1, "product_card", 950, "Cartão corporativo para a equipe comercial"),
    (4, "product_travel", 1400, "Gestão de viagens: já compram em três agências"),
    (8, "product_invoices", 600, "Captura de notas para o time de compras"),
]
#: How many of the ideas are opportunities by now, and of the others are tasks.
SOLD, WORKED_ON = 1, 2
