import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatFloat } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const CLASSES = {
    promoter: { color: "text-bg-success", label: _t("Promoter") },
    passive: { color: "text-bg-secondary", label: _t("Passive") },
    detractor: { color: "text-bg-danger", label: _t("Detractor") },
};

/** The last NPS answer, coloured by its class. */
export class Nps extends Component {
    static template = "customer_success.Nps";
    static props = {
        nps: { type: [Number, Boolean], optional: true },
        kind: { type: [String, Boolean], optional: true },
        bare: { type: Boolean, optional: true },
    };

    get known() {
        return CLASSES[this.props.kind];
    }

    get label() {
        return String(this.known.label);
    }

    get value() {
        return formatFloat(this.props.nps || 0, { digits: [16, 0] });
    }
}

export class NpsField extends Component {
    static template = "customer_success.NpsField";
    static components = { Nps };
    static props = { ...standardFieldProps, bare: { type: Boolean, optional: true } };
}

registry.category("fields").add("cs_nps", {
    component: NpsField,
    displayName: _t("NPS with its class"),
    supportedTypes: ["float"],
    supportedOptions: [{ label: _t("Without words"), name: "bare", type: "boolean" }],
    fieldDependencies: [{ name: "nps_class", type: "selection" }],
    extractProps: ({ options }) => ({ bare: Boolean(options.bare) }),
});
