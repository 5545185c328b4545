import {execFileSync} from 'node:child_process';
import {copyFileSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';

/* The picture of the README, drawn by the command that its caption names: node scripts/draw-picture.js [FILE] */

const root = fileURLToPath(new URL('..', import.meta.url));
const [target = join(root, 'docs', 'pictures', 'dynamic-scaling.png')] = process.argv.slice(2);
const scratch = mkdtempSync(join(tmpdir(), 'replicast-picture-'));
try {
	const words = [
		'run',
		'experiments/dynamic-scaling.yaml',
		'--charts',
		scratch,
		'--chart-format',
		'png',
		'--out',
		scratch,
	];
	execFileSync(process.execPath, [join(root, 'dist', 'cli.js'), ...words], {cwd: root, stdio: 'ignore'});
	copyFileSync(join(scratch, 'dynamic-scaling', 'scaling-timeline.png'), target);
} finally {
	rmSync(scratch, {recursive: true, force: true});
}
