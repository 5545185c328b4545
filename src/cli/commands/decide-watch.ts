import process from 'node:process';
import type {InferredOptionTypes} from 'yargs';
import {UserError} from '../../errors.ts';
import type {OutsideChange, ShadowBeginning, Shadowed} from '../../library/shadow/shadow.ts';
import {interruption} from '../terminal/interruption.ts';
import {oneText, wholeNumber} from '../terminal/option-forms.ts';
import {print, printError, terminalWidth} from '../terminal/print.ts';

/** Options of `replicast decide --live --watch`. */
export const watchOptions = {
	against: {...oneText('against'), describe: 'With --watch: file of a second HPA or ScaledObject that decides as well'},
	for: {...oneText('for'), describe: 'With --watch: length, such as 1h; until Ctrl-C when left out'},
	out: {...oneText('out'), describe: 'With --watch: new folder for the decisions, their cases and the summary'},
	'metrics-port': {
		...wholeNumber('metrics-port', {min: 0, max: 65_535}),
		describe: 'With --watch: port at which /metrics is served to Prometheus; 0: any that is free',
	},
	'metrics-host': {
		...oneText('metrics-host'),
		describe: 'With --metrics-port: address to listen at; 127.0.0.1 when left out',
	},
} as const;

type Given = InferredOptionTypes<typeof watchOptions>;

/** Parsed options of a watch. */
export type WatchArguments = Pick<Given, 'against' | 'for' | 'out'> & {
	readonly metricsPort?: number | undefined;
	readonly metricsHost?: string | undefined;
	readonly namespace?: string;
	readonly isNdjson: boolean;
};

const localHost = '127.0.0.1';

/** Follows an HPA until the time is over, it is gone, or Ctrl-C, and prints each decision that differs from the one before. */
export async function watchLive(name: string, given: WatchArguments): Promise<void> {
	const {isNdjson, against, namespace, out} = given;
	const {shadow} = await import('../../library/shadow/shadow.ts');
	const {shadowJson} = await import('../../report/shadow/shadow-json.ts');
	const {shadowSummary} = await import('../../report/shadow/shadow-summary.ts');
	const lasts = given.for === undefined ? undefined : await secondsOf(given.for);
	const exposition = expositionOf(given);
	const {signal, status} = interruption('ending the watch');
	const table = await tableOf(against, lasts);
	const {tally, fault} = await shadow(name, {
		signal,
		...(namespace !== undefined && {namespace}),
		...(against !== undefined && {against}),
		...(lasts !== undefined && {lasts}),
		...(out !== undefined && {out}),
		...(exposition !== undefined && {exposition}),
		...(isNdjson
			? {onDecision: (shadowed: Shadowed) => void print(shadowJson(shadowed))}
			: {onBegin: table.begin, onDecision: table.add, onOutside: table.note}),
	});
	table.end();
	const summary = shadowSummary(tally, {against, width: terminalWidth()});
	isNdjson ? printError(summary) : print(`\n${summary}`);
	if (signal.aborted) {
		process.exitCode = status();
	} else if (fault !== undefined) {
		throw new UserError('E_CLUSTER', fault);
	}
}

/** Table that grows by the decisions that differ from the one before. */
async function tableOf(against: string | undefined, lasts: number | undefined) {
	const {outsideLine, shadowHeading, shadowKey, shadowLine, shadowPause} = await import(
		'../../report/shadow/shadow-lines.ts'
	);
	const width = terminalWidth();
	let key = '';
	let same = 0;
	const pause = () => {
		if (same > 0) {
			print(`${shadowPause(same)}\n`);
			same = 0;
		}
	};
	return {
		begin(about: ShadowBeginning): void {
			const heading = {...about, ...(against !== undefined && {against}), ...(lasts !== undefined && {lasts})};
			print(`${shadowHeading(heading, width)}\n`);
		},
		add(shadowed: Shadowed): void {
			const next = shadowKey(shadowed);
			if (next === key && same < mostUnshown) {
				same++;
				return;
			}

			pause();
			key = next;
			print(`${shadowLine(shadowed, width)}\n`);
		},
		note(change: OutsideChange): void {
			pause();
			key = '';
			print(`${outsideLine(change, width)}\n`);
		},
		end: pause,
	};
}

/** Decisions that are the same and not shown; then one is, so that the table shows that the watch goes on. */
const mostUnshown = 19;

async function secondsOf(text: string): Promise<number> {
	const {watchSeconds} = await import('../../library/shadow/shadow.ts');
	return watchSeconds(text);
}

/** @throws {UserError} E_USAGE where an address is given without a port */
function expositionOf({metricsPort: port, metricsHost: host}: WatchArguments) {
	if (port === undefined && host !== undefined) {
		throw new UserError('E_USAGE', 'Expected --metrics-port beside --metrics-host, got --metrics-host alone');
	}

	return port === undefined ? undefined : {port, host: host ?? localHost};
}
