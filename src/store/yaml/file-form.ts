import {shellWord} from '../../printable.ts';
import {type FaultLine, type SourceNode, textAt} from './source-tree.ts';

/** Files that a command takes by their path. */
export type FileForm = 'Experiment' | 'Claims' | 'TuningSpace' | 'PriceBook' | 'RecordingSettings' | 'DecideCase';

/** Names of the forms, and the command that takes each. */
const forms: Readonly<Record<FileForm, {readonly noun: string; readonly command: (path: string) => string}>> = {
	Experiment: {noun: 'an experiment', command: path => `run it with replicast run ${path}`},
	Claims: {noun: 'a claims file', command: path => `check it with replicast audit ${path}`},
	TuningSpace: {
		noun: 'a space of settings',
		command: path => `search it with replicast tune EXPERIMENT --space ${path}`,
	},
	PriceBook: {noun: 'a price book', command: path => `bill with it by replicast run EXPERIMENT --price-book ${path}`},
	RecordingSettings: {
		noun: 'settings of recordings',
		command: path => `forecast with them by replicast validate --recordings FOLDER --settings ${path}`,
	},
	DecideCase: {noun: 'a case of an autoscaler', command: path => `answer it with replicast decide ${path}`},
};

/** Models that an experiment names. */
const models = /^(?:Service|Startup|Metrics|Server|Engine|Prometheus|Energy)Model$|^InstanceCatalogue$/;

/**
 * The one fault of a file that is of another form than the command takes; undefined where it is of that form, or nobody
 * knows of which.
 *
 * @param tree - a document of the file
 */
export function otherForm(tree: SourceNode | undefined, wanted: FileForm): FaultLine | undefined {
	const found = tree === undefined ? undefined : formOf(tree);
	if (tree === undefined || found === undefined || found === wanted) {
		return undefined;
	}

	const {file} = tree.source;
	const got = Object.hasOwn(forms, found)
		? `${forms[found as FileForm].noun}: ${forms[found as FileForm].command(shellWord(file))}`
		: `${/^[AEIO]/.test(found) ? 'an' : 'a'} ${found}, which an experiment names`;
	return {source: {file, line: 1, column: 1}, message: `Expected ${forms[wanted].noun}, got ${got}`};
}

function formOf(tree: SourceNode): string | undefined {
	if (tree.kind !== 'map') {
		return undefined;
	}

	const {entries} = tree;
	const kind = textAt(tree, 'kind');
	if (kind !== undefined) {
		const isOurs = textAt(tree, 'apiVersion')?.startsWith('replicast/') === true;
		return isOurs && (Object.hasOwn(forms, kind) || models.test(kind)) ? kind : undefined;
	}

	const isCase = entries.has('hpa') || entries.has('scaledObject');
	return entries.has('workload') ? 'Experiment' : isCase && !entries.has('deployment') ? 'DecideCase' : undefined;
}
