import {apiTime} from '../autoscaler/api-time.ts';
import type {HpaSpec} from '../autoscaler/hpa-spec.ts';
import type {HpaStatus} from '../autoscaler/live-answer.ts';
import {
	type AutoscalerState,
	type ControllerConfig,
	type Decision,
	type ReconcileInput,
	reconcile,
} from '../autoscaler/reconcile.ts';
import {ShadowInputs} from './inputs.ts';
import {ShadowMemory} from './memory.ts';
import type {Shadowed, ShadowStanding} from './shadowed.ts';
import type {HpaSighting, ScaleSighting, Sighting} from './sighting.ts';
import {agreesWithStatus, decidedReplicas, isUnheld} from './status-decision.ts';
import {withStatusValues} from './status-values.ts';
import {type Sync, SyncTimes} from './sync-times.ts';

type FollowerOptions = {
	readonly controller: ControllerConfig;
	/** Period of the controller [s]. */
	readonly period: number;
	readonly namespace: string;
	/** HPA of a second manifest. */
	readonly against?: HpaSpec;
	/** Begin of the watch [s]. */
	readonly began: number;
};

/** A status that was written, and the one before it. */
type Written = HpaSighting & {readonly before: HpaStatus};

type Answer = {readonly input: ReconcileInput; readonly decision: Decision};

/** Sightings of one reconcile arrive within this time of its status [s]. */
const settling = 1.5;
/** A watch that was broken for longer leaves reconciles unseen [s]. */
const shortGap = 2;
/** Questions for metrics around a reconcile, or a scrape's usual period after the last new samples [s]. */
const asking = {before: 1, after: 3, scrape: 15, near: 0.25, far: 1} as const;

/**
 * Follows the controller of one HPA: of each reconcile what it decided, and what the calculator decides from the inputs
 * that could be seen at that time.
 */
export class Follower {
	readonly #options: FollowerOptions;
	readonly #inputs: ShadowInputs;
	readonly #times: SyncTimes;
	readonly #memory = new ShadowMemory();
	readonly #againstMemory = new ShadowMemory();
	readonly #written: Written[] = [];
	#status: HpaStatus | undefined;
	#statusText = '';
	/** Field manager that writes the status. */
	#manager: string | undefined;
	/** Scale that was seen last, and the controller's last change of it. */
	#scale: ScaleSighting | undefined;
	#change: {readonly at: number; readonly from: number; readonly to: number} | undefined;
	/** Watches that are broken now. */
	#lost = 0;
	/** The last time without sight [s]. */
	#blind = {from: Number.NEGATIVE_INFINITY, to: Number.NEGATIVE_INFINITY};

	constructor(options: FollowerOptions) {
		this.#options = options;
		this.#inputs = new ShadowInputs(options.controller, options.namespace);
		this.#times = new SyncTimes(options.period, options.began);
	}

	/** Takes a sighting in; they come in the order of their times. */
	see(sighting: Sighting): void {
		this.#inputs.see(sighting);
		if (sighting.type === 'lost') {
			this.#lost++;
		} else if (sighting.type === 'gap') {
			this.#seeGap(sighting);
		}

		if (sighting.type === 'scale') {
			this.#seeScale(sighting);
		}

		if (sighting.type !== 'hpa') {
			return;
		}

		this.#manager = sighting.by ?? this.#manager;
		const text = JSON.stringify(sighting.status);
		const before = this.#status;
		if (before === undefined) {
			this.#forget(sighting.at, sighting.status);
		} else if (text !== this.#statusText) {
			this.#written.push({...sighting, before});
		}

		this.#status = sighting.status;
		this.#statusText = text;
	}

	/**
	 * Decisions whose sightings are complete.
	 *
	 * @param now - [s]
	 */
	take(now: number): Shadowed[] {
		const taken: Shadowed[] = [];
		while (this.#status !== undefined) {
			const [next] = this.#written;
			const isSilent = this.#times.expected + this.#options.period / 2 <= Math.min(now, next?.at ?? now);
			if (isSilent && this.#lost > 0) {
				break; // whether the controller wrote a status shows when the watch goes on
			} else if (isSilent) {
				const before = next?.before ?? this.#status;
				taken.push(...this.#decided(this.#times.silent(), {status: before, before}));
			} else if (next !== undefined && next.at + settling <= now) {
				this.#written.shift();
				const sync = this.#times.written(next.at, next.written);
				if (sync.isEarly) {
					this.#forget(sync.time, next.before);
				}

				taken.push(...this.#decided(sync, next));
			} else {
				break;
			}
		}

		return taken;
	}

	/**
	 * Time after which the metrics are worth asking for again: soon around a reconcile, and when new samples are due.
	 *
	 * @param now - [s]
	 * @returns [s]
	 */
	pace(now: number): number {
		const ahead = this.#times.expected - now;
		const isNear = ahead < asking.before && ahead > -asking.after;
		const age = now - this.#inputs.servedAt;
		return isNear || Math.abs(age - asking.scrape) < asking.before ? asking.near : asking.far;
	}

	#seeGap({at, seconds}: Extract<Sighting, {type: 'gap'}>): void {
		this.#lost = Math.max(0, this.#lost - 1);
		if (seconds > shortGap) {
			this.#blind = {from: at - seconds, to: at};
			this.#forget(at);
		}
	}

	#seeScale(scale: ScaleSighting): void {
		const {at, specReplicas: to, by} = scale;
		const from = this.#scale?.specReplicas ?? to;
		if (from !== to && by !== undefined && by === this.#manager) {
			this.#change = {at, from, to};
		}

		this.#scale = scale;
	}

	/** Change of the scale that the controller made in a reconcile whose status it could not write. */
	#changeIn({from, to}: Sync): {readonly from: number; readonly to: number} | undefined {
		const {at} = this.#change ?? {at: Number.NaN};
		return at >= from && at <= to + settling ? this.#change : undefined;
	}

	#forget(at: number, status: HpaStatus = this.#status ?? {}): void {
		const lastScale = status.lastScaleTime === undefined ? undefined : apiTime(status.lastScaleTime);
		this.#memory.begin(at, lastScale);
		this.#againstMemory.begin(at, lastScale);
	}

	#decided(sync: Sync, {status, before}: Pick<Written, 'status' | 'before'>): Shadowed[] {
		const change = sync.isWritten ? undefined : this.#changeIn(sync);
		const current = sync.isWritten ? status.currentReplicas : change?.from;
		const [input, ...more] = this.#inputs.of(sync, current);
		const isBlind = sync.time > this.#blind.from && sync.time <= this.#blind.to;
		if (input === undefined || isBlind) {
			return [];
		}

		const {state} = this.#memory;
		const kept = copyOf(state);
		const answer = (each: ReconcileInput): Answer => ({input: each, decision: reconcile(each, state)});
		const served = [input, ...more].map(answer);
		const isShown = served.some(({decision}) => agreesWithStatus(decision, status));
		const answers = isShown
			? served
			: [...served, ...[input, ...more].flatMap(each => shownIn(status, each)).map(answer)];
		const agreeing = answers.filter(({decision}) => agreesWithStatus(decision, status));
		const pool = agreeing.length > 0 ? agreeing : answers;
		const desired = sync.isWritten ? decidedReplicas(status, before) : (change?.to ?? input.specReplicas);
		const first = pool[0]!;
		const found = pool.find(({decision}) => decision.desiredReplicas === desired) ?? first;
		const isUnsure = this.#memory.isUnsure(found.input);
		const against = this.#decideAgainst(sync, found.input, desired);
		this.#memory.add(sync, found.input, asSeen(found, status, desired));
		return [
			{
				at: sync.time,
				currentReplicas: found.input.specReplicas,
				...(desired !== undefined && {desiredReplicas: desired}),
				isWritten: sync.isWritten,
				standing: standingOf(found.decision, desired, isUnsure),
				isFirst: first.decision.desiredReplicas === desired,
				isSameUse: agreeing.length > 0,
				tried: answers.length,
				isSole: pool.every(({decision}) => decision.desiredReplicas === first.decision.desiredReplicas),
				decision: found.decision,
				input: found.input,
				state: kept,
				...(against !== undefined && {against}),
				status,
				refusals: this.#inputs.refusals,
				hasRestarted: sync.isEarly,
			},
		];
	}

	#decideAgainst(sync: Sync, given: ReconcileInput, desired: number | undefined): Decision | undefined {
		const {against: spec} = this.#options;
		if (spec === undefined) {
			return undefined;
		}

		const input = {...given, spec};
		const decision = reconcile(input, this.#againstMemory.state);
		// Its own recommendations, and the changes of size that there really were.
		this.#againstMemory.add(sync, input, {...decision, desiredReplicas: desired ?? given.specReplicas});
		return decision;
	}
}

function shownIn(status: HpaStatus, input: ReconcileInput): ReconcileInput[] {
	const shown = withStatusValues(input, status);
	return shown === undefined ? [] : [shown];
}

function standingOf({desiredReplicas}: Decision, desired: number | undefined, isUnsure: boolean): ShadowStanding {
	if (desired === undefined) {
		return 'scale';
	}

	if (isUnsure) {
		return 'memory';
	}

	return desired === desiredReplicas ? 'reproduced' : 'missed';
}

/** A decision with what the controller says of it in the place of what was computed. */
function asSeen({input, decision}: Answer, status: HpaStatus, desired: number | undefined): Decision {
	const isKnown = desired !== undefined && decision.recommendation !== undefined && isUnheld(status);
	return {
		...decision,
		desiredReplicas: desired ?? input.specReplicas,
		...(isKnown && {recommendation: desired}),
	};
}

function copyOf({recommendations, scaleUps, scaleDowns}: AutoscalerState): AutoscalerState {
	return {
		recommendations: recommendations.map(entry => ({...entry})),
		scaleUps: scaleUps.map(entry => ({...entry})),
		scaleDowns: scaleDowns.map(entry => ({...entry})),
	};
}
