import type {Experiment} from '../../experiment/experiment.ts';
import type {JournalEntry} from '../observe/entry.ts';
import {nodeLoads} from './observed-tables.ts';
import {type Pressure, pressureOf} from './pressure.ts';
import type {SentRequest} from './request-tables.ts';
import {type Throttling, throttlingOf} from './throttling.ts';

/** Middle, 99th percentile and largest of some times [s]; absent when there are none. */
type Spread = {readonly p50: number; readonly p99: number; readonly max: number};

/** Conditions under which a record was measured. Times in seconds, shares as fractions. */
export type Conditions = {
	/** Start of the schedule in UTC, to the second: `2026-11-24T08:41:40Z`. */
	readonly startedAt: string;
	readonly generator: {
		readonly planned: number | null;
		readonly sent: number;
		/** Sent this long after the planned time. */
		readonly lag: Spread | null;
		/** Sent more than a second late. */
		readonly late: number;
	};
	/** The hop between backend and Ollama, there and back. */
	readonly loopback: Spread | null;
	readonly backend: Spread | null;
	/** Largest possible lead of the pods' clock over this machine's. */
	readonly clockAhead: number | null;
	readonly tokens: {
		readonly wantedPrompt: number | null;
		readonly prompt: number | null;
		/** Replies that ended before the wanted number of tokens. */
		readonly stoppedEarly: number;
	};
	/** Replies of a conversation that restarted on another pod. */
	readonly conversationsAnew: number;
	readonly throttling: readonly Throttling[];
	readonly restarts: readonly {readonly pod: string; readonly container: string; readonly why: string}[];
	readonly nodes: readonly {
		readonly node: string;
		readonly busy: number;
		readonly saturated: number;
		readonly steal: number;
		/** Share of the time in which some task waited, by resource; left out where the kernel does not count it. */
		readonly pressure?: Pressure;
	}[];
	/** Source of the rows of `decisions`. */
	readonly decisions: 'controller log' | 'hpa status' | 'none';
	/** Watches that broke, and for how long. */
	readonly gaps: readonly {readonly what: string; readonly seconds: number}[];
};

/** A node's machine counts as saturated when its cores were this busy. */
const saturation = 0.97;

/** @param planned - requests of the schedule; `null` where that depends on the answers */
export function conditionsOf(
	entries: readonly JournalEntry[],
	requests: readonly SentRequest[],
	{experiment, start, planned}: {experiment: Experiment; start: number; planned: number | null},
): Conditions {
	const during = entries.filter(({at}) => at >= start);
	const replies = requests.flatMap(({sent, ended}) => (ended?.reply ? [{sent, reply: ended.reply}] : []));
	const lags = requests.map(({sent}) => sent.lag ?? sent.at - start - sent.scheduled);
	const waits = replies.map(({sent, reply}) => reply.timings.receivedAt - sent.at);
	return {
		startedAt: `${new Date(start * 1000).toISOString().slice(0, 19)}Z`,
		generator: {planned, sent: requests.length, lag: spreadOf(lags), late: lags.filter(lag => lag > 1).length},
		loopback: spreadOf(replies.map(({reply}) => reply.timings.loopbackSeconds)),
		backend: spreadOf(replies.map(({reply}) => reply.timings.backendSeconds)),
		clockAhead: waits.length > 0 ? waits.reduce((least, wait) => Math.min(least, wait)) : null,
		tokens: {
			wantedPrompt: meanOf(replies.map(({sent}) => sent.promptTokens)),
			prompt: meanOf(replies.flatMap(({reply}) => reply.promptTokens ?? [])),
			stoppedEarly: replies.filter(({sent, reply}) => (reply.outputTokens ?? sent.outputTokens) < sent.outputTokens)
				.length,
		},
		conversationsAnew: conversationsAnew(replies, experiment.deployment.llm.history),
		throttling: throttlingOf(during, experiment.deployment.containers),
		restarts: restartsOf(during),
		nodes: nodesOf(during.filter(({at}) => !isPressed(at - start, experiment.faults))),
		decisions: entries.some(({type}) => type === 'decision')
			? 'controller log'
			: entries.some(({type}) => type === 'hpa')
				? 'hpa status'
				: 'none',
		gaps: during.flatMap(entry => (entry.type === 'gap' ? [{what: entry.what, seconds: entry.seconds}] : [])),
	};
}

function spreadOf(values: readonly number[]): Spread | null {
	const sorted = [...values].sort((a, b) => a - b);
	const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
	return sorted.length === 0 ? null : {p50: at(0.5), p99: at(0.99), max: sorted.at(-1)!};
}

function meanOf(values: readonly number[]): number | null {
	return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

type Replied = {
	readonly sent: SentRequest['sent'];
	readonly reply: NonNullable<NonNullable<SentRequest['ended']>['reply']>;
};

function conversationsAnew(replies: readonly Replied[], history: number): number {
	const lastPod = new Map<string, string>();
	let count = 0;
	for (const {sent, reply} of history === 0 ? [] : replies) {
		const key = `${sent.tenant} ${sent.conversation}`;
		const before = lastPod.get(key);
		count += before !== undefined && before !== reply.pod && reply.historyTurns === 0 ? 1 : 0;
		lastPod.set(key, reply.pod);
	}

	return count;
}

function restartsOf(entries: readonly JournalEntry[]): {pod: string; container: string; why: string}[] {
	const counts = new Map<string, number>();
	return entries.flatMap(entry => {
		if (entry.type !== 'pod') {
			return [];
		}

		const pod = entry.view.name;
		return entry.containers.flatMap(({name, restarts, lastEnd}) => {
			const before = counts.get(`${pod} ${name}`) ?? restarts;
			counts.set(`${pod} ${name}`, restarts);
			return restarts > before ? [{pod, container: name, why: lastEnd ?? 'unknown'}] : [];
		});
	});
}

/** Time that the kernel's figures need to forget a pressure that was made on purpose [s]. */
const afterglow = 10;

function isPressed(seconds: number, faults: Experiment['faults']): boolean {
	return faults.some(
		fault => fault.kind === 'node-pressure' && seconds >= fault.at && seconds <= fault.at + fault.duration + afterglow,
	);
}

function nodesOf(entries: readonly JournalEntry[]): Conditions['nodes'] {
	const loads = nodeLoads(entries.filter(entry => entry.type === 'node'));
	return [...new Set(loads.map(({node}) => node))].map(node => {
		const own = loads.filter(load => load.node === node);
		const pressure = pressureOf(entries, node);
		return {
			node,
			busy: meanOf(own.map(({busy}) => busy)) ?? 0,
			saturated: own.filter(({busy}) => busy >= saturation).length / own.length,
			steal: meanOf(own.map(({steal}) => steal)) ?? 0,
			...(pressure !== undefined && {pressure}),
		};
	});
}
