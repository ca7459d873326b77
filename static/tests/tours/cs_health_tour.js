import { registry } from "@web/core/registry";

const inDialog = (selector) => `.modal:not(.o_inactive_modal) ${selector}`;
const REASON = "The new CFO compares us with a competitor";

/** A CSM finds a red customer, reads why, and decides otherwise with a reason. */
registry.category("web_tour.tours").add("cs_health_tour", {
    steps: () => [
        {
            content: "A customer is red",
            trigger: ".o_cs_customer:contains(Padaria Aurora):has(.o_cs_band_red)",
            run: "click",
        },
        {
            content: "Its page says so, with how far it fell",
            trigger: "[name=health] .o_cs_gauge_red:contains(Health: red):contains(points down)",
        },
        {
            content: "Why?",
            trigger: ".o_notebook a[name=health]",
            run: "click",
        },
        {
            content: "What drags it down most stands first",
            trigger: ".o_cs_health_measures tbody tr:first-child:contains(NPS)",
        },
        {
            trigger: ".o_cs_health_measures tbody tr:nth-child(2):contains(Active users)",
        },
        {
            content: "What would help most is said in words",
            trigger: ".o_cs_health_lift:contains(NPS)",
        },
        {
            content: "The score is the sum",
            trigger: ".o_cs_health_measures tfoot:contains(20.0)",
        },
        {
            content: "What moved it since last month",
            trigger: ".o_cs_health_changes:contains(from 92.9 to 20.0) tr:contains(NPS)",
        },
        {
            content: "And how it went",
            trigger: ".o_cs_health_history canvas",
        },
        {
            content: "The CSM knows better",
            trigger: "[name=health] button:contains(Decide by hand)",
            run: "click",
        },
        {
            content: "The computed score is in sight",
            trigger: inDialog(".o_field_widget[name=computed]:contains(20.0)"),
        },
        {
            trigger: inDialog(".o_field_widget[name=what] label:contains(The score)"),
            run: "click",
        },
        {
            trigger: inDialog(".o_field_widget[name=score] input"),
            run: "edit 55",
        },
        {
            trigger: inDialog(".o_field_widget[name=reason] textarea"),
            run: `edit ${REASON}`,
        },
        {
            trigger: inDialog("button[name=action_confirm]"),
            run: "click",
        },
        {
            content: "What was decided counts, what is computed stands beside it",
            trigger: "[name=health]:contains(55):contains(Computed: 20.0):has(.o_cs_gauge_yellow)",
        },
        {
            content: "The reason is said where people look",
            trigger: `[name=health]:contains(${REASON})`,
        },
        {
            content: "And it is a line of the explanation",
            trigger: `.o_cs_health_measures tr.table-warning:contains(${REASON}):contains(+35.0)`,
        },
        {
            trigger: ".o_cs_health_measures tfoot:contains(55.0)",
        },
    ],
});
