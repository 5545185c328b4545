import type {ArmComparison} from '../../comparison/recordings/arms.ts';
import {formatNumber} from '../text/format.ts';
import type {ReportSection, Row} from '../text/report.ts';

type SetArms = {readonly scores: {readonly set: string}; readonly arms: readonly ArmComparison[]};

/** Sentences on what the autoscalers of a set save beside each other, as recorded and as forecast. */
export function armAnswers({scores: {set}, arms}: SetArms): string[] {
	return arms.map(({autoscaler, against, podHours, responses}) => {
		const hours = `${set}: ${autoscaler} takes ${lessOrMore(podHours.recorded)} pod-hours than ${against} under the same arrivals as recorded, ${lessOrMore(podHours.forecast)} as forecast`;
		return responses === undefined
			? `${hours}.`
			: `${hours}; a mean response takes ${fromTo(responses.recorded, 'mean')} as recorded, ${fromTo(responses.forecast, 'mean')} as forecast.`;
	});
}

const head: Row = ['Set', 'Autoscaler', 'Against', 'Loads', 'Figure', 'Recorded', 'Forecast'];

/** Table of the autoscalers of each set beside each other. */
export function armSection(sets: readonly SetArms[]): ReportSection[] {
	const rows = sets.flatMap(({scores: {set}, arms}) => arms.flatMap(arm => rowsOf(set, arm)));
	return rows.length === 0
		? []
		: [
				{
					heading: 'Autoscalers under the same arrivals',
					rows: [head, ...rows],
					notes: [
						'Means over the loads that were recorded under both. Pod-hours: until the shorter recording of a load ended. Responses: under the second autoscaler → under the first, as the clients had them; the forecast’s have no network on their way.',
					],
				},
			];
}

function rowsOf(set: string, {autoscaler, against, loads, podHours, responses}: ArmComparison): Row[] {
	const rows: [string, string, string][] = [['pod-hours', signed(podHours.recorded), signed(podHours.forecast)]];
	for (const figure of responses === undefined ? [] : (['mean', 'p95'] as const)) {
		const title = figure === 'mean' ? 'mean response' : 'p95 response';
		rows.push([title, fromTo(responses!.recorded, figure), fromTo(responses!.forecast, figure)]);
	}

	return rows.map((row, index) => [
		...(index === 0 ? [set, autoscaler, against, String(loads)] : ['', '', '', '']),
		...row,
	]);
}

type Responses = NonNullable<ArmComparison['responses']>['recorded'];

function fromTo({own, against}: Responses, figure: 'mean' | 'p95'): string {
	return `${seconds(against[figure])} → ${seconds(own[figure])} s`;
}

function seconds(value: number): string {
	return formatNumber(value, value < 10 ? 2 : 1);
}

function lessOrMore(fraction: number): string {
	const size = `${formatNumber(Math.abs(fraction) * 100, 0)} %`;
	return fraction > 0 ? `${size} more` : `${size} fewer`;
}

function signed(fraction: number): string {
	return `${fraction > 0 ? '+' : ''}${formatNumber(fraction * 100, 0)} %`;
}
