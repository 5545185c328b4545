// Measures how fast Replicast is, beside what else there is on this machine. See docs/performance.md.
import process from 'node:process';
import {parseArgs} from 'node:util';
import {describeMachine, findPeers} from './machine.js';
import {timed} from './measure.js';
import {customMetrics} from './parts/custom-metrics.js';
import {decide} from './parts/decide.js';
import {engine} from './parts/engine.js';
import {eventLoop} from './parts/event-loop.js';
import {firstOutput} from './parts/first-output.js';
import {fleet} from './parts/fleet.js';
import {fullModel} from './parts/full-model.js';
import {hundredMillion, nodes, week, year} from './parts/long-runs.js';
import {memory} from './parts/memory.js';
import {records} from './parts/records.js';
import {replications} from './parts/replications.js';
import {tune} from './parts/tune.js';
import {report} from './report.js';

const parts = {eventLoop, fullModel, engine, customMetrics, decide, replications, tune, memory, records, firstOutput};
/** Minutes each: measured when they are named. */
const longParts = {year, hundredMillion, nodes, week, fleet};
const noRatios = {eventLoopToSimPy: null, eventLoopToCpp: null, fullModelToSimPy: null, twoCoresToOne: null};

const {values, positionals} = parseArgs({
	allowPositionals: true,
	options: {json: {type: 'boolean', default: false}, quick: {type: 'boolean', default: false}},
});
const all = {...parts, ...longParts};
const unknown = positionals.filter(name => !(name in all));
if (unknown.length > 0) {
	process.stderr.write(`Expected a part to be one of ${Object.keys(all).join(', ')}, got ${unknown.join(', ')}\n`);
	process.exit(2);
}

const names = positionals.length > 0 ? positionals : Object.keys(parts);
const machine = describeMachine();
const peers = await findPeers();
const document = {
	kind: 'Benchmark',
	date: new Date().toISOString(),
	isQuick: values.quick,
	machine,
	peers,
	missing: Object.values(peers).flatMap(({title, needs}) => (needs === undefined ? [] : [`${title} needs ${needs}`])),
	ratios: {...noRatios},
	parts: {},
};
for (const name of names) {
	process.stderr.write(`${name} …\n`);
	try {
		const {seconds, value} = await timed(async () => all[name]({quick: values.quick, peers}));
		const {ratios = {}, ...results} = value;
		Object.assign(document.ratios, ratios);
		document.parts[name] = {measuredInSeconds: seconds, ...results};
	} catch (error) {
		// What the other parts measured is not lost.
		process.stderr.write(`${name}: ${error.stack}\n`);
		process.exitCode = 1;
	}
}

process.stdout.write(values.json ? `${JSON.stringify(document, null, '\t')}\n` : report(document));
