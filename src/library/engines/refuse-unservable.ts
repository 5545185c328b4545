import {UserError} from '../../errors.ts';
import {type EngineModel, engineFault} from '../../experiment/serving/engine-model.ts';
import type {EngineRun} from '../../records/engine-run.ts';
import {settingsOfRun} from '../../simulator/batching/replay-run.ts';

/** Files that hold the settings and the requests of a run. */
type Places = {readonly settings: string; readonly requests: string};

/** Refuses a run that its engine could not serve to the end. */
export function refuseUnservable(places: Places, run: EngineRun, model: EngineModel): void {
	const {requests, settings: own} = run;
	const longest = requests.promptTokens.reduce(
		(most, tokens, row) => Math.max(most, tokens + requests.outputTokens[row]!),
		0,
	);
	const settings = settingsOfRun(run, model);
	const room = settings.kvBlocks * settings.blockTokens;
	// A run that does not say its context had one that its requests fit into.
	const maxModelLen = own.maxModelLen ?? Math.min(room, Math.max(settings.maxModelLen, longest));
	const refuse = (place: string, rule: string, got: unknown) => {
		throw new UserError('E_CONFIG', `${place}:1:1: Expected ${rule}, got ${String(got)}`);
	};
	const fault = engineFault({...settings, maxModelLen});
	if (fault !== undefined) {
		refuse(places.settings, `${fault.path.at(-1)} to be ${fault.rule}`, fault.got);
	}

	if (longest > maxModelLen) {
		refuse(places.requests, `requests of at most ${maxModelLen} tokens, the engine's context`, longest);
	}
}
