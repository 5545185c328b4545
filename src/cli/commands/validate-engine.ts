import {validateEngine} from '../../library/recordings/validate-engine.ts';
import {oneText} from '../terminal/option-forms.ts';
import {print} from '../terminal/print.ts';

/** Options of `validate` for runs of LLM engines. */
export const engineOptions = {
	engine: {
		...oneText('engine'),
		describe: 'Folder of a run of an LLM engine, or of several, which are replayed instead; prints JSON',
	},
	'engine-model': {
		...oneText('engine-model'),
		implies: 'engine',
		describe: 'With --engine: engine model of every run; by default the shipped one of its model and GPU',
	},
} as const;

/** Replays runs of engines and prints how far the simulated ones are off. */
export async function printEngineRuns(folder: string, model: string | undefined): Promise<void> {
	const errors = await validateEngine(folder, model === undefined ? {} : {model});
	print(`${JSON.stringify(errors, null, '\t')}\n`);
}
