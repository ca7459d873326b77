import { _t } from "@web/core/l10n/translation";

/** The bands of health, the worst first. */
export const BANDS = [
    { key: "red", label: _t("Red") },
    { key: "yellow", label: _t("Yellow") },
    { key: "green", label: _t("Green") },
    { key: "unknown", label: _t("Unknown") },
];
