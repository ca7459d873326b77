"""Names and stories of the demo company: plain data, the same in every database."""

ACTIVITIES = [
    "Construtora",
    "Transportes",
    "Metalúrgica",
    "Distribuidora",
    "Laboratório",
    "Agropecuária",
    "Consultoria",
    "Indústria",
    "Hospital",
    "Rede",
    "Editora",
    "Tecnologia",
]
BRANDS = [
    "Vale Azul",
    "Serra Dourada",
    "Bela Vista",
    "Ipê Amarelo",
    "Rio Claro",
    "Santa Helena",
    "Campo Verde",
    "Porto Real",
    "Nova Aliança",
    "Horizonte",
]
INDUSTRIES = {
    "Construtora": "construction",
    "Transportes": "logistics",
    "Metalúrgica": "industry",
    "Distribuidora": "retail",
    "Laboratório": "health",
    "Agropecuária": "agribusiness",
    "Consultoria": "services",
    "Indústria": "industry",
    "Hospital": "health",
    "Rede": "retail",
    "Editora": "services",
    "Tecnologia": "technology",
}
PEOPLE = [
    ("Mariana Alves", "Diretora financeira", "sponsor"),
    ("Rafael Nogueira", "Gerente administrativo", "decision_maker"),
    ("Patrícia Gomes", "Analista financeira", "key_user"),
    ("Thiago Ribeiro", "Coordenador de TI", "it"),
    ("Juliana Castro", "Controller", "finance"),
]
# What each of PEOPLE weighs, thinks, expects, and why they need the product; and to
# whom, by place in PEOPLE, they report.
STAKES = [
    (
        "high",
        "supporter",
        "Ver por mês quanto a empresa economiza.",
        "Responde ao conselho pelo custo das viagens.",
        None,
    ),
    (
        "high",
        "neutral",
        "Menos exceções à política de despesas.",
        "Aprova os reembolsos de todas as áreas.",
        0,
    ),
    (
        "medium",
        "supporter",
        "Fechar o mês em cinco dias úteis.",
        "Confere cada prestação de contas antes do pagamento.",
        4,
    ),
    (
        "low",
        "neutral",
        "Integração com o ERP sem chamados.",
        "Mantém os acessos e a integração.",
        1,
    ),
    (
        "medium",
        "critic",
        "Relatórios por centro de custo.",
        "Fecha o resultado de cada área com estes números.",
        0,
    ),
]
CITIES = [
    ("São Paulo", "SP"),
    ("Campinas", "SP"),
    ("Curitiba", "PR"),
    ("Belo Horizonte", "MG"),
    ("Porto Alegre", "RS"),
    ("Recife", "PE"),
    ("Goiânia", "GO"),
    ("Florianópolis", "SC"),
]
ENTERPRISE, ME = 75, 40
MONTHS = 18

# What happens to some customers, by their number; the others live quietly.
FALLING_USE = {4, 17, 33, 52, 80, 96, 108}
RISING_USE = {8, 21, 60, 90}
DETRACTORS = {12, 33, 71, 99}
RENEWAL_NEAR = {3: 7, 26: 21, 45: 40, 84: 12, 101: 55}
UNHAPPY = {12, 33, 52, 99}
IN_TROUBLE = {17, 33, 52, 96, 99}
NO_SPONSOR = {9, 33, 58, 96}
SINGLE_CONTACT = {84, 99, 104}
NO_FACTS = {30, 66, 77, 111}
NEW_CUSTOMERS = 14
# What CSMs feel about some, from 1 to 5, and the one of whom they know better.
PULSES = {
    3: (4, "Falou em ampliar para as filiais depois da renovação."),
    9: (5, None),
    17: (2, "Ninguém responde desde a troca do gerente."),
    26: (3, None),
    33: (1, "Disse na última reunião que vai cotar outro fornecedor."),
    40: (4, None),
    60: (5, "Quer apresentar o caso deles no nosso evento."),
    84: (4, None),
    96: (2, None),
}
DECIDED = 45
DECIDED_WHY = "A nova diretora financeira veio de um cliente do concorrente."


def company_name(number):
    """Return the name of customer ``number`` (0–114), each another one."""
    activity = ACTIVITIES[number % len(ACTIVITIES)]
    brand = BRANDS[(number + number // len(ACTIVITIES)) % len(BRANDS)]
    return f"{activity} {brand}"


def monthly_users(number, employees):
    """Return the active users of 18 months, the oldest first, as the story goes."""
    share = 0.45 + (number * 37 % 40) / 100
    top = max(round(employees * share), 3)
    users = []
    for month in range(MONTHS):
        ramp = min(1.0, 0.4 + month / 10)
        wave = 1 + ((number * 13 + month * 7) % 9 - 4) / 100
        users.append(max(round(top * ramp * wave), 1))
    if number in FALLING_USE:
        users[-3:] = [round(users[-4] * factor) for factor in (0.95, 0.85, 0.45)]
    if number in IN_TROUBLE:
        users[-3:] = [round(users[-4] * factor) for factor in (0.8, 0.6, 0.28)]
    if number in RISING_USE:
        users[-2:] = [round(users[-3] * factor) for factor in (1.15, 1.4)]
    return users
