import type {ShadowMiss, ShadowTally} from '../../shadow/tally.ts';
import {counted, formatDuration} from '../text/format.ts';
import {wrapWords} from '../text/report.ts';
import {dayAndClock} from './shadow-lines.ts';

/** Misses that a summary lists. */
const shownMisses = 10;

/** Summary of a watch: the share that was reproduced first. */
export function shadowSummary(
	tally: ShadowTally,
	{against, width}: {against?: string | undefined; width: number},
): string {
	const paragraphs = [answerText(tally), ...detailTexts(tally), ...againstTexts(tally, against)];
	const misses = tally.misses.slice(0, shownMisses).map(missText);
	return [
		...paragraphs.flatMap(paragraph => wrapWords('', paragraph, width)),
		...misses.flatMap(miss => wrapWords('- ', miss, width)),
		...(tally.misses.length > shownMisses ? [`- and ${tally.misses.length - shownMisses} more`] : []),
		'',
	].join('\n');
}

function answerText({checked, reproduced, decisions, since, until}: ShadowTally): string {
	if (since === undefined || until === undefined) {
		return 'No decision of the controller was seen.';
	}

	const time = `in ${formatDuration(Math.max(1, Math.round(until - since)))}`;
	return checked === 0
		? `None of the ${counted(decisions, 'decision')} ${time} could be compared: all depend on what was before the watch.`
		: `${shareText(reproduced, checked)} of the controller's decisions ${time} are reproduced: ${reproduced} of ${checked}.`;
}

function detailTexts(tally: ShadowTally): string[] {
	const {decisions, changes, silent, checked, first, sole, sameUse, unsure, failed, restarts, tried} = tally;
	const {outside, steps, reproducedSteps} = tally;
	return [
		...(checked === 0
			? []
			: [
					`With the single most probable input: ${shareText(first, checked)} (${first}). The metrics have the figures of the HPA's status in ${shareText(sameUse, checked)}. ` +
						`All inputs that are left give one number in ${shareText(sole, checked)}; ${tried.toFixed(1)} were tried for a decision.`,
				]),
		...(decisions === 0 ? [] : [`${counted(changes, 'decision')} changed the number of pods.`]),
		...(silent === 0 ? [] : [`In ${silent} nothing was written: the controller kept the pods, or did not run.`]),
		...(unsure === 0 ? [] : [`Not compared, as they depend on what was before the watch: ${unsure}.`]),
		...(failed === 0 ? [] : [`Not compared, as the scale could not be read or written: ${failed}.`]),
		...(steps === 0 ? [] : [`Steps of KEDA's operator that are reproduced: ${reproducedSteps} of ${steps}.`]),
		...(outside === steps ? [] : [`${counted(outside - steps, 'change')} of the scale by others.`]),
		...(restarts === 0 ? [] : [`The controller began again ${counted(restarts, 'time')}.`]),
	];
}

function againstTexts({against: counts}: ShadowTally, against: string | undefined): string[] {
	if (counts === undefined || against === undefined) {
		return [];
	}

	const {fewer, more, compared} = counts;
	return [
		`${against} would have decided otherwise in ${fewer + more} of ${compared}: for fewer pods in ${fewer}, for more in ${more}.`,
	];
}

function missText({at, currentReplicas, desiredReplicas, here, isSameUse}: ShadowMiss): string {
	const why = isSameUse
		? 'the metrics have the same figures: windows, limits or pods differ'
		: 'no input that was seen has the figures of the status';
	return `${dayAndClock(at)} UTC, at ${currentReplicas}: the HPA ${desiredReplicas}, Replicast ${here}; ${why}`;
}

/** `99.6 %`, never rounded up to 100 %. */
export function shareText(part: number, whole: number): string {
	const share = Math.floor((1000 * part) / whole) / 10;
	return `${share} %`;
}
