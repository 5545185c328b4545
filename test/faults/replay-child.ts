import process from 'node:process';
import {setTimeout as sleep} from 'node:timers/promises';
import {keepJournal} from '../../src/cluster/replay/keep-journal.ts';
import {rescuePartial} from '../../src/cluster/replay/partial.ts';
import {completed, podEntry, readyView, sample, sent, start} from '../cluster-unit/make-journal.ts';
import {makeExperiment} from '../simulator/make-experiment.ts';

/* A replay whose cluster is made up: node replay-child.js FOLDER PAUSE. It sees the same things each time, one a PAUSE ms. */

const [, , folder, pause] = process.argv;
const run = {experiment: makeExperiment({hash: 'ab12', duration: 10}), arm: 'dynamic', repeat: 0} as const;
const entries = [
	podEntry(990, {view: readyView(990)}),
	sample(995, 994),
	{type: 'start', at: start} as const,
	...Array.from({length: 9}, (_, id) => [sent(id, id + 1), completed(id, start + id + 2)]).flat(),
	{type: 'end', at: start + 10, why: 'done'} as const,
];

if (rescuePartial(folder!, run)) {
	process.stdout.write('rescued\n');
}

await keepJournal(
	folder!,
	{...run, versions: {kubernetes: 'v1.34.4'}, models: {tiny: 'ef56'}},
	{
		signal: new AbortController().signal,
		onProgress: ({doing, detail}) => process.stdout.write(`${detail === undefined ? doing : `${doing}: ${detail}`}\n`),
		async replay(journal, signal) {
			for (const entry of entries) {
				journal.write(entry);
				await sleep(Number(pause), undefined, {signal});
			}
		},
	},
).catch((error: Error) => {
	process.stderr.write(`${error.name}: ${error.message}\n`);
	process.exitCode = 2;
});
