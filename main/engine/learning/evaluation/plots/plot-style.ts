/**
 * Style of every plot: colours are custom properties, so that a plot follows a light or dark page, alone or inside HTML.
 * The series colours keep their order on both grounds and differ in lightness too, for readers who see few hues.
 */
export const PLOT_CSS = `
.plot{--ground:#ffffff;--ink:#1f2328;--quiet:#59636e;--rule:#d8dee4;--axis:#8c959f;
--series-0:#1f6fd0;--series-1:#d4571b;--series-2:#148a60;--series-3:#8a4fc7;--series-4:#9a6b00;--series-5:#5b6570;
--heat:31,111,208;--on-heat:#ffffff;font-family:system-ui,"Segoe UI",Helvetica,Arial,sans-serif;font-size:12px}
@media(prefers-color-scheme:dark){.plot{--ground:#14181d;--ink:#e6eaef;--quiet:#a3adb8;--rule:#2f363e;--axis:#6b7580;
--series-0:#5aa2f5;--series-1:#f0854c;--series-2:#3fbf8f;--series-3:#b98af0;--series-4:#d6a93a;--series-5:#a9b3bd;
--heat:90,162,245;--on-heat:#0b1220}}
.plot .ground{fill:var(--ground)}
.plot text{fill:var(--ink)}
.plot .quiet{fill:var(--quiet)}
.plot .title{font-size:13px;font-weight:600}
.plot .rule{stroke:var(--rule);stroke-width:1}
.plot .axis{stroke:var(--axis);stroke-width:1}
.plot .line{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
.plot .dashed{stroke-dasharray:5 4}
.plot .cell{stroke:var(--rule);stroke-width:.5}
.plot text.on-heat{fill:var(--on-heat)}
`

const SERIES_COLOURS = 6

/** Colour of the series with this number, for a style attribute. */
export const seriesColour = (index: number): string => `var(--series-${index % SERIES_COLOURS})`

/** A coordinate with two decimals, which is a fiftieth of what a screen shows. */
export const at = (value: number): string => String(Number(value.toFixed(2)))
