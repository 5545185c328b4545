import {type Sheet, sheets} from './sheet.ts';

/** Lengths are in parts of the sheet's width, so that a smaller sheet is the larger one made smaller. */
const parts = sheets[0]!.width;

/** Rules of the poster. One part is a millimetre on A0. */
export function posterStyle({width, height}: Sheet): string {
	const part = (count: number) => `calc(var(--part) * ${count})`;
	return `
@page { size: ${width}mm ${height}mm; margin: 0; }
:root { --part: calc(100vw / ${parts}); }
@media print { :root { --part: ${width / parts}mm; } html { -webkit-print-color-adjust: exact; print-color-adjust: exact; } }
.sheet { width: ${part(parts)}; height: ${part((parts * height) / width - 1)}; padding: ${part(22)} ${part(24)} ${part(14)}; display: flex; flex-direction: column; gap: ${part(9)}; overflow: hidden; }
h1 { font-size: ${part(27)}; line-height: 1.1; margin: 0; letter-spacing: -.01em; }
header p { font-size: ${part(9.6)}; line-height: 1.35; margin: ${part(4)} 0 0; color: var(--muted); }
.kpis { display: flex; gap: ${part(8)}; }
.kpi { flex: 1 1 0; border-top: ${part(1.2)} solid var(--ink); padding-top: ${part(3)}; }
.kpi h2 { font-size: ${part(8.2)}; line-height: 1.15; margin: 0 0 ${part(3)}; min-height: 2.3em; }
dl { margin: 0; }
dd { margin: ${part(1.5)} 0 0; font-size: ${part(14)}; font-weight: 600; line-height: 1.15; white-space: nowrap; }
dd small { font-size: ${part(7.4)}; font-weight: 400; display: block; }
dt { font-size: ${part(7.4)}; color: var(--muted); }
.simulated dd { color: var(--dynamic); }
.measured dd { color: var(--measured); }
.claimed dd { color: var(--claimed); }
.figures { display: grid; grid-template-columns: repeat(3, 1fr); gap: ${part(7)} ${part(12)}; }
figure { margin: 0; height: ${part(188)}; }
figure svg { height: 100%; }
.missing { grid-column: span 2; align-self: start; border: ${part(0.6)} dashed var(--rule); padding: ${part(10)}; font-size: ${part(9)}; line-height: 1.4; color: var(--muted); }
.missing h2 { margin: 0 0 ${part(3)}; font-size: ${part(10)}; color: var(--ink); }
.missing p { margin: 0; }
.audit h2 { font-size: ${part(9.6)}; margin: 0 0 ${part(3)}; }
.audit { display: grid; grid-template-columns: repeat(3, 1fr); column-gap: ${part(12)}; flex: 1 1 0; min-height: 0; align-content: start; }
.audit h2 { grid-column: 1 / -1; }
table { font-size: ${part(7.3)}; line-height: 1.2; font-variant-numeric: tabular-nums; align-self: start; width: 100%; table-layout: fixed; }
th:nth-child(1) { width: 31%; } th:nth-child(2) { width: 19%; } th:nth-child(3) { width: 31%; } th:nth-child(4) { width: 19%; }
td:last-child { white-space: nowrap; }
th, td { text-align: left; padding: ${part(1.2)} ${part(1.2)}; border-bottom: ${part(0.2)} solid var(--grid); vertical-align: top; }
thead th { color: var(--muted); font-weight: 400; }
tbody th { font-weight: 400; }
td.inconsistent, td.contradicted { font-weight: 600; color: var(--fixed); }
td.reproduced { color: var(--cpu); font-weight: 600; }
td.not-supported { color: var(--muted); }
footer { font-size: ${part(5)}; line-height: 1.3; color: var(--muted); border-top: ${part(0.4)} solid var(--rule); padding-top: ${part(2)}; }
footer p { margin: 0; overflow-wrap: anywhere; }
`;
}
