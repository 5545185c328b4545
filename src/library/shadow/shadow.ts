import {setTimeout as sleep} from 'node:timers/promises';
import type {KubeApi} from '../../cluster/api/kube-api.ts';
import {unixNow} from '../../cluster/observe/clock.ts';
import type {ShadowSubject} from '../../cluster/shadow/open-shadow.ts';
import {UserError} from '../../errors.ts';
import {parseDuration} from '../../experiment/duration.ts';
import {shadowExposition} from '../../report/shadow/shadow-exposition.ts';
import {shadowJson, shadowSummaryJson} from '../../report/shadow/shadow-json.ts';
import {Follower} from '../../shadow/follower.ts';
import {type KedaStep, KedaSteps} from '../../shadow/keda-steps.ts';
import {type OutsideChange, OutsideChanges} from '../../shadow/outside-changes.ts';
import {shadowCase} from '../../shadow/shadow-case.ts';
import type {Shadowed} from '../../shadow/shadowed.ts';
import type {Sighting} from '../../shadow/sighting.ts';
import {emptyTally, type ShadowTally, withDecision, withOutside} from '../../shadow/tally.ts';
import {readSecondManifest} from '../../store/shadow/read-against.ts';
import {ShadowRecord} from '../../store/shadow/shadow-record.ts';
import {type ExpositionAddress, type ExpositionServer, serveExposition} from './serve-exposition.ts';

export type {KedaStep} from '../../shadow/keda-steps.ts';
export type {OutsideChange} from '../../shadow/outside-changes.ts';
export type {Shadowed} from '../../shadow/shadowed.ts';
export type {ShadowTally} from '../../shadow/tally.ts';

export type ShadowOptions = {
	/** The one of the kubeconfig's context when left out. */
	readonly namespace?: string;
	/** File of a second manifest, whose decisions are computed from the same inputs. */
	readonly against?: string;
	/** Length of the watch [s]; until the signal aborts when left out. */
	readonly lasts?: number;
	/** Folder for the record; none is written when left out. */
	readonly out?: string;
	/** Address at which metrics are served; none are when left out. */
	readonly exposition?: ExpositionAddress;
	/** Ends the watch; the promise is fulfilled with what was seen. */
	readonly signal?: AbortSignal;
	/** Called before the first decision. */
	readonly onBegin?: (about: ShadowBeginning) => void;
	/** Called for each change of the scale that another than the controller made; a step of KEDA's operator is decided again. */
	readonly onOutside?: (change: OutsideChange | KedaStep) => void;
	/** Called for each decision. */
	readonly onDecision?: (shadowed: Shadowed) => void;
};

/** Subject of a watch, and the address at which its metrics are served. */
export type ShadowBeginning = Omit<ShadowSubject, 'watches' | 'first' | 'controller' | 'keda'> & {
	readonly served?: string;
	/** Whether steps of KEDA's operator are decided again. */
	readonly hasSteps: boolean;
};

/** Result of a watch. */
export type ShadowResult = {
	readonly tally: ShadowTally;
	/** Words on what ended the watch before its time. */
	readonly fault?: string;
};

/** Time between two looks for decisions that are complete [s]. */
const look = 0.25;
/** Questions that are under way at the end are waited for this long [s]. */
const patience = 1;
/** At the end, decisions are taken as complete this much sooner [s]. */
const settled = 2;
/** Changes of the scale by others that are kept for the summary. */
const mostOutside = 100;
/** Time between two summaries on the disk [s]. */
const summaryPeriod = 30;

/**
 * Follows the HPA of a cluster, or the one that KEDA made of a ScaledObject, and decides beside it at each reconcile. The
 * cluster is only read.
 *
 * @param name - of the HPA or the ScaledObject
 * @throws {UserError} E_CLUSTER when the cluster does not answer, has no such HPA, or may not be read; E_FILE, E_CONFIG or
 *   E_USAGE for a folder, manifest or port that cannot be used
 */
export async function shadow(name: string, options: ShadowOptions = {}): Promise<ShadowResult> {
	const second = options.against === undefined ? undefined : await readSecondManifest(options.against);
	const {KubeApi} = await import('../../cluster/api/kube-api.ts');
	const {openShadow} = await import('../../cluster/shadow/open-shadow.ts');
	const api = await KubeApi.current();
	try {
		const subject = await openShadow(api, name, options.namespace ?? api.namespace);
		const watch = new Watch(
			subject,
			options,
			new Follower({...subject, began: unixNow(), ...(second && {against: second.spec})}),
		);
		return await watch.run(api, second?.metrics ?? []);
	} finally {
		api.close();
	}
}

/** One watch: sightings go in, decisions come out to the caller, the record and the page of metrics. */
class Watch {
	readonly #subject: ShadowSubject;
	readonly #options: ShadowOptions;
	readonly #follower: Follower;
	readonly #record: ShadowRecord | undefined;
	readonly #outside = new OutsideChanges();
	readonly #outsideChanges: (OutsideChange | KedaStep)[] = [];
	readonly #steps: KedaSteps | undefined;
	#tally: ShadowTally = emptyTally;
	#last: Shadowed | undefined;
	#isGone = false;
	#summarized = 0;

	constructor(subject: ShadowSubject, options: ShadowOptions, follower: Follower) {
		this.#subject = subject;
		this.#options = options;
		this.#follower = follower;
		this.#steps = subject.keda === undefined ? undefined : new KedaSteps(subject.keda);
		this.#record = options.out === undefined ? undefined : new ShadowRecord(options.out);
	}

	async run(api: KubeApi, more: readonly object[]): Promise<ShadowResult> {
		const {exposition, onBegin} = this.#options;
		const server = exposition === undefined ? undefined : await serveExposition(exposition, () => this.#exposed());
		const {watches: _, first: __, controller: ___, keda, ...about} = this.#subject;
		try {
			onBegin?.({...about, hasSteps: keda !== undefined, ...(server !== undefined && {served: server.url})});
			await this.#follow(api, more);
			const {namespace, name} = this.#subject;
			return {
				tally: this.#tally,
				...(this.#isGone && {fault: `Expected the HPA ${namespace}/${name} to stay, got its deletion`}),
			};
		} finally {
			this.#close(server);
		}
	}

	async #follow(api: KubeApi, more: readonly object[]): Promise<void> {
		const {watchShadow} = await import('../../cluster/shadow/watch-shadow.ts');
		const {lasts, signal} = this.#options;
		const stop = new AbortController();
		const ends = [stop.signal, ...(signal === undefined ? [] : [signal])];
		const all = AbortSignal.any(ends);
		const watching = watchShadow(api, this.#subject, {
			see: sighting => this.#see(sighting),
			more: more as never,
			pace: () => this.#follower.pace(unixNow()),
			signal: all,
		});
		let fault: unknown;
		const ended = watching.catch((error: unknown) => {
			fault = error;
			stop.abort();
		});
		const until = unixNow() + (lasts ?? Number.POSITIVE_INFINITY);
		try {
			while (!all.aborted && !this.#isGone && unixNow() < until) {
				await sleep(look * 1000, undefined, {signal: all}).catch(() => undefined);
				this.#take(unixNow());
			}

			this.#take(unixNow() + settled);
		} finally {
			stop.abort();
		}

		await Promise.race([ended, sleep(patience * 1000)]);
		if (fault !== undefined) {
			throw fault;
		}
	}

	#see(sighting: Sighting): void {
		this.#isGone ||= sighting.type === 'gone';
		this.#follower.see(sighting);
		this.#steps?.see(sighting);
		const found = this.#outside.see(sighting);
		if (found !== undefined && this.#steps?.add(found) !== true) {
			this.#note(found);
		}
	}

	#note(change: OutsideChange | KedaStep): void {
		this.#tally = withOutside(this.#tally, change);
		this.#outsideChanges.push(change);
		this.#outsideChanges.splice(0, this.#outsideChanges.length - mostOutside);
		this.#options.onOutside?.(change);
	}

	#take(now: number): void {
		for (const step of this.#steps?.take(now) ?? []) {
			this.#note(step);
		}

		for (const shadowed of this.#follower.take(now)) {
			this.#tally = withDecision(this.#tally, shadowed);
			this.#last = shadowed;
			this.#record?.add(shadowJson(shadowed), `${JSON.stringify(shadowCase(shadowed))}\n`);
			this.#options.onDecision?.(shadowed);
		}

		if (now - this.#summarized >= summaryPeriod) {
			this.#summarize(now);
		}
	}

	#summarize(now: number): void {
		this.#summarized = now;
		const {name, namespace, target, gitVersion, period, hasReadFlags} = this.#subject;
		const {against} = this.#options;
		const about = {name, namespace, target, kubernetes: gitVersion, period, hasReadFlags, againstFile: against};
		const changedByOthers = this.#outsideChanges;
		this.#record?.summarize(shadowSummaryJson(this.#tally, {...about, changedByOthers}));
	}

	#exposed(): string {
		const {namespace, name} = this.#subject;
		return shadowExposition({namespace, name, tally: this.#tally, last: this.#last});
	}

	#close(server: ExpositionServer | undefined): void {
		server?.close();
		this.#summarize(unixNow());
		this.#record?.close();
	}
}

/**
 * Length of a watch [s].
 *
 * @param text - such as `1h`
 * @throws {UserError} E_USAGE when it is no duration, or shorter than a second
 */
export function watchSeconds(text: string): number {
	const seconds = durationOf(text);
	if (!(seconds >= 1)) {
		throw new UserError('E_USAGE', `Expected --for to be a duration such as 1h, got ${JSON.stringify(text)}`);
	}

	return seconds;
}

function durationOf(text: string): number {
	try {
		return parseDuration(text);
	} catch {
		return Number.NaN;
	}
}
