import { Component } from "@odoo/owl";
import { toLocaleDateString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatFloat } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const { DateTime } = luxon;
const RADIUS = 42;

/** What the fields of a customer have in common: they show, and are never typed. */
class Shown extends Component {
    static props = { ...standardFieldProps };

    get data() {
        return this.props.record.data;
    }

    get value() {
        return this.data[this.props.name];
    }

    /** The words of a choice, in the reader's language. */
    label(name) {
        const { selection } = this.props.record.fields[name];
        return selection.find(([key]) => key === this.data[name])?.[1] || "";
    }
}

/** Health: its score in the colour of its band, and where it goes. */
export class Health extends Shown {
    static template = "customer_success.Health";
    static props = { ...standardFieldProps, gauge: { type: Boolean, optional: true } };

    get isKnown() {
        return this.data.health_band !== "unknown";
    }

    get score() {
        return this.isKnown ? formatFloat(this.value, { digits: [3, 0] }) : "?";
    }

    get trend() {
        return this.isKnown ? Math.round(this.data.health_trend) : 0;
    }

    get trendText() {
        const points = Math.abs(this.trend);
        if (!points) {
            return _t("steady in 30 days");
        }
        return this.trend > 0
            ? _t("%s points up in 30 days", points)
            : _t("%s points down in 30 days", points);
    }

    get title() {
        return this.isKnown
            ? `${this.label("health_band")}: ${this.trendText}`
            : this.label("health_band");
    }

    get arc() {
        const round = 2 * Math.PI * RADIUS;
        const part = this.isKnown ? Math.min(Math.max(this.value, 0), 100) / 100 : 0;
        return `${round * part} ${round}`;
    }
}

registry.category("fields").add("cs_health", {
    component: Health,
    displayName: _t("Health with its trend"),
    supportedTypes: ["float"],
    supportedOptions: [{ label: _t("As a gauge"), name: "gauge", type: "boolean" }],
    fieldDependencies: [
        { name: "health_band", type: "selection" },
        { name: "health_trend", type: "float" },
    ],
    extractProps: ({ options }) => ({ gauge: Boolean(options.gauge) }),
});

const NPS_COLOURS = { promoter: "success", passive: "warning", detractor: "danger" };

/** The last answer to the NPS question, in the colour of its class. */
export class Nps extends Shown {
    static template = "customer_success.Nps";
    static props = { ...standardFieldProps, words: { type: Boolean, optional: true } };

    get isKnown() {
        return Boolean(this.data.nps_class);
    }

    get colour() {
        return NPS_COLOURS[this.data.nps_class];
    }

    get score() {
        return formatFloat(this.value, { digits: [2, 0] });
    }

    get className() {
        return this.label("nps_class");
    }
}

registry.category("fields").add("cs_nps", {
    component: Nps,
    displayName: _t("NPS with its class"),
    supportedTypes: ["float"],
    supportedOptions: [{ label: _t("With words"), name: "words", type: "boolean" }],
    fieldDependencies: [{ name: "nps_class", type: "selection" }],
    extractProps: ({ options }) => ({ words: Boolean(options.words) }),
});

const FACES = {
    1: ["fa-frown-o", "text-danger"],
    2: ["fa-frown-o", "text-warning-emphasis"],
    3: ["fa-meh-o", "text-muted"],
    4: ["fa-smile-o", "text-success"],
    5: ["fa-smile-o", "text-success fw-bold"],
};

/** A mood as a face; its words when one points at it, or beside it. */
export class Mood extends Shown {
    static template = "customer_success.Mood";
    static props = { ...standardFieldProps, words: { type: Boolean, optional: true } };

    get face() {
        return FACES[this.value].join(" ");
    }

    get words() {
        return this.label(this.props.name);
    }
}

registry.category("fields").add("cs_mood", {
    component: Mood,
    displayName: _t("Mood"),
    supportedTypes: ["selection"],
    supportedOptions: [{ label: _t("With words"), name: "words", type: "boolean" }],
    extractProps: ({ options }) => ({ words: Boolean(options.words) }),
});

/** A date, and how far it is: red when past, orange when near. */
export class DateAndDistance extends Shown {
    static template = "customer_success.DateAndDistance";
    static props = {
        ...standardFieldProps,
        near: { type: Number, optional: true },
        past: { type: Boolean, optional: true },
    };

    get date() {
        return toLocaleDateString(this.value);
    }

    get days() {
        const today = DateTime.local().startOf("day");
        return Math.round(this.value.startOf("day").diff(today, "days").days);
    }

    get distance() {
        const days = this.days;
        if (days === 0) {
            return _t("today");
        }
        if (days === 1) {
            return _t("tomorrow");
        }
        if (days === -1) {
            return _t("yesterday");
        }
        return days > 0 ? _t("in %s days", days) : _t("%s days ago", -days);
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
