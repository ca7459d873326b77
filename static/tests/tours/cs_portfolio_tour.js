import { registry } from "@web/core/registry";

/** A CSM's morning: what is late is done, and what it opens is there at once. */
const morning = () => [
    {
        content: "The kick-off is late: it is done now",
        trigger: ".o_cs_bucket_late .o_cs_task:contains(Padaria Aurora):contains(3 days late) .o_cs_conclude",
        run: "click",
    },
    {
        content: "What it opened is named, without another page",
        trigger: ".o_cs_after:contains(Kick-off) .o_cs_task:contains(Training)",
    },
    {
        content: "Nothing is late any more",
        trigger: ".o_cs_work:not(:has(.o_cs_bucket_late)) .o_cs_bucket_next:contains(Training)",
    },
    {
        content: "The page is not wider than the screen",
        trigger: ".o_cs_portfolio .o_cs_customer:contains(Padaria Aurora)",
        run() {
            const { scrollWidth, clientWidth } = document.querySelector(".o_cs_portfolio");
            if (scrollWidth > clientWidth) {
                throw new Error(`${scrollWidth} px do not fit into ${clientWidth} px`);
            }
        },
    },
    {
        content: "An MRR that nobody knows is no zero",
        trigger: ".o_cs_customer:contains(Transportes Sol) .o_cs_customer_money:contains(–)",
    },
    {
        content: "The training is held: an interaction asks how it went",
        trigger: ".o_cs_after .o_cs_task:contains(Training) .o_cs_conclude",
        run: "click",
    },
    {
        content: "They were happy",
        trigger: ".modal .o_field_widget[name=mood] .o_selection_badge:contains(Very happy)",
        run: "click",
    },
    {
        trigger: ".modal button[name=action_conclude]",
        run: "click",
    },
    {
        content: "It is done, too",
        trigger: ".o_cs_after:contains(Training is done)",
    },
    {
        content: "The customer shows the mood",
        trigger: ".o_cs_customer:contains(Padaria Aurora) .o_cs_mood.fa-smile-o",
    },
];

registry.category("web_tour.tours").add("cs_portfolio_morning", {
    steps: () => [
        ...morning(),
        {
            content: "Find one customer",
            trigger: ".o_cs_search input",
            run: "edit Sol",
        },
        {
            trigger: ".o_cs_customers:not(:contains(Padaria Aurora)) .o_cs_customer:contains(Transportes Sol)",
            run: "click",
        },
        {
            content: "The customer opens, and the way back leads to the portfolio",
            trigger: ".o_form_view .o_field_widget[name=partner_id]",
        },
        {
            trigger: ".breadcrumb a:contains(Portfolio)",
            run: "click",
        },
        {
            content: "It is as it was left",
            trigger: ".o_cs_customers:not(:contains(Padaria Aurora)) .o_cs_customer:contains(Transportes Sol)",
        },
    ],
});

registry.category("web_tour.tours").add("cs_portfolio_morning_phone", { steps: morning });

registry.category("web_tour.tours").add("cs_portfolio_manager", {
    steps: () => [
        {
            content: "A manager starts with everybody's customers",
            trigger: ".o_cs_customers:contains(Clínica Lua) .o_cs_customer:contains(Padaria Aurora)",
        },
        {
            content: "Choose the portfolio of a CSM",
            trigger: ".o_cs_whose",
            run: "click",
        },
        {
            trigger: ".o_cs_whose_choice:contains(cs_other)",
            run: "click",
        },
        {
            content: "Only those customers are shown",
            trigger: ".o_cs_customers:not(:contains(Padaria Aurora)) .o_cs_customer:contains(Clínica Lua)",
        },
        {
            content: "A figure leads to what it counts",
            trigger: ".o_cs_figure_customers:contains(1)",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains(Clínica Lua)",
        },
    ],
});
