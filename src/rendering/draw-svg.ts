import {type LoggerInterface, parse, View} from 'vega';
import {compile, type TopLevelSpec} from 'vega-lite';
import type {Specification} from '../charts/chart.ts';
import {measureText} from './measure-text.ts';

let isMeasuring: Promise<void> | undefined;

/**
 * A chart as SVG, the same on every machine.
 *
 * @param warn - told what vega-lite and vega find wrong with the specification
 */
export async function drawSvg(
	specification: Specification,
	warn: (message: string) => void = () => {},
): Promise<string> {
	isMeasuring ??= measureText();
	await isMeasuring;
	const logger = loggerTo(warn);
	const {spec} = compile(specification as unknown as TopLevelSpec, {logger});
	const view = new View(parse(spec), {renderer: 'none', logger});
	try {
		return await view.toSVG();
	} finally {
		view.finalize();
	}
}

function loggerTo(warn: (message: string) => void): LoggerInterface {
	let level = 0;
	const say = (...messages: readonly unknown[]) => {
		warn(messages.map(String).join(' '));
		return logger;
	};
	const quiet = () => logger;
	const logger = {
		level(value?: number) {
			if (value === undefined) {
				return level;
			}

			level = value;
			return logger;
		},
		error: say,
		warn: say,
		info: quiet,
		debug: quiet,
	} as LoggerInterface;
	return logger;
}
