import type {Answer, AnswerCause, AnswerCheck, FixedPodsAnswer, TunedAnswer} from '../forecast/answer.ts';
import type {Summary} from '../forecast/summary.ts';
import {shellWord} from '../printable.ts';
import {nodeLines} from './node-lines.ts';
import {predictionLines} from './prediction-lines.ts';
import {
	counted,
	formatDuration,
	formatGiven,
	formatMean,
	formatNumber,
	money,
	percent,
	seconds,
} from './text/format.ts';
import {formatMeanLatency, timeoutText} from './text/latency.ts';

type Answered = Pick<Summary, 'answer' | 'dynamic' | 'economics' | 'nodes' | 'prediction' | 'replications'>;

/** Share of the requests from which on the first line says that they were lost. */
const worthSaying = 0.005;

/**
 * First lines of a report: whether the objective is kept, what it costs and against what; what one real run will show; the
 * one cause that matters most; the command to go on with.
 *
 * @param words - of `replicast run` that read the experiment: its file, then options
 */
export function answerLines(summary: Answered, words: readonly string[]): string[] {
	const cause = causeLine(summary);
	return [
		answerHeadline(summary),
		...predictionLines(summary),
		...(cause === undefined ? [] : [cause]),
		...nodeLines(summary.nodes, summary.economics.currency),
		...tunedLines(summary),
		nextLine(summary.answer, words),
	];
}

/** `SLO met · $0.141/h · 19 % below 6 pods · 62 % above 3 pods, which also meet it` */
export function answerHeadline({answer, dynamic, economics}: Answered): string {
	const cost = perHour(answer.costPerHour, economics.currency);
	return [
		objectiveText(answer, dynamic),
		...lostTexts(answer, dynamic.timeout.seconds),
		cost,
		...fixedTexts(answer, economics.currency),
		...(answer.tuned === undefined ? [] : [tunedText(answer.tuned)]),
	].join(' · ');
}

function objectiveText({objective, checks}: Answer, dynamic: Summary['dynamic']): string {
	if (objective === 'none') {
		return dynamic.availability.mean === null
			? 'No objective set'
			: `No objective set: ${formatMean(dynamic.availability.mean, percent)} of requests answered, p95 ${formatMeanLatency(dynamic, 'p95')}`;
	}

	const {seconds: timeoutSeconds} = dynamic.timeout;
	const missed = checks.filter(({isKept}) => !isKept);
	if (missed.length > 0) {
		const texts = checksText(missed, timeoutSeconds);
		return missed.every(({isClose}) => isClose)
			? `SLO missed on average (${texts}, which is within the interval)`
			: `SLO missed: ${texts}`;
	}

	const close = checks.find(({isClose}) => isClose);
	return close === undefined
		? 'SLO met'
		: `SLO met on average (${checkText(close, timeoutSeconds)}, which is within the interval)`;
}

/** The first two of several checks. */
function checksText(checks: readonly AnswerCheck[], timeoutSeconds: number): string {
	return checks
		.slice(0, 2)
		.map(check => checkText(check, timeoutSeconds))
		.join('; ');
}

/** `p95 22.1 s, bound 15 s`, `availability 55 %, bound 99 %` */
function checkText({figure, value, bound, isCutOff}: AnswerCheck, timeoutSeconds: number): string {
	const quantity = figure === 'availability' ? percent : seconds;
	const name = {ttft: 'time to first token', tpot: 'time per output token p95'}[String(figure)] ?? figure;
	const shown = isCutOff ? timeoutText(timeoutSeconds) : formatMean(value, quantity);
	return `${name} ${shown}, bound ${formatGiven(bound, quantity)}`;
}

function lostTexts({timedOutShare, failedShare}: Answer, timeoutSeconds: number): string[] {
	const said = (share: number | null, how: string) =>
		share === null || share < worthSaying ? [] : [`${formatNumber(100 * share)} % of requests ${how}`];
	return [...said(timedOutShare, `timed out after ${formatDuration(timeoutSeconds)}`), ...said(failedShare, 'failed')];
}

function fixedTexts({objective, fixed, fewest, searchedUpTo}: Answer, currency: string): string[] {
	const isSame = fixed !== null && fewest?.replicas === fixed.replicas;
	const own = fixed === null ? [] : [besideText(fixed)];
	if (objective === 'none') {
		return own;
	}

	if (isSame) {
		return [`${besideText(fixed)}, the fewest that ${objective === 'kept' ? 'also ' : ''}${meets(fixed)} it`];
	}

	if (fewest !== null) {
		const others =
			objective === 'kept'
				? `${besideText(fewest)}, which also ${meets(fewest)} it`
				: `${pods(fewest)} ${meets(fewest)} it for ${perHour(fewest.costPerHour, currency)}`;
		return [...own, others];
	}

	return [...own, ...(searchedUpTo === null ? [] : [`no fixed number up to ${counted(searchedUpTo, 'pod')} meets it`])];
}

function meets({replicas}: FixedPodsAnswer): string {
	return replicas === 1 ? 'meets' : 'meet';
}

/** `19 % below 6 pods` */
function besideText({replicas, relativeCost, isAsDear}: FixedPodsAnswer): string {
	const than = counted(replicas, 'pod');
	if (relativeCost === null || isAsDear || Math.abs(relativeCost) < worthSaying) {
		return `as dear as ${than}`;
	}

	return `${formatNumber(100 * Math.abs(relativeCost))} % ${relativeCost < 0 ? 'below' : 'above'} ${than}`;
}

/** `86 % above the best known setting` */
function tunedText({relativeCost}: TunedAnswer): string {
	return Math.abs(relativeCost) < worthSaying
		? 'as dear as the best known setting'
		: `${formatNumber(100 * Math.abs(relativeCost))} % ${relativeCost < 0 ? 'below' : 'above'} the best known setting`;
}

/** The best known setting, where it is another one. */
function tunedLines({answer: {tuned}, economics}: Answered): string[] {
	return tuned === undefined || tuned.changes.length === 0
		? []
		: [
				`Best known: ${tuned.changes.join(', ')} for ${perHour(tuned.costPerHour, economics.currency)}; simulated, it meets the SLO with a probability of ${formatNumber(100 * tuned.feasibility)} % (${tuned.folder}).`,
			];
}

function pods({replicas}: FixedPodsAnswer): string {
	return counted(replicas, 'pod');
}

function perHour(cost: number | null, currency: string): string {
	return `${formatMean(cost, money(currency))}/h`;
}

const shortfallWords: Readonly<Record<Answer['objective'], string>> = {
	kept: 'extra cost',
	missed: 'miss',
	none: 'lost requests',
};

/** The cause that matters most, and what the same experiment does without it. */
function causeLine(summary: Answered): string | undefined {
	const {cause, objective} = summary.answer;
	return cause === null ? undefined : `Cause of the ${shortfallWords[objective]}: ${causeText(cause, summary)}`;
}

function causeText(cause: AnswerCause, summary: Answered): string {
	const {answer} = summary;
	const share = cause.share === null ? '' : `${formatNumber(100 * cause.share)} %`;
	const without = withoutText(cause, summary);
	switch (cause.kind) {
		case 'no-metric':
			return `in ${share} of the reconciles the autoscaler had no valid metric and left the pods as they were${cause.metric === null ? '' : `: nothing exports ${cause.metric}`}.`;
		case 'out-of-reach':
			return `no load brings ${cause.metric} above its target, so the autoscaler cannot scale up: a metric of requests that wait or are in flight can.`;
		case 'stuck-at-zero':
			return `nothing brings the first pod back: ${cause.metric} reads what only the pods export, and at zero pods there is no such series; scale on a gateway’s series, or keep minReplicaCount 1.`;
		case 'zero-pods':
			return `requests that come at zero pods are lost or wait for the first one; with one that stays ${without}.`;
		case 'metric-keeps-pods':
			return `${cause.metric} alone keeps pods that all other metrics would let go (${share} of the reconciles); without it ${without}.`;
		case 'scale-down-window':
			return `pods that nobody needs wait out the scale-down window; without the wait ${without}.`;
		case 'minimum':
			return `minReplicas holds pods that the load does not need; with 1 ${without}.`;
		case 'targets-low':
			return `the targets are lower than they need to be; with targets 1.5 times as high ${without}.`;
		case 'maximum':
			return `maxReplicas is too low; with twice as many ${without}.`;
		case 'start-up':
			return `new pods come too late; if they served at once, ${without}.`;
		case 'metrics-age':
			return `the autoscaler sees the load late; with metrics that are never old ${without}.`;
		case 'scale-up-rules':
			return `behavior.scaleUp adds pods too slowly; without its rules ${without}.`;
		case 'targets-high':
			return `the targets are too high for this load; with targets half as high ${without}.`;
		case 'faults':
			return `the faults of the experiment; without them ${without}.`;
		case 'capacity':
			return `the load is too much however it is scaled: not even ${counted(answer.searchedUpTo ?? 0, 'fixed pod')} meet the objective.`;
	}
}

function withoutText({without}: AnswerCause, {answer, dynamic, economics, replications}: Answered): string {
	const {currency} = economics;
	if (without === null) {
		return '';
	}

	const cost = perHour(without.costPerHour, currency);
	const missed = without.checks.filter(({isKept}) => !isKept);
	if (answer.objective === 'kept') {
		const before = perHour(without.costPerHourWith, currency);
		const runs = without.replications < replications ? ` (first ${counted(without.replications, 'replication')})` : '';
		return `the cost is ${cost} instead of ${before}${runs}, and the SLO is still met`;
	}

	if (missed.length > 0) {
		return `the miss is smaller: ${checksText(missed, dynamic.timeout.seconds)}, for ${cost}`;
	}

	return answer.objective === 'missed' ? `the SLO is met, for ${cost}` : `the requests are answered, for ${cost}`;
}

/** Command to go on with. */
function nextLine(answer: Answer, words: readonly string[]): string {
	const file = words.map(shellWord).join(' ');
	const {objective, cause, searchedUpTo} = answer;
	if (cause?.kind === 'no-metric' || cause?.kind === 'out-of-reach') {
		return `Next: mend the metric that the warning names, then replicast run ${file}`;
	}

	if (cause?.kind === 'stuck-at-zero') {
		return `Next: mend the trigger that the cause names, then replicast run ${file}`;
	}

	if (objective === 'none') {
		return `Next: set an objective: replicast run ${file} --set slo.p95=10s --set slo.availability=0.99`;
	}

	if (searchedUpTo === null) {
		return `Next: find the fewest fixed pods that meet it: replicast run ${file} --baselines`;
	}

	if (answer.tuned !== undefined && answer.tuned.changes.length > 0) {
		return `Next: see what that setting does: replicast run ${file} --set ${shellWord(`autoscaler=${answer.tuned.folder}/recommended.yaml`)}`;
	}

	if (cause?.kind === 'zero-pods') {
		return `Next: see what a pod that stays changes: replicast run ${file} --set autoscaler.spec.minReplicaCount=1`;
	}

	return cause === null && objective === 'kept'
		? `Next: move its settings and see: replicast explore ${file}`
		: `Next: search for better settings: replicast tune ${file}`;
}
