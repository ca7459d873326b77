import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const MODEL = "cs.diagnostic.probe";
const TRIED = ["query", "done_at", "partly_at", "note", "unit"];

/** Tries a probe on a customer's database as it stands in the form, unsaved. */
export class ProbeTrial extends Component {
    static template = "customer_success.ProbeTrial";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({
            erp: null,
            databases: [],
            chosen: null,
            isRunning: false,
            result: null,
        });
        useRecordObserver((record) => this.useErp(record.data.erp_id?.id || null));
    }

    async useErp(erp) {
        if (erp === this.state.erp) {
            return;
        }
        this.state.erp = erp;
        this.state.result = null;
        const databases = erp ? await this.orm.call(MODEL, "trial_databases", [erp]) : [];
        if (erp === this.state.erp) {
            this.state.databases = databases;
            this.state.chosen = databases[0]?.id || null;
        }
    }

    choose(value) {
        this.state.chosen = Number(value);
        this.state.result = null;
    }

    async run() {
        const data = this.props.record.data;
        const values = Object.fromEntries(TRIED.map((name) => [name, data[name]]));
        this.state.isRunning = true;
        this.state.result = null;
        try {
            this.state.result = await this.orm.call(MODEL, "try_out", [
                values,
                this.state.chosen,
            ]);
        } finally {
            this.state.isRunning = false;
        }
    }
}

registry.category("view_widgets").add("cs_probe_trial", {
    component: ProbeTrial,
    fieldDependencies: [
        { name: "erp_id", type: "many2one" },
        ...TRIED.map((name) => ({
            name,
            type: { query: "text", done_at: "float", partly_at: "float" }[name] || "char",
        })),
    ],
});
