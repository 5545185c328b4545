import {once} from 'node:events';
import process from 'node:process';
import {UserError} from '../errors.ts';
import {syntheticTrace} from '../experiment/synthetic-trace.ts';
import type {TraceFormat} from '../experiment/trace-format.ts';
import {type TraceModelName, traceModels} from '../experiment/trace-models.ts';
import {givesWay} from '../files/give-way.ts';
import {mostTraceRows} from '../files/trace-rows.ts';
import {traceText, writeTrace} from '../files/write-trace.ts';
import {sayWhenInterrupted} from './interruption.ts';

export type GenerateOptions = {
	/** Standard output when left out. */
	readonly file?: string;
	readonly format?: TraceFormat;
	readonly like: TraceModelName;
	/** [s] */
	readonly duration: number;
	/** [requests/s] */
	readonly rate: number;
	readonly seed: number;
};

/** @throws {UserError} E_USAGE when that would be more requests than can be read again */
export async function generateTrace(options: GenerateOptions): Promise<void> {
	const {file, format = 'replicast', like, duration, rate, seed} = options;
	const expected = duration * rate;
	if (expected > mostTraceRows * 0.9) {
		const most = mostTraceRows * 0.9;
		throw new UserError('E_USAGE', `Expected at most ${most} requests, got about ${expected.toPrecision(2)}`);
	}

	const rows = syntheticTrace(traceModels[like], {duration, rate, seed});
	if (file) {
		const stopListening = sayWhenInterrupted(() => `Interrupted: ${file} is as it was`);
		try {
			await writeTrace(file, rows, format);
		} finally {
			stopListening();
		}

		process.stderr.write(`Written to ${file}\n`);
		return;
	}

	const giveWay = givesWay();
	for (const piece of traceText(rows, format)) {
		await giveWay();
		if (!process.stdout.write(piece)) {
			await once(process.stdout, 'drain');
		}
	}
}
