import type {ComparisonWithSides} from '../../comparison/compare.ts';
import type {FigureComparison} from '../../comparison/compare-figures.ts';
import {areEmulated, leftOpen} from '../../comparison/emulated.ts';
import {comparisonFigures} from '../../comparison/figure-table.ts';
import type {NodesAlone} from '../../comparison/nodes-alone.ts';
import {repeatsNeeded} from '../../comparison/repeats-needed.ts';
import {isOfReplicasAlone} from '../../comparison/run-counts.ts';
import type {Triangle} from '../../comparison/triangle.ts';
import {shellWord} from '../../printable.ts';
import {counted, plainNumber, significant} from '../text/format.ts';
import {figureName} from './figure-names.ts';
import {judgementLines} from './judgement-lines.ts';

/** Parts of the model that a calibration measures. */
const calibrated: readonly string[] = ['service', 'start-up', 'metrics'];

/** Answer of a comparison: what the forecast may be believed for, what it may not, and what to do next. */
export function comparisonAnswer(compared: ComparisonWithSides): string[] {
	const {comparison} = compared;
	const {judged, failing, unclear, unmeasured, triangle} = comparison;
	const {figures} = comparison.judgements.simulator;
	const kept = judged.filter(name => !failing.includes(name) && !unclear.includes(name));
	const isEmulated = areEmulated(compared.sides.measured);
	return [
		verdictLine(compared, kept),
		...(isEmulated ? emulatedLines(compared) : judgementLines(comparison)),
		...(unclear.length === 0
			? []
			: [`Not decided by these runs: ${unclear.map(name => openText(name, figures[name], compared)).join('; ')}.`]),
		...(unmeasured.length === 0 ? [] : [`Not in the records, so not judged: ${namesInWords(unmeasured)}.`]),
		...(triangle.source.length === 0 || failing.length + unclear.length === 0 ? [] : [sourceLine(triangle)]),
		...nextStep(compared, kept),
	];
}

/** Lines of emulated records: what was real, and how many decisions were found again. */
function emulatedLines({comparison: {triangle, nodesAlone}, sides}: ComparisonWithSides): string[] {
	const {decisions, matches, unchecked, share} = triangle.a;
	const open = leftOpen(sides.experiment);
	return [
		'Emulated: the autoscaler, the scheduler and the life of the pods are a real control plane’s; load, service and use of the pods are the simulator’s on both sides, so nothing here says whether its latency is right.',
		share === null
			? 'Controller: the records hold no decision of an autoscaler.'
			: `Controller: ${matches} of ${decisions - unchecked} decisions (${significant(share * 100)} %) are decided again as recorded, from the metrics and pods that it saw.`,
		...nodeLines(nodesAlone),
		...(open.length === 0 ? [] : [`Not judged by an emulated run: ${namesInWords(open)}.`]),
	];
}

/** Errors of the node autoscaler by itself, its pods scaled as recorded. */
function nodeLines(nodes: NodesAlone | null): string[] {
	if (nodes === null) {
		return [];
	}

	const words = (['nodesMean', 'nodeHours', 'cost'] as const).map(
		name => `${figureName(name)} ${shareWords(nodes[name])}`,
	);
	return [`Node autoscaler by itself, its pods scaled as recorded: ${words.join('; ')}.`];
}

/** `+0.4 % [-0.2, +1.1]` of the recorded mean. */
function shareWords({error, measured}: FigureComparison): string {
	if (error === null || measured === null) {
		return 'no run has it';
	}

	const share = (value: number | null) => (value === null ? '–' : signed((value / measured.mean) * 100));
	const interval = error.low === null ? '' : ` [${share(error.low)}, ${share(error.high)}]`;
	return `${share(error.value)} %${interval}`;
}

function verdictLine(
	{comparison: {verdict, judged, unmeasured, failing, judgements}}: ComparisonWithSides,
	kept: string[],
): string {
	const {figures} = judgements.simulator;
	const believed = kept.length === 0 ? '' : ` It may be believed for ${namesInWords(kept)}.`;
	if (verdict === 'VALID') {
		return `VALID: the forecast may be believed here for ${namesInWords(kept)}; each is shown to be within its tolerance.`;
	}

	if (verdict === 'NOT VALID') {
		return `NOT VALID: the forecast is wrong here about ${failing.map(name => offText(name, figures[name])).join('; ')}.${believed}`;
	}

	if (judged.length + unmeasured.length === 0) {
		return 'CANNOT SAY: the experiment sets no tolerance, so nothing is judged.';
	}

	return kept.length === 0
		? 'CANNOT SAY: these runs do not show whether the forecast may be believed here.'
		: `CANNOT SAY: the forecast may be believed here for ${namesInWords(kept)}; for the rest these runs do not decide.`;
}

/** `latency p95, pod-hours and cost` */
function namesInWords(names: readonly string[]): string {
	const words = names.map(figureName);
	return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** `latency p95 (+28.9 %, 20 % allowed)` */
function offText(name: string, figure: FigureComparison | undefined): string {
	return figure === undefined ? figureName(name) : `${figureName(name)} (${errorWords(name, figure)})`;
}

function errorWords(name: string, {error, relativeError, tolerance, measured}: FigureComparison): string {
	if (error === null || tolerance === null) {
		return 'no run has it';
	}

	const {factor = 1, suffix = ''} = comparisonFigures.find(one => one.name === name) ?? {};
	const isShare = suffix === '%'; // of a share, a percentage would be ambiguous
	if (relativeError !== null && measured !== null && !isShare) {
		return `${signed(relativeError * 100)} %, ${short((tolerance / Math.abs(measured.mean)) * 100)} % allowed`;
	}

	const unit = isShare ? ' points' : suffix === '' ? '' : ` ${suffix}`;
	return `${signed(error.value * factor)}${unit}, ${short(tolerance * factor)}${unit} allowed`;
}

function signed(value: number): string {
	return `${value > 0 ? '+' : ''}${significant(value)}`;
}

/** Three digits, without zeros at the end. */
function short(value: number): string {
	return plainNumber(Number(value.toPrecision(3)));
}

/** Parts that the error comes from, each with the first sign of it. */
function sourceLine({source}: Triangle): string {
	const first = source.filter(({part}, index) => source.findIndex(other => other.part === part) === index);
	return `The error comes from ${first.map(({part, because}) => `${part} (${because})`).join('; ')}.`;
}

function openText(name: string, figure: FigureComparison | undefined, compared: ComparisonWithSides): string {
	const repeats = repeatsOf(name, compared);
	if (figure === undefined || figure.error === null) {
		return `${figureName(name)} (no run has it)`;
	}

	const isHistory = isOfReplicasAlone(compared.sides.measured);
	const needed = isHistory ? undefined : repeatsNeeded(figure, repeats);
	const more =
		needed === undefined
			? repeats === 1
				? `one ${isHistory ? 'history' : 'repeat'} shows too little`
				: 'more than 50 repeats would be needed'
			: `about ${counted(needed - repeats, 'more repeat')} would decide`;
	return `${figureName(name)} (${errorWords(name, figure)}; ${more})`;
}

/** Repeats behind a figure; the savings need both arms. */
function repeatsOf(name: string, {sides: {measured, measuredFixed = []}}: ComparisonWithSides): number {
	return name === 'savings' ? Math.min(measured.length, measuredFixed.length) : measured.length;
}

/** Command to go on with. */
function nextStep(compared: ComparisonWithSides, kept: readonly string[]): string[] {
	const {comparison, sides} = compared;
	const {file, experiment, measuredFixed = []} = sides;
	if (file === undefined) {
		return [];
	}

	const named = [
		shellWord(file),
		...(experiment.profile === undefined ? [] : ['--profile', shellWord(experiment.profile)]),
	].join(' ');
	const {judged, unmeasured, failing, unclear, triangle, judgements} = comparison;
	const {figures} = judgements.simulator;
	if (judged.length + unmeasured.length === 0) {
		return [
			`Next: write the errors that you accept into ${file}, such as accept: {p95: 20%, podHours: 5%}, and measure again.`,
		];
	}

	if (isOfReplicasAlone(sides.measured) && failing.length + unclear.length > 0) {
		return [`Next: replicast run ${named}, whose assumptions say what the history does not show`];
	}

	if (failing.length > 0) {
		const isFitted = !areEmulated(sides.measured) && triangle.source.some(({part}) => calibrated.includes(part));
		return isFitted ? ['Next: fit the models to your cluster: replicast calibrate'] : [];
	}

	const needed = unclear.flatMap(name => repeatsNeeded(figures[name]!, repeatsOf(name, compared)) ?? []);
	if (needed.length > 0) {
		const arm = measuredFixed.length > 0 ? ' --arm both' : '';
		const on = areEmulated(sides.measured) ? ' --on kwok' : '';
		return [
			`Next: ${areEmulated(sides.measured) ? 'replay' : 'measure'} more repeats: replicast replay ${named}${on}${arm} --repeat ${Math.min(...needed)}`,
		];
	}

	return kept.length === 0 || unclear.length > 0 ? [] : [`Next: search for better settings: replicast tune ${named}`];
}
