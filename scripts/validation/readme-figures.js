/** The block of README.md that says how far off the forecast was: a sentence, a table and the verdicts, in Markdown. */
export function readmeFigures({
	runs,
	experiments,
	comparisons,
	valid,
	notValid,
	cannotSay,
	figures,
	probed,
	calibrated,
}) {
	const rows = figures.map(({label, unit, median, worst, worstIn, goal}) => {
		const within = goal === null ? '–' : `${inWords(goal.limit, unit)} in ${goal.metBy} of ${goal.of}`;
		return `| ${label} | ${inWords(median, unit)} | ${inWords(worst, unit)} (${worstIn}) | ${within} |`;
	});
	return [
		`How far the forecast was off in ${runs} measured runs of ${experiments} experiments, none of which a model was fitted to:`,
		'',
		'| figure | median of the experiments | worst experiment | shown to be within |',
		'|---|---|---|---|',
		...rows,
		'',
		`By the tolerances that each experiment sets, ${comparisons === experiments ? '' : `of ${comparisons} comparisons, an experiment on a machine each, `}${valid} ${valid === 1 ? 'is' : 'are'} VALID, ${notValid} NOT VALID and ${cannotSay} CANNOT SAY: repeats differ too much to decide.`,
		...probedParagraph(probed),
		...calibratedParagraph(calibrated),
	].join('\n');
}

/** Errors at the speed that the machine had, which tell the simulator from the calibration. */
function probedParagraph(probed) {
	if (probed === undefined) {
		return [];
	}

	return [
		'',
		`A machine of another speed than the calibrated one is most of that. In ${probed.experiments} of the experiments probes found it: requests took ${probed.factors.map(factor => Number(factor.toPrecision(2))).join(' to ')} of the calibrated time. Simulated at that speed the errors are, in the median: ${errorsText(probed.figures)}.`,
	];
}

/** Errors where the machine was calibrated first, and what the calibration gave. */
function calibratedParagraph(calibrated) {
	if (calibrated === undefined) {
		return [];
	}

	const {experiments, runs, campaigns, figures, without} = calibrated;
	const source =
		campaigns === 1
			? 'a [campaign](docs/campaign.md), which calibrates'
			: `${campaigns} [campaigns](docs/campaign.md), each of which calibrates`;
	return [
		'',
		`Of these, ${runs} runs of ${experiments} experiments are from ${source} on the machine before it measures. The forecast was off there, in the median, by: ${errorsText(figures)}. Without that calibration: ${errorsText(without)}.`,
	];
}

function errorsText(figures) {
	return figures
		.map(({label, unit, median, worst}) => `${label} ${inWords(median, unit)} (at worst ${inWords(worst, unit)})`)
		.join(', ');
}

function inWords(value, unit) {
	return unit === 'share' ? `${Number((100 * value).toPrecision(2))} %` : `${Number(value.toPrecision(2))} ${unit}`;
}
