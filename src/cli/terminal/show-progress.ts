import type {Progress} from '../../library/use-case.ts';
import {unbroken} from '../../printable.ts';
import {counted, formatDuration, formatNumber} from '../../report/text/format.ts';
import {sayWhenInterrupted} from './interruption.ts';

/** A terminal, or a file or pipe that lines are written to. */
export type ProgressStream = {
	readonly isTTY?: boolean;
	readonly columns?: number;
	readonly write: (text: string) => unknown;
};

/** Display of a use case's progress. */
type ProgressDisplay = {
	/** Shows a step of progress; handed to the use case as it is. */
	readonly onProgress: (progress: Progress) => void;
	/** Calls a function that prints, while what is drawn is out of the way. */
	readonly print: (write: () => void) => void;
	/** Takes away what is drawn, and stops listening to Ctrl-C. */
	readonly stop: () => void;
};

type ProgressDisplayOptions = {
	/** Last line of a command that Ctrl-C ends while units are counted; without it the system ends the process. */
	readonly interrupted?: () => string;
};

/**
 * Shows the progress of any use case. Units that are counted to a total are a bar in a terminal, and elsewhere one line
 * and a line for each new detail. Units without a total are a line with the latest detail. An activity without units is
 * a step, marked when it begins and when it is over; one that is over without having begun is a line of its own.
 */
export function showProgress(stream: ProgressStream, {interrupted}: ProgressDisplayOptions = {}): ProgressDisplay {
	const display = stream.isTTY === true ? drawnDisplay(stream) : lineDisplay(stream);
	let stopListening: (() => void) | undefined;
	const listen = ({total, isOver}: Progress) => {
		if (isOver === true) {
			stopListening?.();
			stopListening = undefined;
		} else if (total !== undefined && interrupted !== undefined) {
			stopListening ??= sayWhenInterrupted(() => {
				display.stop();
				return interrupted();
			});
		}
	};
	return {
		onProgress(progress) {
			listen(progress);
			display.onProgress(inPrintable(progress));
		},
		print: display.print,
		stop() {
			stopListening?.();
			stopListening = undefined;
			display.stop();
		},
	};
}

/** Names of files and of experiments stand in the words. */
function inPrintable(progress: Progress): Progress {
	const {doing, detail} = progress;
	return {...progress, doing: unbroken(doing), ...(detail !== undefined && {detail: unbroken(detail)})};
}

/** Time between two drawings [ms]. */
const drawEveryMs = 100;

function drawnDisplay(stream: ProgressStream): ProgressDisplay {
	let current: Progress | undefined;
	let [beganAt, drawnAt] = [0, 0];
	let isDrawn = false;
	const clear = () => {
		if (isDrawn) {
			stream.write('\r\u001B[K');
			isDrawn = false;
		}
	};
	const draw = () => {
		if (current !== undefined) {
			const text = drawnText(current, (Date.now() - beganAt) / 1000);
			stream.write(`\r\u001B[K${text.slice(0, (stream.columns ?? 80) - 1)}`);
			isDrawn = true;
			drawnAt = Date.now();
		}
	};
	return {
		onProgress(progress) {
			const isNew = current?.doing !== progress.doing;
			beganAt = isNew ? Date.now() : beganAt;
			current = progress.isOver === true ? undefined : progress;
			if (progress.isOver === true) {
				clear();
				stream.write(isStep(progress) ? `${isNew ? noteText(progress) : stepText(progress)}\n` : '');
			} else if (isNew || Date.now() - drawnAt >= drawEveryMs) {
				draw();
			}
		},
		print(write) {
			clear();
			write();
			draw();
		},
		stop() {
			current = undefined;
			clear();
		},
	};
}

/** Time between two lines about one step [ms]. */
const quietMs = 30_000;

function lineDisplay(stream: ProgressStream): ProgressDisplay {
	let current: Progress | undefined;
	let writtenAt = 0;
	const writeLine = (text: string) => {
		writtenAt = Date.now();
		stream.write(`${text}\n`);
	};
	return {
		onProgress(progress) {
			const isNew = current?.doing !== progress.doing;
			const hasNewDetail = progress.detail !== undefined && progress.detail !== current?.detail;
			current = progress.isOver === true ? undefined : progress;
			if (isStep(progress)) {
				const isDue = hasNewDetail && Date.now() - writtenAt >= quietMs;
				if (isNew || isDue || progress.isOver === true) {
					writeLine(isNew ? beginText(progress) : stepText(progress));
				}
			} else if (progress.total === undefined) {
				if (isNew || hasNewDetail) {
					writeLine(openText(progress));
				}
			} else if (progress.total > 0) {
				const {doing, total, unit = ''} = progress;
				const isDue = !isNew && !hasNewDetail && progress.isOver !== true && Date.now() - writtenAt >= quietMs;
				for (const line of [
					...(isNew ? [unit === '%' ? doing : `${doing} ${totalText(total, unit)}`] : []),
					...(hasNewDetail ? [progress.detail!] : []),
					...(isDue ? [`${doing}: ${countText(progress)}`] : []),
				]) {
					writeLine(line);
				}
			}
		},
		print: write => write(),
		stop() {},
	};
}

function isStep({done, total}: Progress): boolean {
	return done === undefined && total === undefined;
}

function drawnText(progress: Progress, seconds: number): string {
	return progress.total !== undefined
		? barText(progress, seconds)
		: isStep(progress)
			? stepText(progress)
			: openText(progress);
}

/** Characters of a bar. */
const barSize = 30;

function barText({doing, done = 0, total = 0, unit = ''}: Progress, seconds: number): string {
	const full = total === 0 ? barSize : Math.round((barSize * done) / total);
	const bar = '█'.repeat(full) + '░'.repeat(barSize - full);
	const left = done === 0 ? '' : `, ${formatDuration(Math.round((seconds * (total - done)) / done))} to go`;
	return `${doing} ${bar} ${countText({done, total, unit})}${left}`;
}

/** Such as `3 of 20 replications`, or `40 %`. */
function countText({done = 0, total = 0, unit = ''}: Pick<Progress, 'done' | 'total' | 'unit'>): string {
	return unit === '%' ? `${done} %` : `${done} of ${totalText(total, unit)}`;
}

function totalText(total: number, unit: string): string {
	return counted(total, unit.replace(/s$/, ''));
}

function stepText({doing, detail, isOver = false, hasFailed = false}: Progress): string {
	const mark = hasFailed ? '✖' : isOver ? '✔' : '❯';
	return `${mark} ${doing}${detail === undefined ? '' : `: ${detail}`}`;
}

/** Text of a step that comes for the first time: a note when it is over at once. */
function beginText(progress: Progress): string {
	return progress.isOver === true ? noteText(progress) : stepText({doing: progress.doing});
}

function noteText({doing, detail}: Progress): string {
	return detail === undefined ? doing : `${doing}: ${detail}`;
}

function openText({doing, detail, done = 0, unit = ''}: Progress): string {
	return `${doing}${detail === undefined ? '' : `: ${detail}`}, ${formatNumber(done)} ${unit}`;
}
