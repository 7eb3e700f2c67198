import { xmlText } from '../../../export/xml'
import { PLOT_CSS } from '../plots/plot-style'

const PAGE_CSS = `
:root{color-scheme:light dark;--page:#ffffff;--text:#1f2328;--soft:#59636e;--line:#d8dee4;--wash:#f5f7f9;--mark:#1f6fd0;--warn:#b3410b}
@media(prefers-color-scheme:dark){:root{--page:#14181d;--text:#e6eaef;--soft:#a3adb8;--line:#2f363e;--wash:#1b2027;--mark:#5aa2f5;--warn:#f0854c}}
*{box-sizing:border-box}
body{margin:0 auto;padding:24px 20px 64px;max-width:1080px;background:var(--page);color:var(--text);font:15px/1.5 system-ui,"Segoe UI",Helvetica,Arial,sans-serif}
h1{font-size:24px;margin:0 0 4px}h2{font-size:18px;margin:40px 0 8px;padding-top:12px;border-top:1px solid var(--line)}h3{font-size:15px;margin:24px 0 6px}
p{max-width:76ch;margin:8px 0}.soft{color:var(--soft)}.warn{color:var(--warn);font-weight:600}
.wide{overflow-x:auto}table{border-collapse:collapse;margin:10px 0;font-variant-numeric:tabular-nums;font-size:14px}
th,td{padding:5px 12px 5px 0;text-align:right;border-bottom:1px solid var(--line);vertical-align:top;white-space:nowrap}
th:first-child,td:first-child{text-align:left}tr.noted td{border-bottom:0;padding-bottom:0}tr.noted td:first-child{white-space:normal}
tr.note td{white-space:normal;color:var(--soft);font-size:13px;max-width:100ch}
thead th{color:var(--soft);font-weight:600}small{color:var(--soft)}a{color:var(--mark)}
.plots{display:flex;flex-wrap:wrap;gap:24px;align-items:flex-start}svg.plot{max-width:100%;height:auto}
.faces{display:flex;flex-wrap:wrap;gap:14px;margin:12px 0;padding:0;list-style:none}
.faces li{width:124px;font-size:12px;line-height:1.35}
.faces img{width:124px;height:124px;image-rendering:pixelated;border-radius:4px;display:block;margin-bottom:4px;border:2px solid transparent}
.faces li.right img{border-color:#148a60}.faces li.wrong img{border-color:#d4571b}
dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 16px;max-width:90ch}dt{color:var(--soft)}dd{margin:0}
code{font:13px ui-monospace,Consolas,monospace;background:var(--wash);padding:1px 4px;border-radius:3px}
@media print{body{max-width:none}h2{break-after:avoid}svg.plot,table,.faces li{break-inside:avoid}}
`

/** One page that needs nothing else: no script, no font, no file beside it. */
export function htmlPage(title: string, body: readonly string[]): string {
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data:; style-src \'unsafe-inline\'">',
    `<title>${xmlText(title)}</title><style>${PAGE_CSS}${PLOT_CSS}</style></head><body>`,
    ...body,
    '</body></html>\n',
  ].join('\n')
}

export const paragraph = (text: string, style = '') =>
  `<p${style ? ` class="${style}"` : ''}>${xmlText(text)}</p>`

export interface TableRow {
  readonly cells: readonly string[]
  /** A line of prose below the cells, over the whole width: the protocol of figures. */
  readonly note?: string
}

/** A table of texts; the first column is set left, the others right. */
export function table(head: readonly string[], rows: readonly TableRow[]): string {
  const heads = head.map((name) => `<th scope="col">${xmlText(name)}</th>`)
  const lines = rows.map(({ cells, note }) => {
    const line = `<tr${note ? ' class="noted"' : ''}>${cells.map((cell) => `<td>${xmlText(cell)}</td>`).join('')}</tr>`
    return note ? `${line}<tr class="note"><td colspan="${head.length}">${xmlText(note)}</td></tr>` : line
  })
  return `<div class="wide"><table><thead><tr>${heads.join('')}</tr></thead><tbody>${lines.join('')}</tbody></table></div>`
}
