import type {WriteStream} from 'node:tty';

export type RunProgress = {
	/** One replication, both arms, has ended. */
	readonly advance: () => void;
	/** An experiment has ended; `print` is called while the bar is out of the way. */
	readonly finish: (name: string, print: () => void) => void;
	/** Takes the bar away and gives the cursor back. */
	readonly stop: () => void;
};

/** Shows how far a run is: a bar in a terminal, else a line at once and one an experiment. */
export async function showProgress(stream: WriteStream, {replications}: {replications: number}): Promise<RunProgress> {
	return stream.isTTY ? barProgress(stream, replications) : lineProgress(stream, replications);
}

async function barProgress(stream: WriteStream, total: number): Promise<RunProgress> {
	const {default: progress} = await import('cli-progress');
	const bar = new progress.SingleBar({
		format: 'Simulating {bar} {value} of {total} replications, {eta_formatted} to go',
		barCompleteChar: '█',
		barIncompleteChar: '░',
		barsize: 30,
		stream,
		clearOnComplete: true,
		hideCursor: true,
		gracefulExit: false,
	});
	let done = 0;
	bar.start(total, 0);
	return {
		advance() {
			done++;
			bar.update(done);
		},
		finish(_, print) {
			bar.stop();
			print();
			if (done < total) {
				bar.start(total, done);
			}
		},
		stop: () => bar.stop(),
	};
}

function lineProgress(stream: WriteStream, total: number): RunProgress {
	stream.write(`Simulating ${total} replication${total === 1 ? '' : 's'}\n`);
	return {
		advance() {},
		finish(name, print) {
			stream.write(`Simulated ${name}\n`);
			print();
		},
		stop() {},
	};
}
