import { registry } from "@web/core/registry";

/** Find a ready source, add it, see what it counts, test it. */
registry.category("web_tour.tours").add("cs_find_sources_tour", {
    steps: () => [
        {
            content: "Configuration",
            trigger: ".o_menu_sections button:contains(Configuration)",
            run: "click",
        },
        {
            content: "Find sources",
            trigger:
                ".o-dropdown--menu a[data-menu-xmlid='customer_success.menu_configuration_find_sources']",
            run: "click",
        },
        {
            content: "Tickets of the helpdesk are proposed: add them",
            trigger:
                ".o_data_row:contains(Helpdesk: open tickets) button[name=action_add]",
            run: "click",
        },
        {
            content: "They are marked, and lead to the source",
            trigger:
                ".o_data_row:contains(Helpdesk: open tickets):contains(Added) button[name=action_open]",
            run: "click",
        },
        {
            content: "It counts records, and feeds the metric",
            trigger: ".o_field_widget[name=line_ids] .o_data_row:contains(Open tickets)",
        },
        {
            content: "Test it",
            trigger: "button[name=action_test]",
            run: "click",
        },
        {
            content: "The first rows are those of the customer with tickets",
            trigger: ".modal table tr:contains(Transportes Aurora):contains(2)",
        },
        {
            content: "Close",
            trigger: ".modal-footer button",
            run: "click",
        },
        {
            content: "Nothing more is open",
            trigger: "body:not(:has(.modal))",
        },
    ],
});
