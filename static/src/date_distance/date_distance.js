import { Component } from "@odoo/owl";
import { toLocaleDateString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { distance } from "../distance";

const { DateTime } = luxon;

/** A date, and how far it is: red when past, orange when near. */
export class DateAndDistance extends Component {
    static template = "customer_success.DateAndDistance";
    static props = {
        ...standardFieldProps,
        near: { type: Number, optional: true },
        past: { type: Boolean, optional: true },
    };

    get value() {
        return this.props.record.data[this.props.name];
    }

    get date() {
        return toLocaleDateString(this.value);
    }

    get days() {
        const today = DateTime.local().startOf("day");
        return Math.round(this.value.startOf("day").diff(today, "days").days);
    }

    get distance() {
        return distance(this.days);
    }

    get colour() {
        if (this.props.past) {
            return "text-muted";
        }
        if (this.days < 0) {
            return "text-danger";
        }
        return this.days <= this.props.near ? "text-warning-emphasis" : "text-muted";
    }
}

registry.category("fields").add("cs_date", {
    component: DateAndDistance,
    displayName: _t("Date and how far it is"),
    supportedTypes: ["date", "datetime"],
    supportedOptions: [
        { label: _t("Near, from so many days"), name: "near", type: "number" },
        { label: _t("What has happened"), name: "past", type: "boolean" },
    ],
    extractProps: ({ options }) => ({
        near: options.near || 0,
        past: Boolean(options.past),
    }),
});
