import {decodeExplored} from '../explorer/explored.ts';
import {byId} from './element.ts';
import {Explorer} from './explorer.ts';
import {Simulations} from './simulations.ts';

/**
 * Brings the page to life.
 *
 * @param script - the text of its own script
 */
export function explore(script: string): void {
	try {
		const explored = decodeExplored(byId('explored').textContent ?? '');
		new Explorer(explored, new Simulations(script)).start();
	} catch (error) {
		byId('fault').textContent = String(error); // a browser that allows no threads, for one
	}
}
