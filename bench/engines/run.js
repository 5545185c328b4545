// Judges the form of an engine's step time by leaving families of models, or lengths, out. See docs/engines.md.
// --open DIR and --closed FILE are the data; --kept DIR has runs that are judged by coefficients of all of --open; --verbose shows each.
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import process from 'node:process';
import {parseArgs} from 'node:util';
import {judgeClosedLoop, rowsOf} from './closed-loop.js';
import {judgeOpenLoop, stagesOf} from './open-loop.js';

const {values} = parseArgs({
	options: {
		open: {type: 'string', default: '../shared/batching/blis-no-licence'},
		kept: {type: 'string'},
		closed: {type: 'string', default: '../shared/batching/aiconfigurator/silicon.csv'},
		verbose: {type: 'boolean', default: false},
	},
});

function tableOf(path) {
	const [head, ...lines] = readFileSync(path, 'utf8').replaceAll('\r', '').trim().split('\n');
	const names = head.split(',');
	return lines.map(line => {
		const cells = line.split(',');
		return Object.fromEntries(names.map((name, at) => [name, cells[at]]));
	});
}

const stages = folder => stagesOf(tableOf(join(folder, 'experiments.csv')), tableOf(join(folder, 'measured.csv')));
const shown = ({medianAbsoluteError, ...rest}) =>
	values.verbose ? {medianAbsoluteError, ...rest} : {medianAbsoluteError};
const result = {
	openLoop: existsSync(values.open) ? shown(judgeOpenLoop(stages(values.open))) : 'no data, left out',
	...(values.kept !== undefined && {kept: shown(judgeOpenLoop(stages(values.open), stages(values.kept)))}),
	closedLoop: existsSync(values.closed) ? shown(judgeClosedLoop(rowsOf(tableOf(values.closed)))) : 'no data, left out',
};
process.stdout.write(`${JSON.stringify(result, null, '\t')}\n`);
